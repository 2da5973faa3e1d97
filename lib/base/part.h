/* A file on the way to its place: ".NAME.part" beside it, made under a lock,
 * synced, and renamed over NAME.  This is for out.c, which fills it.
 *
 *	struct part *p = part_open(name, target, 0, err);
 *	if (!p) return -1;
 *	...write to part_fd(p)...
 *	if (part_commit(p) < 0)
 *		part_unlink(p);
 *	part_close(p);
 *
 * name is the output in messages and is borrowed until the part is closed.
 */
#ifndef LT_BASE_PART_H
#define LT_BASE_PART_H

#include <stdint.h>
#include "base/err.h"

struct part;

/* Open and lock the part of target, cut it back to keep bytes and go to its
 * end.  NULL with LT_EAGAIN if another process has it locked, with LT_EDATA if
 * it has fewer bytes, else with LT_EIO. */
struct part *part_open(const char *name, const char *target, uint64_t keep,
	struct lt_err *err);
/* Check that part_open could open the part; LT_EIO if not.  An existing part
 * stays untouched, because an interrupted run resumes from it.  A target that
 * another process is writing counts as writable. */
int part_try(const char *name, const char *target, struct lt_err *err);
/* Have say called, once in this process, if the file system has no locks. */
void part_on_warning(void (*say)(const char *message));

/* The descriptor to write to; it stays the part's. */
int part_fd(const struct part *p);
/* Sync the bytes that are written: 0, or -1 with errno. */
int part_sync(const struct part *p);
/* Sync the part, compressed if the target ends in ".gz", rename it over the
 * target and sync the directory: 0, or -1 with errno. */
int part_commit(struct part *p);
/* Remove what is written. */
void part_unlink(struct part *p);
/* Close the part, give the lock back and free p.  A part that was neither
 * committed nor unlinked stays for part_open. */
void part_close(struct part *p);

#endif
