/* Ending a search when the mask that it would draw has settled.
 *
 * At each check a candidate mask is made from the weights, by a rate of the
 * remaining ones or at a target sparsity.  PAIRWISE (PrAC): d = entries that
 * differ from the previous candidate / weights kept before; stop when the last
 * queue distances recorded are < eps.  EARLYBIRD (You et al.): d = the largest
 * differing / (2 kept) from the previous queue - 1 candidates; stop when it is
 * < eps and all of these are there.  Nothing counts before warm-up is over and,
 * unless always, some d was > eps.
 *
 * With relative > 0 (PAIRWISE), eps is relative x the mean of the first queue
 * distances of this run once warm-up is over, so that the threshold follows the
 * network and the schedule.  These distances are the reference and are not
 * recorded themselves; always does not matter.
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

enum lt_stop_rule { LT_STOP_OFF, LT_STOP_PAIRWISE, LT_STOP_EARLYBIRD };

#define LT_STOP_QUEUE 64

/* What candidate masks record as their criterion: |w| over the network. */
extern const char lt_stop_method[];

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
void lt_stop_clear(struct lt_stop *s); /* as after init */
void lt_stop_release(struct lt_stop *s);
/* One check.  warm: warm-up is over.  1 stop, 0 go on, -1. */
int lt_stop_check(struct lt_stop *s, const struct lt_model *m,
	const struct lt_mask *mask, bool warm, struct lt_err *err);
/* The newest candidate, borrowed; NULL before the first check. */
const struct lt_mask *lt_stop_candidate(const struct lt_stop *s);

#endif
