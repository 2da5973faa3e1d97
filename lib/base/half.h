/* Conversion between float and the formats of 16 bits, IEEE binary16 and bf16,
 * one number at a time.  The vector kernels give the same bits.
 */
#ifndef LT_BASE_HALF_H
#define LT_BASE_HALF_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* sign, e, m of a binary16: (-1)^sign 2^(e-15) 1.m, subnormal where e = 0. */
static inline float
lt_half_get(uint16_t h)
{
	int e = h >> 10 & 31, m = h & 1023;
	float x = e ? ldexpf((float)(m + 1024), e - 25) : ldexpf((float)m, -24);
	if (e == 31)
		x = m ? NAN : INFINITY;
	return h & 0x8000 ? -x : x;
}

/* Round to nearest, ties to even: a is scaled so that the last bit that
 * binary16 keeps is worth 1, and lrintf rounds there. */
static inline uint16_t
lt_half_put(float x)
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

/* bf16 is the upper half of a float's bits. */
static inline float
lt_bf16_get(uint16_t h)
{
	uint32_t u = (uint32_t)h << 16;
	float x;
	memcpy(&x, &u, sizeof x);
	return x;
}

/* Round to nearest, ties to even; a subnormal x gives a zero of its sign, a NaN
 * a quiet one. */
static inline uint16_t
lt_bf16_put(float x)
{
	uint32_t u;
	memcpy(&u, &x, sizeof u);
	if (isnan(x))
		return (uint16_t)(u >> 16 | 0x40);
	if ((u & 0x7f800000) == 0)
		return u >> 16 & 0x8000;
	return (uint16_t)((u + 0x7fff + (u >> 16 & 1)) >> 16);
}

#endif
