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

static uint32_t
index_crc(const struct lt_index *ix)
{
	return (uint32_t)crc32_z(0, (const void *)ix->v, ix->n * sizeof *ix->v);
}

/* What of r is in its files: see the table in settings.c. */
void
run_fingerprint(struct run *r)
{
	struct lt_settings *s = &r->set;

	s->opt = *r->o;
	if (!lt_augment_pads(s->opt.augment))
		s->opt.pad = 0;
	s->data = r->data.crc;
	s->index = index_crc(&r->index);
	s->validate = r->validate;
	s->val_data = r->validate ? r->val_data.crc : 0;
	s->val_index = r->validate ? index_crc(&r->val_index) : 0;
	s->masked = r->masked;
	s->mask = r->mask.crc;
	s->input = r->input_crc;
	s->start = r->start;
	s->from = r->from;
	s->to = r->to;
	s->norm = r->batch.norm;
	s->channels = r->data.c;
	s->stop = r->stop.settings;
	lt_settings_seal(s);
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
	run_set_meta(st, "lt.config", "%08x", r->set.core);
	lt_st_set_meta(st, "lt.mean", mean);
	lt_st_set_meta(st, "lt.std", std);
	if (r->o->history) {
		if (history)
			lt_st_set_meta(st, "lt.history", history);
		lt_settings_history(&r->set, st);
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
