/* Mean and standard deviation (n - 1) of x[0..n).  Sums are in the order of the
 * array; a missing number makes the result NaN. */
#ifndef LT_TICKET_MOMENTS_H
#define LT_TICKET_MOMENTS_H

#include <stddef.h>

/* NaN if n is 0. */
double lt_mean(const double *x, size_t n);
/* NaN for n < 2.  What rounding leaves of the deviation of equal numbers (below
 * 1e-13 of the mean) is 0. */
double lt_deviation(const double *x, size_t n);

#endif
