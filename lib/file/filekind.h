/* What a file is, told from its first bytes.
 */
#ifndef LT_FILE_FILEKIND_H
#define LT_FILE_FILEKIND_H

#include "base/err.h"

enum lt_filekind {
	LT_FILE_SAFETENSORS, /* checkpoint, state, mask, data: lt.kind tells */
	LT_FILE_INDEX,	     /* text or .npy; an empty file is one too */
	LT_FILE_EVENTS,
	LT_FILE_TABLE, /* other tab-separated text with a header */
	LT_FILE_NET,   /* net text */
	LT_FILE_PNG,
	LT_FILE_JPEG,
	LT_FILE_KINDS,
};
extern const char *const lt_filekind_name[LT_FILE_KINDS]; /* "index list" */

/* gzip is looked through.  Standard input ("-") is read from its start again by
 * whoever opens it next, so it must be seekable.  LT_EDATA: none of these. */
int lt_filekind_find(
	const char *path, enum lt_filekind *kind, struct lt_err *err);

/* Make a file that is not regular (standard input, a pipe) readable from its
 * start again and again: *path becomes "-", a copy on standard input. */
int lt_filekind_hold(const char **path, struct lt_err *err);

#endif
