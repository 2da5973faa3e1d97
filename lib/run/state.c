/* Training states. */
#include "run/state.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "mask/maskfile.h"
#include "run/checkpoint.h"

/* The numbers of a session, which are metadata of a state. */
static const struct number {
	const char *key;
	bool real; /* double, else uint64_t */
	size_t at;
} numbers[] = {
	{"lt.iteration", false, offsetof(struct session, at)},
	{"lt.run.presentations", false,
		offsetof(struct session, presentations)},
	{"lt.run.macs", false, offsetof(struct session, macs)},
	{"lt.run.seen", false, offsetof(struct session, epoch.seen)},
	{"lt.run.right", false, offsetof(struct session, epoch.right)},
	{"lt.run.loss", true, offsetof(struct session, epoch.loss)},
	{"lt.run.lr", true, offsetof(struct session, rate)},
	{.key = NULL},
};
/* Only optimizers that count their steps have this. */
static const struct number step_numbers[] = {
	{"lt.run.steps", false, offsetof(struct session, steps)},
	{.key = NULL},
};
/* There only where an epoch has ended. */
static const struct number best_numbers[] = {
	{"lt.run.best_acc", true, offsetof(struct session, best.accuracy)},
	{"lt.run.best_at", false, offsetof(struct session, best.at)},
	{.key = NULL},
};

static void
numbers_to_st(
	const struct session *s, const struct number *row, struct lt_st *st)
{
	for (; row->key; row++) {
		const void *v = (const char *)s + row->at;
		if (row->real)
			lt_st_format_meta(
				st, row->key, "%.17g", *(const double *)v);
		else
			lt_st_format_meta(
				st, row->key, "%" PRIu64, *(const uint64_t *)v);
	}
}

static const struct lt_optimizer *
optimizer(const struct session *s)
{
	return &lt_optimizers[s->set.opt.optim.kind];
}

/* Moments are "optim.<parameter>.<moment>". */
static void
moment_to_st(const struct session *s, int k, struct lt_st *st)
{
	const struct lt_graph *g = s->in->g;
	float *moment = lt_engine_moment(s->x, k);

	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		if (!p->trainable)
			continue;
		char *name = lt_asprintf(
			"optim.%s.%s", p->name, optimizer(s)->moment[k]);
		lt_st_add(st, name, LT_F32, p->ndim, p->shape,
			moment + p->offset, true);
		free(name);
	}
}

/* The distances as text, the caller's. */
static char *
distances_text(const struct lt_stop *p)
{
	char *text = lt_strdup("");

	for (int i = 0; i < p->n; i++) {
		char *more =
			lt_asprintf("%s%s%.17g", text, i ? "," : "", p->d[i]);
		free(text);
		text = more;
	}
	return text;
}

/* Candidate masks of the stop rule are "stop.<k>.<parameter>". */
static void
stop_to_st(const struct lt_stop *p, struct lt_st *st)
{
	for (int k = 0; k < p->masks; k++)
		for (size_t i = 0; i < p->mask[k].n; i++) {
			const struct lt_mask_layer *l = &p->mask[k].layer[i];
			char *name = lt_asprintf("stop.%d.%s", k, l->name);
			lt_st_add(st, name, LT_U8, l->ndim, l->shape, l->keep,
				true);
			free(name);
		}
	char *distances = distances_text(p);
	lt_st_set_meta(st, "lt.stop.settings", p->settings);
	lt_st_set_meta(st, "lt.stop.distances", distances);
	lt_st_format_meta(st, "lt.stop.started", "%d", p->started);
	lt_st_format_meta(st, "lt.stop.masks", "%d", p->masks);
	if (!isnan(p->last))
		lt_st_format_meta(st, "lt.stop.last", "%.17g", p->last);
	if (p->opt.relative > 0) {
		lt_st_format_meta(st, "lt.stop.firsts", "%d", p->firsts);
		lt_st_format_meta(
			st, "lt.stop.first_sum", "%.17g", p->first_sum);
	}
	free(distances);
}

void
state_to_st(const struct session *s, struct lt_st *st)
{
	const struct inputs *in = s->in;
	uint64_t n = in->data.n, places = in->index.n;

	lt_model_to_st(&in->model, "", st);
	checkpoint_meta(s, st, "state", s->at);
	for (int k = 0; k < optimizer(s)->moments; k++)
		moment_to_st(s, k, st);
	if (optimizer(s)->counts)
		numbers_to_st(s, step_numbers, st);
	if (in->masked)
		lt_mask_to_st(&in->mask, st);
	lt_st_add(st, "run.last", LT_U8, 1, &n, s->last, true);
	lt_st_add(st, "run.bits", LT_U8, 1, &places, s->epoch.bit, true);
	if (!isnan(s->best.accuracy)) {
		lt_model_to_st(&s->best.model, "best.", st);
		numbers_to_st(s, best_numbers, st);
	}
	stop_to_st(&s->stop, st);
	lt_st_format_meta(st, "lt.stop.stopped", "%d", s->stopped);
	lt_st_set_meta(st, "lt.run.settings", s->set.text);
	lt_st_format_meta(st, "lt.run.input", "%08x", s->set.input);
	lt_st_format_meta(st, "lt.run.mask", "%08x", s->set.mask);
	lt_st_format_meta(st, "lt.run.start", "%" PRIu64, s->set.start);
	numbers_to_st(s, numbers, st);
}

int
state_write(const struct session *s, const char *path, struct lt_err *err)
{
	struct lt_st st = {0};

	state_to_st(s, &st);
	int bad = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return bad;
}

/* ---- and back ------------------------------------------------------------ */

int
state_u64(const struct lt_st *st, const char *key, uint64_t *to,
	const char *path, struct lt_err *err)
{
	const char *s = lt_st_meta(st, key);

	if (s && lt_num_u64(s, to))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: '%s' is not a number", path, key);
}

static int
get_f64(const struct lt_st *st, const char *key, double *to, const char *path,
	struct lt_err *err)
{
	const char *s = lt_st_meta(st, key);

	if (s && lt_num_f64(s, to))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: '%s' is not a number", path, key);
}

static int
get_numbers(struct session *s, const struct number *row, const struct lt_st *st,
	const char *path, struct lt_err *err)
{
	for (; row->key; row++) {
		void *v = (char *)s + row->at;
		if (row->real ? get_f64(st, row->key, v, path, err)
			      : state_u64(st, row->key, v, path, err))
			return -1;
	}
	return 0;
}

/* Take a tensor of bits: 0, 1 or 255. */
static int
get_bits(const struct lt_st *st, const char *name, uint8_t *to, size_t n,
	const char *path, struct lt_err *err)
{
	const struct lt_st_tensor *t = lt_st_find(st, name);

	if (!t || t->dtype != LT_U8 || t->count != n)
		return lt_fail(err, LT_EDATA, "%s: '%s' is not %zu bytes", path,
			name, n);
	memcpy(to, t->data, n);
	for (size_t i = 0; i < n; i++)
		if (to[i] > 1 && to[i] != 255)
			return lt_fail(err, LT_EDATA,
				"%s: '%s' contains bytes other than 0, 1 and "
				"255",
				path, name);
	return 0;
}

static int
get_moment(struct session *s, int k, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const struct lt_graph *g = s->in->g;
	const char *moment = optimizer(s)->moment[k];

	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		if (!p->trainable)
			continue;
		char *name = lt_asprintf("optim.%s.%s", p->name, moment);
		const struct lt_st_tensor *t = lt_st_find(st, name);
		free(name);
		if (!t || t->dtype != LT_F32 || t->count != p->count)
			return lt_fail(err, LT_EDATA, "%s: no %s of '%s'", path,
				moment, p->name);
		if (!lt_num_finite(t->data, t->count))
			return lt_fail(err, LT_EDATA,
				"%s: '%s' contains values that are not finite",
				path, t->name);
		memcpy(lt_engine_moment(s->x, k) + p->offset, t->data, t->size);
	}
	return 0;
}

static int
get_moments(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	for (int k = 0; k < optimizer(s)->moments; k++)
		if (get_moment(s, k, st, path, err) < 0)
			return -1;
	return optimizer(s)->counts
		       ? get_numbers(s, step_numbers, st, path, err)
		       : 0;
}

static int
get_distances(struct lt_stop *p, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.stop.distances");

	for (p->n = 0; text && *text;) {
		size_t len = strcspn(text, ",");
		char *one = lt_strndup(text, len);
		bool ok = p->n < p->opt.queue && lt_num_f64(one, &p->d[p->n]);
		free(one);
		if (!ok)
			return lt_fail(err, LT_EDATA,
				"%s: lt.stop.distances is not a list of at "
				"most %d numbers",
				path, p->opt.queue);
		p->n++;
		text += len + (text[len] == ',');
	}
	return 0;
}

static int
get_firsts(struct lt_stop *p, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	uint64_t n;

	if (p->opt.relative <= 0)
		return 0;
	if (state_u64(st, "lt.stop.firsts", &n, path, err) < 0 ||
		get_f64(st, "lt.stop.first_sum", &p->first_sum, path, err) < 0)
		return -1;
	if (n > (uint64_t)p->opt.queue)
		return lt_fail(err, LT_EDATA,
			"%s: lt.stop.firsts: expected 0 to %d, found %" PRIu64,
			path, p->opt.queue, n);
	p->firsts = (int)n;
	return 0;
}

/* The layers of candidate k are the tensors with its prefix. */
static int
get_candidate(struct session *s, const struct lt_st *st, int k,
	const char *path, struct lt_err *err)
{
	char prefix[24];
	int n = snprintf(prefix, sizeof prefix, "stop.%d.", k);
	struct lt_mask *mask = &s->stop.mask[k];

	s->stop.masks = k + 1;
	mask->method = lt_strdup(lt_stop_method(&s->stop.opt));
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (strncmp(t->name, prefix, (size_t)n) != 0)
			continue;
		if (t->dtype != LT_U8)
			return lt_fail(err, LT_EDATA, "%s: '%s' is not U8",
				path, t->name);
		struct lt_mask_layer *l =
			lt_mask_add(mask, t->name + n, t->ndim, t->shape);
		for (size_t j = 0; j < t->size; j++)
			l->keep[j] = ((const uint8_t *)t->data)[j] != 0;
	}
	lt_mask_count(mask);
	return lt_model_check_mask(s->in->g, mask, path, path, err);
}

static int
get_candidates(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const struct lt_stop *p = &s->stop;
	uint64_t n, most = p->opt.rule == LT_STOP_PAIRWISE
				   ? 1
				   : (uint64_t)p->opt.queue - 1;

	if (state_u64(st, "lt.stop.masks", &n, path, err) < 0)
		return -1;
	if (n > most)
		return lt_fail(err, LT_EDATA,
			"%s: %" PRIu64 " candidate masks are too many", path,
			n);
	for (int k = 0; k < (int)n; k++)
		if (get_candidate(s, st, k, path, err) < 0)
			return -1;
	return 0;
}

/* If the state has another stop rule, or none, this session's rule begins
 * here. */
static int
get_stop(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	struct lt_stop *p = &s->stop;
	const char *settings = lt_st_meta(st, "lt.stop.settings");
	uint64_t started, stopped;

	lt_stop_clear(p);
	if (p->opt.rule == LT_STOP_OFF || !settings ||
		strcmp(settings, p->settings) != 0)
		return 0;
	if (state_u64(st, "lt.stop.started", &started, path, err) < 0 ||
		state_u64(st, "lt.stop.stopped", &stopped, path, err) < 0 ||
		get_distances(p, st, path, err) < 0 ||
		get_firsts(p, st, path, err) < 0)
		return -1;
	if (lt_st_meta(st, "lt.stop.last") &&
		get_f64(st, "lt.stop.last", &p->last, path, err) < 0)
		return -1;
	p->started = started;
	s->stopped = stopped;
	return get_candidates(s, st, path, err);
}

static int
get_best(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	if (!lt_st_meta(st, best_numbers[0].key))
		return 0;
	if (lt_model_from_st(&s->best.model, st, "best.", path, err) < 0)
		return -1;
	return get_numbers(s, best_numbers, st, path, err);
}

int
state_read(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	struct inputs *in = s->in;

	if (lt_model_from_st(&in->model, st, "", path, err) < 0 ||
		get_best(s, st, path, err) < 0 ||
		get_moments(s, st, path, err) < 0 ||
		get_bits(st, "run.last", s->last, in->data.n, path, err) < 0 ||
		get_bits(st, "run.bits", s->epoch.bit, in->index.n, path, err) <
			0 ||
		get_numbers(s, numbers, st, path, err) < 0 ||
		get_stop(s, st, path, err) < 0)
		return -1;
	lt_engine_set_mask(s->x, inputs_mask(in));
	return 0;
}
