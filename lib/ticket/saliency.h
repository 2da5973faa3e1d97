/* Scores of weights that need gradients of the network: of its loss on samples,
 * or of a signal through it without data.  Larger = keep, for lt_prune.  The
 * table of ticket/criteria.h names the criteria that use them.
 *
 * snip: |w dL/dw| (Lee, Ajanthan and Torr 2019, "SNIP: single-shot network
 * pruning based on connection sensitivity", section 4.1; their division by the
 * sum changes no order).
 *
 * force: the same, with the gradient at the weights that the mask keeps, for
 * all weights: removed ones too have scores (de Jorge et al. 2021, "Progressive
 * skeletonization: trimming more fat from a network at initialization", section
 * 4.2).
 *
 * grasp: w (H g), where g and H are the gradient and the Hessian of the loss at
 * logits / temperature with respect to all kept convolution and linear weights
 * (Wang, Zhang and Grosse 2020, "Picking winning tickets before training by
 * preserving gradient flow", section 4; their score is -w (H g), and the
 * largest go).  It is computed in double: H g = (g(w + h g) - g(w - h g)) / 2h
 * with h |g| = LT_GRASP_STEP |w|, where ReLUs and maxima are held as they are
 * at w (lt_exact_hold).  A difference across kinks would not be the Hessian for
 * any h.
 *
 * synflow: |w dR/dw|, where R is the sum of the logits for one image of ones,
 * in the network of absolute weights, biases and statistics with batch norms in
 * evaluation mode (Tanaka et al. 2020, "Pruning neural networks without any
 * data by iteratively conserving synaptic flow", algorithm 1).  It is computed
 * in double.  The paper takes 100 steps.
 *
 * L is the mean cross-entropy of all samples, without augmentation.  Batch
 * norms use the statistics of each batch, as in training, or the running ones
 * with opt.bn_eval; snip and force then compute in double.  Running statistics
 * do not change.  Dropout and dropconnect are off.  The seed shuffles samples
 * into as few batches of at most opt.batch as possible, whose sizes differ by
 * at most one; gradients are added in double, batch after batch.  A weight that
 * the mask does not keep is 0 and, except by force, has no gradient.
 */
#ifndef LT_TICKET_SALIENCY_H
#define LT_TICKET_SALIENCY_H

#include "mask/prune.h"
#include "net/model.h"
#include "ticket/samples.h"

#define LT_GRASP_STEP 1e-4

struct lt_saliency_opt {
	const struct lt_samples *samples; /* for criteria that need data */
	double temperature; /* for criteria that divide logits by it */
	bool bn_eval;	    /* batch norms use running statistics */
	int batch;	    /* 0: lt_saliency_batch decides */
	int threads;	    /* the scores do not depend on it */
	uint64_t seed;
};

struct lt_criterion;
struct lt_saliency;

/* Prepare scores of criterion c, which needs gradients.  The model, its graph
 * and what opt points to are borrowed and not changed. */
struct lt_saliency *lt_saliency_new(const struct lt_criterion *c,
	const struct lt_model *m, const struct lt_saliency_opt *opt,
	struct lt_err *err);
void lt_saliency_free(struct lt_saliency *s); /* NULL is allowed */

/* An lt_prune_score whose arg is the struct lt_saliency.  LT_EDATA if the loss
 * is not finite. */
int lt_saliency_score(double *const *score, const struct lt_prunable *layer,
	size_t n, const struct lt_mask *mask, void *arg, struct lt_err *err);

/* The cost of all scores so far: presentations of images, and multiply-adds as
 * lt_engine_macs counts them. */
void lt_saliency_cost(
	const struct lt_saliency *s, uint64_t *images, uint64_t *macs);

/* The default batch: 256, halved until the values of all nodes take at most 4
 * GiB, to a minimum of 16.  value is the size of a value in bytes: 4, or 8 in
 * double. */
int lt_saliency_batch(const struct lt_graph *g, size_t value);

#endif
