/* GraNd (Paul, Ganguli and Dziugaite 2021, "Deep Learning on a Data Diet:
 * Finding Important Examples Early in Training", section 2): the Euclidean norm
 * of the gradient that one sample alone gives,
 *
 *	GraNd(x, y) = |d loss(w; x, y) / dw| ,
 *
 * over all trainable parameters w: weights, biases, scales and shifts.  Batch
 * norms use their running statistics.  Everything is computed in double, sample
 * by sample (exact/exact.h), so the results do not depend on a batch.
 */
#ifndef LT_TICKET_GRAND_H
#define LT_TICKET_GRAND_H

#include "base/err.h"
#include "net/model.h"
#include "run/batch.h"

/* norm[b->index->n] <- GraNd of each sample of b->index, which is not
 * augmented.  A weight of the model that is exactly 0 counts as removed: its
 * gradient takes no part.  macs, or NULL, grows by the multiply-adds.  The norm
 * is NaN if a logit is not finite. */
int lt_grand(double *norm, uint64_t *macs, const struct lt_model *m,
	const struct lt_batch_opt *b, int threads, struct lt_err *err);

#endif
