/* Files within a tar archive, plain or gzip, one at a time and front to back;
 * nothing is unpacked.
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

/* Does a file begin as an archive does?  1, 0, or -1: it cannot be read. */
int lt_tar_is(const char *path, struct lt_err *err);
/* Base names of the regular files, in order; reads the archive to its end, and
 * so finds what is damaged behind them, too. *n and *names, each name too, are
 * the caller's. */
int lt_tar_list(const char *path, char ***names, size_t *n, struct lt_err *err);
/* The first file of that base name; LT_EDATA when there is none. */
struct lt_tar *lt_tar_open(
	const char *path, const char *name, struct lt_err *err);
/* Up to n bytes; *got < n only at the file's end. */
int lt_tar_read(
	struct lt_tar *t, void *buf, size_t n, size_t *got, struct lt_err *err);
/* "c.tar.gz(train.bin)", borrowed. */
const char *lt_tar_name(const struct lt_tar *t);
void lt_tar_close(struct lt_tar *t); /* NULL is allowed */

#endif
