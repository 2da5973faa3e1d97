/* Lane groups of one float, in plain C: what curve_math.h is for the scalar
 * reference.  Each is what the function of the same name in kern_vec.h does to
 * one lane.
 */
#ifndef LT_KERN_VEC_ONE_H
#define LT_KERN_VEC_ONE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef float vec;

INLINE vec
vall(float x)
{
	return x;
}

INLINE vec
vfma(vec a, vec b, vec c)
{
	return fmaf(a, b, c);
}

INLINE vec
vadd(vec a, vec b)
{
	return a + b;
}

INLINE vec
vsub(vec a, vec b)
{
	return a - b;
}

INLINE vec
vmul(vec a, vec b)
{
	return a * b;
}

INLINE vec
vdiv(vec a, vec b)
{
	return a / b;
}

/* Of a NaN and another, b. */
INLINE vec
vmax(vec a, vec b)
{
	return a > b ? a : b;
}

INLINE vec
vmin(vec a, vec b)
{
	return a < b ? a : b;
}

/* 2^k, of a float whose low bits are k + 127. */
INLINE vec
vpower(vec m)
{
	uint32_t bits;

	memcpy(&bits, &m, sizeof bits);
	bits <<= 23;
	memcpy(&m, &bits, sizeof m);
	return m;
}

/* a <= b ? no : yes, where a NaN is not less. */
INLINE vec
vif_not_le(vec a, vec b, vec yes, vec no)
{
	return a <= b ? no : yes;
}

#endif
