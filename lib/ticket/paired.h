/* One method against another over seeds: the paired difference, its interval,
 * and a verdict at a margin.
 *
 * Both methods share data, initialization and order of a seed, so their
 * accuracies are compared seed by seed.  With the mean d and the deviation s of
 * the n differences in points, df = n - 1 and se = s / sqrt(n):
 *
 *	interval  d - t se to d + t se, t the 0.975 quantile of Student's
 *	          distribution: it contains the true difference with
 *	          probability 0.95
 *	p         of no difference, two-sided: P(|T| >= |d| / se)
 *	p_margin  of being worse by the margin, one-sided:
 *	          P(T >= (d + margin) / se)
 *
 *	verdict   BETTER  the interval lies above 0
 *	          AS_GOOD it lies above -margin (non-inferior)
 *	          WORSE   it lies below 0, and not above -margin
 *	          UNDECIDED none of these; always for n < 2, and where all
 *	                  differences are equal, which gives no deviation
 *	                  to judge by
 *
 * The first that holds counts.  Each of the first three is wrong with
 * probability 0.025 at most: better and worse of two equal methods, as good of
 * one that is worse by the margin or more.
 */
#ifndef LT_TICKET_PAIRED_H
#define LT_TICKET_PAIRED_H

#include <stddef.h>
#include "base/table.h"

enum lt_verdict {
	LT_UNDECIDED,
	LT_BETTER,
	LT_AS_GOOD,
	LT_WORSE,
	LT_SAME, /* the same tickets: nothing is compared */
};

struct lt_paired {
	size_t n;
	double mean, std, se, low, high, p, p_margin; /* NaN if unknown */
	enum lt_verdict verdict;
};

/* "not told apart", "better", "as good", "worse", "same". */
extern const char *const lt_verdict_name[];

/* Judge the differences x[0..n), of which none is NaN; margin >= 0 in points.
 */
struct lt_paired lt_paired_judge(const double *x, size_t n, double margin);

/* Replace n p-values by Holm's (1979, "A simple sequentially rejective multiple
 * test procedure"): the smallest times n, the next times n - 1, ..., none
 * smaller than the one before, and at most 1.  To reject those at most alpha is
 * to be wrong anywhere with probability alpha at most.  NaN stays and does not
 * count. */
void lt_holm(double *p, size_t n);
/* The verdict after lt_holm of all p and of all p_margin. */
enum lt_verdict lt_paired_again(
	const struct lt_paired *d, double p, double p_margin);

/* The chance that the paper's rule, a mean at least the reference's mean less
 * its deviation, calls a method a match that is equal: n and ref_n independent
 * values of one normal distribution.  The means differ by a normal value of
 * variance (1 / n + 1 / ref_n) sigma^2, which is independent of the deviation,
 * so it is P(T <= 1 / sqrt(1 / n + 1 / ref_n)) with ref_n - 1 degrees of
 * freedom; 1 / 2 if ref_n is 1, where the means themselves are compared; NaN if
 * one is 0. */
double lt_match_chance(size_t n, size_t ref_n);

#endif
