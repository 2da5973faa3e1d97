/* Where an output path really leads: for base/out.c.  Symbolic links are
 * followed to the file, existing or not, that they name; what must be written
 * through instead of renamed over is told apart.
 */
#ifndef LT_BASE_OUTPATH_H
#define LT_BASE_OUTPATH_H

#include <stdbool.h>

struct lt_outpath {
	char *path; /* the caller's; no symbolic link */
	int fd; /* a descriptor of ours to write to ("-", /dev/fd/N), or -1 */
	bool special; /* device, FIFO, socket, or another process's descriptor
		       */
};

/* 0, or -1 with errno and nothing to free. */
int lt_outpath_find(struct lt_outpath *where, const char *path);
/* DIR/NAME -> DIR/<before>NAME<after>; the caller's.  Where that name would be
 * longer than 255 bytes, the end of NAME is replaced by "~" and the CRC-32 of
 * NAME, so that the result is the same each time. */
char *lt_outpath_beside(
	const char *path, const char *before, const char *after);
/* DIR/NAME -> DIR/.NAME<suffix>, as lt_outpath_beside makes it. */
char *lt_outpath_part(const char *path, const char *suffix);
/* The directory that holds path, "." when it names none; the caller's. */
char *lt_outpath_folder(const char *path);

#endif
