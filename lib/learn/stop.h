/* Ending a search when the mask that it would draw has settled.
 *
 * At each check a candidate mask is made from the weights.  PAIRWISE (PrAC):
 * rate of the remaining weights; d = entries that differ from the previous
 * candidate / weights kept before; recording begins once some d > eps (START
 * exceed) and warm-up is over; stop when the last queue distances are < eps.
 * EARLYBIRD (You et al.): one-shot at a target sparsity; d = differing /
 * (2 kept) from each of the previous queue - 1 candidates; stop when the
 * largest of them is < eps.  METHODS section 2.
 *
 * The caller owns struct lt_stop; its fields are what a training state keeps.
 */
#ifndef LT_LEARN_STOP_H
#define LT_LEARN_STOP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "file/maskfile.h"
#include "net/model.h"

enum lt_stop_rule { LT_STOP_OFF, LT_STOP_PAIRWISE, LT_STOP_EARLYBIRD };

#define LT_STOP_QUEUE 64

struct lt_stop_opt {
	enum lt_stop_rule rule;
	double amount; /* PAIRWISE: rate; EARLYBIRD: target sparsity */
	double eps;
	int queue;		      /* 2 .. LT_STOP_QUEUE */
	bool always;		      /* record from the first distance */
	const char *layers, *exclude; /* as lt-prune's */
};

struct lt_stop {
	struct lt_stop_opt opt;
	bool started;
	int n; /* distances recorded, at most queue: the latest are kept */
	double d[LT_STOP_QUEUE];
	int masks; /* candidates kept, newest last */
	struct lt_mask mask[LT_STOP_QUEUE];
	double last; /* newest distance; NaN before there is one */
};

void lt_stop_init(struct lt_stop *s, const struct lt_stop_opt *opt);
void lt_stop_release(struct lt_stop *s);
/* One check.  warm: warm-up is over.  1 stop, 0 go on, -1. */
int lt_stop_check(struct lt_stop *s, const struct lt_model *m,
	const struct lt_mask *mask, bool warm, struct lt_err *err);
/* The newest candidate, borrowed; NULL before the first check. */
const struct lt_mask *lt_stop_candidate(const struct lt_stop *s);

#endif
