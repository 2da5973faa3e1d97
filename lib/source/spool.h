/* Where images wait while a set is packed, until their number is known: an
 * unnamed file beside the output, or in TMPDIR for a stream.
 *
 * For a folder of more than LT_SPOOL_EACH images (lt_source.files) the file has
 * a name and outlives a packing that is interrupted: ".NAME.images.part" has
 * the images, ".NAME.packed.part" an entry for each file that was read.  Both
 * are synced after every LT_SPOOL_EACH images, entries after their images.  The
 * next packing takes what is there as far as the files are the same in name,
 * size, time, label and way of scaling (lt_source.begin).
 *
 *	struct lt_spool *p = lt_spool_open(path, source, err);
 *	while ((r = lt_spool_next(p, pixels, &label, err)) > 0) ...
 *	r = lt_spool_flush(p, err);
 *	...read from lt_spool_fd(p)...
 *	lt_spool_close(p, r == 0);
 */
#ifndef LT_SOURCE_SPOOL_H
#define LT_SOURCE_SPOOL_H

#include <stdbool.h>
#include "base/err.h"
#include "source/source.h"

#define LT_SPOOL_EACH 1000

struct lt_spool;

/* Open the spool of the output path, for all images of s, which is borrowed.
 * NULL with LT_EAGAIN if another process packs to path. */
struct lt_spool *lt_spool_open(
	const char *path, struct lt_source *s, struct lt_err *err);
/* The next image and its label: one that is there already, or one that is read
 * from the source and added.  1, 0 at the end, -1. */
int lt_spool_next(
	struct lt_spool *p, uint8_t *px, int32_t *label, struct lt_err *err);
/* Write and, in a file with a name, sync all images. */
int lt_spool_flush(struct lt_spool *p, struct lt_err *err);
/* The file with all images, in order and from its beginning; after a flush. */
int lt_spool_fd(const struct lt_spool *p);
/* done: remove all.  Else what a later packing can take stays, if there is
 * any.  NULL is allowed. */
void lt_spool_close(struct lt_spool *p, bool done);

#endif
