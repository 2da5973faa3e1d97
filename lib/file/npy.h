/* NumPy's .npy, as far as index lists need it: one dimension of integers of any
 * width and byte order, format versions 1 to 3.
 */
#ifndef LT_FILE_NPY_H
#define LT_FILE_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/in.h"

/* Do the bytes begin as an .npy file does? */
bool lt_npy_is(const void *data, size_t size);

struct lt_npy {
	char order, kind;   /* '<' or '>', 'i' or 'u' */
	size_t width;	    /* bytes a number */
	uint64_t n, at;	    /* numbers; how many were handed out */
	size_t begin, have; /* of buf, in bytes */
	unsigned char buf[1 << 14];
};

/* The header, from in's first byte on. */
int lt_npy_begin(struct lt_npy *a, struct lt_in *in, struct lt_err *err);
/* The next sample index: 1; 0 at the end, behind which nothing may follow; -1.
 * A number that is negative or over UINT32_MAX - 1 is LT_EDATA. */
int lt_npy_next(
	struct lt_npy *a, struct lt_in *in, uint32_t *v, struct lt_err *err);

#endif
