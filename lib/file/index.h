/* Index lists (lt-index(5)): sample numbers, ascending and unique, written with
 * at least seven digits, one a line.  A one-dimensional .npy file of integers
 * is accepted on input.  The caller owns struct lt_index and releases it.
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

/* Read a list and sort it; a duplicate is LT_EDATA, an empty file is an empty
 * list.  path "-" is standard input. */
int lt_index_read(struct lt_index *ix, const char *path, struct lt_err *err);
/* Read a list in the order of the file, with duplicates, at most 2^24 entries.
 * Of this header's functions, only lt_index_check and lt_index_release accept
 * such a list. */
int lt_index_read_order(
	struct lt_index *ix, const char *path, struct lt_err *err);
int lt_index_write(
	const struct lt_index *ix, const char *path, struct lt_err *err);
/* Check that every index is below count; else LT_EDATA with the names of the
 * list (path), the index and the data set. */
int lt_index_check(const struct lt_index *ix, const char *path, uint64_t count,
	const char *data_path, struct lt_err *err);
/* The CRC-32 of the numbers, four bytes each. */
uint32_t lt_index_crc(const struct lt_index *ix);
/* ix <- 0 .. count-1. */
void lt_index_all(struct lt_index *ix, size_t count);
/* Append v; the caller keeps the list ascending. */
void lt_index_push(struct lt_index *ix, uint32_t v);
void lt_index_release(struct lt_index *ix);

#endif
