/* judge [OPTION]... < CASES: run commands and judge how they end.
 *
 * A case is a count and so many words, each with a NUL behind it.  Each runs in
 * an empty directory of its own, without input.  What is judged:
 *
 * - the status is 0, 2, 65, 74 or one of -s; 70 only to say "out of memory"; no
 *   signal, no time-out
 * - a failure says one line "lt-...: ..." beside warnings (a usage error two),
 *   and leaves no unfinished file; nor "o", where the input was refused
 * - no control character on standard error, nor, with -p, on standard output
 *
 *	-j N		at a time [1]
 *	-m KIB		address space of each (for builds without a sanitizer)
 *	-p		standard output is text
 *	-s N[,N]...	other statuses that are right
 *	-t SECONDS	of each [20]
 *	-u SECONDS	begin no case after so many (0: no end)
 *
 * Prints what is wrong, last "N cases, M wrong: status S x N, ..."; ends with 1
 * when something is.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS 128
#define JOBS 64
#define TEXT 4096 /* of its output that is looked at */

static struct {
	int jobs, seconds, until;
	rlim_t kib;
	bool text, right[256];
} opt = {.jobs = 1, .seconds = 20};

struct job {
	pid_t pid; /* 0: free */
	char **word;
	char dir[4096];
};

static struct job job[JOBS];
static int cases, wrong, seen[256];

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

/* ---- cases --------------------------------------------------------------- */

/* The next word, the caller's; NULL at the end. */
static char *
next_word(void)
{
	char *word = NULL;
	size_t cap = 0;

	if (getdelim(&word, &cap, '\0', stdin) > 0)
		return word;
	free(word);
	return NULL;
}

/* The words of the next case, NULL behind the last; NULL at the end. */
static char **
next_case(void)
{
	char *count = next_word();
	int n = count ? atoi(count) : 0;

	if (!count)
		return NULL;
	if (n < 1 || n > WORDS) {
		fprintf(stderr, "judge: '%s' words in a case\n", count);
		exit(2);
	}
	free(count);
	char **word = calloc((size_t)n + 1, sizeof *word);
	for (int i = 0; word && i < n; i++) {
		word[i] = next_word();
		if (!word[i]) {
			fputs("judge: the last case is cut\n", stderr);
			exit(2);
		}
	}
	return word;
}

static void
print_word(const char *s)
{
	size_t n = strlen(s);

	if (n && n < 80 &&
		strspn(s, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "0123456789-_=/.,") == n) {
		printf(" %s", s);
		return;
	}
	fputs(" $'", stdout);
	for (size_t i = 0; i < n && i < 80; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c < ' ' || c > '~' || c == '\'' || c == '\\')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	printf("'%s", n > 80 ? "..." : "");
}

/* ---- running ------------------------------------------------------------- */

static void
limit(int what, rlim_t value)
{
	const struct rlimit r = {value, value};

	if (setrlimit(what, &r) < 0)
		die("setrlimit");
}

/* "out" and "err" lie beside the directory. */
static void
redirect(const char *dir, const char *suffix, int fd)
{
	char path[4200];

	snprintf(path, sizeof path, "%s.%s", dir, suffix);
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (to < 0 || dup2(to, fd) < 0)
		die(path);
}

static void
start(struct job *j, char **word, const char *base)
{
	snprintf(j->dir, sizeof j->dir, "%s/%d", base, (int)(j - job));
	j->word = word;
	if (mkdir(j->dir, 0777) < 0)
		die(j->dir);
	fflush(stdout);
	j->pid = fork();
	if (j->pid < 0)
		die("fork");
	if (j->pid)
		return;
	int null = open("/dev/null", O_RDONLY);
	redirect(j->dir, "out", 1);
	redirect(j->dir, "err", 2);
	if (null < 0 || dup2(null, 0) < 0 || chdir(j->dir) < 0)
		die("judge");
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	if (opt.kib)
		limit(RLIMIT_AS, opt.kib * 1024);
	limit(RLIMIT_CORE, 0);
	alarm((unsigned)opt.seconds);
	execvp(word[0], word);
	_exit(127);
}

/* ---- judging ------------------------------------------------------------- */

static void
blame(const struct job *j, const char *what, int status, const char *said)
{
	printf("%s, status %d:", what, status);
	for (char **w = j->word; *w; w++)
		print_word(*w);
	fputs("\n", stdout);
	for (int lines = 0; *said && lines < 12; lines++) {
		size_t n = strcspn(said, "\n");
		fputs(" ", stdout);
		for (size_t i = 0; i < n && i < 300; i++)
			putchar(said[i] < ' ' ? '?' : said[i]);
		putchar('\n');
		said += n + (said[n] == '\n');
	}
	wrong++;
}

/* The first bytes of what it printed. */
static void
output_of(const struct job *j, const char *suffix, char text[TEXT])
{
	char path[4200];

	snprintf(path, sizeof path, "%s.%s", j->dir, suffix);
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TEXT - 1);
	if (n < 0)
		die(path);
	/* A NUL is a control character as well. */
	for (ssize_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = '\1';
	text[n] = '\0';
	close(fd);
	unlink(path);
}

/* C0 but for tab and newline, DEL, and C1 in UTF-8. */
static bool
has_control(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if ((c < ' ' && c != '\n' && c != '\t') || c == 127 ||
			(c == 0xc2 && ((unsigned char)s[1] & 0xe0) == 0x80))
			return true;
	}
	return false;
}

/* Lines of an error: all but warnings. */
static int
error_lines(const char *s)
{
	int n = 0;

	while (*s) {
		size_t len = strcspn(s, "\n");
		char *warning = strstr(s, ": warning: ");
		n += !warning || warning > s + len;
		s += len + (s[len] == '\n');
	}
	return n;
}

enum { UNFINISHED = 1, OUTPUT = 2 };

/* Empty the directory; in *left, what a failure may not leave. */
static void
clear(const char *dir, int *left)
{
	char path[8500];
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		*left |= e->d_name[0] == '.' ? UNFINISHED : 0;
		*left |= strcmp(e->d_name, "o") == 0 ? OUTPUT : 0;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (unlink(path) < 0 && errno == EISDIR) {
			clear(path, left);
			rmdir(path);
		}
	}
	if (d)
		closedir(d);
}

static const char *
verdict(int status, const char *out, const char *err, int left)
{
	int want = status == 2 ? 2 : 1;

	if (status >= 128)
		return "a signal or a time-out";
	/* A number of samples may ask for more memory than there may be. */
	if (status == 70 && strstr(err, ": out of memory\n"))
		return left ? "a file is left" : NULL;
	if (!opt.right[status])
		return "a wrong status";
	if (has_control(err) || (opt.text && has_control(out)))
		return "a control character";
	if (status < 2)
		return NULL;
	if (error_lines(err) != want || strncmp(err, "lt-", 3) != 0)
		return "not one line";
	/* A diverged training keeps what it has; of two outputs the first may
	 * be whole when the second cannot be written. */
	if (status == 3 || status == 75)
		return NULL;
	if (status == 74)
		left &= UNFINISHED;
	return left ? "a file is left" : NULL;
}

static void
finish(struct job *j, int wait_status)
{
	char out[TEXT], err[TEXT];
	int left = 0;
	int status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
					    : 128 + WTERMSIG(wait_status);

	output_of(j, "out", out);
	output_of(j, "err", err);
	clear(j->dir, &left);
	rmdir(j->dir);
	const char *what = verdict(status, out, err, left);
	if (what)
		blame(j, what, status, err);
	cases++;
	seen[status & 255]++;
	for (char **w = j->word; *w; w++)
		free(*w);
	free(j->word);
	j->pid = 0;
}

static void
wait_for_one(void)
{
	int status;
	pid_t pid = wait(&status);

	if (pid < 0)
		die("wait");
	for (int i = 0; i < opt.jobs; i++)
		if (job[i].pid == pid)
			finish(&job[i], status);
}

static struct job *
free_job(void)
{
	for (;;) {
		for (int i = 0; i < opt.jobs; i++)
			if (!job[i].pid)
				return &job[i];
		wait_for_one();
	}
}

static bool
running(void)
{
	for (int i = 0; i < opt.jobs; i++)
		if (job[i].pid)
			return true;
	return false;
}

static void
parse(int argc, char **argv)
{
	static const int right[] = {0, 2, 65, 74};
	int c;

	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		opt.right[right[i]] = true;
	while ((c = getopt(argc, argv, "j:m:ps:t:u:")) >= 0) {
		if (c == 'j')
			opt.jobs = atoi(optarg);
		else if (c == 'm')
			opt.kib = (rlim_t)atoll(optarg);
		else if (c == 'p')
			opt.text = true;
		else if (c == 't')
			opt.seconds = atoi(optarg);
		else if (c == 'u')
			opt.until = atoi(optarg);
		else if (c != 's')
			exit(2);
		for (char *s = c == 's' ? optarg : NULL; s;) {
			opt.right[atoi(s) & 255] = true;
			s = strchr(s, ',');
			s = s ? s + 1 : NULL;
		}
	}
	if (opt.jobs < 1 || opt.jobs > JOBS)
		opt.jobs = 1;
}

int
main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	char base[4000];
	time_t began = time(NULL);
	char **word;

	parse(argc, argv);
	snprintf(base, sizeof base, "%s/judge-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(base))
		die(base);
	while ((!opt.until || time(NULL) < began + opt.until) &&
		(word = next_case()))
		start(free_job(), word, base);
	while (running())
		wait_for_one();
	rmdir(base);
	printf("%d cases, %d wrong:", cases, wrong);
	for (int i = 0, n = 0; i < 256; i++)
		if (seen[i])
			printf("%s status %d x %d", n++ ? "," : "", i, seen[i]);
	putchar('\n');
	return wrong != 0 || cases == 0;
}
