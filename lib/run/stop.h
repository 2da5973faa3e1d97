/* Early stop: ending a training when the mask that pruning would make has
 * settled.
 *
 * Each check makes a candidate mask from the weights, by a rate of the
 * remaining ones or at a target sparsity.
 *
 * PAIRWISE (PrAC, lt-prac(7)): d = entries that differ from the previous
 * candidate / weights that the mask in force keeps; stop when the last queue
 * recorded distances are < eps.
 *
 * EARLYBIRD (You et al. 2020): d = the largest differing / (2 x kept) from the
 * previous queue - 1 candidates; stop when all of these exist and d < eps.
 *
 * Candidates that remove whole units are masks of weights, too.  Their distance
 * under both rules is that of the published code of EARLYBIRD: the units on
 * which two of them differ / all units that the mask in force keeps.
 *
 * Distances are recorded after warm-up and, unless always is set, after the
 * first d > eps.
 *
 * With relative > 0 (PAIRWISE), the first queue distances after warm-up are the
 * reference: eps is relative x their mean, so that the threshold follows
 * network and schedule.  They are not recorded themselves, and always has no
 * effect.
 *
 * The caller owns struct lt_stop; its fields are what a training state keeps.
 */
#ifndef LT_RUN_STOP_H
#define LT_RUN_STOP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "mask/mask.h"
#include "run/sched.h"
#include "net/model.h"
#include "net/unitmask.h"

enum lt_stop_rule { LT_STOP_OFF, LT_STOP_PAIRWISE, LT_STOP_EARLYBIRD };

#define LT_STOP_QUEUE 64

struct lt_stop_opt {
	enum lt_stop_rule rule;
	bool by_rate; /* amount is a rate, else a target sparsity */
	double amount;
	double eps;
	double relative;	      /* 0: eps counts */
	int queue;		      /* 1 (EARLYBIRD: 2) .. LT_STOP_QUEUE */
	bool always;		      /* record from the first distance */
	struct lt_point every;	      /* when to check */
	const char *layers, *exclude; /* as lt-prune's */
	/* NULL: candidates remove the smallest |w| of the network, and method
	 * is not used.  Else they remove whole units by these scores, over the
	 * network; method is the name of that criterion. */
	lt_unit_score *unit;
	const char *method;
};

struct lt_stop {
	struct lt_stop_opt opt;
	char *settings; /* opt in one word */
	bool started;
	int n; /* distances recorded, at most queue: the latest are kept */
	double d[LT_STOP_QUEUE];
	int masks; /* candidates kept, newest last */
	struct lt_mask mask[LT_STOP_QUEUE];
	double last; /* newest distance; NaN before there is one */
	int firsts;  /* relative: distances in first_sum, at most queue */
	double first_sum;
};

void lt_stop_init(struct lt_stop *s, const struct lt_stop_opt *opt);
/* Forget all distances and candidates. */
void lt_stop_clear(struct lt_stop *s);
void lt_stop_release(struct lt_stop *s);
/* Make one check of the weights m under mask.  warm: warm-up is over.  Returns
 * 1 to stop, 0 to continue, -1 with err. */
int lt_stop_check(struct lt_stop *s, const struct lt_model *m,
	const struct lt_mask *mask, bool warm, struct lt_err *err);
/* The criterion that candidates record. */
const char *lt_stop_method(const struct lt_stop_opt *opt);
/* The newest candidate, borrowed; NULL before the first check. */
const struct lt_mask *lt_stop_candidate(const struct lt_stop *s);

#endif
