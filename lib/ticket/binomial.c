#include "ticket/binomial.h"

#include <stdbool.h>

/* A term below this part of the sum ends the sum: terms fall faster than
 * geometrically, and the result is some per cent of the sum. */
#define NOTHING 1e-25

/* A term's ratio to the one below it: P(X = i) / P(X = i - 1). */
static double
step(size_t i, size_t n, double odds)
{
	return (double)(n - i + 1) / (double)i * odds;
}

/* Sums of terms below, at and above k. */
struct sums {
	double below, same, above;
};

/* Add a term; true if it is so small that the next one does not count. */
static bool
add(struct sums *s, size_t i, size_t k, double t)
{
	*(i < k ? &s->below : i > k ? &s->above : &s->same) += t;
	return t < NOTHING * (s->below + s->same + s->above);
}

/* P(X <= k) and P(X >= k), 0 < p < 1. */
static void
tails(double *at_most, double *at_least, size_t k, size_t n, double p)
{
	double odds = p / (1 - p), t = 1;
	size_t mode = (size_t)((double)(n + 1) * p);
	struct sums s = {0};

	if (mode > n)
		mode = n;
	for (size_t i = mode; !add(&s, i, k, t) && i < n; i++)
		t *= step(i + 1, n, odds);
	t = 1;
	for (size_t i = mode; i > 0; i--) {
		t /= step(i, n, odds);
		if (add(&s, i - 1, k, t))
			break;
	}
	double sum = s.below + s.same + s.above;
	*at_most = (s.below + s.same) / sum;
	*at_least = (s.above + s.same) / sum;
}

/* Where the tail is alpha / 2: P(X >= k) grows with p, P(X <= k) falls. */
static double
bound(size_t k, size_t n, bool upper, double half_alpha)
{
	double lo = 0, hi = 1;

	for (;;) {
		double mid = (lo + hi) / 2, at_most, at_least;
		if (mid <= lo || mid >= hi)
			return mid;
		tails(&at_most, &at_least, k, n, mid);
		if (upper ? at_most > half_alpha : at_least < half_alpha)
			lo = mid;
		else
			hi = mid;
	}
}

void
lt_binomial_interval(
	double *low, double *high, size_t k, size_t n, double alpha)
{
	*low = k == 0 ? 0 : bound(k, n, false, alpha / 2);
	*high = k == n ? 1 : bound(k, n, true, alpha / 2);
}
