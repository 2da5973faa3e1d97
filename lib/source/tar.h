/* Reading files inside a tar archive, plain or gzip, one at a time and front to
 * back.  Nothing is unpacked to disk.
 *
 *	struct lt_tar *t = lt_tar_open("c.tar.gz", "train.bin", err);
 *	while (lt_tar_read(t, buf, n, &got, err) == 0 && got) ...
 *	lt_tar_close(t);
 */
#ifndef LT_SOURCE_TAR_H
#define LT_SOURCE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct lt_tar;

/* 1 if the file begins as an archive does, 0 if not, -1 if it cannot be read.
 */
int lt_tar_is(const char *path, struct lt_err *err);
/* List the base names of the *n regular files, in order.  The archive is read
 * to its end, so damage after the last file is found too.  The array *names and
 * each name are the caller's. */
int lt_tar_list(const char *path, char ***names, size_t *n, struct lt_err *err);
/* Open the first file with this base name; LT_EDATA if there is none. */
struct lt_tar *lt_tar_open(
	const char *path, const char *name, struct lt_err *err);
/* Read up to n bytes; *got < n only at the end of the file. */
int lt_tar_read(
	struct lt_tar *t, void *buf, size_t n, size_t *got, struct lt_err *err);
/* The name for messages, "c.tar.gz(train.bin)"; borrowed. */
const char *lt_tar_name(const struct lt_tar *t);
void lt_tar_close(struct lt_tar *t); /* NULL is allowed */

#endif
