/* Functions of one value: the one list from which the scalar reference and the
 * templates take a function and its slope.
 *
 *	X(KEY, of, value, slope)
 *
 * value is y = f(x) and slope is dy/dx, expressions in the lane groups of
 * kern_vec.h or vec_one.h: x is what a view shows, or for a slope of OUTPUT it
 * is y; by is the parameter that a node gives, 0 for most.  What they call
 * beside lane groups is in curve_math.h.  Every operation is a part of the
 * contract: all variants give the same bits.  A NaN stays one.
 *
 * A function that is entered here has kernels, and an engine, as soon as
 * net/op.h has an operator of its key.
 */
#ifndef LT_KERN_CURVE_H
#define LT_KERN_CURVE_H

#include <stdbool.h>

#define LT_CURVES(X) \
	/* logistic function, within 2.5 ulp from -88 on */ \
	X(SIGMOID, OUTPUT, sigmoid_of(x), vfma(vsub(vall(0.0f), x), x, x)) \
	/* x sigmoid(x) */ \
	X(SILU, INPUT, vfma(x, sigmoid_of(x), vall(0.0f)), silu_slope(x)) \
	/* x cut to 0 to 6 */ \
	X(RELU6, INPUT, \
		vif_not_le(x, vall(0.0f), vmin(vall(6.0f), x), vall(0.0f)), \
		vif_not_le(vall(6.0f), x, \
			vif_not_le(x, vall(0.0f), vall(1.0f), vall(0.0f)), \
			vall(0.0f))) \
	/* x, or by times x where x <= 0 */ \
	X(LEAKYRELU, INPUT, vif_not_le(x, vall(0.0f), x, vmul(x, by)), \
		vif_not_le(x, vall(0.0f), vall(1.0f), by)) \
	/* x Phi(x), Phi the normal distribution function: within 1.1e-7 of \
	 * the value, or of 1 where that is less */ \
	X(GELU, INPUT, vfma(x, normal_cdf(x), vall(0.0f)), gelu_slope(x)) \
	/* within 2.5e-7 of itself */ \
	X(TANH, OUTPUT, tanh_of(x), vfma(vsub(vall(0.0f), x), x, vall(1.0f))) \
	/* x relu6(x + 3) / 6 */ \
	X(HARDSWISH, INPUT, vmul(x, hardsigmoid_of(x)), hardswish_slope(x))

#define LT_CURVE_KEY(key, of, value, slope) LT_CURVE_##key,
enum lt_curve { LT_CURVES(LT_CURVE_KEY) LT_CURVE_COUNT };
#undef LT_CURVE_KEY

/* The kernels of a function, from curve() and curve_back() of the file that
 * includes this. */
#define LT_CURVE_DEFINE(key, of, value, slope) \
	static void curve_##key(void *dst, const void *src, \
		const struct lt_drain *d, const struct lt_view *view, \
		float by) \
	{ \
		curve(dst, src, d, view, by, LT_CURVE_##key); \
	} \
	static void back_##key(float *dx, const void *dy, const void *src, \
		const struct lt_drain *d, const struct lt_view *view, \
		float by) \
	{ \
		curve_back(dx, dy, src, d, view, by, LT_CURVE_##key); \
	}

/* Whether the slope is a function of the value, and not of x. */
static inline bool
lt_curve_of_output(enum lt_curve which)
{
	enum { INPUT, OUTPUT };
#define LT_CURVE_OF(key, of, value, slope) of == OUTPUT,
	static const bool is[] = {LT_CURVES(LT_CURVE_OF)};
#undef LT_CURVE_OF

	return is[which];
}

#endif
