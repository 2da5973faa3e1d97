/* The table of settings, and what is written from it. */
#include "run/settings.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/mem.h"

/* Write a value: exactly, or briefly for a reader of the history. */
typedef void put_fn(
	FILE *f, const struct lt_settings *s, const void *value, bool brief);
typedef bool when_fn(const struct lt_settings *s);

/* ---- how values are written ---------------------------------------------- */

static void
put_point(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	const struct lt_point *p = value;

	(void)s, (void)brief;
	fprintf(f, "%" PRIu64 "%s", p->value, p->iterations ? "i" : "");
}

static void
put_milestones(
	FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	const struct lt_point *p = value;

	for (int i = 0; i < s->opt.milestones; i++) {
		fputs(i ? "," : "", f);
		put_point(f, s, &p[i], brief);
	}
}

static void
put_real(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s;
	fprintf(f, brief ? "%.9g" : "%.17g", *(const double *)value);
}

static void
put_int(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fprintf(f, "%d", *(const int *)value);
}

static void
put_u64(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fprintf(f, "%" PRIu64, *(const uint64_t *)value);
}

static void
put_iteration(
	FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	put_u64(f, s, value, brief);
	fputc('i', f);
}

static void
put_crc(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fprintf(f, "%08" PRIx32, *(const uint32_t *)value);
}

static void
put_flag(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	bool on = *(const bool *)value;

	(void)s;
	fputs(brief ? (on ? "yes" : "no") : (on ? "1" : "0"), f);
}

static void
put_text(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	const char *text = *(const char *const *)value;

	(void)s, (void)brief;
	fputs(text ? text : "", f);
}

/* Whether an output is wanted; where it goes does not matter. */
static void
put_wanted(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fputs(*(const char *const *)value ? "1" : "0", f);
}

static void
put_listed(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fprintf(f, "%d", ((const struct lt_epochs *)value)->n);
}

static void
put_schedule(
	FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fputs(lt_sched_name(*(const enum lt_sched_kind *)value), f);
}

static void
put_augment(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	enum lt_augment a = *(const enum lt_augment *)value;

	(void)s;
	if (brief)
		fputs(lt_augment_name(a), f);
	else
		fprintf(f, "%d", (int)a);
}

static void
put_optimizer(
	FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fputs(lt_optimizer_name(*(const enum lt_optim_kind *)value), f);
}

static void
put_store(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fputs(*(const bool *)value ? "f16" : "f32", f);
}

static void
put_compute(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fputs(lt_compute_name[*(const enum lt_compute *)value], f);
}

static void
put_dst(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)brief;
	fputs(lt_dst_name[*(const enum lt_dst_rule *)value], f);
}

static void
put_dst_end(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	const struct lt_point *p = value;

	if (p->value)
		put_point(f, s, p, brief);
	else
		fputs("3/4", f);
}

/* The deviations too: a mean and a deviation for each channel. */
static void
put_norm(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	const struct lt_norm *nm = value;

	(void)brief;
	for (int c = 0; c < s->channels; c++)
		fprintf(f, "%s%.9g std=%.9g", c ? " mean=" : "",
			(double)nm->mean[c], (double)nm->std[c]);
}

static void
put_end(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	put_u64(f, s, value, brief);
	fputs(s->opt.to_stops ? "!" : "", f);
}

static void
put_version(FILE *f, const struct lt_settings *s, const void *value, bool brief)
{
	(void)s, (void)value, (void)brief;
	fputs(LT_VERSION, f);
}

/* ---- when they are written ----------------------------------------------- */

static bool
always(const struct lt_settings *s)
{
	(void)s;
	return true;
}

static bool
started_late(const struct lt_settings *s)
{
	return s->start > 0;
}

/* States of SGD name no optimizer: they are older than the others. */
static bool
names_optimizer(const struct lt_settings *s)
{
	return s->opt.optim.kind != LT_OPTIM_SGD;
}

static bool
pulls_scales(const struct lt_settings *s)
{
	return s->opt.optim.scale_l1 > 0;
}

static bool
has_teacher(const struct lt_settings *s)
{
	return s->opt.teacher != NULL;
}

static bool
has_momentum(const struct lt_settings *s)
{
	return strstr(lt_optimizers[s->opt.optim.kind].settings, "momentum");
}

static bool
has_betas(const struct lt_settings *s)
{
	return strstr(lt_optimizers[s->opt.optim.kind].settings, "beta1");
}

static bool
drops(const struct lt_settings *s)
{
	return s->opt.sched == LT_SCHED_MULTISTEP;
}

static bool
stores(const struct lt_settings *s)
{
	return s->opt.compute == LT_COMPUTE_F32;
}

static bool
pads(const struct lt_settings *s)
{
	return lt_augment_pads(s->opt.augment);
}

static bool
validates(const struct lt_settings *s)
{
	return s->validate;
}

static bool
masked(const struct lt_settings *s)
{
	return s->masked;
}

static bool
changes_mask(const struct lt_settings *s)
{
	return s->opt.dst.rule != LT_DST_OFF;
}

/* ---- the table ----------------------------------------------------------- */

/* The fingerprint lists its settings in the order of the table, those of core
 * before those of full.  Old states are recognized by it.  So a new setting
 * needs a value in absent, which is not written: the value by which the program
 * does what it did before it had the setting. */
static const struct setting {
	const char *key;
	put_fn *put;
	size_t at;	  /* in struct lt_settings */
	when_fn *core;	  /* NULL: it does not decide the weights */
	when_fn *history; /* NULL: it is not in the history */
	int rank;	  /* order in the history; of equal ones the table's */
	when_fn *full;	  /* NULL: it says nothing about the segment */
	const char *absent; /* or NULL */
} table[] = {
#define ROW(name, how, field) \
	.key = name, .put = how, .at = offsetof(struct lt_settings, field)
#define BOTH(when, place) .core = always, .history = when, .rank = place
#define ONLY(when, place) .core = when, .history = when, .rank = place
	{ROW("length", put_point, opt.length), BOTH(always, 1)},
	{ROW("warmup", put_point, opt.warmup), BOTH(always, 7)},
	{ROW("milestones", put_milestones, opt.milestone), BOTH(drops, 6)},
	{ROW("schedule", put_schedule, opt.sched), BOTH(always, 5)},
	{ROW("lr", put_real, opt.lr), BOTH(always, 4)},
	{ROW("gamma", put_real, opt.gamma), BOTH(drops, 6)},
	{ROW("batch", put_int, opt.batch), BOTH(always, 3)},
	{ROW("optimizer", put_optimizer, opt.optim.kind),
		ONLY(names_optimizer, 8)},
	{ROW("momentum", put_real, opt.optim.momentum), ONLY(has_momentum, 8)},
	{ROW("beta1", put_real, opt.optim.beta1), ONLY(has_betas, 8)},
	{ROW("beta2", put_real, opt.optim.beta2), ONLY(has_betas, 8)},
	{ROW("eps", put_real, opt.optim.eps), ONLY(has_betas, 8)},
	{ROW("weight-decay", put_real, opt.optim.weight_decay),
		BOTH(always, 9)},
	{ROW("scale-l1", put_real, opt.optim.scale_l1), ONLY(pulls_scales, 9)},
	{ROW("label-smoothing", put_real, opt.label_smoothing), BOTH(always, 9),
		.absent = "0"},
	{ROW("teacher", put_crc, teacher), ONLY(has_teacher, 9)},
	{ROW("teacher-share", put_real, opt.teacher_share),
		ONLY(has_teacher, 9)},
	{ROW("teacher-temperature", put_real, opt.teacher_temperature),
		ONLY(has_teacher, 9)},
	{ROW("lr-scale", put_text, opt.lr_scale), BOTH(always, 4),
		.absent = ""},
	{ROW("freeze", put_text, opt.freeze), BOTH(always, 4), .absent = ""},
	{ROW("nesterov", put_flag, opt.optim.nesterov), ONLY(has_momentum, 8)},
	{ROW("augment", put_augment, opt.augment), BOTH(always, 10)},
	{ROW("crop-pad", put_int, opt.pad), BOTH(pads, 10)},
	{ROW("seed", put_u64, opt.seed), BOTH(always, 12)},
	{ROW("data", put_crc, data), BOTH(always, 12)},
	{ROW("index", put_crc, index), BOTH(always, 12)},
	{ROW("val-data", put_crc, val_data), BOTH(validates, 12)},
	{ROW("val-index", put_crc, val_index), BOTH(validates, 12)},
	{ROW("mask", put_crc, mask), BOTH(masked, 14)},
	{ROW("dst", put_dst, opt.dst.rule), ONLY(changes_mask, 14)},
	{ROW("dst-every", put_point, opt.dst.every), ONLY(changes_mask, 14)},
	{ROW("dst-fraction", put_real, opt.dst.fraction),
		ONLY(changes_mask, 14)},
	{ROW("dst-end", put_dst_end, opt.dst.end), ONLY(changes_mask, 14)},
	{ROW("compute", put_compute, opt.compute), BOTH(always, 11),
		.absent = "f32"},
	{ROW("store", put_store, opt.half), ONLY(stores, 11)},
	{ROW("mean", put_norm, norm), .core = always},
	{ROW("input", put_crc, input), BOTH(always, 13)},
	{ROW("start", put_u64, start), .core = always},
	{ROW("from", put_iteration, start), .history = started_late, .rank = 2},
	{ROW("version", put_version, opt), .full = always},
	{ROW("from", put_u64, from), .full = always},
	{ROW("to", put_end, to), .full = always},
	{ROW("stop", put_text, stop), .full = always},
	{ROW("patience", put_int, opt.patience), .full = always},
	{ROW("best", put_wanted, opt.best), .full = always},
	{ROW("log", put_wanted, opt.log), .full = always},
	{ROW("events", put_wanted, opt.events), .full = always},
	{ROW("distances", put_wanted, opt.stop_distances), .full = always},
	{ROW("states", put_listed, opt.save_states), .full = always},
	{ROW("prefix", put_text, opt.save_prefix), .full = always},
#undef ROW
#undef BOTH
#undef ONLY
};
#define ROWS (sizeof table / sizeof *table)

/* The text of a setting's value, the caller's; NULL for the value in absent. */
static char *
value_text(const struct setting *row, const struct lt_settings *s, bool brief)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	LT_BUG_ON(!f);
	row->put(f, s, (const char *)s + row->at, brief);
	LT_BUG_ON(fclose(f) != 0);
	if (!row->absent || strcmp(text, row->absent) != 0)
		return text;
	free(text);
	return NULL;
}

/* Write the settings of core and then, if full is set, those of full. */
static char *
write_text(const struct lt_settings *s, bool full)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	const char *blank = "";

	LT_BUG_ON(!f);
	for (size_t i = 0; i < (full ? 2 * ROWS : ROWS); i++) {
		const struct setting *row = &table[i % ROWS];
		when_fn *when = i < ROWS ? row->core : row->full;
		char *value =
			when && when(s) ? value_text(row, s, false) : NULL;
		if (!value)
			continue;
		fprintf(f, "%s%s=%s", blank, row->key, value);
		blank = " ";
		free(value);
	}
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

void
lt_settings_seal(struct lt_settings *s)
{
	char *full = write_text(s, true);
	uLong crc = crc32_z(0, (const void *)full, strlen(full));

	crc = add_epochs(crc, &s->opt.save_epochs);
	crc = add_epochs(crc, &s->opt.save_states);
	s->full = (uint32_t)crc;
	free(full);
	free(s->text);
	s->text = write_text(s, false);
	s->core = (uint32_t)crc32_z(0, (const void *)s->text, strlen(s->text));
}

void
lt_settings_release(struct lt_settings *s)
{
	free(s->text);
	s->text = NULL;
}

/* Length of the word at s. */
static size_t
word(const char *s)
{
	return strcspn(s, " ");
}

/* Has a word of rest the key of the word at s? */
static bool
has_key(const char *rest, const char *s)
{
	size_t key = strcspn(s, "= ");

	for (; *rest; rest += word(rest), rest += *rest == ' ')
		if (strcspn(rest, "= ") == key && !strncmp(rest, s, key))
			return true;
	return false;
}

int
lt_settings_same(const struct lt_settings *s, const struct lt_st *st,
	const char *path, struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.run.settings");
	const char *there = text ? text : "", *here = s->text;

	while (*there && *here && word(there) == word(here) &&
		!strncmp(there, here, word(here))) {
		there += word(there);
		there += *there == ' ';
		here += word(here);
		here += *here == ' ';
	}
	if (!*there && !*here)
		return 0;
	/* A setting that only one of them has stands against nothing. */
	size_t a = word(there), b = word(here), key = strcspn(there, "= ");
	bool one = key == strcspn(here, "= ") && !strncmp(there, here, key);
	if (!one && has_key(here + b, there))
		a = 0;
	else if (!one && has_key(there + a, here))
		b = 0;
	return lt_fail(err, LT_EDATA,
		"%s: the state belongs to a run with other settings: %.*s in "
		"the state, %.*s in this run",
		path, a ? (int)a : 7, a ? there : "nothing", b ? (int)b : 7,
		b ? here : "nothing");
}

void
lt_settings_history(const struct lt_settings *s, struct lt_st *st)
{
	const char *kv[2 * ROWS + 1];
	char *own[ROWS];
	size_t n = 0;

	for (int rank = 1; rank <= 14; rank++)
		for (size_t i = 0; i < ROWS; i++) {
			const struct setting *row = &table[i];
			if (row->rank != rank || !row->history(s))
				continue;
			own[n] = value_text(row, s, true);
			if (!own[n])
				continue;
			kv[2 * n] = row->key;
			kv[2 * n + 1] = own[n];
			n++;
		}
	kv[2 * n] = NULL;
	lt_st_history(st, s->opt.tool, kv);
	while (n)
		free(own[--n]);
}
