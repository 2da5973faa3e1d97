/* Input from a plain file, a gzip file (known by its first two bytes) or
 * standard input ("-"), read front to back.
 *
 *	struct lt_in *in = lt_in_open(path, err);
 *	while ((r = lt_in_line(in, &line, &len, err)) > 0) ...
 *	lt_in_close(in);
 *
 * The handle is the caller's.  Every message begins with the file's name.
 *
 * Text that comes through a pipe is whole if its last line has an end, because
 * the writer (base/out.h) writes that byte only after everything succeeded.  A
 * pipe that ends without any byte is LT_EDATA, unless its writer marked the
 * empty stream as whole (lt_out_commit).
 */
#ifndef LT_BASE_IN_H
#define LT_BASE_IN_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct lt_in;

struct lt_in *lt_in_open(const char *path, struct lt_err *err);
void lt_in_close(struct lt_in *in);
/* Make in the standard input of this process: all later calls that open "-"
 * share it, so its bytes can be read only once.  Only lt_in_peek may have read
 * from in before. */
void lt_in_keep(struct lt_in *in);
const char *lt_in_name(const struct lt_in *in); /* borrowed; "standard input" */

/* Read up to n bytes; *got < n only at the end of the input.  0 or -1. */
int lt_in_read(
	struct lt_in *in, void *buf, size_t n, size_t *got, struct lt_err *err);
/* Read exactly n bytes, or fail with LT_EDATA "<name>: truncated: ...". */
int lt_in_exact(struct lt_in *in, void *buf, size_t n, struct lt_err *err);
/* 0 when the input has ended, LT_EDATA when bytes (or gzip damage) follow. */
int lt_in_end(struct lt_in *in, struct lt_err *err);
/* Look at the next n bytes without consuming them; *got < n only at the end of
 * the input.  *p is borrowed until the next call. */
int lt_in_peek(struct lt_in *in, const char **p, size_t n, size_t *got,
	struct lt_err *err);
/* Read the next line, without its LF: 1, 0 at the end, -1.  *line is
 * NUL-terminated and borrowed until the next call.  A NUL byte inside, a line
 * over 1 MiB and a last line without LF are LT_EDATA. */
int lt_in_line(struct lt_in *in, char **line, size_t *len, struct lt_err *err);
/* Read the next line of one of our text formats: as lt_in_line, but what
 * editors of Windows add is LT_EDATA, with a message that names it: a carriage
 * return at the end of a line, and a byte order mark at the beginning of the
 * text, in UTF-8 or UTF-16. */
int lt_in_row(struct lt_in *in, char **line, size_t *len, struct lt_err *err);
/* The name of the byte order mark with which text begins, or NULL. */
const char *lt_in_mark(const char *text, size_t n);
/* Number (from 1) of the line that was returned last. */
uint64_t lt_in_lineno(const struct lt_in *in);

/* Read all of path, at most max bytes (LT_EDATA beyond).  Memory grows as bytes
 * really arrive.  *data is the caller's and has a NUL after it. */
int lt_in_whole(const char *path, size_t max, char **data, size_t *size,
	struct lt_err *err);
/* Fail with "<name>:<line>: ..." and LT_EDATA; returns -1. */
int lt_in_fail(const struct lt_in *in, struct lt_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
