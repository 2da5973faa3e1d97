/* This finds the file to which an output path leads, for base/out.c.  Symbolic
 * links are followed to the file that they name, whether it exists or not.  The
 * result says whether that file can be replaced by a rename.
 */
#ifndef LT_BASE_OUTPATH_H
#define LT_BASE_OUTPATH_H

#include <stdbool.h>

struct lt_outpath {
	char *path; /* the caller's; no symbolic link */
	int fd;	    /* an open descriptor to write to ("-", /dev/fd/N), or -1 */
	/* A device, FIFO, socket or another process's descriptor: it must be
	 * written directly, not replaced. */
	bool special;
};

/* Returns 0, or -1 with errno set and nothing to free. */
int lt_outpath_find(struct lt_outpath *where, const char *path);
/* Make DIR/<before>NAME<after> from DIR/NAME; the result is the caller's.  If
 * that name would be longer than 255 bytes, the end of NAME is replaced by "~"
 * and the CRC-32 of NAME, so that the result is the same each time. */
char *lt_outpath_beside(
	const char *path, const char *before, const char *after);
/* The file of times that stands beside a table: DIR/NAME.time.tsv of
 * DIR/NAME.tsv, and DIR/FILE.time.tsv of any other DIR/FILE.  The result is the
 * caller's. */
char *lt_outpath_times(const char *path);
/* Make DIR/.NAME<suffix> in the same way. */
char *lt_outpath_part(const char *path, const char *suffix);
/* The directory that holds path, "." if path has none; the caller's. */
char *lt_outpath_folder(const char *path);

#endif
