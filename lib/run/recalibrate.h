/* The running statistics of batch norms, recomputed from samples, for weights
 * that they no longer fit: those of a pruned network or between two networks.
 *
 *	struct lt_engine_opt opt = {.average = true, ...};
 *	struct lt_engine *x = lt_engine_new(&m, &opt, err);
 *	lt_recalibrate(&m, x, &samples, 256, err);
 */
#ifndef LT_RUN_RECALIBRATE_H
#define LT_RUN_RECALIBRATE_H

#include "base/err.h"
#include "engine/engine.h"
#include "run/batch.h"

/* Give every batch norm of m the plain mean over batches of each batch's mean
 * and unbiased variance, as PyTorch's update_bn computes them, and count the
 * batches.  x computes with m, with a mask in force or not; it has average set
 * and eval_only not.  Dropout is in force.  The seed of b determines the order
 * of its samples; samples that fill no batch are left out, unless there is no
 * whole batch. */
int lt_recalibrate(struct lt_model *m, struct lt_engine *x,
	const struct lt_batch_opt *b, int batch, struct lt_err *err);
/* How many samples that takes. */
size_t lt_recalibrate_samples(const struct lt_batch_opt *b, int batch);

#endif
