/* Evaluation, and whether data and network belong together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "run/evaluate.h"
#include "run/loader.h"

static int
samples(const struct lt_batch_opt *b, size_t first, int batch)
{
	size_t left = b->index->n - first;

	return left < (size_t)batch ? (int)left : batch;
}

static void
add_up(struct lt_evaluation *e, const struct lt_outcome *out,
	const uint32_t *index, const int32_t *label, int n,
	lt_evaluate_each *each, void *arg)
{
	for (int i = 0; i < n; i++) {
		e->loss += out[i].loss;
		e->top1 += out[i].rank == 0;
		e->top5 += out[i].rank < 5;
		if (out[i].predicted < 0 && !e->lost++)
			e->first_lost = index[i];
		if (each)
			each(arg, index[i], label[i], &out[i]);
	}
}

static void
start(struct lt_loader *l, const struct lt_batch_opt *b, const uint32_t *places,
	size_t first, int batch)
{
	int n = samples(b, first, batch);

	lt_loader_start(
		l, places + first, n, b->index->n - first - (size_t)n, 0);
}

int
lt_evaluate(struct lt_evaluation *e, struct lt_engine *x,
	const struct lt_batch_opt *b, int batch, lt_evaluate_each *each,
	void *arg, struct lt_err *err)
{
	size_t n = b->index->n;
	uint32_t *places = lt_alloc(n, sizeof *places);
	struct lt_outcome *out = lt_alloc((size_t)batch, sizeof *out);
	struct lt_loader *loader = lt_loader_new(b, x, batch);
	const int32_t *label;
	int bad = 0;

	*e = (struct lt_evaluation){.n = n};
	for (size_t i = 0; i < n; i++)
		places[i] = (uint32_t)i;
	if (n)
		start(loader, b, places, 0, batch);
	for (size_t first = 0; first < n && !bad; first += (size_t)batch) {
		int m = samples(b, first, batch);
		size_t next = first + (size_t)m;
		bad = lt_loader_take(loader, &label, err);
		if (bad)
			break;
		if (next < n)
			start(loader, b, places, next, batch);
		lt_engine_forward(x, m, false, 0);
		double t = lt_engine_watch(x);
		lt_loss(out, NULL, lt_engine_logits(x), label, m,
			lt_engine_classes(x));
		lt_engine_charge(x, t, LT_COST_LOSS);
		add_up(e, out, b->index->v + first, label, m, each, arg);
	}
	if (n)
		e->loss /= (double)n;
	lt_loader_free(loader);
	free(places);
	free(out);
	return bad;
}

int
lt_evaluate_finite(
	const struct lt_evaluation *e, const char *path, struct lt_err *err)
{
	if (!e->lost)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: its logits are not finite for %zu of %zu samples, the "
		"first is %" PRIu32,
		path, e->lost, e->n, e->first_lost);
}

int
lt_evaluate_fits(const struct lt_graph *g, const char *model_path,
	const struct lt_dataset *d, struct lt_err *err)
{
	int classes = g->node[g->output].c;

	if (d->c != g->c || d->h != g->h || d->w != g->w)
		return lt_fail(err, LT_EDATA,
			"%s has images of %dx%dx%d, %s (%s) takes %dx%dx%d",
			d->path, d->c, d->h, d->w, model_path, g->name, g->c,
			g->h, g->w);
	if (d->classes > classes)
		return lt_fail(err, LT_EDATA,
			"%s has %d classes, %s (%s) distinguishes %d", d->path,
			d->classes, model_path, g->name, classes);
	return 0;
}
