#include "ticket/student.h"

#include <math.h>
#include <stdbool.h>

#define STEPS 100000 /* more than the fraction needs for any df */
#define PI 3.14159265358979323846

/* x^(df / 2) (1 - x)^(1 / 2) / Beta(df / 2, 1 / 2), where y is 1 - x.  Each
 * step adds 1 to a = df / 2: Beta(a + 1, 1 / 2) = Beta(a, 1 / 2) a / (a + 1 /
 * 2). */
static double
front(size_t df, double x, double y)
{
	bool odd = df % 2;
	double v = odd ? sqrt(x) / PI : x / 2;

	for (double a = odd ? 0.5 : 1; a < (double)df / 2; a++)
		v *= x * (a + 0.5) / a;
	return v * sqrt(y);
}

/* The continued fraction 26.5.8 of I_x(a, b) by Lentz's method.  It converges
 * fast for x < (a + 1) / (a + b + 2). */
static double
fraction(double a, double b, double x)
{
	double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), f = d;

	for (int i = 1; i < STEPS; i++) {
		double m = i, s = a + 2 * m;
		double even = m * (b - m) * x / ((s - 1) * s);
		double odd = -(a + m) * (a + b + m) * x / (s * (s + 1));
		d = 1 / (1 + even * d);
		c = 1 + even / c;
		f *= c * d;
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		f *= c * d;
		if (fabs(c * d - 1) < 1e-16)
			break;
	}
	return f;
}

double
lt_student_outside(double t, size_t df)
{
	double n = (double)df, square = t * t;

	if (isnan(t))
		return NAN;
	if (isinf(square))
		return 0;
	double x = n / (n + square), y = square / (n + square), a = n / 2;
	if (x < (a + 1) / (a + 2.5))
		return front(df, x, y) * fraction(a, 0.5, x) / a;
	/* I_x(a, b) = 1 - I_y(b, a). */
	return 1 - front(df, x, y) * fraction(0.5, a, y) / 0.5;
}

double
lt_student_above(double t, size_t df)
{
	double half = lt_student_outside(t, df) / 2;

	return t < 0 ? 1 - half : half;
}

double
lt_student_quantile(double alpha, size_t df)
{
	double lo = 0, hi = 1;

	while (lt_student_outside(hi, df) > alpha) {
		lo = hi;
		hi *= 2;
	}
	for (;;) {
		double mid = lo + (hi - lo) / 2;
		if (mid <= lo || mid >= hi)
			return mid;
		if (lt_student_outside(mid, df) > alpha)
			lo = mid;
		else
			hi = mid;
	}
}
