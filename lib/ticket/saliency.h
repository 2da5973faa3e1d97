/* Scores of weights that take gradients of the network: of its loss on samples,
 * or of a signal through it without data.  Larger = keep, for lt_prune.  Which
 * criteria score so, the table of ticket/criteria.h says.
 *
 * snip: |w dL/dw| (Lee, Ajanthan and Torr 2019, "SNIP: single-shot network
 * pruning based on connection sensitivity", section 4.1; their division by the
 * sum changes no order).
 *
 * grasp: w (H g), g and H gradient and Hessian of the loss at logits /
 * temperature by all convolution and linear weights that are kept (Wang, Zhang
 * and Grosse 2020, "Picking winning tickets before training by preserving
 * gradient flow", section 4: theirs is -w (H g), and the largest go).  In
 * double: H g = (g(w + h g) - g(w - h g)) / 2h with h |g| = LT_GRASP_STEP |w|,
 * of the network whose ReLUs and maxima are held as they are at w
 * (lt_exact_hold): a difference over the kinks would not be the Hessian for any
 * h.
 *
 * synflow: |w dR/dw|, R the sum of the logits of one image of ones in the
 * network of absolute weights, biases and statistics, batch norms in evaluation
 * mode (Tanaka et al. 2020, "Pruning neural networks without any data by
 * iteratively conserving synaptic flow", algorithm 1), in double, by
 * exact/exact.h.  The paper takes 100 steps.
 *
 * L is the mean cross-entropy of all samples, as they look without
 * augmentation.  Batch norms use the statistics of each batch, as in training,
 * or with opt.bn_eval the running ones; snip then computes in double, by
 * exact/exact.h.  Running statistics do not change.  Dropout and dropconnect
 * are off.  Samples are shuffled by the seed into as few batches of at most
 * opt.batch as can be, of sizes that differ by one at most; gradients are added
 * in double, batch after batch.  A weight that the mask does not keep is 0 and
 * has no gradient.
 */
#ifndef LT_TICKET_SALIENCY_H
#define LT_TICKET_SALIENCY_H

#include "mask/prune.h"
#include "net/model.h"
#include "ticket/samples.h"

#define LT_GRASP_STEP 1e-4

struct lt_saliency_opt {
	const struct lt_samples *samples; /* of criteria that need data */
	double temperature; /* of those that divide logits by one */
	bool bn_eval;	    /* batch norms take the running statistics */
	int batch;	    /* 0: what lt_saliency_batch says */
	int threads;	    /* the scores are the same bytes for every number */
	uint64_t seed;
};

struct lt_criterion;
struct lt_saliency;

/* For criterion c, which needs gradients.  The model, what opt names and the
 * graph are borrowed and not changed. */
struct lt_saliency *lt_saliency_new(const struct lt_criterion *c,
	const struct lt_model *m, const struct lt_saliency_opt *opt,
	struct lt_err *err);
void lt_saliency_free(struct lt_saliency *s); /* NULL is allowed */

/* An lt_prune_score; arg is the struct lt_saliency.  LT_EDATA when the loss is
 * not finite. */
int lt_saliency_score(double *const *score, const struct lt_prunable *layer,
	size_t n, const struct lt_mask *mask, void *arg, struct lt_err *err);

/* What all scores so far have cost: images presented, each time counted, and
 * multiply-adds as lt_engine_macs counts them. */
void lt_saliency_cost(
	const struct lt_saliency *s, uint64_t *images, uint64_t *macs);

/* 256, halved while the values of all nodes, of so many bytes each (4, or 8 of
 * what is computed in double), would take more than 4 GiB, but no fewer
 * than 16. */
int lt_saliency_batch(const struct lt_graph *g, size_t value);

#endif
