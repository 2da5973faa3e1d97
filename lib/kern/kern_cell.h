/* One value at a time, for the scalar kernels: a cell of a stored tensor, a
 * view of it, the sum of lanes.
 */
#ifndef LT_KERN_KERN_CELL_H
#define LT_KERN_KERN_CELL_H

#include <float.h>
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

/* ---- FZ: subnormal operands and results are zeros of their sign ---- */

static inline float
fz(float x)
{
	return fabsf(x) < FLT_MIN ? copysignf(0.0f, x) : x;
}

/* fmaf rounds subnormal results to fewer bits than others, so the least normal
 * number may come from below: 2^32 times as much does not. */
static inline float
fma_fz(float a, float b, float c)
{
	a = fz(a);
	b = fz(b);
	c = fz(c);
	float r = fmaf(a, b, c);
	if (fabsf(r) == FLT_MIN &&
		fabsf(fmaf(a * 0x1p32f, b, c * 0x1p32f)) < FLT_MIN * 0x1p32f)
		return copysignf(0.0f, r);
	return fz(r);
}

/* A sum of floats that is so small is exact. */
static inline float
add_fz(float a, float b)
{
	return fz(fz(a) + fz(b));
}

/* ---- stored cells ---- */

static inline float
cell(const void *p, enum lt_format format, size_t i)
{
	switch (format) {
	case LT_FORMAT_F16:
		return lt_half_get(((const uint16_t *)p)[i]);
	case LT_FORMAT_BF16:
		return lt_bf16_get(((const uint16_t *)p)[i]);
	default:
		return ((const float *)p)[i];
	}
}

static inline void
put(void *p, enum lt_format format, size_t i, float x)
{
	switch (format) {
	case LT_FORMAT_F16:
		((uint16_t *)p)[i] = lt_half_put(x);
		break;
	case LT_FORMAT_BF16:
		((uint16_t *)p)[i] = lt_bf16_put(x);
		break;
	default:
		((float *)p)[i] = x;
	}
}

static inline float
bf16(float x)
{
	return lt_bf16_get(lt_bf16_put(x));
}

/* Give the value that reading x after storing it gives. */
static inline float
rounded(float x, enum lt_format format)
{
	float stored;
	put(&stored, format, 0, x);
	return cell(&stored, format, 0);
}

#endif
