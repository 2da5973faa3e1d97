/* What a run writes into its files about itself: fingerprints, history. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/mem.h"
#include "run/run.h"

void
run_set_meta(struct lt_st *st, const char *key, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	lt_st_set_meta(st, key, text);
}

uint32_t
run_hex_meta(const struct lt_st *st, const char *key)
{
	const char *s = lt_st_meta(st, key);

	return s ? (uint32_t)strtoul(s, NULL, 16) : 0;
}

static void
put_point(FILE *f, struct lt_point p)
{
	fprintf(f, "%" PRIu64 "%s", p.value, p.iterations ? "i" : "");
}

static void
put_milestones(FILE *f, const struct lt_train_opt *o)
{
	for (int i = 0; i < o->milestones; i++) {
		fputs(i ? "," : "", f);
		put_point(f, o->milestone[i]);
	}
}

static uint32_t
index_crc(const struct lt_index *ix)
{
	return (uint32_t)crc32_z(0, (const void *)ix->v, ix->n * sizeof *ix->v);
}

static const char *const sched_name[] = {"multistep", "cosine", "constant"};

/* Does --crop-pad count? */
static bool
pads(const struct lt_train_opt *o)
{
	return o->augment == LT_AUGMENT_CROP_FLIP ||
	       o->augment == LT_AUGMENT_CROP;
}

/* All that decides the weights, in words; the caller's. */
static char *
core_text(const struct run *r)
{
	const struct lt_train_opt *o = r->o;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	LT_BUG_ON(!f);
	fputs("length=", f);
	put_point(f, o->length);
	fputs(" warmup=", f);
	put_point(f, o->warmup);
	fputs(" milestones=", f);
	put_milestones(f, o);
	fprintf(f, " schedule=%s lr=%.17g gamma=%.17g batch=%d",
		sched_name[o->sched], o->lr, o->gamma, o->batch);
	fprintf(f, " momentum=%.17g weight-decay=%.17g nesterov=%d",
		o->momentum, o->weight_decay, o->nesterov);
	fprintf(f, " augment=%d crop-pad=%d seed=%" PRIu64, o->augment,
		pads(o) ? o->pad : 0, o->seed);
	fprintf(f, " data=%08x index=%08x val-data=%08x val-index=%08x",
		r->data.crc, index_crc(&r->index),
		r->validate ? r->val_data.crc : 0,
		r->validate ? index_crc(&r->val_index) : 0);
	fprintf(f, " mask=%08x store=%s", r->mask.crc, o->half ? "f16" : "f32");
	for (int c = 0; c < r->data.c; c++)
		fprintf(f, " mean=%.9g std=%.9g", (double)r->batch.norm.mean[c],
			(double)r->batch.norm.std[c]);
	fprintf(f, " input=%08x start=%" PRIu64, r->input_crc, r->start);
	LT_BUG_ON(fclose(f) != 0);
	return text;
}

static uLong
add_epochs(uLong crc, const struct lt_epochs *list)
{
	if (!list->n)
		return crc;
	return crc32_z(
		crc, (const void *)list->v, (size_t)list->n * sizeof *list->v);
}

/* The program's version too: another one may compute otherwise. */
void
run_fingerprint(struct run *r)
{
	const struct lt_train_opt *o = r->o;
	char *core = core_text(r);
	char *full = lt_asprintf(
		"%s version=" LT_VERSION " from=%" PRIu64 " to=%" PRIu64
		"%s stop=%s patience=%d best=%d log=%d events=%d "
		"distances=%d states=%d prefix=%s",
		core, r->from, r->to, o->to_stops ? "!" : "", r->stop.settings,
		o->patience, o->best != NULL, o->log != NULL, o->events != NULL,
		o->stop_distances != NULL, o->save_states.n,
		o->save_prefix ? o->save_prefix : "");
	uLong crc = crc32_z(0, (const void *)full, strlen(full));

	crc = add_epochs(crc, &o->save_epochs);
	crc = add_epochs(crc, &o->save_states);
	r->core = (uint32_t)crc32_z(0, (const void *)core, strlen(core));
	r->full = (uint32_t)crc;
	free(r->settings);
	r->settings = core;
	free(full);
}

int
run_same_settings(const struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.run.settings");
	char *there = lt_strdup(text ? text : ""), *a = NULL;
	char *here = lt_strdup(r->settings), *b = NULL;
	char *x = strtok_r(there, " ", &a), *y = strtok_r(here, " ", &b);
	int bad = 0;

	while (x && y && strcmp(x, y) == 0) {
		x = strtok_r(NULL, " ", &a);
		y = strtok_r(NULL, " ", &b);
	}
	if (x || y)
		bad = lt_fail(err, LT_EDATA,
			"%s: state of a run with other settings: %s there, "
			"%s here",
			path, x ? x : "nothing", y ? y : "nothing");
	free(there);
	free(here);
	return bad;
}

/* Pairs of the history, as many as are wanted. */
struct pairs {
	const char *kv[64];
	char *own[32];
	int n, owned;
};

__attribute__((format(printf, 3, 4))) static void
pair(struct pairs *p, const char *key, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	LT_BUG_ON(p->owned == 31);
	p->own[p->owned] = lt_strdup(text);
	p->kv[p->n++] = key;
	p->kv[p->n++] = p->own[p->owned++];
}

static void
pair_point(struct pairs *p, const char *key, struct lt_point at)
{
	pair(p, key, "%" PRIu64 "%s", at.value, at.iterations ? "i" : "");
}

static void
pair_inputs(struct pairs *p, const struct run *r)
{
	pair(p, "data", "%08x", r->data.crc);
	pair(p, "index", "%08x", index_crc(&r->index));
	if (r->validate) {
		pair(p, "val-data", "%08x", r->val_data.crc);
		pair(p, "val-index", "%08x", index_crc(&r->val_index));
	}
	pair(p, "input", "%08x", r->input_crc);
	if (r->masked)
		pair(p, "mask", "%08x", r->mask.crc);
}

/* What a reader of the checkpoint wants to know of how it came to be.  The same
 * for every segment of a run, so that segments merge into one entry. */
static void
add_history(const struct run *r, struct lt_st *st)
{
	const struct lt_train_opt *o = r->o;
	struct pairs p = {0};
	char *miles = NULL;
	size_t size;
	FILE *f = open_memstream(&miles, &size);

	LT_BUG_ON(!f);
	put_milestones(f, o);
	LT_BUG_ON(fclose(f) != 0);
	pair_point(&p, "length", o->length);
	if (r->start)
		pair(&p, "from", "%" PRIu64 "i", r->start);
	pair(&p, "batch", "%d", o->batch);
	pair(&p, "lr", "%.9g", o->lr);
	pair(&p, "schedule", "%s", sched_name[o->sched]);
	if (o->sched == LT_SCHED_MULTISTEP) {
		p.kv[p.n++] = "milestones";
		p.kv[p.n++] = miles;
		pair(&p, "gamma", "%.9g", o->gamma);
	}
	pair_point(&p, "warmup", o->warmup);
	pair(&p, "momentum", "%.9g", o->momentum);
	pair(&p, "nesterov", "%s", o->nesterov ? "yes" : "no");
	pair(&p, "weight-decay", "%.9g", o->weight_decay);
	pair(&p, "augment", "%s", lt_augment_name[o->augment]);
	if (pads(o))
		pair(&p, "crop-pad", "%d", o->pad);
	pair(&p, "store", "%s", o->half ? "f16" : "f32");
	pair(&p, "seed", "%" PRIu64, o->seed);
	pair_inputs(&p, r);
	lt_st_history(st, o->tool, p.kv);
	for (int i = 0; i < p.owned; i++)
		free(p.own[i]);
	free(miles);
}

void
run_meta(const struct run *r, struct lt_st *st, const char *kind, uint64_t at)
{
	char *mean = lt_stats_text(r->batch.norm.mean, r->data.c);
	char *std = lt_stats_text(r->batch.norm.std, r->data.c);
	const char *history = lt_st_meta(&r->in, "lt.history");

	lt_st_set_meta(st, "lt.kind", kind);
	lt_st_set_meta(st, "lt.net", r->g->text);
	run_set_meta(st, "lt.epoch", "%" PRIu64, at / r->per_epoch);
	run_set_meta(st, "lt.iteration", "%" PRIu64, at);
	run_set_meta(st, "lt.seed", "%" PRIu64, r->o->seed);
	run_set_meta(st, "lt.config", "%08x", r->core);
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
	run_meta(r, &st, "checkpoint", at);
	int bad = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return bad;
}
