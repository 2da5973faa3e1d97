#include "base/fmath.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: LN2_HI has 32 bits, so that k * LN2_HI is exact. */
#define LN2_HI 0x1.62e42feep-1
#define LN2_LO 0x1.a39ef35793c76p-33
#define PI_HI 0x1.921fb54442d18p+1
#define PI_LO 0x1.1a62633145c07p-53

/* Coefficients c[0] + c[1] z + ... by Horner's rule, one fma a term. */
static double
horner(const double *c, int n, double z)
{
	double p = c[n - 1];
	for (int i = n - 2; i >= 0; i--)
		p = fma(p, z, c[i]);
	return p;
}

/* x = k ln 2 + r, |r| <= ln 2 / 2; exp x = 2^k exp r.  The series of exp r
 * after 1 + r, to r^13 / 13!: the rest is below 2^-57. */
double
lt_exp(double x)
{
	static const double c[] = {1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120,
		1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800,
		1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
	if (x > 710.0)
		return HUGE_VAL;
	if (x < -746.0)
		return 0.0;
	if (x != x)
		return x;
	double k = floor(fma(x, 0x1.71547652b82fep+0, 0.5));
	double r = fma(-k, LN2_LO, fma(-k, LN2_HI, x));
	double p = horner(c, sizeof(c) / sizeof(*c), r);
	return ldexp(1.0 + fma(r * r, p, r), (int)k);
}

/* x = 2^k m, sqrt(1/2) <= m < sqrt 2, f = m - 1, s = f / (2 + f):
 * log m = 2 atanh s = f - s (f - R), R = 2 (s^2/3 + s^4/5 + ...), where f is
 * exact; the rest after s^20 / 21 is below 2^-56 of the sum. */
double
lt_log(double x)
{
	static const double c[] = {2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11,
		2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
	uint64_t bits;
	memcpy(&bits, &x, sizeof(bits));
	/* Bits of sqrt(1/2): what is at or above it has m there. */
	const uint64_t half = 0x3fe6a09e667f3bcd;
	int64_t k = (int64_t)(bits - half) >> 52;
	bits -= (uint64_t)k << 52;
	double m;
	memcpy(&m, &bits, sizeof(m));
	double f = m - 1.0, s = f / (2.0 + f), z = s * s;
	double r = z * horner(c, sizeof(c) / sizeof(*c), z);
	double low = fma((double)k, LN2_LO, -s * (f - r));
	return fma((double)k, LN2_HI, f + low);
}

/* cos(pi t), 0 <= t <= 1/4. */
static double
cos_small(double t)
{
	static const double c[] = {1.0 / 24, -1.0 / 720, 1.0 / 40320,
		-1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200,
		1.0 / 20922789888000};
	double y = PI_HI * t, z = y * y;
	double p = horner(c, sizeof(c) / sizeof(*c), z);
	return 1.0 + fma(z * z, p, -0.5 * z);
}

/* sin(pi t), 0 <= t <= 1/4: the rounding error of pi t is carried along. */
static double
sin_small(double t)
{
	static const double c[] = {-1.0 / 6, 1.0 / 120, -1.0 / 5040,
		1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800,
		-1.0 / 1307674368000, 1.0 / 355687428096000};
	double y = PI_HI * t, low = fma(PI_LO, t, fma(PI_HI, t, -y));
	double z = y * y, p = horner(c, sizeof(c) / sizeof(*c), z);
	return y + fma(y * z, p, low);
}

/* Every step that folds x into [0, 1/4] is exact. */
double
lt_cospi(double x)
{
	double t = fabs(x);
	t -= 2.0 * floor(0.5 * t);
	if (t > 1.0)
		t = 2.0 - t;
	double sign = t > 0.5 ? -1.0 : 1.0;
	if (t > 0.5)
		t = 1.0 - t;
	return sign * (t <= 0.25 ? cos_small(t) : sin_small(0.5 - t));
}
