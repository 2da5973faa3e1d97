#include "base/fmath.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include "base/fmath_body.h"

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
	double p = lt_horner(c, sizeof(c) / sizeof(*c), r);
	return ldexp(1.0 + fma(r * r, p, r), (int)k);
}

double
lt_log(double x)
{
	return lt_log_body(x);
}

double
lt_cospi(double x)
{
	return lt_cospi_body(x);
}
