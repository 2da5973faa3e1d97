/* Pruning criteria, a table: scores that weights alone give, or that the caller
 * does (ticket/saliency.h), and what they are compared over.  Used by lt-prune
 * and by the candidate masks of lt-train's early stop.  Layers are given in
 * net-text order.
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

/* score[i][j] <- that of weight j of layer i, larger = keep, under mask, which
 * covers the n layers; where it keeps nothing the score is not looked at. */
typedef int lt_prune_score(double *const *score,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *mask,
	void *arg, struct lt_err *err);

struct lt_prune_opt {
	const char *method; /* "magnitude", "magnitude-layer", "random", ... */
	bool by_rate;	    /* amount is a rate of the remaining weights, ... */
	double amount;	    /* ... or a target sparsity of all covered ones */
	uint64_t seed;
	int steps; /* 0: as many as the method takes.  Each scores anew and
		      keeps the same share of what it finds: of K that are
		      there and k at the end, step e of E leaves
		      K (k / K)^((e + 1) / E), rounded half to even */
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

/* out <- a mask over the n layers, nested in old (NULL: all ones; layers that
 * old does not name are all ones).  LT_EDATA: a weight or score that is not
 * finite; LT_EUSAGE: target sparsity below old's. */
int lt_prune(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old, const struct lt_prune_opt *opt,
	struct lt_err *err);

/* out <- a mask over the n layers that keeps the weights that are not 0; -0 is
 * 0.  LT_EDATA: a weight that is not finite. */
int lt_prune_zeros(struct lt_mask *out, const struct lt_prunable *layer,
	size_t n, struct lt_err *err);

/* Layer choice: kinds "conv", "linear", "conv,linear" (NULL: both); exclude
 * "first", "last", node or parameter names, comma-separated (NULL: none).
 * Sets use[i]; LT_EUSAGE for a name that is not there. */
int lt_prune_choose(bool *use, const struct lt_prunable *layer, size_t n,
	const char *kinds, const char *exclude, struct lt_err *err);

#endif
