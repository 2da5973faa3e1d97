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
	size_t alive; /* weights that the layer has left: it keeps no more */
};

/* keep[l] <- how many weights layer l of n keeps; they add up to total, which
 * is at most the sum of alive.  keep[l] is proportional to the sum of the
 * layer's dimensions, so that its density is proportional to their sum over
 * their product.  A layer whose share exceeds alive keeps alive, and the other
 * layers share the excess.  Fractions are rounded down, and the largest
 * remainders are rounded up; of equal remainders the earlier layer's. */
void lt_erk_keep(
	size_t *keep, const struct lt_erk *layer, size_t n, size_t total);

#endif
