/* Errors, memory and command lines: what ends the process is tried in a child.
 */
#include "base/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "base/mem.h"
#include "base/tame.h"
#include "scratch.h"
#include "tap.h"

static void
messages(void)
{
	struct lt_err err;
	CHECK_EQ(lt_fail(&err, LT_EDATA, "%s: bad",
			 "a\tb\n\x7f\xc2\x9b[m\xc3"
			 "\xa9"),
		-1);
	CHECK_STR(err.msg, "a?b?\?\?\?[m\xc3\xa9: bad");
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_EQ(lt_fail_prefix(&err, "file"), -1);
	CHECK_STR(err.msg, "file: a?b?\?\?\?[m\xc3\xa9: bad");
	CHECK_EQ(err.status, LT_EDATA);
	errno = ENOENT;
	CHECK_EQ(lt_fail_errno(&err, "x"), -1);
	CHECK_STR(err.msg, "x: No such file or directory");
	CHECK_EQ(err.status, LT_EIO);
	CHECK_EQ(lt_fail(NULL, LT_EDATA, "nobody listens"), -1);
	CHECK_EQ(lt_fail_prefix(NULL, "x"), -1);
	char name[5000];
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	lt_fail(&err, LT_EDATA, "%s", name);
	CHECK_EQ(strlen(err.msg), sizeof(err.msg) - 1);
	/* What would mend it stays with the message, and goes with it. */
	CHECK_EQ(lt_fail_mend(&err, "size"), -1);
	CHECK_EQ(lt_fail_prefix(&err, "file"), -1);
	CHECK_STR(err.mend, "size");
	lt_fail(&err, LT_EDATA, "another");
	CHECK_STR(err.mend, "");
	CHECK_EQ(lt_fail_mend(NULL, "x"), -1);
}

static void
memory(void)
{
	unsigned char *p = lt_alloc(3, 5);
	for (int i = 0; i < 15; i++)
		CHECK_EQ(p[i], 0);
	free(p);
	free(lt_alloc(0, 8));
	p = lt_alloc_aligned(3, 7);
	CHECK_EQ((uintptr_t)p % 64, 0);
	for (int i = 0; i < 21; i++)
		CHECK_EQ(p[i], 0);
	free(p);
	int *v = NULL;
	size_t cap = 0;
	for (int i = 0; i < 1000; i++) {
		lt_grow(&v, &cap, (size_t)i + 1, sizeof(*v));
		v[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(v[i], i);
	CHECK(cap >= 1000 && cap < 2000);
	free(v);
	char *s = lt_asprintf("%d-%s", 3, "x"), *t = lt_strndup(s, 2);
	CHECK_STR(s, "3-x");
	CHECK_STR(t, "3-");
	free(s);
	free(t);
	free(lt_memdup(NULL, 0));
}

static void
arithmetic(void)
{
	uint64_t v = 5;
	CHECK(lt_mul(&v, UINT64_MAX, 1) && v == UINT64_MAX);
	CHECK(!lt_mul(&v, (uint64_t)1 << 32, (uint64_t)1 << 32));
	CHECK(!lt_add(&v, UINT64_MAX, 1));
	CHECK(v == UINT64_MAX);
	CHECK(lt_add(&v, UINT64_MAX - 1, 1) && v == UINT64_MAX);
}

/* Run work in a child with its output in files out and err; exit status. */
static int
in_child(void (*work)(void))
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("out", "w", stdout) ||
			!freopen("err", "w", stderr))
			_exit(99);
		work();
		fflush(stdout);
		_exit(0);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
file_says(const char *path, const char *text)
{
	char *p = scratch_get(path, NULL);
	bool ok = p && strstr(p, text);
	if (!ok)
		printf("# %s says '%s', not '%s'\n", path, p ? p : "", text);
	free(p);
	return ok;
}

static void
overflow(void)
{
	lt_alloc(SIZE_MAX / 2, 3);
}

static void
too_much(void)
{
	lt_realloc(NULL, PTRDIFF_MAX, 1);
}

static void
broken(void)
{
	LT_BUG_ON(1 + 1 == 2);
}

static void
endings(void)
{
	CHECK_EQ(in_child(overflow), LT_EBUG);
	CHECK(file_says("err", "base_test: out of memory\n"));
	CHECK_EQ(in_child(too_much), LT_EBUG);
	CHECK_EQ(in_child(broken), LT_EBUG);
	CHECK(file_says("err", "base_test.c:"));
	CHECK(file_says("err", "1 + 1 == 2"));
}

/* The names of a table. */
static const char *
card(size_t i)
{
	static const char *const name[] = {"ace", "king", NULL};

	return name[i];
}

/* A command with one option of every kind. */
static struct {
	bool flag;
	const char *str;
	struct lt_strs strs;
	uint64_t u64;
	int i, pos, choice;
	struct lt_pick pick;
	double f64, nonneg, unit;
	struct lt_common common;
} opt = {.pick = {card, 0}};

static const struct lt_opt options[] = {
	{'f', "flag", LT_OPT_FLAG, &opt.flag, NULL, NULL, "a flag"},
	{'o', "output", LT_OPT_STR, &opt.str, "FILE", "-", "a file"},
	{0, "strs", LT_OPT_STRS, &opt.strs, "X", NULL, "texts"},
	{0, "u64", LT_OPT_U64, &opt.u64, "N", "0", "a number"},
	{'i', "int", LT_OPT_INT, &opt.i, "N", "0", "a number"},
	{0, "pos", LT_OPT_POS, &opt.pos, "N", "1", "a number"},
	{0, "f64", LT_OPT_F64, &opt.f64, "X", "0", "a number"},
	{0, "nonneg", LT_OPT_NONNEG, &opt.nonneg, "X", "0", "a number"},
	{'u', "unit", LT_OPT_UNIT, &opt.unit, "X", "0", "a number"},
	{0, "choice", LT_OPT_CHOICE, &opt.choice, "one|two|three", "one",
		"a choice"},
	{0, "pick", LT_OPT_PICK, &opt.pick, NULL, "ace", "a row"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};
static const struct lt_cmd cmd = {"lt-test", "[OPTION]... FILE",
	"Tests the command line.", .options = options};

static const char *const *line;
static int operands;
static char *argv_kept[32];

static void
parse(void)
{
	int argc = 0;
	for (argv_kept[argc++] = (char *)(uintptr_t) "/path/lt-test";
		line[argc - 1]; argc++)
		argv_kept[argc] = (char *)(uintptr_t)line[argc - 1];
	argv_kept[argc] = NULL;
	optind = 0; /* getopt begins anew */
	operands = lt_cli_parse(&cmd, argc, argv_kept);
}

static int
try_line(const char *const *words)
{
	line = words;
	return in_child(parse);
}

static void
parsing(void)
{
	line = (const char *const[]){"first", "-f", "--output=out", "--strs",
		"a", "--strs=b", "--u64=18446744073709551615", "-i0", "--pos",
		"2147483647", "--f64=-1e3", "--nonneg=.5", "-u", "1",
		"--choice=two", "--pick=king", "-q", "--seed=7", "--threads=3",
		"--", "-x", NULL};
	parse();
	CHECK_EQ(operands, 2);
	CHECK_STR(argv_kept[0], "first");
	CHECK_STR(argv_kept[1], "-x");
	CHECK(argv_kept[2] == NULL);
	CHECK(opt.flag && opt.u64 == UINT64_MAX && opt.i == 0);
	CHECK(opt.pos == INT_MAX && opt.f64 == -1000 && opt.nonneg == 0.5);
	CHECK(opt.unit == 1 && opt.choice == 1 && opt.pick.i == 1);
	CHECK_STR(opt.str, "out");
	CHECK(opt.strs.n == 2 && !strcmp(opt.strs.v[1], "b"));
	CHECK(opt.common.quiet && opt.common.seed == 7);
	CHECK_EQ(opt.common.threads, 3);
	CHECK(lt_cli_given(&cmd, "output") && lt_cli_given(&cmd, "choice"));
	CHECK(lt_cli_given(&cmd, "flag") && lt_cli_given(&cmd, "quiet"));
	free(opt.strs.v);
	memset(&opt, 0, sizeof(opt));
	opt.pick.name = card;
}

/* Numbers and choices begin with the values of the table, whatever they were;
 * texts are left alone. */
static void
defaults(void)
{
	static const struct lt_opt own[] = {
		{0, "u64", LT_OPT_U64, &opt.u64, "N", "7", "a number"},
		{0, "int", LT_OPT_INT, &opt.i, "N", "all", "a number"},
		{0, "nonneg", LT_OPT_NONNEG, &opt.nonneg, "X", "1e-3", "one"},
		{0, "unit", LT_OPT_UNIT, &opt.unit, "X", "0.25", "a number"},
		{0, "choice", LT_OPT_CHOICE, &opt.choice, "one|two", "two",
			"a choice"},
		{0, "pick", LT_OPT_PICK, &opt.pick, NULL, "king", "a row"},
		{0, "output", LT_OPT_STR, &opt.str, "FILE", "-", "a file"},
		LT_OPT_COMMON(&opt.common),
		LT_OPT_END,
	};
	static const struct lt_cmd c = {"lt-test", "", "", .options = own};
	char name[] = "lt-test", half[] = "--unit=0.5";
	char *argv[] = {name, half, NULL};

	optind = 0;
	CHECK_EQ(lt_cli_parse(&c, 2, argv), 0);
	CHECK(opt.u64 == 7 && opt.i == 0 && opt.nonneg == 0.001);
	CHECK(opt.unit == 0.5 && opt.choice == 1 && opt.pick.i == 1);
	CHECK(!opt.str);
	CHECK(lt_cli_given(&c, "unit") && !lt_cli_given(&c, "u64"));
	memset(&opt, 0, sizeof(opt));
	opt.pick.name = card;
}

static void
nonsense(void)
{
	static const char *const words[] = {"--u64=-1", "--u64=", "--u64=1x",
		"--u64=18446744073709551616", "--int=2147483648", "-i1.5",
		"--pos=0", "--f64=nan", "--f64=1e999", "--nonneg=-1e-9",
		"--unit=1.0001", "--unit=-0.1", "--unit=50%", "--choice=tw",
		"--choice=", "--choice=one|two", "--pick=", "--pick=kin",
		"--no-such", "-z", "--flag=1", "--output", "-o", "--f",
		"--help=x", "--seed=abc", "--threads=-1"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *const one[] = {words[i], NULL};
		bool ok = CHECK_EQ(try_line(one), LT_EUSAGE);
		ok &= file_says("err", "lt-test: ");
		ok &= file_says("err", "Try 'lt-test --help'.\n");
		if (!CHECK(ok))
			printf("# %s\n", words[i]);
	}
	CHECK_EQ(try_line((const char *const[]){"--unit", "x\n\033y", NULL}),
		LT_EUSAGE);
	CHECK(file_says("err",
		"--unit: expected a number from 0 to 1, found 'x??y'\n"));
	CHECK_EQ(try_line((const char *const[]){"--pick", "ac", NULL}),
		LT_EUSAGE);
	CHECK(file_says("err", "--pick: expected ace|king, found 'ac'\n"));
}

static void
help(void)
{
	CHECK_EQ(try_line((const char *const[]){"--help", NULL}), 0);
	CHECK(file_says("out", "Usage: lt-test [OPTION]... FILE\n"));
	CHECK(file_says("out", "  -o, --output FILE           a file [-]\n"));
	CHECK(file_says("out", "      --choice one|two|three  a choice [one]"));
	CHECK(file_says("out", "      --pick ace|king         a row [ace]"));
	CHECK_EQ(try_line((const char *const[]){"--version", NULL}), 0);
	CHECK(file_says("out", "lt-test " LT_VERSION "\n"));
}

/* Output to a full disk and to a closed descriptor must not pass for done. */
static void
help_unwritable(void)
{
	int fd = open("/dev/full", O_WRONLY);
	dup2(fd, STDOUT_FILENO);
	parse();
}

static void
help_closed(void)
{
	close(STDOUT_FILENO);
	parse();
}

static void
unwritable(void)
{
	line = (const char *const[]){"--help", NULL};
	CHECK_EQ(in_child(help_unwritable), LT_EIO);
	CHECK(file_says("err", "lt-test: standard output: cannot write: No "
			       "space left on device\n"));
	CHECK_EQ(in_child(help_closed), LT_EIO);
}

/* A file opened after parsing must not become descriptor 1 or 2. */
static void
open_after(void)
{
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	parse();
	int fd = open("victim", O_WRONLY | O_CREAT, 0666);
	fprintf(stderr, "message\n");
	_exit(fd > 2 && write(1, "x", 1) < 0 ? 0 : 1);
}

static void
closed_descriptors(void)
{
	line = (const char *const[]){"x", NULL};
	CHECK_EQ(in_child(open_after), 0);
	CHECK(scratch_holds("victim", "", 0));
}

static void
warn_and_fail(void)
{
	struct lt_common quiet = {.quiet = true}, loud = {0};
	struct lt_err err;
	lt_fail(&err, LT_EDATA, "f: bad");
	lt_cli_warn(&cmd, &quiet, "unseen");
	lt_cli_warn(&cmd, &loud, "seen %d\n", 5);
	lt_cli_fail(&cmd, &err);
	/* Of what would mend it the program has two options. */
	lt_fail_mend(&err, "strs size u64 unit64");
	exit(lt_cli_fail(&cmd, &err));
}

static void
reports(void)
{
	CHECK_EQ(in_child(warn_and_fail), LT_EDATA);
	static const char want[] = "lt-test: warning: seen 5?\n"
				   "lt-test: f: bad\n"
				   "lt-test: f: bad; see --strs, --u64\n";
	CHECK(scratch_holds("err", want, sizeof(want) - 1));
}

/* Expected texts by the tables of Unicode. */
static void
plain_text(void)
{
	static const struct {
		const char *in, *keep, *out;
	} t[] = {
		{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "",
			"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
		{"\x1b[31mred\x1b]0;t\x07", "", "?[31mred?]0;t?"},
		{"a\tb\nc\rd\x7f", "\t\n", "a\tb\nc?d?"},
		{"a\tb\n", "", "a?b?"},
		/* U+0080, U+009B, U+009F; U+00A0 stays. */
		{"\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "", "??????\xc2\xa0"},
		/* Stray, cut off, too long, a surrogate, beyond U+10FFFF. */
		{"\x9b\xff"
		 "a\xe2\x82",
			"", "??a??"},
		{"\xc0\x9b\xe0\x82\x9b", "", "?????"},
		{"\xed\xa0\x80\xf4\x90\x80\x80", "", "???????"},
		/* U+202E overrides, U+2066 isolates, U+2028 ends a line. */
		{"a\xe2\x80\xae"
		 "b\xe2\x81\xa6\xe2\x80\xa8",
			"", "a???b??????"},
	};
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		char s[64];
		strcpy(s, t[i].in);
		lt_tame(s, t[i].keep);
		CHECK_STR(s, t[i].out);
	}
}

int
main(void)
{
	scratch_enter();
	TEST(messages, "a message is one tame line");
	TEST(plain_text, "text is made harmless, and no more than that");
	TEST(memory, "memory is zeroed, aligned and grows");
	TEST(arithmetic, "sums and products that do not fit are noticed");
	TEST(endings, "no memory and bugs end with status 70 and a line");
	TEST(defaults, "numbers and choices begin with their defaults");
	TEST(parsing, "options of every kind are read");
	TEST(nonsense, "nonsense ends with status 2 and a hint");
	TEST(help, "help and version go to standard output");
	TEST(unwritable, "help that cannot be written is an error");
	TEST(closed_descriptors, "closed descriptors are not handed out again");
	TEST(reports, "warnings can be silenced, errors not");
	scratch_leave();
	return tap_done();
}
