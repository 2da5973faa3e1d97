/* The arithmetic with which curve.h is computed, in lane groups: of 8 or 16
 * floats after kern_vec.h, of one float after vec_one.h.
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

/* x cut to -13 to 13, beyond which the normal distribution is flat. */
INLINE vec
normal_range(vec x)
{
	return vmin(vall(13.0f), vmax(vall(-13.0f), x));
}

/* The normal distribution function, (1 + erf(x / sqrt 2)) / 2, by two
 * polynomials over fma (after N. Juffa's erff): with z = |x| / sqrt 2, up to
 * 475 / 512 erf(z) = z + z q(z^2), beyond it 1 - erf(z) = e(-z + z p(z)), which
 * does not cancel for x < 0.  Within 1.1e-7. */
INLINE vec
normal_cdf(vec x)
{
	const vec zero = vall(0.0f), half = vall(0.5f);
	vec c = normal_range(x), minus = vsub(zero, c);
	vec z = vmul(vmax(minus, c), vall(0x1.6a09e6p-1f)), s = vmul(z, z);

	vec p = vfma(vall(-1.72853470e-5f), z, vall(3.83197126e-4f));
	vec u = vfma(vall(-3.88396438e-3f), z, vall(2.42546219e-2f));
	p = vfma(p, s, u);
	p = vfma(p, z, vall(-1.06777877e-1f));
	p = vfma(p, z, vall(-6.34846687e-1f));
	p = vfma(p, z, vall(-1.28717512e-1f));
	vec tail = vmul(half, exp_of(vfma(p, z, vsub(zero, z))));

	vec q = vfma(vall(-5.96761703e-4f), s, vall(4.99119423e-3f));
	q = vfma(q, s, vall(-2.67681349e-2f));
	q = vfma(q, s, vall(1.12819925e-1f));
	q = vfma(q, s, vall(-3.76125336e-1f));
	q = vfma(q, s, vall(1.28379166e-1f));
	vec middle = vmul(half, vfma(q, z, z));

	middle = vif_not_le(x, zero, vadd(half, middle), vsub(half, middle));
	tail = vif_not_le(x, zero, vsub(vall(1.0f), tail), tail);
	tail = vif_not_le(x, vall(-13.0f), tail, zero);
	return vif_not_le(z, vall(0.927734375f), tail, middle);
}

/* Phi(x) + x phi(x), phi the normal density. */
INLINE vec
gelu_slope(vec x)
{
	vec c = normal_range(x), s = vmul(vmul(c, c), vall(-0.5f));
	vec density = vmul(vall(0x1.988454p-2f), exp_of(s));
	return vfma(c, density, normal_cdf(x));
}

/* Up to 5/8 x + x^3 p(x^2) (Cephes' tanhf), beyond it 1 - 2 / (e(2 |x|) + 1)
 * and the sign of x. */
INLINE vec
tanh_of(vec x)
{
	const vec zero = vall(0.0f), one = vall(1.0f), two = vall(2.0f);
	vec s = vmul(x, x), size = vmax(vsub(zero, x), x);
	vec t = vdiv(two, vadd(exp_of(vadd(size, size)), one));

	vec p = vfma(vall(-5.70498872745e-3f), s, vall(2.06390887954e-2f));
	p = vfma(p, s, vall(-5.37397155531e-2f));
	p = vfma(p, s, vall(1.33314422036e-1f));
	p = vfma(p, s, vall(-3.33332819422e-1f));
	p = vfma(vmul(p, s), x, x);
	t = vif_not_le(x, zero, vsub(one, t), vsub(t, one));
	return vif_not_le(size, vall(0.625f), t, vadd(p, zero));
}

/* relu6(x + 3) / 6. */
INLINE vec
hardsigmoid_of(vec x)
{
	const vec zero = vall(0.0f);
	vec s = vmin(vall(6.0f), vadd(x, vall(3.0f)));
	return vmul(vif_not_le(s, zero, s, zero), vall(0x1.555556p-3f));
}

/* 0 up to -3, x / 3 + 1 / 2 up to 3, then 1. */
INLINE vec
hardswish_slope(vec x)
{
	vec s = vfma(x, vall(0x1.555556p-2f), vall(0.5f));
	s = vif_not_le(vall(3.0f), x, s, vall(1.0f));
	return vif_not_le(x, vall(-3.0f), s, vall(0.0f));
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
