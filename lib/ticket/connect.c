/* Points of a line between two networks, and its barrier. */
#include "run/recalibrate.h"
#include "ticket/connect.h"

/* In double, and rounded once; both ends are exact. */
static void
between(struct lt_model *m, const struct lt_model *a, const struct lt_model *b,
	double t)
{
	for (size_t i = 0; i < m->g->floats; i++)
		m->w[i] = (float)((1 - t) * (double)a->w[i] +
				  t * (double)b->w[i]);
}

int
lt_line_at(struct lt_evaluation *e, const struct lt_line *l, double t,
	struct lt_err *err)
{
	between(l->m, l->a, l->b, t);
	lt_engine_touch(l->x);
	if (l->stats && l->m->g->nbn &&
		lt_recalibrate(l->m, l->x, l->stats, l->batch, err) < 0)
		return -1;
	if (lt_evaluate(e, l->x, l->eval, l->batch, NULL, NULL, err) < 0)
		return -1;
	if (!e->lost)
		return 0;
	return lt_fail(err, LT_EDATA,
		"the logits are not finite for %zu of %zu samples at %g of the "
		"line",
		e->lost, e->n, t);
}

static double
error_of(const struct lt_evaluation *e)
{
	return 100.0 * (double)(e->n - e->top1) / (double)e->n;
}

void
lt_barrier_of(struct lt_barrier *b, const double *at,
	const struct lt_evaluation *e, size_t n)
{
	const struct lt_evaluation *last = &e[n - 1];
	size_t loss = 0, error = 0;

	for (size_t i = 1; i < n; i++) {
		if (e[i].loss > e[loss].loss)
			loss = i;
		if (e[i].top1 < e[error].top1)
			error = i;
	}
	*b = (struct lt_barrier){
		.loss = e[loss].loss - (e[0].loss + last->loss) / 2,
		.loss_at = at[loss],
		.error = error_of(&e[error]) -
			 (error_of(&e[0]) + error_of(last)) / 2,
		.error_at = at[error],
	};
}
