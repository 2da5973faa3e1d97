/* NumPy's .npy, as far as index lists need it: one dimension of integers of any
 * width and byte order, format versions 1 to 3.
 */
#ifndef LT_FILE_NPY_H
#define LT_FILE_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

/* Do the bytes begin as an .npy file does? */
bool lt_npy_is(const void *data, size_t size);
/* The whole file's bytes to sample indices; *v is the caller's.  A number that
 * is negative or over UINT32_MAX - 1 is LT_EDATA. */
int lt_npy_indices(const void *data, size_t size, const char *name,
	uint32_t **v, size_t *n, struct lt_err *err);

#endif
