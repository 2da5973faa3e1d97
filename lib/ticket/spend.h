/* A training that takes as many multiply-adds as others have taken.
 *
 *	struct lt_spend s = {.images = 55000, .batch = 128, .every = {...}};
 *	if (lt_spend_add(&s, "row.tsv", err) < 0 ||
 *		lt_spend_add(&s, "log.tsv", err) < 0 ||
 *		lt_spend_costs(&s, "step.tsv", "change.tsv", err) < 0 ||
 *		lt_spend_epochs(&epochs, &s, err) < 0)
 *		...
 *
 * If a forward pass of an image takes f_S multiply-adds under a mask and f_D
 * without one, a step takes 3 f_S for each image.  The iteration in which RigL
 * changes the mask takes 2 f_S + f_D instead, because only the gradients of the
 * weights are dense (Evci et al. 2020, appendix H; run/dst.h).  E epochs take
 *
 *	M(E) = E images step + (change - step) n(E)
 *
 * where n(E) is the number of images in the iterations that change the mask.
 * The paper adds the change to its DT steps, for a mean iteration of
 * (3 f_S DT + 2 f_S + f_D) / (DT + 1).  Ours replaces a step, for
 * (3 f_S (DT - 1) + 2 f_S + f_D) / DT while the mask changes.
 */
#ifndef LT_TICKET_SPEND_H
#define LT_TICKET_SPEND_H

#include <stdint.h>
#include "base/err.h"
#include "run/sched.h"

struct lt_spend {
	uint64_t macs;		    /* to spend */
	uint64_t step, change;	    /* multiply-adds an image */
	uint64_t images, batch;	    /* of an epoch, > 0; of an iteration, > 0 */
	struct lt_point every, end; /* of changes, as in struct lt_dst */
};

/* Add the multiply-adds of a table: of its last row, if it is a log, else of
 * all its rows, which are those of searches.  A training that diverged, with an
 * empty table or a missing number, has none. */
int lt_spend_add(struct lt_spend *s, const char *path, struct lt_err *err);
/* Take the costs of a step and of a change from logs: of steps alone, and of
 * the same steps and a change after them.  Without the second, the mask never
 * changes. */
int lt_spend_costs(struct lt_spend *s, const char *steps, const char *changes,
	struct lt_err *err);
/* M(E); UINT64_MAX if it does not fit. */
uint64_t lt_spend_macs(const struct lt_spend *s, uint64_t epochs);
/* The E >= 1 whose M(E) is nearest to the multiply-adds to spend; of two, the
 * smaller one. */
int lt_spend_epochs(
	uint64_t *epochs, const struct lt_spend *s, struct lt_err *err);

#endif
