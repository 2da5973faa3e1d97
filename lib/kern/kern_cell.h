/* One value at a time, for the scalar kernels: a cell of a stored tensor, a
 * view of it, the sum of lanes.
 */
#ifndef LT_KERN_KERN_CELL_H
#define LT_KERN_KERN_CELL_H

#include <math.h>
#include <string.h>

#include "kern/kern.h"

#define N LT_LANES

static inline float
relu(float x)
{
	return x > 0.0f ? x : 0.0f;
}

/* One value as its consumer sees it. */
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

/* sign, e, m of a binary16: (-1)^sign 2^(e-15) 1.m, subnormal where e = 0. */
static inline float
from_half(uint16_t h)
{
	int e = h >> 10 & 31, m = h & 1023;
	float x = e ? ldexpf((float)(m + 1024), e - 25) : ldexpf((float)m, -24);
	if (e == 31)
		x = m ? NAN : INFINITY;
	return h & 0x8000 ? -x : x;
}

/* To nearest, ties to even: a float's own addition rounds at the place of the
 * last bit kept, given a constant of the right size. */
static inline uint16_t
to_half(float x)
{
	uint16_t sign = signbit(x) ? 0x8000 : 0;
	float a = fabsf(x);
	int e;
	if (isnan(x))
		return sign | 0x7e00;
	if (a >= 65520.0f)
		return sign | 0x7c00;
	frexpf(a, &e); /* a = f 2^e, 0.5 <= f < 1 */
	e = e < -13 ? -13 : e;
	/* units of the last place, a whole number up to 2048 */
	int m = (int)lrintf(ldexpf(a, 11 - e));
	if (m < 1024)
		return sign | (uint16_t)m;
	return sign | (uint16_t)(((e + 13) << 10) + m);
}

static inline float
cell(const void *p, bool half, size_t i)
{
	return half ? from_half(((const uint16_t *)p)[i])
		    : ((const float *)p)[i];
}

/* What x is when it has been stored. */
static inline float
rounded(float x, bool half)
{
	return half ? from_half(to_half(x)) : x;
}

static inline void
put(void *p, bool half, size_t i, float x)
{
	if (half)
		((uint16_t *)p)[i] = to_half(x);
	else
		((float *)p)[i] = x;
}

#endif
