/* Evaluation, and whether data and network belong together. */
#include <inttypes.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "learn/evaluate.h"
#include "learn/loader.h"

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

int
lt_evaluate(struct lt_evaluation *e, struct lt_exec *x,
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
		lt_loader_start(loader, places, samples(b, 0, batch), 0);
	for (size_t first = 0; first < n && !bad; first += (size_t)batch) {
		int m = samples(b, first, batch);
		size_t next = first + (size_t)m;
		bad = lt_loader_take(loader, &label, err);
		if (bad)
			break;
		if (next < n)
			lt_loader_start(loader, places + next,
				samples(b, next, batch), 0);
		lt_exec_forward(x, m, false, 0);
		double t = lt_exec_watch(x);
		lt_loss(out, NULL, lt_exec_logits(x), label, m,
			lt_exec_classes(x));
		lt_exec_charge(x, t, LT_COST_LOSS);
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
			"%s has %d classes, %s (%s) tells %d apart", d->path,
			d->classes, model_path, g->name, classes);
	return 0;
}

int
lt_norm_set(struct lt_norm *nm, const char *mean, const char *std, int channels,
	struct lt_err *err)
{
	int most = sizeof nm->mean / sizeof *nm->mean;

	if (channels > most)
		return lt_fail(err, LT_EUSAGE,
			"--mean: %d channels are over %d", channels, most);
	if (mean && lt_stats_parse(mean, nm->mean, channels) < 0)
		return lt_fail(err, LT_EUSAGE,
			"--mean: expected %d numbers, found '%s'", channels,
			mean);
	if (std && lt_stats_parse(std, nm->std, channels) < 0)
		return lt_fail(err, LT_EUSAGE,
			"--std: expected %d numbers, found '%s'", channels,
			std);
	for (int c = 0; c < channels; c++)
		if (!(nm->std[c] > 0))
			return lt_fail(err, LT_EUSAGE,
				"--std: %.9g is not positive",
				(double)nm->std[c]);
	return 0;
}

int
lt_norm_own(struct lt_norm *nm, const struct lt_st *st, const char *path,
	int channels, struct lt_err *err)
{
	const char *mean = lt_st_meta(st, "lt.mean");
	const char *std = lt_st_meta(st, "lt.std");

	if (!mean && !std)
		return 0;
	if (!mean || !std)
		return lt_fail(err, LT_EDATA,
			"%s: carries %s alone, expected lt.mean and lt.std",
			path, mean ? "lt.mean" : "lt.std");
	if (lt_stats_parse(mean, nm->mean, channels) < 0 ||
		lt_stats_parse(std, nm->std, channels) < 0)
		return lt_fail(err, LT_EDATA,
			"%s: lt.mean and lt.std are '%s' and '%s', expected %d "
			"numbers each",
			path, mean, std, channels);
	for (int c = 0; c < channels; c++)
		if (!(nm->std[c] > 0))
			return lt_fail(err, LT_EDATA,
				"%s: lt.std is not positive", path);
	return 1;
}

int
lt_norm_from(struct lt_norm *nm, const struct lt_st *st, const char *path,
	const struct lt_dataset *d, struct lt_err *err)
{
	memcpy(nm->mean, d->mean, sizeof nm->mean);
	memcpy(nm->std, d->std, sizeof nm->std);
	return lt_norm_own(nm, st, path, d->c, err) < 0 ? -1 : 0;
}

char *
lt_norm_note(
	const struct lt_norm *nm, const struct lt_dataset *d, const char *path)
{
	size_t size = (size_t)d->c * sizeof *nm->mean;

	if (!memcmp(nm->mean, d->mean, size) && !memcmp(nm->std, d->std, size))
		return NULL;
	char *mean = lt_stats_text(nm->mean, d->c);
	char *std = lt_stats_text(nm->std, d->c);
	char *of_mean = lt_stats_text(d->mean, d->c);
	char *of_std = lt_stats_text(d->std, d->c);
	char *note = lt_asprintf("%s: images are normalized by mean %s, std "
				 "%s; the data set %s has mean %s, std %s",
		path, mean, std, d->path, of_mean, of_std);
	free(mean);
	free(std);
	free(of_mean);
	free(of_std);
	return note;
}

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t open;
	bool is_open;
};

static void *
wait_at(void *arg)
{
	struct gate *g = arg;

	pthread_mutex_lock(&g->lock);
	while (!g->is_open)
		pthread_cond_wait(&g->open, &g->lock);
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

/* How many of n threads the system lets us start at the same time.  OpenMP's
 * library ends the program if it gets fewer than it was asked for. */
static int
startable(int n)
{
	struct gate g = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
	pthread_t *t = lt_alloc((size_t)n, sizeof *t);
	int started = 0;

	while (started < n &&
		pthread_create(&t[started], NULL, wait_at, &g) == 0)
		started++;
	pthread_mutex_lock(&g.lock);
	g.is_open = true;
	pthread_cond_broadcast(&g.open);
	pthread_mutex_unlock(&g.lock);
	for (int i = 0; i < started; i++)
		pthread_join(t[i], NULL);
	free(t);
	return started;
}

int
lt_threads(int asked)
{
	int most = 4 * omp_get_num_procs();

	if (!asked)
		asked = omp_get_max_threads();
	if (most < 16)
		most = 16;
	if (asked < most)
		most = asked;
	/* One more: batches are loaded beside the computation. */
	int n = most > 1 ? startable(most) : 1;
	n = n > 1 ? n : 1;
	omp_set_num_threads(n);
	return n;
}
