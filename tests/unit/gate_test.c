/* The gates: their numbers against libm in double precision, and every variant
 * against the scalar reference, bit by bit.
 *
 *	gate_test [SEED]	one case of each kernel, of this seed
 */
#include <math.h>
#include <string.h>

#include "kern/gate.h"
#include "agree.h"
#include "bits.h"

/* Floats looked at are so many steps apart. */
#define STEP 4001

/* Distance in units of the last place of a float near want. */
static double
ulps(float got, double want)
{
	int e;
	frexp(want, &e);
	return fabs((double)got - want) / ldexp(1, (e < -125 ? -125 : e) - 24);
}

static void
judge(const char *what, double worst, double limit)
{
	printf("# %s: at most %.3f ulp\n", what, worst);
	CHECK(worst <= limit);
}

static void
exponential(void)
{
	double worst = 0;

	for (uint32_t b = 0; float_of(b) <= 87; b += STEP) {
		double z = (double)float_of(b);
		worst = fmax(worst, ulps(lt_gate_exp((float)z), exp(z)));
		worst = fmax(worst, ulps(lt_gate_exp((float)-z), exp(-z)));
	}
	judge("exp", worst, 1.02);
	CHECK(lt_gate_exp(0) == 1);
	CHECK(lt_gate_exp(-0.0f) == 1);
	CHECK(lt_gate_exp(-3e38f) == lt_gate_exp(-87));
	CHECK(isfinite(lt_gate_exp(88)) && isinf(lt_gate_exp(88.4f)));
	CHECK(isinf(lt_gate_exp(3e38f)));
	CHECK(isnan(lt_gate_exp(NAN)));
}

static const struct lt_view plain = {NULL, NULL, false};

/* A pixel of numbers through a gate of each variant. */
static void
worst_of(const struct lt_kern *k, const float *x, double *sig, double *silu)
{
	const struct lt_drain d = {1, 1, LT_LANES, LT_LANES, false};
	float s[LT_LANES], u[LT_LANES];

	k->curve[LT_CURVE_SIGMOID](s, x, &d, &plain, 0);
	k->curve[LT_CURVE_SILU](u, x, &d, &plain, 0);
	for (int i = 0; i < LT_LANES; i++) {
		double v = (double)x[i], want = 1 / (1 + exp(-v));
		*sig = fmax(*sig, ulps(s[i], want));
		if (fabs(v * want) > 1e-37)
			*silu = fmax(*silu, ulps(u[i], v * want));
	}
}

static void
gates(void)
{
	static const char *const names[] = {"ref", "v3", "v4", "neon"};
	const char *why;

	for (int n = 0; n < 4; n++) {
		const struct lt_kern *k = lt_kern_get(names[n], &why);
		double sig = 0, silu = 0;
		uint32_t b = 0;
		while (k && float_of(b) <= 87) {
			float x[LT_LANES];
			for (int i = 0; i < LT_LANES; i += 2, b += STEP) {
				x[i] = fminf(float_of(b), 87);
				x[i + 1] = -x[i];
			}
			worst_of(k, x, &sig, &silu);
		}
		judge("sigmoid", sig, 2.5);
		judge("silu", silu, 3.5);
	}
}

static void
extremes(void)
{
	const struct lt_drain d = {1, 1, LT_LANES, LT_LANES, false};
	float x[LT_LANES] = {3e38f, -3e38f, 100, -100, 0, -0.0f, NAN}, y[16];

	lt_kern_ref.curve[LT_CURVE_SIGMOID](y, x, &d, &plain, 0);
	CHECK(y[0] == 1 && y[1] == 0 && y[2] == 1 && y[3] == 0);
	CHECK(y[4] == 0.5f && y[5] == 0.5f && isnan(y[6]));
	lt_kern_ref.curve[LT_CURVE_SILU](y, x, &d, &plain, 0);
	CHECK(y[0] == 3e38f && y[1] == 0 && y[2] == 100 && y[3] == 0);
	CHECK(y[4] == 0 && !signbit(y[5]) && isnan(y[6]));
}

/* ---- functions of one value, in double precision by libm ---- */

struct true_curve {
	enum lt_curve which;
	float by;
	double (*value)(double x, double by);
	double kink[2]; /* where it has no slope; 1e9: nowhere */
};

static double
true_sigmoid(double x, double by)
{
	(void)by;
	return 1 / (1 + exp(-x));
}

static double
true_silu(double x, double by)
{
	return x * true_sigmoid(x, by);
}

static double
true_relu6(double x, double by)
{
	(void)by;
	return fmin(fmax(x, 0), 6);
}

static double
true_leakyrelu(double x, double by)
{
	return x > 0 ? x : x * by;
}

static double
true_gelu(double x, double by)
{
	(void)by;
	return x * erfc(-x / sqrt(2)) / 2;
}

static double
true_tanh(double x, double by)
{
	(void)by;
	return tanh(x);
}

static double
true_hardswish(double x, double by)
{
	(void)by;
	return x * fmin(fmax(x + 3, 0), 6) / 6;
}

static const struct true_curve curves[] = {
	{LT_CURVE_SIGMOID, 0, true_sigmoid, {1e9, 1e9}},
	{LT_CURVE_SILU, 0, true_silu, {1e9, 1e9}},
	{LT_CURVE_RELU6, 0, true_relu6, {0, 6}},
	{LT_CURVE_LEAKYRELU, 0.3f, true_leakyrelu, {0, 1e9}},
	{LT_CURVE_GELU, 0, true_gelu, {1e9, 1e9}},
	{LT_CURVE_TANH, 0, true_tanh, {1e9, 1e9}},
	{LT_CURVE_HARDSWISH, 0, true_hardswish, {-3, 3}},
};
#define CURVES (sizeof curves / sizeof *curves)

/* Within so much of the value, or of 1 where that is less. */
#define VALUE_ERROR 3e-7
#define SLOPE_ERROR 2e-6

/* From -24 to 24: value and slope, which is a central difference. */
static void
curve_is_near(const struct true_curve *t)
{
	const struct lt_drain d = {1, 1, LT_LANES, LT_LANES, false};
	float x[LT_LANES], y[LT_LANES], one[LT_LANES], dx[LT_LANES];
	double off = 0, slope_off = 0, by = (double)t->by, h = 1e-5;

	for (int i = 0; i < 4800; i++) {
		for (int j = 0; j < LT_LANES; j++) {
			x[j] = (float)(i * LT_LANES + j - 38400) * 6.25e-4f;
			one[j] = 1;
		}
		lt_kern_ref.curve[t->which](y, x, &d, &plain, t->by);
		lt_kern_ref.curve_back[t->which](dx, one,
			lt_curve_of_output(t->which) ? y : x, &d, &plain,
			t->by);
		for (int j = 0; j < LT_LANES; j++) {
			double v = (double)x[j], want = t->value(v, by);
			double slope =
				(t->value(v + h, by) - t->value(v - h, by)) /
				(2 * h);
			off = fmax(off, fabs((double)y[j] - want) /
						fmax(1, fabs(want)));
			if (fabs(v - t->kink[0]) > 2 * h &&
				fabs(v - t->kink[1]) > 2 * h)
				slope_off = fmax(
					slope_off, fabs((double)dx[j] - slope));
		}
	}
	printf("# curve %d: off by at most %.3g, its slope by %.3g\n",
		(int)t->which, off, slope_off);
	CHECK(off < VALUE_ERROR && slope_off < SLOPE_ERROR);
}

static void
curves_are_near(void)
{
	CHECK_EQ(CURVES, LT_CURVE_COUNT);
	for (size_t i = 0; i < CURVES; i++)
		curve_is_near(&curves[i]);
}

/* Far out a curve is flat, a line, or half a line; and a NaN stays one. */
static void
curves_far_out(void)
{
	const struct lt_drain d = {1, 1, LT_LANES, LT_LANES, false};

	for (size_t i = 0; i < CURVES; i++) {
		float x[LT_LANES] = {1e30f, -1e30f, 3e38f, -3e38f, NAN};
		float y[LT_LANES];
		lt_kern_ref.curve[curves[i].which](
			y, x, &d, &plain, curves[i].by);
		for (int j = 0; j < 4; j++) {
			double want = curves[i].value(
				(double)x[j], (double)curves[i].by);
			CHECK(fabs((double)y[j] - want) <= 1e-6 * fabs(want));
		}
		CHECK(isnan(y[4]));
	}
}

/* Of silu, which is not a function of its output as sigmoid's is. */
static void
slope(void)
{
	double worst = 0;

	for (int i = 0; i < 4000; i++) {
		const struct lt_drain d = {1, 1, LT_LANES, LT_LANES, false};
		float x[LT_LANES], one[LT_LANES], dx[LT_LANES];
		for (int j = 0; j < LT_LANES; j++) {
			x[j] = (float)(i * LT_LANES + j - 32000) * 2e-3f;
			one[j] = 1;
		}
		lt_kern_ref.curve_back[LT_CURVE_SILU](
			dx, one, x, &d, &plain, 0);
		for (int j = 0; j < LT_LANES; j++) {
			double v = (double)x[j], s = 1 / (1 + exp(-v));
			double want = s * (1 + v * (1 - s));
			worst = fmax(worst, fabs((double)dx[j] - want));
		}
	}
	printf("# off by at most %g\n", worst);
	CHECK(worst < 1.5e-6);
}

static void
curve(struct draw *d)
{
	size_t n;
	struct lt_drain p = some_drain(d, &n);
	struct lt_view v = some_view(d, p.c);
	void *src = tensor(d, n, p.format, false);
	void *dst = tensor(d, n, p.format, true);
	int which = pick(d, 0, LT_CURVE_COUNT - 1);
	d->k->curve[which](dst, chance(d, 30) ? dst : src, &p, &v, 0.25f);
}

static void
curve_back(struct draw *d)
{
	size_t n;
	struct lt_drain p = some_drain(d, &n);
	struct lt_view v = some_view(d, p.c);
	void *x = tensor(d, n, p.format, false),
	     *dy = tensor(d, n, p.format, false);
	int which = pick(d, 0, LT_CURVE_COUNT - 1);
	d->k->curve_back[which](
		output(d, p.src_ch * (size_t)p.c), dy, x, &p, &v, 0.25f);
}

static void
product(struct draw *d)
{
	size_t n;
	struct lt_drain p = some_drain(d, &n);
	struct lt_view va = some_view(d, p.c), vb = some_view(d, p.c);
	void *a = tensor(d, n, p.format, false),
	     *b = tensor(d, n, p.format, false);
	void *dst = tensor(d, n, p.format, true);
	d->k->product(dst, a, b, &p, &va, &vb);
}

static void
spread(struct draw *d)
{
	size_t n, step = chance(d, 50) ? LT_LANES : 0;
	struct lt_drain p = some_drain(d, &n);
	struct lt_view v = some_view(d, p.c);
	void *a = tensor(d, n, p.format, false);
	float *b = input(d, (size_t)p.c * LT_LANES);
	void *dst = tensor(d, n, p.format, true);
	d->k->spread(dst, chance(d, 50) ? dst : a, b, step, &p, &v);
}

static void
dot(struct draw *d)
{
	size_t px = (size_t)pick(d, 0, 33), n = px * LT_LANES;
	float *a = input(d, n), *b = input(d, n);
	d->k->dot(output(d, LT_LANES), a, b, px);
}

static const struct kind kinds[] = {
	{"curve", curve, 200},
	{"curve_back", curve_back, 100},
	{"product", product, 100},
	{"spread", spread, 100},
	{"dot", dot, 50},
};

int
main(int argc, char **argv)
{
	compare_variants(
		kinds, sizeof kinds / sizeof *kinds, argc > 1 ? argv[1] : NULL);
	TEST(exponential, "exp to 1.02 ulp");
	TEST(gates, "sigmoid and silu of every variant are near the true ones");
	TEST(extremes, "what is far out, zero or no number");
	TEST(slope, "the slope of silu");
	TEST(curves_are_near,
		"every curve is near the true one, and its slope");
	TEST(curves_far_out, "far out too; NaN stays NaN");
	return tap_done();
}
