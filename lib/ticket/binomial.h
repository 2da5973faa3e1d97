/* The exact confidence interval of a share (Clopper and Pearson 1934, "The use
 * of confidence or fiducial limits illustrated in the case of the binomial").
 */
#ifndef LT_TICKET_BINOMIAL_H
#define LT_TICKET_BINOMIAL_H

#include <stddef.h>

/* k of n >= 1 independent trials succeeded.  [*low, *high] is the two-sided
 * interval, in shares of [0, 1], that contains the probability p of a success
 * with probability at least 1 - alpha, alpha in (0, 1).  With X ~ B(n, p):
 *
 *	low:  P(X >= k | p = low) = alpha / 2, or 0 if k = 0;
 *	high: P(X <= k | p = high) = alpha / 2, or 1 if k = n.
 *
 * Both are found by bisection down to neighbouring doubles.  The probabilities
 * are sums of ratios to the likeliest term, from that term outwards; they need
 * only addition, multiplication and division, so the bits are the same on every
 * machine.  The time grows with the square root of n. */
void lt_binomial_interval(
	double *low, double *high, size_t k, size_t n, double alpha);

#endif
