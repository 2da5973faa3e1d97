/* Recognizing the kind of a file by its first bytes.
 */
#ifndef LT_INFO_FILEKIND_H
#define LT_INFO_FILEKIND_H

#include "base/err.h"

enum lt_filekind {
	LT_FILE_SAFETENSORS, /* checkpoint, state, mask or data, by lt.kind */
	LT_FILE_INDEX,	     /* text, .npy or empty */
	LT_FILE_EVENTS,
	LT_FILE_TABLE, /* other tab-separated text with a header */
	LT_FILE_NET,   /* net text */
	LT_FILE_PNG,
	LT_FILE_JPEG,
	LT_FILE_KINDS,
};
extern const char *const lt_filekind_name[LT_FILE_KINDS]; /* "index list" */

/* Find the kind of a file from its first 64 KiB; gzip is inflated.  LT_EDATA if
 * it has none of these kinds.  Standard input ("-") is read again from its
 * start by the next reader, so it must be seekable or prepared by
 * lt_filekind_hold. */
int lt_filekind_find(
	const char *path, enum lt_filekind *kind, struct lt_err *err);

/* Prepare a pipe so that it can be read after lt_filekind_find has looked at
 * it; *path becomes "-".  Index lists, event tables and other tables are then
 * read directly from the pipe, once.  Other kinds are read from a copy, which
 * is limited to the length that a file of that kind may have.  LT_EDATA for a
 * device and for data that have none of these kinds. */
int lt_filekind_hold(const char **path, struct lt_err *err);

#endif
