/* The exact interval of a share (Clopper and Pearson 1934, "The use of
 * confidence or fiducial limits illustrated in the case of the binomial").
 */
#ifndef LT_TICKET_BINOMIAL_H
#define LT_TICKET_BINOMIAL_H

#include <stddef.h>

/* Of k successes in n >= 1 independent trials, k <= n: the two-sided interval
 * of the probability p of a success, as shares in [0, 1], that holds p with
 * probability 1 - alpha or more, alpha in (0, 1).  With X ~ B(n, p):
 *
 *	low:  P(X >= k | p = low) = alpha / 2, 0 when k = 0;
 *	high: P(X <= k | p = high) = alpha / 2, 1 when k = n.
 *
 * Bisected down to neighbouring doubles.  The probabilities are sums of ratios
 * to the likeliest term, from it outwards: additions, multiplications and
 * divisions alone, the same bits on every machine.  Time grows with the root
 * of n. */
void lt_binomial_interval(
	double *low, double *high, size_t k, size_t n, double alpha);

#endif
