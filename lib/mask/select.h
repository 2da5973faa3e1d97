/* Exact selection by score: which weights stay.  The number that goes is exact;
 * of equal scores the earlier weight in (layer, flat index) order stays, so the
 * result is the same for every number of threads. */
#ifndef LT_MASK_SELECT_H
#define LT_MASK_SELECT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A layer's scores; larger = keep.  Only weights with keep[i] = 1 take part. */
struct lt_scored_layer {
	const double *score; /* [count]; no NaN */
	uint8_t *keep;	     /* [count] in/out: candidates in, survivors out */
	size_t count;
};

/* The same with |w| as the score. */
struct lt_sized_layer {
	const float *w; /* [count]; no NaN */
	uint8_t *keep;	/* [count] in/out, as above */
	size_t count;
};

/* fraction x n rounded half to even. */
size_t lt_select_count(double fraction, size_t n);
/* Remove exactly remove candidates, those with the lowest scores in all n
 * layers together; remove <= candidates.  Radix selection on the scores' bits:
 * the time is linear in the number of weights. */
void lt_select_remove(struct lt_scored_layer *layer, size_t n, size_t remove);
/* The same by |w|.  Two passes over the weights' bits find the threshold, so no
 * memory for scores is needed. */
void lt_select_remove_small(
	struct lt_sized_layer *layer, size_t n, size_t remove);
/* The bits of |w|, whose order as unsigned numbers is the order of |w|. */
static inline uint32_t
lt_select_key(float w)
{
	uint32_t u;

	memcpy(&u, &w, sizeof u);
	return u & 0x7fffffff;
}

#endif
