/* Masks that remove whole units (net/units.h): of each unit that is removed,
 * the weights that make it and the weights that read it.  So nothing depends on
 * it, and lt_slim (ticket/slim.h) can cut it.
 *
 *	struct lt_unit_prune_opt o = {.score = lt_unit_bn_scale,
 *		.by_rate = true, .amount = 0.3};
 *	lt_unit_prune(&mask, &model, layer, n, old, &o, err);
 *
 * The score of a unit with several filters or batch norms is the largest of
 * theirs: it is removed only if each of them is small enough.
 */
#ifndef LT_NET_UNITMASK_H
#define LT_NET_UNITMASK_H

#include "mask/prune.h"
#include "net/model.h"
#include "net/units.h"

/* score[i] <- the score of unit i; larger = keep.  It is below 0 before, and
 * stays so if the unit has nothing to score.  mask: NULL, or the weights that
 * are kept. */
typedef void lt_unit_score(double *score, const struct lt_units *u,
	const struct lt_model *m, const struct lt_mask *mask);

/* |scale| of the normalizations (Liu et al. 2017, "Learning efficient
 * convolutional networks through network slimming", section 3). */
lt_unit_score lt_unit_bn_scale;
/* The sum of |w| over the kept weights of a filter (Li et al. 2017, "Pruning
 * filters for efficient ConvNets", section 3.1). */
lt_unit_score lt_unit_filter_norm;

struct lt_unit_prune_opt {
	const char *method; /* the criterion's name, which the mask records */
	lt_unit_score *score;
	bool by_rate;  /* amount is a rate of the remaining units, ... */
	double amount; /* ... or a target sparsity of all units */
	bool by_layer; /* that share of each layer; a unit belongs to the
			  first layer that makes it */
};

/* out <- a mask over the n layers, which belong to m; it keeps no weight that
 * old (or NULL) removes.  Only units take part that have a score and whose
 * weights are all in these layers; units that the network has for its image and
 * its logits take no part.  LT_EDATA if there is none, LT_EUSAGE if the target
 * sparsity is below that of old. */
int lt_unit_prune(struct lt_mask *out, const struct lt_model *m,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *old,
	const struct lt_unit_prune_opt *opt, struct lt_err *err);

struct lt_unit_diff {
	size_t units;	  /* that take part and that old keeps */
	size_t differing; /* that one of two masks removes and the other not */
};

/* Compare two masks that lt_unit_prune made within old (or NULL) by this score.
 * A unit is removed if the mask keeps none of its weights; so a unit that lost
 * all of its neighbours counts as removed, too. */
void lt_unit_compare(struct lt_unit_diff *d, const struct lt_model *m,
	lt_unit_score *score, const struct lt_mask *old,
	const struct lt_mask *a, const struct lt_mask *b);

#endif
