/* SNIP: |w dL/dw| (Lee, Ajanthan and Torr 2019, "SNIP: single-shot network
 * pruning based on connection sensitivity", section 4.1). */
#include <math.h>
#include "ticket/saliency_int.h"

static int
snip(struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	lt_saliency_restore(s, mask);
	if (lt_saliency_gradient(s, s->score, err) < 0)
		return -1;
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = fabs((double)s->m.w[i] * s->score[i]);
	return 0;
}

static int
snip_exact(
	struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	if (lt_saliency_flow(s, mask, err) < 0)
		return -1;
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = fabs((double)s->m.w[i] * s->flow[i]);
	return 0;
}

/* The engine goes backward in training mode alone. */
const struct lt_saliency_kind lt_snip = {
	.start = lt_saliency_engine, .score = snip, .value = sizeof(float)};
const struct lt_saliency_kind lt_snip_eval = {.start = lt_saliency_exact,
	.score = snip_exact,
	.value = sizeof(double)};
