/* The table of pruning criteria: how each scores weights, and what it needs to
 * do so.  lt-prune's --method, --help and --list-methods read this table, and
 * the workflows read the list that lt-prune prints.
 *
 *	const struct lt_criterion *c = lt_criterion_find("snip");
 *	struct lt_criterion_opt o = {.amount = 0.9};
 *	if (lt_criterion_gradients(c))
 *		o.saliency = lt_saliency_new(c, &model, &so, err);
 *	lt_criterion_prune(&mask, c, layer, n, old, &o, err);
 *	lt_saliency_free(o.saliency);
 *
 * A new criterion is a row of this table and, if its scores need more than a
 * few lines, a file beside it (snip.c, force.c, grasp.c, synflow.c,
 * lamp.c).
 */
#ifndef LT_TICKET_CRITERIA_H
#define LT_TICKET_CRITERIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "mask/prune.h"
#include "net/unitmask.h"

struct lt_saliency;
struct lt_saliency_kind;

/* v[i] <- a number for weight i of p that depends on the seed; weights with the
 * smallest |v| are removed first. */
typedef void lt_criterion_sizes(
	float *v, const struct lt_prunable *p, uint64_t seed);

struct lt_criterion {
	const char *name;
	const char *help; /* what it ranks, in a few words */
	enum lt_scope scope;
	lt_prune_share *share;	   /* with LT_SCOPE_SHARE */
	int steps;		   /* default number of steps; 0: one */
	bool data;		   /* needs samples of a data set */
	bool seed;		   /* the mask depends on the seed */
	bool returns;		   /* a weight that a step removed can return */
	bool temperature;	   /* divides logits by a temperature */
	lt_unit_score *unit;	   /* scores of whole units; NULL: weights are
				      ranked one by one */
	lt_criterion_sizes *sizes; /* numbers to rank by size; NULL: the
				      weights themselves */
	/* Scores that need gradients of the network, with batch norms in
	 * training mode and in evaluation mode; NULL: none are needed. */
	const struct lt_saliency_kind *train, *eval;
};

/* Row i, or NULL after the last; the row with this name, or NULL. */
const struct lt_criterion *lt_criterion_at(size_t i);
const struct lt_criterion *lt_criterion_find(const char *name);
/* The name of row i, NULL after the last. */
const char *lt_criterion_name(size_t i);
/* True if the criterion needs gradients, and so lt_criterion_opt.saliency. */
bool lt_criterion_gradients(const struct lt_criterion *c);

/* True if the criterion can prune within groups of N:M masks. */
bool lt_criterion_groups(const struct lt_criterion *c);

struct lt_criterion_opt {
	bool by_rate;  /* amount is a rate of the remaining weights (units),
			  ... */
	double amount; /* ... or a target sparsity of all covered ones */
	int steps;     /* 0: the criterion's default */
	uint64_t seed; /* for lt_criterion_sizes */
	const struct lt_model *model; /* for criteria that rank units */
	struct lt_saliency *saliency; /* for criteria that need gradients */
	struct lt_nm
		nm; /* groups as in lt_prune_opt; see lt_criterion_groups */
};

/* Prune by criterion c; the other arguments are those of lt_prune. */
int lt_criterion_prune(struct lt_mask *out, const struct lt_criterion *c,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *old,
	const struct lt_criterion_opt *opt, struct lt_err *err);

#endif
