/* Points of a line between two networks, and its barrier. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "run/loader.h"
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

/* Training mode counts batches and, with the engine's average, makes the
 * running statistics the mean over those counted. */
static int
take_statistics(const struct lt_line *l, struct lt_err *err)
{
	const struct lt_batch_opt *b = l->stats;
	size_t n = b->index->n, batch = (size_t)l->batch;
	const int32_t *label;
	int bad = 0;

	if (batch > n)
		batch = n;
	memset(l->m->batches, 0, (size_t)l->m->g->nbn * sizeof *l->m->batches);
	uint32_t *order = lt_alloc(n, sizeof *order);
	lt_batch_order(order, n, b->seed, 0);
	struct lt_loader *loader = lt_loader_new(b, l->x, l->batch);
	n -= n % batch;
	if (n)
		lt_loader_start(loader, order, (int)batch, 0);
	for (size_t i = 0; i < n && !bad; i += batch) {
		bad = lt_loader_take(loader, &label, err);
		if (bad)
			break;
		if (i + batch < n)
			lt_loader_start(
				loader, order + i + batch, (int)batch, 0);
		lt_engine_forward(l->x, (int)batch, true, i / batch);
	}
	lt_loader_free(loader);
	free(order);
	lt_engine_touch(l->x);
	return bad;
}

int
lt_line_at(struct lt_evaluation *e, const struct lt_line *l, double t,
	struct lt_err *err)
{
	between(l->m, l->a, l->b, t);
	lt_engine_touch(l->x);
	if (l->stats && l->m->g->nbn && take_statistics(l, err) < 0)
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
