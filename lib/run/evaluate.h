/* Loss and accuracy of a network on samples, in evaluation mode. */
#ifndef LT_RUN_EVALUATE_H
#define LT_RUN_EVALUATE_H

#include "base/err.h"
#include "run/batch.h"
#include "engine/engine.h"
#include "engine/loss.h"

struct lt_evaluation {
	size_t n;
	double loss;	   /* mean */
	size_t top1, top5; /* how many were right, or among the first five */
	/* The number of samples that have a logit that is not finite, and the
	 * first. */
	size_t lost;
	uint32_t first_lost;
};

/* Evaluate the samples of b->index in order, batch images at a time; b->augment
 * must be LT_AUGMENT_NONE.  each (or NULL) is called for every sample, in
 * order. */
typedef void lt_evaluate_each(
	void *arg, uint32_t index, int32_t label, const struct lt_outcome *o);
int lt_evaluate(struct lt_evaluation *e, struct lt_engine *x,
	const struct lt_batch_opt *b, int batch, lt_evaluate_each *each,
	void *arg, struct lt_err *err);

/* LT_EDATA if a logit was not finite; path names the network. */
int lt_evaluate_finite(
	const struct lt_evaluation *e, const char *path, struct lt_err *err);

/* Check that the network accepts the data set's images and number of classes;
 * else LT_EDATA. */
int lt_evaluate_fits(const struct lt_graph *g, const char *model_path,
	const struct lt_dataset *d, struct lt_err *err);

#endif
