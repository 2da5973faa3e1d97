/* Pruning: which weights a criterion keeps.  A criterion is a score of each
 * weight, made from the weights alone or by the caller (ticket/saliency.h), and
 * a scope over which scores are ranked: the whole network, each layer, or a
 * quota for each layer.  lt-prune and the candidate masks of lt-train's early
 * stop use it.  Layers are in net-text order.
 */
#ifndef LT_MASK_CRITERIA_H
#define LT_MASK_CRITERIA_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "mask/mask.h"

/* A prunable parameter as criteria see it. */
struct lt_prunable {
	const char *name;
	int ndim;
	const uint64_t *shape;
	size_t count;
	const float *w;
};

/* A caller's scores: score[i][j] <- the score of weight j of layer i; larger =
 * keep.  mask covers the n layers.  Scores of weights that it does not keep are
 * ignored. */
typedef int lt_prune_score(double *const *score,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *mask,
	void *arg, struct lt_err *err);

struct lt_prune_opt {
	const char *method; /* "magnitude", "magnitude-layer", "random", ... */
	bool by_rate;	    /* amount is a rate of the remaining weights, ... */
	double amount;	    /* ... or a target sparsity of all covered ones */
	uint64_t seed;
	/* Number of steps E, 0: the method's own.  Each step computes scores
	 * under the mask of the step before and keeps the same share: of K
	 * weights at first and k at the end, step e = 0 .. E - 1 leaves
	 * K (k / K)^((e + 1) / E), rounded half to even. */
	int steps;
	lt_prune_score *given; /* for methods that need it, with arg */
	void *arg;
};

/* The methods' names, as an option's choices. */
#define LT_PRUNE_METHODS \
	"magnitude|magnitude-layer|erk|lamp|random|random-layer|snip|grasp|" \
	"synflow"
/* Name i of these, in their order; NULL after the last. */
const char *lt_prune_method(size_t i);
bool lt_prune_needs_scores(const char *method);

/* out <- a mask over the n layers.  It keeps no weight that old removes (NULL:
 * old removes none; nor does it in layers that it does not name).  LT_EDATA if
 * a weight or score is not finite, LT_EUSAGE if the target sparsity is below
 * that of old. */
int lt_prune(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old, const struct lt_prune_opt *opt,
	struct lt_err *err);

/* out <- a mask over the n layers that keeps the weights that are not 0; -0
 * counts as 0.  LT_EDATA if a weight is not finite. */
int lt_prune_zeros(struct lt_mask *out, const struct lt_prunable *layer,
	size_t n, struct lt_err *err);

/* Set use[i] to whether layer i is to be pruned.  kinds: "conv", "linear",
 * "conv,linear" (NULL: both).  exclude: "first", "last", names of nodes or
 * parameters, comma-separated (NULL: none).  LT_EUSAGE if a name is unknown. */
int lt_prune_choose(bool *use, const struct lt_prunable *layer, size_t n,
	const char *kinds, const char *exclude, struct lt_err *err);

#endif
