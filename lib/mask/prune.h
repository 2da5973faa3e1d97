/* Exact pruning by scores.  This file knows no criterion: the caller says how
 * to score weights, and over which scope to rank the scores (ticket/criteria.h
 * has the table of criteria).  Layers are in net-text order.
 *
 *	struct lt_prune_opt o = {.method = "magnitude", .by_rate = true,
 *		.amount = 0.2};			// |w|, over the whole network
 *	lt_prune(&mask, layer, n, old, &o, err);
 */
#ifndef LT_MASK_PRUNE_H
#define LT_MASK_PRUNE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "mask/mask.h"
#include "mask/nm.h"
#include "mask/select.h"

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
 * ignored, except with lt_prune_opt.returns. */
typedef int lt_prune_score(double *const *score,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *mask,
	void *arg, struct lt_err *err);

/* remove[i] <- how many weights layer i loses if the n layers together lose all
 * of them; all <= candidates. */
typedef void lt_prune_share(size_t *remove, const struct lt_sized_layer *layer,
	size_t n, size_t all);

/* The number of weights that each layer loses. */
enum lt_scope {
	LT_SCOPE_NETWORK, /* all scores are ranked together */
	LT_SCOPE_LAYER,	  /* each layer loses the same share of its weights */
	LT_SCOPE_ERK,	  /* a quota from a layer's dimensions (mask/erk.h) */
	LT_SCOPE_SHARE,	  /* the caller's function decides */
};

/* The word for a scope: "network", "layer", "erk" or "share". */
const char *lt_scope_name(enum lt_scope scope);

struct lt_prune_opt {
	const char *method; /* the criterion's name, which the mask records */
	bool by_rate;	    /* amount is a rate of the remaining weights, ... */
	double amount;	    /* ... or a target sparsity of all covered ones */
	enum lt_scope scope;
	lt_prune_share *share; /* for LT_SCOPE_SHARE */
	/* NULL: the score of a weight is its size |w|.  Else score is called in
	 * every step, with arg; the scope is then LT_SCOPE_NETWORK. */
	lt_prune_score *score;
	void *arg;
	/* Number of steps E, 0: one.  Each step computes scores under the mask
	 * of the step before and keeps the same share: of K weights at first
	 * and k at the end, step e = 0 .. E - 1 leaves K (k / K)^((e + 1) / E),
	 * rounded half to even. */
	int steps;
	/* With score: each step chooses among all weights that old keeps, and
	 * so a weight that an earlier step removed can return. */
	bool returns;
	/* Leave the nm.n weights with the largest scores in each group of nm.m
	 * (mask/nm.h), and remove no more than the others: a rate then removes
	 * all of these if they are fewer.  The scope is LT_SCOPE_NETWORK or
	 * LT_SCOPE_LAYER.  nm.n = 0: no groups. */
	struct lt_nm nm;
};

/* out <- a mask over the n layers.  It keeps no weight that old removes (NULL:
 * old removes none; nor does it in layers that it does not name).  LT_EDATA if
 * a weight or score is not finite, LT_EUSAGE if the target sparsity is below
 * that of old or above what opt->nm leaves. */
int lt_prune(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old, const struct lt_prune_opt *opt,
	struct lt_err *err);

/* out <- a mask over the n layers that keeps the weights that are not 0; -0
 * counts as 0.  LT_EDATA if a weight is not finite. */
int lt_prune_zeros(struct lt_mask *out, const struct lt_prunable *layer,
	size_t n, struct lt_err *err);

/* out <- the mask like, shuffled: each of its layers keeps as many weights, at
 * places drawn at random.  The places depend on the seed, the layer's name and
 * its size, so masks that are nested give masks that are nested. */
void lt_prune_like(
	struct lt_mask *out, const struct lt_mask *like, uint64_t seed);

/* Set use[i] to whether layer i is to be pruned.  kinds: "conv", "linear",
 * "conv,linear" (NULL: both).  exclude: "first", "last", names of nodes or
 * parameters, comma-separated (NULL: none).  LT_EUSAGE if a name is unknown. */
int lt_prune_choose(bool *use, const struct lt_prunable *layer, size_t n,
	const char *kinds, const char *exclude, struct lt_err *err);

#endif
