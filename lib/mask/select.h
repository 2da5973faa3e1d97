/* Exact selection by score: which weights stay.  METHODS section 1: counts are
 * integers, of equal scores the earlier in (layer, flat index) order stays. */
#ifndef LT_MASK_SELECT_H
#define LT_MASK_SELECT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One layer's view: larger score = keep; only where keep[i] = 1. */
struct lt_scored_layer {
	const double *score; /* [count]; no NaN */
	uint8_t *keep;	     /* [count] in/out: candidates in, survivors out */
	size_t count;
};

/* The same with |w| as the score: larger = keep. */
struct lt_sized_layer {
	const float *w; /* [count]; no NaN */
	uint8_t *keep;	/* [count] in/out, as above */
	size_t count;
};

/* fraction x n rounded half to even. */
size_t lt_select_count(double fraction, size_t n);
/* Remove exactly remove candidates, the lowest scores, across all layers.
 * remove <= candidates.  O(n), radix selection on the scores' bits. */
void lt_select_remove(struct lt_scored_layer *layer, size_t n, size_t remove);
/* The same by |w|: two passes over the weights' own bits find the threshold, so
 * no memory for scores is needed. */
void lt_select_remove_small(
	struct lt_sized_layer *layer, size_t n, size_t remove);
/* The bits of |w|; as unsigned numbers they are in the order of |w|. */
static inline uint32_t
lt_select_key(float w)
{
	uint32_t u;

	memcpy(&u, &w, sizeof u);
	return u & 0x7fffffff;
}

#endif
