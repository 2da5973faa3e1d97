/* Errors: the function that knows the cause writes one message, and the tool
 * prints it.
 *
 *	if (size > limit)
 *		return lt_fail(err, LT_EDATA, "%s: too large", path);
 *
 * A library function returns 0, -1 or NULL.  It never prints and never exits,
 * except through lt_bug() or when memory runs out.  The caller owns struct
 * lt_err.
 */
#ifndef LT_BASE_ERR_H
#define LT_BASE_ERR_H

#include <stdnoreturn.h>

/* Exit statuses of all tools; lt_err.status is one of them. */
enum {
	LT_EOK = 0,	  /* done */
	LT_ENO = 1,	  /* the answer is no */
	LT_EUSAGE = 2,	  /* wrong command line */
	LT_EDIVERGED = 3, /* training made a value that is not finite */
	LT_EDATA = 65,	  /* bad input data */
	LT_EBUG = 70,	  /* internal error, or out of memory */
	LT_EIO = 74,	  /* input/output failed */
	LT_EAGAIN = 75,	  /* stopped with its state saved, or output locked */
};

struct lt_err {
	int status;	/* LT_E...; meaningful after a failure */
	char msg[1024]; /* one line without newline */
	/* What would mend it, in words such as "size resize", or "".  The
	 * library knows no options: a tool that has options of these names adds
	 * them to the message (lt_cli_fail). */
	char mend[48];
};

/* Write message and status into *err; always returns -1.  err may be NULL.  The
 * message passes through lt_tame, so that names from files and command lines
 * cannot harm a terminal. */
int lt_fail(struct lt_err *err, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Say what would mend the failure that lt_fail has just written; always returns
 * -1. */
int lt_fail_mend(struct lt_err *err, const char *words);

/* lt_fail(err, LT_EIO, "<what>: <strerror(errno)>"); always returns -1. */
int lt_fail_errno(struct lt_err *err, const char *what);

/* Put "prefix: " before the message in *err; always returns -1. */
int lt_fail_prefix(struct lt_err *err, const char *prefix);

/* A broken invariant: print file, line and condition, exit LT_EBUG. */
noreturn void lt_bug(const char *file, int line, const char *what);
#define LT_BUG_ON(cond) \
	do { \
		if (cond) \
			lt_bug(__FILE__, __LINE__, #cond); \
	} while (0)

#endif
