/* Checkpoints of a run. */
#include "run/checkpoint.h"

#include <inttypes.h>
#include <stdlib.h>

void
checkpoint_meta(const struct session *s, struct lt_st *st, const char *kind,
	uint64_t at)
{
	const struct inputs *in = s->in;
	char *mean = lt_stats_text(in->batch.norm.mean, in->data.c);
	char *std = lt_stats_text(in->batch.norm.std, in->data.c);
	const char *history = lt_st_meta(&in->file, "lt.history");

	lt_st_set_meta(st, "lt.kind", kind);
	lt_st_set_meta(st, "lt.net", in->g->text);
	lt_st_format_meta(st, "lt.epoch", "%" PRIu64, at / s->part.per_epoch);
	lt_st_format_meta(st, "lt.iteration", "%" PRIu64, at);
	lt_st_format_meta(st, "lt.seed", "%" PRIu64, s->set.opt.seed);
	lt_st_format_meta(st, "lt.config", "%08x", s->set.core);
	lt_st_set_meta(st, "lt.mean", mean);
	lt_st_set_meta(st, "lt.std", std);
	if (s->set.opt.history) {
		if (history)
			lt_st_set_meta(st, "lt.history", history);
		lt_settings_history(&s->set, st);
	}
	free(mean);
	free(std);
}

int
checkpoint_write(const struct session *s, const struct lt_model *m,
	const char *path, uint64_t at, struct lt_err *err)
{
	struct lt_st st = {0};

	lt_model_to_st(m, "", &st);
	checkpoint_meta(s, &st, "checkpoint", at);
	int bad = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return bad;
}
