/* Training states: all of a run, to a file and back. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/num.h"
#include "mask/maskfile.h"
#include "run/run.h"

static char *
momentum_name(const struct lt_param *p)
{
	return lt_asprintf("optim.%s.momentum", p->name);
}

static void
momentum_to_st(const struct run *r, struct lt_st *st)
{
	for (int i = 0; i < r->g->nparam; i++) {
		const struct lt_param *p = &r->g->param[i];
		if (!p->trainable)
			continue;
		char *name = momentum_name(p);
		lt_st_add(st, name, LT_F32, p->ndim, p->shape,
			lt_engine_momentum(r->x) + p->offset, true);
		free(name);
	}
}

/* Candidate masks of the stop rule as "stop.<k>.<parameter>". */
static void
stop_to_st(const struct run *r, struct lt_st *st)
{
	const struct lt_stop *s = &r->stop;
	char *text = lt_strdup("");

	for (int k = 0; k < s->masks; k++)
		for (size_t i = 0; i < s->mask[k].n; i++) {
			const struct lt_mask_layer *l = &s->mask[k].layer[i];
			char *name = lt_asprintf("stop.%d.%s", k, l->name);
			lt_st_add(st, name, LT_U8, l->ndim, l->shape, l->keep,
				true);
			free(name);
		}
	for (int i = 0; i < s->n; i++) {
		char *more =
			lt_asprintf("%s%s%.17g", text, i ? "," : "", s->d[i]);
		free(text);
		text = more;
	}
	lt_st_set_meta(st, "lt.stop.settings", s->settings);
	lt_st_set_meta(st, "lt.stop.distances", text);
	run_set_meta(st, "lt.stop.started", "%d", s->started);
	run_set_meta(st, "lt.stop.masks", "%d", s->masks);
	if (!isnan(s->last))
		run_set_meta(st, "lt.stop.last", "%.17g", s->last);
	if (s->opt.relative > 0) {
		run_set_meta(st, "lt.stop.firsts", "%d", s->firsts);
		run_set_meta(st, "lt.stop.first_sum", "%.17g", s->first_sum);
	}
	run_set_meta(st, "lt.stop.stopped", "%d", r->stopped);
	free(text);
}

static void
to_st(const struct run *r, struct lt_st *st)
{
	uint64_t n = r->data.n, places = r->index.n;

	lt_model_to_st(&r->m, "", st);
	run_meta(r, st, "state", r->at);
	momentum_to_st(r, st);
	if (r->masked)
		lt_mask_to_st(&r->mask, st);
	lt_st_add(st, "run.last", LT_U8, 1, &n, r->last, true);
	lt_st_add(st, "run.bits", LT_U8, 1, &places, r->bit, true);
	if (!isnan(r->best_acc)) {
		lt_model_to_st(&r->best, "best.", st);
		run_set_meta(st, "lt.run.best_acc", "%.17g", r->best_acc);
		run_set_meta(st, "lt.run.best_at", "%" PRIu64, r->best_at);
	}
	stop_to_st(r, st);
	lt_st_set_meta(st, "lt.run.settings", r->set.text);
	run_set_meta(st, "lt.run.input", "%08x", r->input_crc);
	run_set_meta(st, "lt.run.mask", "%08x", r->mask.crc);
	run_set_meta(st, "lt.run.start", "%" PRIu64, r->start);
	run_set_meta(st, "lt.run.presentations", "%" PRIu64, r->presentations);
	run_set_meta(st, "lt.run.macs", "%" PRIu64, r->macs);
	run_set_meta(st, "lt.run.loss", "%.17g", r->loss_sum);
	run_set_meta(st, "lt.run.lr", "%.17g", r->lr);
	run_set_meta(st, "lt.run.seen", "%" PRIu64, r->seen);
	run_set_meta(st, "lt.run.right", "%" PRIu64, r->right);
}

int
run_save_state(struct run *r, const char *path, struct lt_err *err)
{
	struct lt_st st = {0};

	to_st(r, &st);
	int bad = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return bad;
}

static const char *const stream_key[STREAMS] = {
	"lt.run.log", "lt.run.time", "lt.run.events", "lt.run.distances"};

int
run_keep(struct run *r, struct lt_err *err)
{
	struct lt_st st = {0};

	if (report_sync(r, err) < 0)
		return -1;
	if (!r->state)
		return 0;
	to_st(r, &st);
	run_set_meta(&st, "lt.run.full", "%08x", r->set.full);
	for (int i = 0; i < STREAMS; i++) {
		struct lt_out *o = report_stream(r, i);
		run_set_meta(&st, stream_key[i], "%" PRIu64,
			o ? lt_out_length(o) : r->stream[i].kept);
	}
	int bad = lt_st_write(&st, r->state, err);
	lt_st_release(&st);
	if (bad)
		return -1;
	r->saved = true;
	return report_emit(r, err);
}

/* ---- and back ------------------------------------------------------------ */

static int
get_u64(const struct lt_st *st, const char *key, uint64_t *to, const char *path,
	struct lt_err *err)
{
	const char *s = lt_st_meta(st, key);

	if (s && lt_num_u64(s, to))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: no number in '%s'", path, key);
}

static int
get_f64(const struct lt_st *st, const char *key, double *to, const char *path,
	struct lt_err *err)
{
	const char *s = lt_st_meta(st, key);

	if (s && lt_num_f64(s, to))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: no number in '%s'", path, key);
}

/* Bits: 0, 1 or 255. */
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
				"%s: '%s' holds bytes other than 0, 1 and 255",
				path, name);
	return 0;
}

static int
get_momentum(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	for (int i = 0; i < r->g->nparam; i++) {
		const struct lt_param *p = &r->g->param[i];
		if (!p->trainable)
			continue;
		char *name = momentum_name(p);
		const struct lt_st_tensor *t = lt_st_find(st, name);
		free(name);
		if (!t || t->dtype != LT_F32 || t->count != p->count)
			return lt_fail(err, LT_EDATA, "%s: no momentum of '%s'",
				path, p->name);
		if (!lt_num_finite(t->data, t->count))
			return lt_fail(err, LT_EDATA,
				"%s: '%s' holds values that are not finite",
				path, t->name);
		memcpy(lt_engine_momentum(r->x) + p->offset, t->data, t->size);
	}
	return 0;
}

static int
get_distances(struct lt_stop *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.stop.distances");

	for (s->n = 0; text && *text;) {
		size_t len = strcspn(text, ",");
		char *one = lt_strndup(text, len);
		bool ok = s->n < s->opt.queue && lt_num_f64(one, &s->d[s->n]);
		free(one);
		if (!ok)
			return lt_fail(err, LT_EDATA,
				"%s: lt.stop.distances is not up to %d numbers",
				path, s->opt.queue);
		s->n++;
		text += len + (text[len] == ',');
	}
	return 0;
}

static int
get_firsts(struct lt_stop *s, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	uint64_t n;

	if (s->opt.relative <= 0)
		return 0;
	if (get_u64(st, "lt.stop.firsts", &n, path, err) < 0 ||
		get_f64(st, "lt.stop.first_sum", &s->first_sum, path, err) < 0)
		return -1;
	if (n > (uint64_t)s->opt.queue)
		return lt_fail(err, LT_EDATA,
			"%s: lt.stop.firsts: expected 0 to %d, found %" PRIu64,
			path, s->opt.queue, n);
	s->firsts = (int)n;
	return 0;
}

/* The layers of candidate k: those tensors whose names begin so. */
static int
get_candidate(struct run *r, const struct lt_st *st, int k, const char *path,
	struct lt_err *err)
{
	char prefix[24];
	int n = snprintf(prefix, sizeof prefix, "stop.%d.", k);

	r->stop.masks = k + 1;
	r->stop.mask[k].method = lt_strdup(lt_stop_method);
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (strncmp(t->name, prefix, (size_t)n) != 0)
			continue;
		if (t->dtype != LT_U8)
			return lt_fail(err, LT_EDATA, "%s: '%s' is not U8",
				path, t->name);
		struct lt_mask_layer *l = lt_mask_add(
			&r->stop.mask[k], t->name + n, t->ndim, t->shape);
		for (size_t j = 0; j < t->size; j++)
			l->keep[j] = ((const uint8_t *)t->data)[j] != 0;
	}
	return lt_model_check_mask(r->g, &r->stop.mask[k], path, path, err);
}

/* Of another rule, or of none, nothing is taken: the rule begins here. */
static int
get_stop(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	struct lt_stop *s = &r->stop;
	const char *settings = lt_st_meta(st, "lt.stop.settings");
	uint64_t started, stopped, masks;

	lt_stop_clear(s);
	if (s->opt.rule == LT_STOP_OFF || !settings ||
		strcmp(settings, s->settings) != 0)
		return 0;
	if (get_u64(st, "lt.stop.started", &started, path, err) < 0 ||
		get_u64(st, "lt.stop.stopped", &stopped, path, err) < 0 ||
		get_u64(st, "lt.stop.masks", &masks, path, err) < 0 ||
		get_distances(s, st, path, err) < 0 ||
		get_firsts(s, st, path, err) < 0)
		return -1;
	if (lt_st_meta(st, "lt.stop.last") &&
		get_f64(st, "lt.stop.last", &s->last, path, err) < 0)
		return -1;
	s->started = started;
	r->stopped = stopped;
	if (masks > (s->opt.rule == LT_STOP_PAIRWISE
				    ? 1
				    : (uint64_t)s->opt.queue - 1))
		return lt_fail(err, LT_EDATA,
			"%s: %" PRIu64 " candidate masks are too many", path,
			masks);
	for (int k = 0; k < (int)masks; k++)
		if (get_candidate(r, st, k, path, err) < 0)
			return -1;
	return 0;
}

static int
get_best(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	if (!lt_st_meta(st, "lt.run.best_acc"))
		return 0;
	if (lt_model_from_st(&r->best, st, "best.", path, err) < 0 ||
		get_u64(st, "lt.run.best_at", &r->best_at, path, err) < 0)
		return -1;
	return get_f64(st, "lt.run.best_acc", &r->best_acc, path, err);
}

static int
get_sums(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const struct {
		const char *key;
		uint64_t *to;
	} number[] = {{"lt.iteration", &r->at},
		{"lt.run.presentations", &r->presentations},
		{"lt.run.macs", &r->macs}, {"lt.run.seen", &r->seen},
		{"lt.run.right", &r->right}};

	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		if (get_u64(st, number[i].key, number[i].to, path, err) < 0)
			return -1;
	if (get_f64(st, "lt.run.lr", &r->lr, path, err) < 0)
		return -1;
	return get_f64(st, "lt.run.loss", &r->loss_sum, path, err);
}

int
run_from_state(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	if (lt_model_from_st(&r->m, st, "", path, err) < 0 ||
		get_best(r, st, path, err) < 0 ||
		get_momentum(r, st, path, err) < 0 ||
		get_bits(st, "run.last", r->last, r->data.n, path, err) < 0 ||
		get_bits(st, "run.bits", r->bit, r->index.n, path, err) < 0 ||
		get_sums(r, st, path, err) < 0 ||
		get_stop(r, st, path, err) < 0)
		return -1;
	lt_engine_set_mask(r->x, r->masked ? &r->mask : NULL);
	return 0;
}

/* Is the file a state of this run, and how much of each stream is its? */
static bool
is_ours(struct run *r, const struct lt_st *st)
{
	struct lt_err err;
	const char *full = lt_st_meta(st, "lt.run.full");
	char want[16];

	snprintf(want, sizeof want, "%08x", r->set.full);
	if (!full || strcmp(full, want) != 0) {
		report_note(r,
			"%s is the state of a run with other settings; "
			"starting afresh",
			r->state);
		return false;
	}
	for (int i = 0; i < STREAMS; i++)
		if (get_u64(st, stream_key[i], &r->stream[i].kept, r->state,
			    &err) < 0)
			return false;
	return true;
}

/* Streams first: without what the state vouches for, it is no use.  Only a run
 * that was killed at its very end may have renamed them already. */
static int
resume_from(struct run *r, const struct lt_st *st, struct lt_err *err)
{
	uint64_t at = 0, stopped = 0;
	struct lt_err why = {0};

	if (!is_ours(r, st))
		return 0;
	if (get_u64(st, "lt.iteration", &at, r->state, err) < 0 ||
		get_u64(st, "lt.stop.stopped", &stopped, r->state, err) < 0)
		return -1;
	if (at < r->from || at > r->to)
		return lt_fail(err, LT_EDATA,
			"%s: at iteration %" PRIu64 ", expected %" PRIu64
			" to %" PRIu64,
			r->state, at, r->from, r->to);
	r->at = at;
	r->saved = true;
	r->stopped = stopped;
	if (report_open(r, &why) == 0)
		return run_from_state(r, st, r->state, err) < 0 ? -1 : 1;
	if (why.status != LT_EDATA) {
		*err = why;
		return -1;
	}
	report_note(r, "%s; starting afresh", why.msg);
	report_abandon(r);
	r->at = r->from;
	r->saved = r->stopped = false;
	return 0;
}

int
run_resume(struct run *r, struct lt_err *err)
{
	struct lt_st st = {0};
	struct lt_err why = {0};
	int done = 0;

	if (!r->state || access(r->state, F_OK) != 0)
		return 0;
	int bad = lt_st_read(&st, r->state, &why);
	if (bad && why.status == LT_EIO) {
		/* Another try may be able to read it: it is not given up. */
		*err = why;
		done = -1;
	} else if (bad) {
		report_note(r, "%s; starting afresh", why.msg);
	} else {
		done = resume_from(r, &st, err);
	}
	lt_st_release(&st);
	for (int i = 0; !done && i < STREAMS; i++)
		r->stream[i].kept = 0;
	return done;
}
