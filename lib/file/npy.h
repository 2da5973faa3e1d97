/* Reading NumPy's .npy files as index lists: one dimension of integers, of any
 * width and byte order, in format versions 1 to 3.
 */
#ifndef LT_FILE_NPY_H
#define LT_FILE_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/in.h"

/* True if the bytes begin as an .npy file does. */
bool lt_npy_is(const void *data, size_t size);

struct lt_npy {
	char order, kind;   /* '<' or '>', 'i' or 'u' */
	size_t width;	    /* bytes a number */
	uint64_t n, at;	    /* numbers in all, and numbers handed out */
	size_t begin, have; /* unread bytes are buf[begin .. have) */
	unsigned char buf[1 << 14];
};

/* Read the header; in must be at its first byte. */
int lt_npy_begin(struct lt_npy *a, struct lt_in *in, struct lt_err *err);
/* Read the next sample index: 1, 0 at the end, -1.  A negative number, one over
 * UINT32_MAX - 1 and bytes after the last number are LT_EDATA. */
int lt_npy_next(
	struct lt_npy *a, struct lt_in *in, uint32_t *v, struct lt_err *err);

#endif
