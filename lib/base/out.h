/* Output that exists whole or not at all: the one writing path.
 *
 *	struct lt_out *o = lt_out_open(path, err);
 *	if (!o) return -1;
 *	lt_out_write(o, data, size);
 *	lt_out_printf(o, "%d\n", n);
 *	return lt_out_commit(o, err);
 *
 * A regular file NAME is written to ".NAME.part" beside it, under an exclusive
 * lock; lt_out_commit renames that part over NAME after fsync.  Symbolic links
 * are followed.  "-" is standard output.  Devices, FIFOs and /dev/fd/N cannot
 * be replaced, so bytes go straight to them; this is a stream.  A failed write
 * is remembered, and lt_out_sync or lt_out_commit reports it, so the writes
 * before need no check.
 *
 * Output to a path that ends in ".gz" is compressed, with no time and no name
 * in the gzip header.  lt_out_commit compresses a file's plain part, through
 * ".NAME.part.gz"; a stream is compressed as it is written.
 *
 * The line end of the last line is the end mark of a plain stream: only
 * lt_out_commit writes it.  A stream whose writer was stopped therefore ends
 * within a line, and base/in.h refuses it.
 *
 * The handle is the caller's until commit, keep or abandon frees it.
 */
#ifndef LT_BASE_OUT_H
#define LT_BASE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct lt_out;

/* NULL with LT_EAGAIN if another process is writing it, else with LT_EIO. */
struct lt_out *lt_out_open(const char *path, struct lt_err *err);

/* Like lt_out_open, for bytes that are no text: LT_EUSAGE if path is a
 * terminal. what, "PNG", names them in the message. */
struct lt_out *lt_out_open_binary(
	const char *path, const char *what, struct lt_err *err);

/* Like lt_out_open, but continue after the first keep bytes that an interrupted
 * run left in the part; what follows them is cut off.  LT_EDATA if the part has
 * fewer.  A stream (standard output, a pipe, a device) starts at 0 whatever
 * keep is; see lt_out_resumed. */
struct lt_out *lt_out_open_at(
	const char *path, uint64_t keep, struct lt_err *err);
/* True if the first keep bytes are there, false for a stream. */
bool lt_out_resumed(const struct lt_out *o);

/* Check that path could be opened for writing; LT_EIO if not.  The check leaves
 * no file behind and does not touch the part of an interrupted run. */
int lt_out_try(const char *path, struct lt_err *err);

/* Have say called, once in this process, if the file system of an output has no
 * locks.  The output is written without a lock then. */
void lt_out_on_warning(void (*say)(const char *message));

void lt_out_write(struct lt_out *o, const void *p, size_t n);
/* Write formatted text.  It passes through lt_tame, which keeps tabs and line
 * ends. */
void lt_out_printf(struct lt_out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Write text that came from a file or a command line as one field of a table:
 * lt_tame replaces tabs and line ends too. */
void lt_out_text(struct lt_out *o, const char *text);
/* Write a tab and v with nine digits, or "NaN". */
void lt_out_number(struct lt_out *o, double v);
/* Bytes of plain text written so far, those kept included. */
uint64_t lt_out_length(const struct lt_out *o);
/* Flush and, for a file, fsync.  A stream's last line end is still held back.
 */
int lt_out_sync(struct lt_out *o, struct lt_err *err);
/* Flush, fsync, rename and fsync the directory; frees o, also on failure. */
int lt_out_commit(struct lt_out *o, struct lt_err *err);
/* Flush and close; the part stays for lt_out_open_at.  Frees o. */
int lt_out_keep(struct lt_out *o, struct lt_err *err);
/* Drop what was written and remove the part; frees o.  NULL is allowed. */
void lt_out_abandon(struct lt_out *o);

/* Write one whole buffer to path as an output of its own. */
int lt_out_whole(const char *path, const void *p, size_t n, struct lt_err *err);

#endif
