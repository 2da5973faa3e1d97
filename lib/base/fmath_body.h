/* The bodies of lt_log and lt_cospi (base/fmath.h) as inline functions.  They
 * have no branches, so that compilers can vectorize loops that call them. */
#ifndef LT_BASE_FMATH_BODY_H
#define LT_BASE_FMATH_BODY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LT_BODY __attribute__((always_inline)) static inline

/* ln 2 in two parts: LN2_HI has 32 bits, so that k * LN2_HI is exact. */
#define LN2_HI 0x1.62e42feep-1
#define LN2_LO 0x1.a39ef35793c76p-33
#define PI_HI 0x1.921fb54442d18p+1
#define PI_LO 0x1.1a62633145c07p-53

/* Coefficients c[0] + c[1] z + ... by Horner's rule, one fma a term. */
LT_BODY double
lt_horner(const double *c, int n, double z)
{
	double p = c[n - 1];
	for (int i = n - 2; i >= 0; i--)
		p = fma(p, z, c[i]);
	return p;
}

/* x = 2^k m, sqrt(1/2) <= m < sqrt 2, f = m - 1, s = f / (2 + f):
 * log m = 2 atanh s = f - s (f - R), R = 2 (s^2/3 + s^4/5 + ...), where f is
 * exact; the terms after s^20 / 21 add less than 2^-56 of the sum. */
LT_BODY double
lt_log_body(double x)
{
	static const double c[] = {2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11,
		2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
	uint64_t bits;
	memcpy(&bits, &x, sizeof(bits));
	/* half has the bits of sqrt(1/2), the least m.  Adding 1024 to the
	 * exponent keeps the difference positive. */
	const uint64_t half = 0x3fe6a09e667f3bcd, up = (uint64_t)1024 << 52;
	uint64_t over = (bits - half + up) >> 52;
	bits -= (over - 1024) << 52;
	double k = (double)((int32_t)over - 1024), m;
	memcpy(&m, &bits, sizeof(m));
	double f = m - 1.0, s = f / (2.0 + f), z = s * s;
	double r = z * lt_horner(c, sizeof(c) / sizeof(*c), z);
	double low = fma(k, LN2_LO, -s * (f - r));
	return fma(k, LN2_HI, f + low);
}

/* cos(pi t), 0 <= t <= 1/4. */
LT_BODY double
lt_cos_small(double t)
{
	static const double c[] = {1.0 / 24, -1.0 / 720, 1.0 / 40320,
		-1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200,
		1.0 / 20922789888000};
	double y = PI_HI * t, z = y * y;
	double p = lt_horner(c, sizeof(c) / sizeof(*c), z);
	return 1.0 + fma(z * z, p, -0.5 * z);
}

/* sin(pi t), 0 <= t <= 1/4; low is the rounding error of y = pi t. */
LT_BODY double
lt_sin_small(double t)
{
	static const double c[] = {-1.0 / 6, 1.0 / 120, -1.0 / 5040,
		1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800,
		-1.0 / 1307674368000, 1.0 / 355687428096000};
	double y = PI_HI * t, low = fma(PI_LO, t, fma(PI_HI, t, -y));
	double z = y * y, p = lt_horner(c, sizeof(c) / sizeof(*c), z);
	return y + fma(y * z, p, low);
}

/* Every step that folds x into [0, 1/4] is exact.  Both series are summed and
 * one of them is chosen, which needs no branch. */
LT_BODY double
lt_cospi_body(double x)
{
	double t = fabs(x);
	t -= 2.0 * floor(0.5 * t);
	t = t > 1.0 ? 2.0 - t : t;
	double sign = t > 0.5 ? -1.0 : 1.0;
	t = t > 0.5 ? 1.0 - t : t;
	double a = lt_cos_small(t), b = lt_sin_small(0.5 - t);
	return sign * (t <= 0.25 ? a : b);
}

#endif
