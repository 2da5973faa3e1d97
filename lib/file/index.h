/* Index lists: sample numbers, ascending and unique (FORMATS: "%07d" a line,
 * a one-dimensional .npy of integers accepted on input).
 * The caller owns struct lt_index and releases it.
 */
#ifndef LT_FILE_INDEX_H
#define LT_FILE_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct lt_index {
	uint32_t *v;
	size_t n, cap;
};

/* An unsorted list is sorted; a duplicate is LT_EDATA.  An empty file is an
 * empty list.  path "-" is standard input. */
int lt_index_read(struct lt_index *ix, const char *path, struct lt_err *err);
/* The same for those who want the order of the file: neither sorted nor without
 * duplicates, at most 2^24.  Only lt_index_check and lt_index_release take such
 * a list. */
int lt_index_read_order(
	struct lt_index *ix, const char *path, struct lt_err *err);
int lt_index_write(
	const struct lt_index *ix, const char *path, struct lt_err *err);
/* Every index < count, else LT_EDATA naming list, index and data set. */
int lt_index_check(const struct lt_index *ix, const char *path, uint64_t count,
	const char *data_path, struct lt_err *err);
void lt_index_all(struct lt_index *ix, size_t count); /* 0 .. count-1 */
void lt_index_push(struct lt_index *ix, uint32_t v);  /* callers keep order */
void lt_index_release(struct lt_index *ix);

#endif
