#include "base/fmath.h"

#include <math.h>
#include "base/rng.h"
#include "tap.h"

#define DRAWS 300000
#define PI_L 3.14159265358979323846264338327950288L

/* Distance of got from want in units of the last place of want. */
static double
ulps(double got, long double want)
{
	double w = (double)want;
	double ulp = nextafter(fabs(w), INFINITY) - fabs(w);
	return (double)fabsl(((long double)got - want) / (long double)ulp);
}

static void
keep_worst(double *worst, double *where, double e, double x)
{
	if (!(e <= *worst)) {
		*worst = e;
		*where = x;
	}
}

static void
judge(const char *what, double worst, double where, double limit)
{
	printf("# %s: at most %.3f ulp, at %.17g\n", what, worst, where);
	CHECK(worst <= limit);
}

static void
exponential(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	double worst = 0, where = 0;
	for (int i = 0; i < DRAWS; i++) {
		double x = lt_rng_f64(&r) - 0.5;
		x *= i % 3 == 0 ? 1400 : i % 3 == 1 ? 4 : 1e-4;
		keep_worst(&worst, &where, ulps(lt_exp(x), expl(x)), x);
	}
	judge("exp", worst, where, 2);
	CHECK(lt_exp(0) == 1);
	CHECK(lt_exp(-0.0) == 1);
	CHECK(isfinite(lt_exp(709.78)));
	CHECK(isinf(lt_exp(709.79)) && isinf(lt_exp(1e300)));
	CHECK(isinf(lt_exp(INFINITY)) && lt_exp(-INFINITY) == 0);
	CHECK(lt_exp(-745.2) == 0 && lt_exp(-1e300) == 0);
	CHECK(lt_exp(-745) == 0x1p-1074);
	CHECK(isnan(lt_exp(NAN)));
}

static void
logarithm(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 2, LT_STREAM_TEST, 0, 0);
	double worst = 0, where = 0;
	for (int i = 0; i < DRAWS; i++) {
		double u = lt_rng_f64(&r), x;
		if (i % 3 == 0)
			x = ldexp(1 + u, (int)lt_rng_below(&r, 2040) - 1022);
		else
			x = i % 3 == 1 ? 0.5 + 1.5 * u : 1 + (u - 0.5) * 1e-5;
		keep_worst(&worst, &where, ulps(lt_log(x), logl(x)), x);
	}
	judge("log", worst, where, 2);
	CHECK(lt_log(1) == 0);
	CHECK(lt_log(0x1p-1022) == log(0x1p-1022));
	CHECK(lt_log(0x1.fffffffffffffp1023) == log(0x1.fffffffffffffp1023));
}

/* cos(pi x) in long double, without losing the zero at 1/2. */
static long double
cospi_long(double x)
{
	long double t = fabsl((long double)x);
	t -= 2 * floorl(t / 2);
	if (t > 1)
		t = 2 - t;
	if (t <= 0.25L)
		return cosl(PI_L * t);
	return t < 0.75L ? sinl(PI_L * (0.5L - t)) : -cosl(PI_L * (1 - t));
}

static void
cosine(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 3, LT_STREAM_TEST, 0, 0);
	double worst = 0, where = 0;
	for (int i = 0; i < DRAWS; i++) {
		double x = lt_rng_f64(&r) - 0.5;
		if (i % 3 == 0)
			x *= 4;
		else
			x = i % 3 == 1 ? 0.5 + x * 1e-6 : x * 0x1p32;
		if (fabs(x - floor(x) - 0.5) < 1e-300)
			continue;
		keep_worst(&worst, &where, ulps(lt_cospi(x), cospi_long(x)), x);
	}
	judge("cos(pi x)", worst, where, 2);
	for (int i = -6; i <= 6; i++) {
		CHECK(lt_cospi(i) == (i % 2 ? -1 : 1));
		CHECK(lt_cospi(i + 0.5) == 0);
	}
	CHECK(lt_cospi(0x1p31) == 1 && lt_cospi(0x1p31 - 1) == -1);
}

/* One number made of all bits of many results: the same for gcc and clang, at
 * every level of optimization, on every machine. */
static void
bits(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 4, LT_STREAM_TEST, 0, 0);
	uint64_t h = 0, b;
	for (int i = 0; i < 100000; i++) {
		double u = lt_rng_f64(&r);
		double v[3] = {lt_exp(40 * u - 20), lt_log(u + 1e-3),
			lt_cospi(4 * u - 2)};
		for (int k = 0; k < 3; k++) {
			memcpy(&b, &v[k], sizeof(b));
			h = (h ^ b) * 0x100000001b3;
		}
	}
	printf("# bits %016llx\n", (unsigned long long)h);
	CHECK(h == 0x8e96d128f227b0e7);
}

int
main(void)
{
	TEST(exponential, "exp is within 2 ulp of libm");
	TEST(logarithm, "log is within 2 ulp of libm");
	TEST(cosine, "cos(pi x) is within 2 ulp of libm");
	TEST(bits, "every bit is the one it was");
	return tap_done();
}
