#include "base/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/complete.h"
#include "base/host.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/tame.h"

#define OPTIONS_MAX 96
/* The value that getopt_long returns for long option number i: beyond any
 * character. */
#define LONG_BASE 1000
#define HELP_COLUMN 30

static int shell;

/* clang-format off */
/* The options that every program has besides those of its table.  Their numbers
 * follow OPTIONS_MAX. */
static const struct lt_opt builtin[] = {
	{0, "completion", LT_OPT_CHOICE, &shell, LT_SHELLS, NULL,
		"print a script that completes options in this shell"},
	{0, "help", LT_OPT_FLAG, NULL, NULL, NULL, "print this text and exit"},
	{0, "version", LT_OPT_FLAG, NULL, NULL, NULL,
		"print the version and exit"},
	LT_OPT_END,
};
/* clang-format on */
enum { VALUE_COMPLETION = OPTIONS_MAX, VALUE_HELP, VALUE_VERSION };
#define BUILTINS (sizeof(builtin) / sizeof(*builtin) - 1)

/* Whether each option was given; a process has one command line. */
static bool given[OPTIONS_MAX];

/* Print one line to stderr, free of control characters. */
__attribute__((format(printf, 3, 0))) static void
say(const struct lt_cmd *cmd, const char *prefix, const char *fmt, va_list ap)
{
	char msg[1024];
	struct lt_err line;
	vsnprintf(msg, sizeof(msg), fmt, ap);
	lt_fail(&line, LT_EUSAGE, "%s: %s%s", cmd->name, prefix, msg);
	fprintf(stderr, "%s\n", line.msg);
}

static void
hint(const struct lt_cmd *cmd)
{
	fprintf(stderr, "Try '%s --help'.\n", cmd->name);
}

noreturn void
lt_cli_usage(const struct lt_cmd *cmd, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(cmd, "", fmt, ap);
	va_end(ap);
	hint(cmd);
	exit(LT_EUSAGE);
}

/* "; see --size, --resize": those words that are options of the program. */
static void
print_mend(const struct lt_cmd *cmd, const char *words)
{
	char word[sizeof(((struct lt_err *)NULL)->mend)];
	bool first = true;

	for (int n; sscanf(words, "%47s%n", word, &n) == 1; words += n)
		for (const struct lt_opt *o = cmd->options;
			o->kind != LT_OPT_END_KIND; o++)
			if (strcmp(o->long_name, word) == 0) {
				fprintf(stderr, "%s --%s",
					first ? "; see" : ",", word);
				first = false;
			}
}

int
lt_cli_fail(const struct lt_cmd *cmd, const struct lt_err *err)
{
	fprintf(stderr, "%s: %s", cmd->name, err->msg);
	print_mend(cmd, err->mend);
	fprintf(stderr, "\n");
	if (err->status == LT_EUSAGE)
		hint(cmd);
	return err->status ? err->status : LT_EBUG;
}

void
lt_cli_claims(const struct lt_cmd *cmd, struct lt_claims *c)
{
	struct lt_err err;
	int bad = lt_claims_check(c, &err);
	lt_claims_release(c);
	if (bad)
		exit(lt_cli_fail(cmd, &err));
}

void
lt_cli_warn(const struct lt_cmd *cmd, const struct lt_common *common,
	const char *fmt, ...)
{
	if (common->quiet)
		return;
	va_list ap;
	va_start(ap, fmt);
	say(cmd, "warning: ", fmt, ap);
	va_end(ap);
}

static int
option_count(const struct lt_cmd *cmd)
{
	int n = 0;
	while (cmd->options[n].kind != LT_OPT_END_KIND)
		n++;
	LT_BUG_ON(n >= OPTIONS_MAX);
	return n;
}

bool
lt_cli_given(const struct lt_cmd *cmd, const char *long_name)
{
	for (int i = 0; i < option_count(cmd); i++) {
		if (strcmp(cmd->options[i].long_name, long_name) == 0)
			return given[i];
	}
	lt_bug(__FILE__, __LINE__, long_name);
}

void
lt_cli_needs(const struct lt_cmd *cmd, const char *options, bool met,
	const char *what)
{
	char name[64];
	int len = 0;

	for (; !met && sscanf(options, "%63s%n", name, &len) == 1;
		options += len)
		if (lt_cli_given(cmd, name))
			lt_cli_usage(cmd, "--%s needs %s", name, what);
}

/* A failed write to standard output is reported, for --help too. */
static noreturn void
leave(const struct lt_cmd *cmd)
{
	if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) {
		fprintf(stderr, "%s: standard output: cannot write: %s\n",
			cmd->name, strerror(errno));
		exit(LT_EIO);
	}
	exit(LT_EOK);
}

char *
lt_cli_argument(const struct lt_opt *o)
{
	const struct lt_pick *table = o->dest;
	char *all = NULL;

	if (o->kind != LT_OPT_PICK)
		return o->arg ? lt_strdup(o->arg) : NULL;
	for (size_t i = 0; table->name(i); i++) {
		char *more = lt_asprintf("%s%s%s", all ? all : "",
			all ? "|" : "", table->name(i));
		free(all);
		all = more;
	}
	return all;
}

static void
print_options(const struct lt_opt *o)
{
	for (; o->kind != LT_OPT_END_KIND; o++) {
		char head[128], *arg = lt_cli_argument(o), c = o->short_name;
		int n = snprintf(head, sizeof(head), "  %c%c%c --%s%s%s",
			c ? '-' : ' ', c ? c : ' ', c ? ',' : ' ', o->long_name,
			arg ? " " : "", arg ? arg : "");
		if (n > HELP_COLUMN - 2)
			printf("%s\n%*s", head, HELP_COLUMN, "");
		else
			printf("%-*s", HELP_COLUMN, head);
		printf("%s", o->help);
		if (o->default_text)
			printf(" [%s]", o->default_text);
		printf("\n");
		free(arg);
	}
}

static noreturn void
print_help(const struct lt_cmd *cmd)
{
	printf("Usage: %s %s\n%s\n\nOptions [default]:\n", cmd->name,
		cmd->synopsis, cmd->summary);
	print_options(cmd->options);
	print_options(builtin);
	printf("\nThe manual: man %s\n", cmd->name);
	leave(cmd);
}

static noreturn void
print_version(const struct lt_cmd *cmd)
{
	printf("%s %s\n", cmd->name, LT_VERSION);
	leave(cmd);
}

/* Return the index of text in "a|b|c", or -1. */
static int
choice_find(const char *choices, const char *text)
{
	size_t n = strlen(text);
	for (int i = 0;; i++) {
		size_t len = strcspn(choices, "|");
		if (len == n && strncmp(choices, text, n) == 0)
			return i;
		if (!choices[len])
			return -1;
		choices += len + 1;
	}
}

static bool
set_int(int *dest, const char *text, uint64_t least)
{
	uint64_t v;
	if (!lt_num_u64(text, &v) || v < least || v > INT_MAX)
		return false;
	*dest = (int)v;
	return true;
}

static bool
set_f64(double *dest, const char *text, double least, double most)
{
	double v;
	if (!lt_num_f64(text, &v) || v < least || v > most)
		return false;
	*dest = v;
	return true;
}

static bool
add_string(struct lt_strs *strs, const char *text)
{
	strs->v = lt_realloc(strs->v, (size_t)strs->n + 1, sizeof(*strs->v));
	strs->v[strs->n++] = text;
	return true;
}

static bool
pick(struct lt_pick *dest, const char *text)
{
	for (dest->i = 0; dest->name(dest->i); dest->i++)
		if (strcmp(dest->name(dest->i), text) == 0)
			return true;
	return false;
}

/* Store text in the option's dest.  Return NULL, or what was expected. */
static const char *
set_value(const struct lt_opt *o, const char *text)
{
	switch (o->kind) {
	case LT_OPT_FLAG:
		*(bool *)o->dest = true;
		return NULL;
	case LT_OPT_STR:
		*(const char **)o->dest = text;
		return NULL;
	case LT_OPT_STRS:
		return add_string(o->dest, text) ? NULL : "a text";
	case LT_OPT_U64:
		return lt_num_u64(text, o->dest)
			       ? NULL
			       : "a whole number from 0 to 2^64 - 1";
	case LT_OPT_INT:
		return set_int(o->dest, text, 0)
			       ? NULL
			       : "a whole number from 0 to 2147483647";
	case LT_OPT_POS:
		return set_int(o->dest, text, 1)
			       ? NULL
			       : "a whole number from 1 to 2147483647";
	case LT_OPT_F64:
		return lt_num_f64(text, o->dest) ? NULL : "a number";
	case LT_OPT_NONNEG:
		return set_f64(o->dest, text, 0, 1.7976931348623157e308)
			       ? NULL
			       : "a number of at least 0";
	case LT_OPT_UNIT:
		return set_f64(o->dest, text, 0, 1) ? NULL
						    : "a number from 0 to 1";
	case LT_OPT_CHOICE:
		*(int *)o->dest = choice_find(o->arg, text);
		return *(int *)o->dest >= 0 ? NULL : o->arg;
	case LT_OPT_PICK: /* the program ends with its result */
		return pick(o->dest, text) ? NULL : lt_cli_argument(o);
	case LT_OPT_END_KIND:
		break;
	}
	lt_bug(__FILE__, __LINE__, o->long_name);
}

/* Give numbers and choices the values that --help shows. */
static void
set_defaults(const struct lt_opt *o)
{
	for (; o->kind != LT_OPT_END_KIND; o++)
		if (o->default_text && o->kind >= LT_OPT_U64)
			(void)set_value(o, o->default_text);
}

/* getopt's tables; every option, short ones too, is reported by its number. */
static void
build_tables(const struct lt_cmd *cmd, struct option *longs, char *shorts)
{
	int n = option_count(cmd);
	*shorts++ = ':';
	for (int i = 0; i < n; i++) {
		const struct lt_opt *o = &cmd->options[i];
		bool arg = o->kind != LT_OPT_FLAG;
		longs[i] = (struct option){o->long_name,
			arg ? required_argument : no_argument, NULL,
			LONG_BASE + i};
		if (o->short_name) {
			*shorts++ = o->short_name;
			if (arg)
				*shorts++ = ':';
		}
	}
	*shorts = '\0';
	for (size_t i = 0; i < BUILTINS; i++)
		longs[n++] = (struct option){builtin[i].long_name,
			builtin[i].kind == LT_OPT_FLAG ? no_argument
						       : required_argument,
			NULL, LONG_BASE + OPTIONS_MAX + (int)i};
	longs[n] = (struct option){0};
}

/* Say what getopt_long refused. */
static noreturn void
refuse(const struct lt_cmd *cmd, int c, char **argv)
{
	const char *word = argv[optind - 1];
	if (c == ':' && optopt < LONG_BASE)
		lt_cli_usage(cmd, "option '-%c' needs an argument", optopt);
	if (c == ':')
		lt_cli_usage(cmd, "option '%s' needs an argument", word);
	if (optopt >= LONG_BASE)
		lt_cli_usage(cmd, "option '%s' takes no argument", word);
	if (optopt)
		lt_cli_usage(cmd, "unknown option '-%c'", optopt);
	lt_cli_usage(cmd, "unknown or ambiguous option '%s'", word);
}

static int
option_index(const struct lt_cmd *cmd, int c)
{
	if (c >= LONG_BASE)
		return c - LONG_BASE;
	for (int i = 0; i < option_count(cmd); i++) {
		if (cmd->options[i].short_name == c)
			return i;
	}
	return -1;
}

static void
set(const struct lt_cmd *cmd, const struct lt_opt *o, const char *text)
{
	const char *expected = set_value(o, text);
	if (expected)
		lt_cli_usage(cmd, "--%s: expected %s, found '%s'", o->long_name,
			expected, text);
}

static noreturn void
print_completion(const struct lt_cmd *cmd, const char *text)
{
	set(cmd, &builtin[VALUE_COMPLETION - OPTIONS_MAX], text);
	lt_complete_print(cmd, builtin, (enum lt_shell)shell);
	leave(cmd);
}

/* The next open() would return a standard descriptor that is closed, and
 * messages or output would go into that file.  So the gap is filled with a
 * descriptor that refuses the intended use. */
static void
fill_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
	}
}

static const struct lt_cmd *running;
static bool answered_no;

int
lt_cli_no(void)
{
	answered_no = true;
	return LT_ENO;
}

/* OpenMP's library exits with status 1 if it cannot start its threads; that
 * must not be mistaken for an answer. */
static void
check_status(int status, void *unused)
{
	(void)unused;
	if (status != LT_ENO || answered_no)
		return;
	fprintf(stderr, "%s: a library ended the program; try --threads 1\n",
		running->name);
	_exit(LT_EBUG);
}

static void
warn_of_output(const char *message)
{
	fprintf(stderr, "%s: warning: %s\n", running->name, message);
}

/* Write n bytes to standard error, each line behind the label.  Stdio buffers
 * lines, so that a line is one write and no other process breaks it. */
static ssize_t
write_labelled(void *label, const char *text, size_t n)
{
	static bool within; /* a line has begun */
	size_t space = strlen(label) + 2;
	char *all = lt_alloc(n, space + 1), *to = all;

	for (const char *from = text; from < text + n; from++) {
		if (!within)
			to += sprintf(to, "%s: ", (char *)label);
		*to++ = *from;
		within = *from != '\n';
	}
	for (const char *from = all; from < to;) {
		ssize_t done = write(2, from, (size_t)(to - from));
		if (done < 0 && errno != EINTR)
			break;
		from += done < 0 ? 0 : done;
	}
	free(all);
	return (ssize_t)n;
}

/* Begin each line of standard error with the value of LT_LABEL, if that is set:
 * a workflow names the stage that a line is from. */
static void
label_errors(void)
{
	const char *value = getenv("LT_LABEL");
	static char label[256];

	if (!value || !*value)
		return;
	snprintf(label, sizeof label, "%s", value);
	lt_tame(label, "");
	lt_host_errors_through(write_labelled, label);
}

int
lt_cli_parse(const struct lt_cmd *cmd, int argc, char **argv)
{
	running = cmd;
	lt_host_on_exit(check_status);
	fill_descriptors();
	label_errors();
	/* Options may follow operands, whatever the environment. */
	unsetenv("POSIXLY_CORRECT");
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	struct option longs[OPTIONS_MAX + BUILTINS + 1];
	char shorts[2 * OPTIONS_MAX + 2];
	build_tables(cmd, longs, shorts);
	set_defaults(cmd->options);
	opterr = 0;
	int c;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			refuse(cmd, c, argv);
		int i = option_index(cmd, c);
		if (i == VALUE_COMPLETION)
			print_completion(cmd, optarg);
		if (i == VALUE_HELP)
			print_help(cmd);
		if (i == VALUE_VERSION)
			print_version(cmd);
		set(cmd, &cmd->options[i], optarg);
		given[i] = true;
	}
	if (!lt_cli_given(cmd, "quiet"))
		lt_out_on_warning(warn_of_output);
	int n = argc - optind;
	memmove(argv, argv + optind, (size_t)n * sizeof(*argv));
	argv[n] = NULL;
	return n;
}

/* Spin for about ten microseconds: the threads of a region end closer together
 * than a sleep and a wake-up take, and little is lost if another program has
 * the other processor. */
#define SPINS "1000"

void
lt_cli_wait_passively(char **argv)
{
	const char *policy = getenv("OMP_WAIT_POLICY");

	if (getenv("GOMP_SPINCOUNT") ||
		(policy && strcasecmp(policy, "passive") != 0))
		return;
	if (setenv("OMP_WAIT_POLICY", "passive", 1) == 0 &&
		setenv("GOMP_SPINCOUNT", SPINS, 1) == 0)
		lt_host_again(argv);
	/* Without /proc the program goes on and is slower. */
}
