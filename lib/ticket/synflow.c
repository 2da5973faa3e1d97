/* SynFlow: |w dR/dw| (Tanaka et al. 2020, "Pruning neural networks without any
 * data by iteratively conserving synaptic flow", algorithm 1). */
#include <math.h>
#include <string.h>
#include "ticket/saliency_int.h"

static int
synflow(struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	double *w = lt_exact_weights(s->exact);

	(void)err;
	memcpy(s->m.w, s->model->w, s->g->floats * sizeof *s->m.w);
	lt_model_apply_mask(&s->m, mask);
	for (size_t i = 0; i < s->g->floats; i++)
		w[i] = fabs((double)s->m.w[i]);
	lt_exact_forward(s->exact, false);
	lt_exact_backward(s->exact);
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = w[i] * fabs(lt_exact_grad(s->exact)[i]);
	s->images++;
	s->macs = lt_exact_macs(s->exact);
	return 0;
}

static void
fill(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = 1;
}

/* The input is one image of ones.  The gradient of the sum of the logits with
 * respect to each logit is 1. */
static int
start_synflow(struct lt_saliency *s, struct lt_err *err)
{
	int out = s->g->output;

	(void)err;
	s->exact = lt_exact_new(s->g, 1, s->opt.threads);
	fill(lt_exact_input(s->exact),
		(size_t)s->g->c * lt_exact_plane(s->exact, 0));
	for (int c = 0; c < s->g->node[out].c; c++)
		lt_exact_dlogits(
			s->exact)[(size_t)c * lt_exact_plane(s->exact, out)] =
			1;
	return 0;
}

const struct lt_saliency_kind lt_synflow = {
	.start = start_synflow, .score = synflow, .value = sizeof(double)};
