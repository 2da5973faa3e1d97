/* When a training is pruned gradually, and to which sparsity: Zhu and Gupta
 * 2017, "To prune, or not to prune", section 3.  The k-th of n prunings after
 * the first one, k = 0 ... n, removes weights up to the sparsity
 *
 *	s_f + (s_i - s_f) (1 - k / n)^3
 *
 * at the epoch first + k (last - first) / n, rounded to the nearest, halves up.
 */
#ifndef LT_TICKET_PRUNINGS_H
#define LT_TICKET_PRUNINGS_H

#include <stdint.h>
#include "base/err.h"

struct lt_pruning_curve {
	uint64_t first, last;	/* epochs */
	uint64_t steps;		/* n, from 1 to last - first */
	double initial, target; /* s_i <= s_f, in [0, 1) */
};

/* Check a curve: LT_EDATA if a field is out of its range. */
int lt_prunings_check(const struct lt_pruning_curve *c, struct lt_err *err);
/* Epoch and sparsity of the k-th pruning of a curve that was checked. */
uint64_t lt_prunings_epoch(const struct lt_pruning_curve *c, uint64_t k);
double lt_prunings_sparsity(const struct lt_pruning_curve *c, uint64_t k);

#endif
