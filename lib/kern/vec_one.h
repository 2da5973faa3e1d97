/* Lane groups of one float, in plain C: what curve_math.h and tmpl_tile.h are
 * for the scalar reference.  Each is what the function of the same name in
 * kern_vec.h does to one lane.
 */
#ifndef LT_KERN_VEC_ONE_H
#define LT_KERN_VEC_ONE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/half.h"

#define VW 1
#define CELLS 16 /* of a pixel */
#define INLINE static inline __attribute__((always_inline))

typedef float vec;

INLINE vec
vload(const float *p)
{
	return *p;
}

INLINE vec
vload_half(const uint16_t *p)
{
	return lt_half_get(*p);
}

INLINE vec
vload_bf16(const uint16_t *p)
{
	return lt_bf16_get(*p);
}

INLINE void
vstore_bf16(uint16_t *p, vec v)
{
	*p = lt_bf16_put(v);
}

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

/* A NaN stays one. */
INLINE vec
vrelu(vec x)
{
	return x <= 0 ? 0 : x;
}

INLINE vec
vif_eq(vec a, vec b, vec yes, vec no)
{
	return a == b ? yes : no;
}

/* a <= b ? no : yes, where a NaN is not less. */
INLINE vec
vif_not_le(vec a, vec b, vec yes, vec no)
{
	return a <= b ? no : yes;
}

#endif
