/* Checkpoints and training states of a run. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "base/num.h"
#include "learn/run.h"

/* ---- fingerprints and history ------------------------------------------- */

static void
put_point(FILE *f, const char *key, struct lt_point p)
{
	fprintf(f, "%s=%" PRIu64 "%s ", key, p.value, p.iterations ? "i" : "");
}

static uint32_t
index_crc(const struct lt_index *ix)
{
	return (uint32_t)crc32_z(0, (const void *)ix->v, ix->n * sizeof *ix->v);
}

/* All that decides the weights, in words. */
static char *
core_text(const struct run *r)
{
	const struct lt_train_opt *o = r->o;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	LT_BUG_ON(!f);
	put_point(f, "length", o->length);
	put_point(f, "warmup", o->warmup);
	for (int i = 0; i < o->milestones; i++)
		put_point(f, "milestone", o->milestone[i]);
	fprintf(f, "schedule=%d lr=%.17g gamma=%.17g batch=%d ", (int)o->sched,
		o->lr, o->gamma, o->batch);
	fprintf(f, "momentum=%.17g decay=%.17g nesterov=%d ", o->momentum,
		o->weight_decay, o->nesterov);
	fprintf(f, "augment=%d pad=%d seed=%" PRIu64 " ", o->augment,
		o->augment ? o->pad : 0, o->seed);
	fprintf(f, "data=%08x index=%08x val=%08x/%08x mask=%08x ", r->data.crc,
		index_crc(&r->index), r->validate ? r->val_data.crc : 0,
		r->validate ? index_crc(&r->val_index) : 0, r->mask.crc);
	for (int c = 0; c < r->data.c; c++)
		fprintf(f, "norm=%.9g/%.9g ", (double)r->batch.norm.mean[c],
			(double)r->batch.norm.std[c]);
	fprintf(f, "input=%08x", r->input_crc);
	LT_BUG_ON(fclose(f) != 0);
	return text;
}

void
run_fingerprint(struct run *r)
{
	const struct lt_train_opt *o = r->o;
	char *core = core_text(r);
	char *full = lt_asprintf(
		"%s from=%" PRIu64 " to=%" PRIu64
		" stop=%d/%.17g/%.17g/%d/%d/%s/%s every=%" PRIu64
		"%d best=%d log=%d events=%d distances=%d",
		core, r->from, r->to, (int)o->stop.rule, o->stop.amount,
		o->stop.eps, o->stop.queue, o->stop.always,
		o->stop.layers ? o->stop.layers : "",
		o->stop.exclude ? o->stop.exclude : "", o->stop_every.value,
		o->stop_every.iterations, o->best != NULL, o->log != NULL,
		o->events != NULL, o->stop_distances != NULL);

	r->core = (uint32_t)crc32_z(0, (const void *)core, strlen(core));
	r->full = (uint32_t)crc32_z(0, (const void *)full, strlen(full));
	free(core);
	free(full);
}

__attribute__((format(printf, 3, 4))) static void
set_meta(struct lt_st *st, const char *key, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	lt_st_set_meta(st, key, text);
}

/* What a reader of the checkpoint wants to know of how it came to be.  The same
 * for every segment of a run, so that segments merge into one entry. */
static void
add_history(const struct run *r, struct lt_st *st)
{
	const struct lt_train_opt *o = r->o;
	static const char *const sched[] = {"multistep", "cosine", "constant"};
	char num[12][40], *miles = lt_strdup("");

	for (int i = 0; i < o->milestones; i++) {
		char *more = lt_asprintf("%s%s%" PRIu64 "%s", miles,
			i ? "," : "", o->milestone[i].value,
			o->milestone[i].iterations ? "i" : "");
		free(miles);
		miles = more;
	}
	snprintf(num[0], 40, "%" PRIu64 "%s", o->length.value,
		o->length.iterations ? "i" : "");
	snprintf(num[1], 40, "%d", o->batch);
	snprintf(num[2], 40, "%.9g", o->lr);
	snprintf(num[3], 40, "%.9g", o->gamma);
	snprintf(num[4], 40, "%.9g", o->momentum);
	snprintf(num[5], 40, "%.9g", o->weight_decay);
	snprintf(num[6], 40, "%" PRIu64, o->seed);
	snprintf(num[7], 40, "%08x", r->data.crc);
	snprintf(num[8], 40, "%08x", index_crc(&r->index));
	snprintf(num[9], 40, "%08x", r->mask.crc);
	snprintf(num[10], 40, "%08x", r->input_crc);
	snprintf(num[11], 40, "%" PRIu64 "%s", o->warmup.value,
		o->warmup.iterations ? "i" : "");
	const char *kv[] = {"length", num[0], "batch", num[1], "lr", num[2],
		"schedule", sched[o->sched], "milestones", miles, "gamma",
		num[3], "warmup", num[11], "momentum", num[4], "nesterov",
		o->nesterov ? "yes" : "no", "weight-decay", num[5], "augment",
		o->augment ? "crop-flip" : "none", "seed", num[6], "data",
		num[7], "index", num[8], "input", num[10],
		r->masked ? "mask" : NULL, num[9], NULL};
	lt_st_history(st, o->tool, kv);
	free(miles);
}

static void
checkpoint_meta(
	const struct run *r, struct lt_st *st, const char *kind, uint64_t at)
{
	char *mean = lt_norm_text(r->batch.norm.mean, r->data.c);
	char *std = lt_norm_text(r->batch.norm.std, r->data.c);
	const char *history = lt_st_meta(&r->in, "lt.history");

	lt_st_set_meta(st, "format", "pt");
	lt_st_set_meta(st, "lt.kind", kind);
	lt_st_set_meta(st, "lt.net", r->g->text);
	set_meta(st, "lt.epoch", "%" PRIu64, at / r->per_epoch);
	set_meta(st, "lt.iteration", "%" PRIu64, at);
	set_meta(st, "lt.seed", "%" PRIu64, r->o->seed);
	set_meta(st, "lt.config", "%08x", r->core);
	lt_st_set_meta(st, "lt.mean", mean);
	lt_st_set_meta(st, "lt.std", std);
	if (r->o->history) {
		if (history)
			lt_st_set_meta(st, "lt.history", history);
		add_history(r, st);
	}
	free(mean);
	free(std);
}

int
run_write_checkpoint(const struct run *r, const struct lt_model *m,
	const char *path, uint64_t at, struct lt_err *err)
{
	struct lt_st st = {0};

	lt_model_to_st(m, "", &st);
	checkpoint_meta(r, &st, "checkpoint", at);
	int bad = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return bad;
}

/* ---- states -------------------------------------------------------------- */

static void
momentum_to_st(const struct run *r, struct lt_st *st)
{
	for (int i = 0; i < r->g->nparam; i++) {
		const struct lt_param *p = &r->g->param[i];
		if (!p->trainable)
			continue;
		char *name = lt_asprintf("optim.%s.momentum", p->name);
		lt_st_add(st, name, LT_F32, p->ndim, p->shape,
			lt_exec_momentum(r->x) + p->offset, true);
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
	lt_st_set_meta(st, "lt.stop.distances", text);
	set_meta(st, "lt.stop.started", "%d", s->started);
	set_meta(st, "lt.stop.last", "%.17g", s->last);
	set_meta(st, "lt.stop.stopped", "%d", r->stopped);
	free(text);
}

int
run_save_state(struct run *r, const char *path, struct lt_err *err)
{
	struct lt_st st = {0};
	uint64_t n = r->data.n, places = r->index.n;
	struct lt_out *stream[] = {r->log, r->time, r->events, r->distances};

	if (report_sync(r, err) < 0)
		return -1;
	lt_model_to_st(&r->m, "", &st);
	checkpoint_meta(r, &st, "state", r->at);
	momentum_to_st(r, &st);
	if (r->masked)
		lt_mask_to_st(&r->mask, &st);
	if (!isnan(r->best_acc))
		lt_model_to_st(&r->best, "best.", &st);
	lt_st_add(&st, "run.last", LT_U8, 1, &n, r->last, true);
	lt_st_add(&st, "run.bits", LT_U8, 1, &places, r->bit, true);
	stop_to_st(r, &st);
	set_meta(&st, "lt.run.full", "%08x", r->full);
	set_meta(&st, "lt.run.input", "%08x", r->input_crc);
	set_meta(&st, "lt.run.mask", "%08x", r->mask.crc);
	set_meta(&st, "lt.run.presentations", "%" PRIu64, r->presentations);
	set_meta(&st, "lt.run.macs", "%" PRIu64, r->macs);
	set_meta(&st, "lt.run.best_acc", "%.17g", r->best_acc);
	set_meta(&st, "lt.run.best_epoch", "%" PRIu64, r->best_epoch);
	set_meta(&st, "lt.run.loss", "%.17g", r->loss_sum);
	set_meta(&st, "lt.run.seen", "%" PRIu64, r->seen);
	set_meta(&st, "lt.run.right", "%" PRIu64, r->right);
	for (int i = 0; i < 4; i++) {
		char key[32];
		snprintf(key, sizeof key, "lt.run.stream%d", i);
		set_meta(&st, key, "%" PRIu64,
			stream[i] ? lt_out_length(stream[i]) : 0);
	}
	int bad = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return bad;
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

	*to = NAN;
	if (s && (!strcmp(s, "nan") || !strcmp(s, "-nan") || lt_num_f64(s, to)))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: no number in '%s'", path, key);
}

static int
get_bytes(const struct lt_st *st, const char *name, uint8_t *to, size_t n,
	const char *path, struct lt_err *err)
{
	const struct lt_st_tensor *t = lt_st_find(st, name);

	if (!t || t->dtype != LT_U8 || t->count != n)
		return lt_fail(err, LT_EDATA, "%s: '%s' is not %zu bytes", path,
			name, n);
	memcpy(to, t->data, n);
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
		char *name = lt_asprintf("optim.%s.momentum", p->name);
		const struct lt_st_tensor *t = lt_st_find(st, name);
		free(name);
		if (!t || t->dtype != LT_F32 || t->count != p->count)
			return lt_fail(err, LT_EDATA, "%s: no momentum of '%s'",
				path, p->name);
		memcpy(lt_exec_momentum(r->x) + p->offset, t->data, t->size);
	}
	return 0;
}

static int
get_stop(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	struct lt_stop *s = &r->stop;
	uint64_t started, stopped;
	const char *text = lt_st_meta(st, "lt.stop.distances");

	if (get_u64(st, "lt.stop.started", &started, path, err) < 0 ||
		get_u64(st, "lt.stop.stopped", &stopped, path, err) < 0 ||
		get_f64(st, "lt.stop.last", &s->last, path, err) < 0)
		return -1;
	s->started = started;
	r->stopped = stopped;
	for (s->n = 0; text && *text && s->n < LT_STOP_QUEUE;) {
		size_t len = strcspn(text, ",");
		char *one = lt_strndup(text, len);
		bool ok = lt_num_f64(one, &s->d[s->n++]);
		free(one);
		if (!ok)
			return lt_fail(
				err, LT_EDATA, "%s: lt.stop.distances", path);
		text += len + (text[len] == ',');
	}
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		int k, used = 0;
		if (sscanf(t->name, "stop.%d.%n", &k, &used) != 1 || !used)
			continue;
		if (k < 0 || k >= LT_STOP_QUEUE || t->dtype != LT_U8)
			return lt_fail(
				err, LT_EDATA, "%s: '%s'", path, t->name);
		struct lt_mask_layer *l = lt_mask_add(
			&s->mask[k], t->name + used, t->ndim, t->shape);
		memcpy(l->keep, t->data, t->size);
		if (k >= s->masks)
			s->masks = k + 1;
	}
	return 0;
}

int
run_from_state(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	bool best = lt_st_meta(st, "lt.run.best_acc") &&
		    strcmp(lt_st_meta(st, "lt.run.best_acc"), "nan") != 0 &&
		    strcmp(lt_st_meta(st, "lt.run.best_acc"), "-nan") != 0;

	if (lt_model_from_st(&r->m, st, "", path, err) < 0 ||
		(best && lt_model_from_st(&r->best, st, "best.", path, err) <
				 0) ||
		get_momentum(r, st, path, err) < 0 ||
		get_bytes(st, "run.last", r->last, r->data.n, path, err) < 0 ||
		get_bytes(st, "run.bits", r->bit, r->index.n, path, err) < 0 ||
		get_u64(st, "lt.iteration", &r->at, path, err) < 0 ||
		get_u64(st, "lt.run.presentations", &r->presentations, path,
			err) < 0 ||
		get_u64(st, "lt.run.macs", &r->macs, path, err) < 0 ||
		get_f64(st, "lt.run.best_acc", &r->best_acc, path, err) < 0 ||
		get_u64(st, "lt.run.best_epoch", &r->best_epoch, path, err) <
			0 ||
		get_f64(st, "lt.run.loss", &r->loss_sum, path, err) < 0 ||
		get_u64(st, "lt.run.seen", &r->seen, path, err) < 0 ||
		get_u64(st, "lt.run.right", &r->right, path, err) < 0)
		return -1;
	lt_exec_touch(r->x);
	return r->o->stop.rule == LT_STOP_OFF ? 0 : get_stop(r, st, path, err);
}

int
run_resume(struct run *r, const char *path, struct lt_err *err)
{
	struct lt_st st = {0};
	struct lt_err why;
	char want[16];
	int bad = 0;

	if (access(path, F_OK) != 0)
		return 0;
	snprintf(want, sizeof want, "%08x", r->full);
	if (lt_st_read(&st, path, &why) < 0) {
		report_note(r, "%s; starting afresh", why.msg);
		lt_st_release(&st);
		return 0;
	}
	const char *full = lt_st_meta(&st, "lt.run.full");
	if (!full || strcmp(full, want) != 0) {
		report_note(r,
			"%s is the state of a run with other settings; "
			"starting afresh",
			path);
		lt_st_release(&st);
		return 0;
	}
	bad = run_from_state(r, &st, path, err);
	for (int i = 0; i < 4 && !bad; i++) {
		char key[32];
		snprintf(key, sizeof key, "lt.run.stream%d", i);
		bad = get_u64(&st, key, &r->kept[i], path, err);
	}
	lt_st_release(&st);
	return bad ? -1 : 1;
}
