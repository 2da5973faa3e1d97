#include "mask/erk.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"

static double
dimensions(const struct lt_erk *l)
{
	double sum = 0;

	for (int i = 0; i < l->ndim; i++)
		sum += (double)l->shape[i];
	return sum;
}

/* Mark layers that would get more than they have as full; true if one is new.
 */
static bool
fill(bool *full, const struct lt_erk *layer, size_t n, double share)
{
	bool more = false;

	for (size_t i = 0; i < n; i++)
		if (!full[i] &&
			share * dimensions(&layer[i]) >= (double)layer[i].alive)
			more = full[i] = true;
	return more;
}

/* How many weights a layer gets for each unit of its dimensions, after the full
 * layers have theirs. */
static double
share_of(const bool *full, const struct lt_erk *layer, size_t n, size_t total)
{
	double left = (double)total, sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (full[i])
			left -= (double)layer[i].alive;
		else
			sum += dimensions(&layer[i]);
	}
	return sum > 0 ? left / sum : 0;
}

void
lt_erk_keep(size_t *keep, const struct lt_erk *layer, size_t n, size_t total)
{
	bool *full = lt_alloc(n, sizeof *full);
	double *rest = lt_alloc(n, sizeof *rest), share;
	size_t given = 0;

	do
		share = share_of(full, layer, n, total);
	while (fill(full, layer, n, share));
	for (size_t i = 0; i < n; i++) {
		double want = full[i] ? (double)layer[i].alive
				      : share * dimensions(&layer[i]);
		keep[i] = (size_t)want;
		rest[i] = want - floor(want);
		given += keep[i];
	}
	LT_BUG_ON(given > total);
	for (; given < total; given++) {
		size_t best = n;
		for (size_t i = 0; i < n; i++)
			if (keep[i] < layer[i].alive &&
				(best == n || rest[i] > rest[best]))
				best = i;
		LT_BUG_ON(best == n);
		keep[best]++;
		rest[best] = -1;
	}
	free(rest);
	free(full);
}
