/* What curve.h is computed with, in lane groups: of 8 or 16 floats after
 * kern_vec.h, of one float after vec_one.h.
 */
#ifndef LT_KERN_CURVE_MATH_H
#define LT_KERN_CURVE_MATH_H

#include "kern/curve.h"
#include "kern/kern.h"

/* e(z) of kern.h.  The low bits of m are k + 127, a float's exponent field. */
INLINE vec
exp_of(vec z)
{
	const vec magic = vall(LT_EXP_MAGIC);
	z = vmin(vall(LT_EXP_MOST), vmax(vall(LT_EXP_LEAST), z));
	vec m = vfma(z, vall(LT_EXP_LOG2E), magic), k = vsub(m, magic);
	vec r = vfma(k, vall(-LT_EXP_LN2_HI), z);
	r = vfma(k, vall(-LT_EXP_LN2_LO), r);
	vec p = vfma(vall(LT_EXP_5), r, vall(LT_EXP_4));
	p = vfma(p, r, vall(LT_EXP_3));
	p = vfma(p, r, vall(LT_EXP_2));
	p = vfma(p, r, vall(LT_EXP_1));
	p = vfma(p, r, vall(LT_EXP_0));
	return vmul(vadd(vfma(vmul(r, r), p, r), vall(1.0f)), vpower(m));
}

INLINE vec
sigmoid_of(vec x)
{
	const vec one = vall(1.0f);
	return vdiv(one, vadd(exp_of(vsub(vall(0.0f), x)), one));
}

INLINE vec
silu_slope(vec x)
{
	const vec one = vall(1.0f), s = sigmoid_of(x);
	return vmul(s, vfma(x, vsub(one, s), one));
}

/* ---- the list's functions ---- */

INLINE vec
curve_value(const enum lt_curve which, vec x, vec by)
{
	(void)by;
#define CASE(key, of, value, slope) \
	case LT_CURVE_##key: \
		return value;
	switch (which) {
		LT_CURVES(CASE)
	default:
		return x;
	}
#undef CASE
}

INLINE vec
curve_slope(const enum lt_curve which, vec x, vec by)
{
	(void)by;
#define CASE(key, of, value, slope) \
	case LT_CURVE_##key: \
		return slope;
	switch (which) {
		LT_CURVES(CASE)
	default:
		return x;
	}
#undef CASE
}

#endif
