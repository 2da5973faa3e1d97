/* What a file is, told from its first bytes.
 */
#ifndef LT_INFO_FILEKIND_H
#define LT_INFO_FILEKIND_H

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

/* gzip is looked through.  The first 64 KiB decide.  Standard input ("-") is
 * read from its start again by whoever opens it next, so it must be seekable or
 * held.  LT_EDATA: none of these. */
int lt_filekind_find(
	const char *path, enum lt_filekind *kind, struct lt_err *err);

/* Make a pipe readable after lt_filekind_find has looked at it: *path becomes
 * "-".  Lists, events and tables are read straight from the pipe, once; other
 * kinds from a copy, which is no longer than a file of that kind may be.
 * LT_EDATA: a device, or none of these kinds. */
int lt_filekind_hold(const char **path, struct lt_err *err);

#endif
