#include "ticket/moments.h"

#include <math.h>

double
lt_mean(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return n ? sum / (double)n : NAN;
}

double
lt_deviation(const double *x, size_t n)
{
	double mean = lt_mean(x, n), sum = 0;

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	double std = sqrt(sum / (double)(n - 1));
	return std < 1e-13 * fabs(mean) ? 0 : std;
}
