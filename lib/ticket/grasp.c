/* GraSP: w (H g) (Wang, Zhang and Grosse 2020, "Picking winning tickets before
 * training by preserving gradient flow", section 4). */
#include <math.h>
#include <string.h>
#include "ticket/saliency.h"
#include "ticket/saliency_int.h"

/* Set a to 0 outside the prunable weights, which alone count; return the sum of
 * its squares. */
static double
squares(const struct lt_saliency *s, double *a)
{
	double sum = 0;

	for (int i = 0; i < s->g->nparam; i++) {
		const struct lt_param *p = &s->g->param[i];
		for (size_t j = p->offset; j < p->offset + p->count; j++) {
			a[j] = p->prunable ? a[j] : 0;
			sum += a[j] * a[j];
		}
	}
	return sum;
}

static int
grasp(struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	size_t n = s->g->floats;

	if (lt_saliency_flow(s, mask, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		s->score[i] = (double)s->m.w[i];
	double w = squares(s, s->score), g = squares(s, s->flow);
	double h = g > 0 && w > 0 ? LT_GRASP_STEP * sqrt(w / g) : 1;
	memset(s->score, 0, n * sizeof *s->score);
	if (lt_saliency_curve(s, h, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		s->score[i] *= (double)s->m.w[i];
	return 0;
}

static int
start_grasp(struct lt_saliency *s, struct lt_err *err)
{
	int bad = lt_saliency_exact(s, err);

	s->temperature = s->opt.temperature;
	return bad;
}

const struct lt_saliency_kind lt_grasp = {
	.start = start_grasp, .score = grasp, .value = sizeof(double)};
