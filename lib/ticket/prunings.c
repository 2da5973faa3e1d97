#include "ticket/prunings.h"

#include <inttypes.h>

/* More than any training has; a curve of so many lines is a mistake. */
#define EPOCH_MAX UINT64_C(1000000)

int
lt_prunings_check(const struct lt_pruning_curve *c, struct lt_err *err)
{
	if (c->last > EPOCH_MAX)
		return lt_fail(err, LT_EDATA,
			"expected epochs up to %" PRIu64 ", found %" PRIu64,
			EPOCH_MAX, c->last);
	if (c->first >= c->last)
		return lt_fail(err, LT_EDATA,
			"expected a last epoch above the first, found %" PRIu64
			"-%" PRIu64,
			c->first, c->last);
	if (c->steps < 1 || c->steps > c->last - c->first)
		return lt_fail(err, LT_EDATA,
			"expected 1 to %" PRIu64 " steps, found %" PRIu64,
			c->last - c->first, c->steps);
	if (!(c->initial >= 0 && c->initial <= c->target && c->target < 1))
		return lt_fail(err, LT_EDATA,
			"expected sparsities below 1 that do not fall, found "
			"%.9g to %.9g",
			c->initial, c->target);
	return 0;
}

uint64_t
lt_prunings_epoch(const struct lt_pruning_curve *c, uint64_t k)
{
	/* floor(k span / steps + 1 / 2) in whole numbers. */
	return c->first +
	       (2 * k * (c->last - c->first) + c->steps) / (2 * c->steps);
}

double
lt_prunings_sparsity(const struct lt_pruning_curve *c, uint64_t k)
{
	double left = 1 - (double)k / (double)c->steps;

	return c->target + (c->initial - c->target) * (left * left * left);
}
