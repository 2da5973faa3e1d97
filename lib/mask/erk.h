/* The Erdos-Renyi-kernel distribution of a sparsity over layers (Evci et al.
 * 2020, "Rigging the lottery", section 3).
 */
#ifndef LT_MASK_ERK_H
#define LT_MASK_ERK_H

#include <stddef.h>
#include <stdint.h>

struct lt_erk {
	int ndim; /* 2 linear [out][in], 4 convolution [out][in][k][k] */
	const uint64_t *shape;
	size_t alive; /* the most that the layer can keep */
};

/* keep[l] of the n layers, sum total exactly: in proportion to the sum of a
 * weight's dimensions (so that density is that sum over their product), but
 * no more than alive; what that leaves goes to the others.  Fractions are
 * rounded down and the largest remainders up, of equal ones the earlier.
 * total <= the sum of alive. */
void lt_erk_keep(
	size_t *keep, const struct lt_erk *layer, size_t n, size_t total);

#endif
