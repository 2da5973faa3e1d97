/* Command lines: one typed table a tool.  For tools alone.
 *
 *	static struct { const char *out; int batch; } opt = {.out = "-"};
 *	static const struct lt_opt options[] = {
 *		{'o', "output", LT_OPT_STR, &opt.out, "FILE", "-",
 *			"write to FILE"},
 *		...
 *		LT_OPT_COMMON(&common),
 *		LT_OPT_END,
 *	};
 *	static const struct lt_cmd cmd = {"lt-prune",
 *		"[OPTION]... CHECKPOINT", "one line: what it does", options};
 *	int n = lt_cli_parse(&cmd, argc, argv);	 // argv[0..n) = operands
 *
 * Values are strings of argv, borrowed for the life of the process.  A wrong
 * command line prints "lt-prune: ..." and "Try 'lt-prune --help'." and exits 2.
 */
#ifndef LT_BASE_CLI_H
#define LT_BASE_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include "base/claim.h"
#include "base/err.h"

enum lt_opt_kind {
	LT_OPT_FLAG,   /* bool *: set true */
	LT_OPT_STR,    /* const char ** */
	LT_OPT_STRS,   /* struct lt_strs *: may be given again */
	LT_OPT_U64,    /* uint64_t * */
	LT_OPT_INT,    /* int *, 0 .. INT_MAX */
	LT_OPT_POS,    /* int *, 1 .. INT_MAX */
	LT_OPT_F64,    /* double *, finite */
	LT_OPT_NONNEG, /* double *, >= 0 */
	LT_OPT_UNIT,   /* double *, 0 <= x <= 1 */
	LT_OPT_CHOICE, /* int *: index in choices */
	LT_OPT_PICK,   /* struct lt_pick *: a row of a table */
	LT_OPT_END_KIND,
};

struct lt_strs {
	const char **v;
	int n;
};

/* A row of a table, chosen by its name: the table is the list of choices. */
struct lt_pick {
	const char *(*name)(size_t i); /* of row i; NULL after the last */
	size_t i;		       /* the row chosen */
};

struct lt_opt {
	char short_name;       /* 0: none */
	const char *long_name; /* "output" */
	enum lt_opt_kind kind;
	void *dest;
	const char *arg;	  /* "FILE"; for LT_OPT_CHOICE "a|b|c"; for
				     LT_OPT_PICK NULL: the table has the names */
	const char *default_text; /* as --help and manual show it, or NULL;
				     a number or a choice is dest's value, a
				     text ("all") is shown only */
	const char *help;	  /* one line */
};
/* clang-format off */
#define LT_OPT_END {0, NULL, LT_OPT_END_KIND, NULL, NULL, NULL, NULL}
/* clang-format on */

/* -q, --seed, --threads: the options that every program has (--completion,
 * --help and --version are built in). */
struct lt_common {
	bool quiet;
	uint64_t seed;
	int threads; /* 0: OMP_NUM_THREADS, or the number of processors */
};
/* clang-format off */
#define LT_OPT_COMMON(c)                                                       \
	{'q', "quiet", LT_OPT_FLAG, &(c)->quiet, NULL, NULL,                   \
		"print no progress and no warnings"},                          \
	{0, "seed", LT_OPT_U64, &(c)->seed, "N", "0",                          \
		"seed of everything random"},                                  \
	{0, "threads", LT_OPT_INT, &(c)->threads, "N", "all",                  \
		"use N threads; the output is the same for every N"}
/* clang-format on */

struct lt_cmd {
	const char *name;
	const char *synopsis;
	const char *summary;
	const struct lt_opt *options;
	/* The table of actions of a program that has some (base/action.h). */
	const void *actions;
	size_t action_count, action_size;
};

/* Parse; operands move to argv[0..return).  Also installs the floor under
 * every tool: SIGXFSZ ignored, SIGPIPE default, umask respected, C locale. */
int lt_cli_parse(const struct lt_cmd *cmd, int argc, char **argv);
/* Make threads that wait sleep instead of spinning for long, unless the
 * environment asks for something else.  Programs that compute with OpenMP call
 * this first in main.  Spinning makes a program 3 to 10 times slower where
 * processors are shared.  The OpenMP runtime reads its environment before main,
 * so the program sets the environment and executes itself again. */
void lt_cli_wait_passively(char **argv);
/* Exit 2 with "lt-x: <message>" and the hint at --help. */
noreturn void lt_cli_usage(const struct lt_cmd *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Print "lt-x: <err->msg>", with "; see --x" for each word x of err->mend that
 * is an option of the program; for LT_EUSAGE with the hint at --help, and
 * return err->status, for main to return. */
int lt_cli_fail(const struct lt_cmd *cmd, const struct lt_err *err);
/* Exit 2 with "--x needs <what>" if met is false and one of the options was
 * given.  options: long names, separated by blanks. */
void lt_cli_needs(const struct lt_cmd *cmd, const char *options, bool met,
	const char *what);
/* Record that the answer is no, and return LT_ENO, for main to return.  If a
 * foreign library ends the program with status 1 and this was not called, the
 * status becomes LT_EBUG. */
int lt_cli_no(void);
/* Check and release the claims, before any work begins.  The program ends if
 * lt_claims_check fails. */
void lt_cli_claims(const struct lt_cmd *cmd, struct lt_claims *c);
/* "lt-x: warning: ..." unless quiet. */
void lt_cli_warn(const struct lt_cmd *cmd, const struct lt_common *common,
	const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The argument of an option in a word, "FILE", or the choices as "a|b|c"; NULL
 * if it has none.  The caller's to free. */
char *lt_cli_argument(const struct lt_opt *o);
/* True if this option was given on the command line. */
bool lt_cli_given(const struct lt_cmd *cmd, const char *long_name);

#endif
