/* Output that exists whole or not at all: the one writing path.
 *
 *	struct lt_out *o = lt_out_open(path, err);
 *	if (!o) return -1;
 *	lt_out_write(o, data, size);
 *	lt_out_printf(o, "%d\n", n);
 *	return lt_out_commit(o, err);
 *
 * A regular file is written to ".NAME.part" beside it under an exclusive lock
 * and renamed over NAME by lt_out_commit after fsync; a symbolic link is
 * followed.  "-" is standard output; devices, FIFOs and /dev/fd/N are written
 * through.  A failed write is remembered and reported by lt_out_sync or
 * lt_out_commit, so writes between need no check.  A path ending in ".gz" is
 * compressed (no time, no name in its header): a file by lt_out_commit, from
 * its plain .part by way of ".NAME.part.gz"; what is written through, at once.
 * The end of the last line is the end mark of a plain stream: only
 * lt_out_commit writes it, so a stream whose writer was stopped ends within a
 * line, and in.h refuses it.
 * The handle is the caller's until commit, keep or abandon, which free it.
 */
#ifndef LT_BASE_OUT_H
#define LT_BASE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct lt_out;

/* NULL with LT_EAGAIN when another writer holds it, LT_EIO otherwise. */
struct lt_out *lt_out_open(const char *path, struct lt_err *err);

/* As lt_out_open, but go on after the first keep bytes that an interrupted run
 * left in the .part file (FORMATS: streams are cut back to their saved
 * length); LT_EDATA when it holds fewer.  Standard output, pipes and devices
 * start at 0 whatever keep says: see lt_out_resumed. */
struct lt_out *lt_out_open_at(
	const char *path, uint64_t keep, struct lt_err *err);
/* The first keep bytes are there: false for what cannot be read back. */
bool lt_out_resumed(const struct lt_out *o);
/* It is a terminal: no place for binary files. */
bool lt_out_terminal(const struct lt_out *o);

/* Could path be opened?  LT_EIO if not.  Leaves nothing behind, and what an
 * interrupted run has left as it is. */
int lt_out_try(const char *path, struct lt_err *err);

/* From now on say is called, once a process, when outputs cannot be locked
 * because the file system knows no locks; they are written nevertheless. */
void lt_out_on_warning(void (*say)(const char *message));

void lt_out_write(struct lt_out *o, const void *p, size_t n);
/* Text for people and tables: lt_tame makes it harmless but keeps tabs and line
 * ends.  lt_out_text writes text from a file or a command line as one field,
 * without those either. */
void lt_out_printf(struct lt_out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void lt_out_text(struct lt_out *o, const char *text);
/* A field of a table behind a tab, in nine digits, or "nan". */
void lt_out_number(struct lt_out *o, double v);
/* Bytes written so far, those kept included. */
uint64_t lt_out_length(const struct lt_out *o);
/* Flush and, for a file, fsync.  The end of the last line stays behind if this
 * is a stream. */
int lt_out_sync(struct lt_out *o, struct lt_err *err);
/* Flush, fsync, rename, fsync the directory; frees o either way. */
int lt_out_commit(struct lt_out *o, struct lt_err *err);
/* Flush and close, leave the .part for lt_out_open_at; frees o. */
int lt_out_keep(struct lt_out *o, struct lt_err *err);
/* Drop what was written, remove the .part; frees o.  NULL is allowed. */
void lt_out_abandon(struct lt_out *o);

/* Write one whole buffer to path as an output of its own. */
int lt_out_whole(const char *path, const void *p, size_t n, struct lt_err *err);

#endif
