/* Private to saliency.c and the criteria that compute gradients: kinds of
 * scores, and what they share.  Each kind has a file: snip.c, force.c,
 * grasp.c, synflow.c.
 */
#ifndef LT_TICKET_SALIENCY_INT_H
#define LT_TICKET_SALIENCY_INT_H

#include "engine/engine.h"
#include "engine/loss.h"
#include "exact/exact.h"
#include "ticket/saliency.h"

struct lt_saliency_kind {
	int (*start)(struct lt_saliency *s, struct lt_err *err);
	/* Fill s->score for all weights under mask. */
	int (*score)(struct lt_saliency *s, const struct lt_mask *mask,
		struct lt_err *err);
	size_t value; /* bytes of a node's value while it computes */
	bool dense;   /* in double: removed weights have gradients, too */
};

extern const struct lt_saliency_kind lt_snip, lt_snip_eval, lt_force,
	lt_force_eval, lt_grasp, lt_synflow;

struct lt_saliency {
	const struct lt_saliency_kind *kind;
	const struct lt_model *model;
	struct lt_saliency_opt opt;
	double temperature; /* logits are divided by it */
	int batch;
	struct lt_graph *g; /* the model's, without dropout */
	struct lt_model m;  /* of g: what the engine computes with */
	struct lt_engine *x;
	struct lt_exact *exact;
	uint32_t *order; /* places in samples->drawn */
	int32_t *label;	 /* [batch] */
	struct lt_outcome *out;
	float *image;  /* a batch as lt_batch_load lays it out */
	double *score; /* as lt_model.w */
	double *flow;  /* a gradient in double, the same */
	uint64_t images, macs;
};

/* ---- in single precision, by the engine ---------------------------------- */

/* A start: the engine and the batches. */
int lt_saliency_engine(struct lt_saliency *s, struct lt_err *err);
/* s->m <- the weights of the model that the mask keeps, and its statistics. */
void lt_saliency_restore(struct lt_saliency *s, const struct lt_mask *mask);
/* sum <- the gradient of the loss at the weights of s->m, under its mask. */
int lt_saliency_gradient(
	struct lt_saliency *s, double *sum, struct lt_err *err);

/* ---- in double precision, by exact/exact.h ------------------------------- */

/* A start: the batches, s->flow and a temperature of 1. */
int lt_saliency_exact(struct lt_saliency *s, struct lt_err *err);
/* s->flow <- the gradient of the loss at the weights that the mask keeps, which
 * s->m then has. */
int lt_saliency_flow(
	struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err);
/* s->score += the difference of the gradients at w + h g and w - h g, over 2h:
 * w the weights of s->m, g s->flow; h > 0. */
int lt_saliency_curve(struct lt_saliency *s, double h, struct lt_err *err);

#endif
