/* One value at a time, for the scalar kernels: a cell of a stored tensor, a
 * view of it, the sum of lanes.
 */
#ifndef LT_KERN_KERN_CELL_H
#define LT_KERN_KERN_CELL_H

#include <math.h>
#include <string.h>

#include "base/half.h"
#include "kern/kern.h"

#define N LT_LANES

/* A NaN stays one. */
static inline float
relu(float x)
{
	return x <= 0.0f ? 0.0f : x;
}

/* Give a value as its consumer reads it. */
static inline float
seen(float x, const struct lt_view *v, int c)
{
	if (v->scale)
		x = fmaf(x, v->scale[c], v->shift[c]);
	return v->relu ? relu(x) : x;
}

static inline float
lanes(const float *v)
{
	float t[N];
	memcpy(t, v, sizeof t);
	for (int d = N / 2; d > 0; d /= 2)
		for (int i = 0; i < d; i++)
			t[i] += t[i + d];
	return t[0];
}

/* ---- stored cells ---- */

static inline float
cell(const void *p, bool half, size_t i)
{
	return half ? lt_half_get(((const uint16_t *)p)[i])
		    : ((const float *)p)[i];
}

/* Give the value that reading x after storing it gives. */
static inline float
rounded(float x, bool half)
{
	return half ? lt_half_get(lt_half_put(x)) : x;
}

static inline void
put(void *p, bool half, size_t i, float x)
{
	if (half)
		((uint16_t *)p)[i] = lt_half_put(x);
	else
		((float *)p)[i] = x;
}

#endif
