/* FORCE: |w dL/dw|, the gradient at the weights that the mask keeps, for all
 * weights: a removed one has the score that it would have if it came back (de
 * Jorge et al. 2021, "Progressive skeletonization: trimming more fat from a
 * network at initialization", section 4.2). */
#include <math.h>
#include <string.h>
#include "ticket/saliency_int.h"

/* The engine knows no mask, because it computes no gradient of a weight that
 * its mask removes. */
static int
force(struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	memcpy(s->m.w, s->model->w, s->g->floats * sizeof *s->m.w);
	lt_model_apply_mask(&s->m, mask);
	lt_engine_touch(s->x);
	if (lt_saliency_gradient(s, s->score, err) < 0)
		return -1;
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = fabs((double)s->model->w[i] * s->score[i]);
	return 0;
}

static int
force_exact(
	struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	if (lt_saliency_flow(s, mask, err) < 0)
		return -1;
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = fabs((double)s->model->w[i] * s->flow[i]);
	return 0;
}

const struct lt_saliency_kind lt_force = {
	.start = lt_saliency_engine, .score = force, .value = sizeof(float)};
const struct lt_saliency_kind lt_force_eval = {.start = lt_saliency_exact,
	.score = force_exact,
	.value = sizeof(double),
	.dense = true};
