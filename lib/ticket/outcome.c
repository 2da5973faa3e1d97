#include "ticket/outcome.h"

#include <math.h>
#include <string.h>
#include "base/at.h"

/* The text of a column in the last row. */
static int
last_text(const char **text, const struct lt_table *t, const char *name,
	struct lt_err *err)
{
	return lt_at_text(text, t, lt_at_last(t), name, err);
}

/* A column of a mask's row "total". */
static int
total_text(const char **text, const struct lt_table *mask, const char *name,
	struct lt_err *err)
{
	size_t total;

	if (lt_at_where(&total, mask, "name", "total", err) < 0)
		return -1;
	if (mask->n && total == LT_AT_NONE)
		return lt_fail(err, LT_EDATA,
			"%s: expected a row 'total', found none", mask->name);
	return lt_at_text(text, mask, total, name, err);
}

/* The tables that a training leaves behind. */
enum file { MASK, START, LOG, TEST, TRAIN, LENGTH, LEARNED, FILES };

static void
release_files(struct lt_table *f)
{
	for (int i = 0; i < FILES; i++)
		lt_table_release(&f[i]);
}

/* Read all of them, or none; a path is NULL where a file does not apply. */
static int
read_files(struct lt_table *f, const char *const *path, struct lt_err *err)
{
	memset(f, 0, FILES * sizeof *f);
	for (int i = 0; i < FILES; i++)
		if (lt_at_table(&f[i], path[i], err) < 0) {
			release_files(f);
			return -1;
		}
	return 0;
}

static void
put_cell(struct lt_cells *o, const struct lt_cell *c, const char *const *text)
{
	lt_cells_header(o, "s v val_acc test_acc density search_iterations "
			   "retrain_iterations");
	if (c->best)
		lt_cell_name(o, "best");
	else
		lt_cell_whole(o, c->s);
	if (c->dense)
		lt_cell_name(o, "dense");
	else
		lt_cell_whole(o, c->v);
	for (int i = 0; i < 5; i++)
		lt_cell_text(o, text[i]);
	lt_cells_end(o);
}

static int
fill_cell(struct lt_cells *o, const struct lt_cell *c, const struct lt_table *f,
	struct lt_err *err)
{
	uint64_t until = !c->dense && c->v > c->s ? c->v : c->s;
	/* A dense run that diverged has no density either. */
	bool whole = c->dense && (f[LOG].n || f[START].n);
	const char *text[5] = {[2] = whole ? "1" : "NaN"};
	size_t best, at_s, at_until;

	if (lt_at_highest(&best, &f[LOG], "val_acc", err) < 0 ||
		lt_at_where_number(
			&at_s, &f[START], "epoch", (double)c->s, err) < 0 ||
		lt_at_where_number(
			&at_until, &f[START], "epoch", (double)until, err) < 0)
		return -1;
	if (lt_at_text(&text[0], c->log ? &f[LOG] : &f[START],
		    c->log ? best : at_s, "val_acc", err) < 0 ||
		last_text(&text[1], &f[TEST], "top1", err) < 0 ||
		(c->mask &&
			total_text(&text[2], &f[MASK], "density", err) < 0) ||
		lt_at_text(&text[3], &f[START], at_until, "iteration", err) <
			0 ||
		last_text(&text[4], &f[LOG], "iteration", err) < 0)
		return -1;
	/* Mask and weights of the initialization need no training. */
	if (!c->dense && !c->best && until == 0)
		text[3] = "0";
	put_cell(o, c, text);
	return 0;
}

int
lt_cell_table(struct lt_cells *o, const struct lt_cell *c, struct lt_err *err)
{
	const char *const path[FILES] = {[MASK] = c->mask,
		[START] = c->start,
		[LOG] = c->log,
		[TEST] = c->test};
	struct lt_table f[FILES];

	if (read_files(f, path, err) < 0)
		return -1;
	int r = fill_cell(o, c, f, err);
	release_files(f);
	return r;
}

static int
fill_memory(struct lt_cells *o, const struct lt_memory *m,
	const struct lt_table *f, struct lt_err *err)
{
	const char *text[] = {
		m->kind, m->epoch, m->pruned, "1", m->samples, NULL, NULL};

	if ((m->mask && total_text(&text[3], &f[MASK], "density", err) < 0) ||
		last_text(&text[5], &f[LEARNED], "top1", err) < 0 ||
		last_text(&text[6], &f[LOG], "train_acc", err) < 0)
		return -1;
	lt_cells_header(o, "kind epoch pruned density samples learned_acc "
			   "train_acc");
	for (int i = 0; i < 7; i++)
		lt_cell_text(o, text[i]);
	lt_cells_end(o);
	return 0;
}

int
lt_memory_table(
	struct lt_cells *o, const struct lt_memory *m, struct lt_err *err)
{
	const char *const path[FILES] = {
		[MASK] = m->mask, [LOG] = m->log, [LEARNED] = m->learned};
	struct lt_table f[FILES];

	if (read_files(f, path, err) < 0)
		return -1;
	int r = fill_memory(o, m, f, err);
	release_files(f);
	return r;
}

/* Percent of the prunable weights that a mask removes. */
static int
sparsity_of(double *sparsity, const struct lt_table *mask, struct lt_err *err)
{
	double v[2];
	size_t total;

	if (lt_at_where(&total, mask, "name", "total", err) < 0 ||
		lt_at_numbers(v, mask, total, "kept count", err) < 0)
		return -1;
	*sparsity = 100 * (1 - v[0] / v[1]);
	return 0;
}

static int
fill_stage(struct lt_cells *o, const struct lt_stage *s,
	const struct lt_table *f, struct lt_err *err)
{
	static const char *const sums[] = {
		"epoch", "iteration", "presentations", "macs"};
	const char *text[10];
	double sparsity = 0;
	size_t best;

	if ((s->stage && sparsity_of(&sparsity, &f[MASK], err) < 0) ||
		lt_at_highest(&best, &f[LOG], "val_acc", err) < 0 ||
		lt_at_text(&text[0], &f[LOG], best, "val_acc", err) < 0 ||
		last_text(&text[1], &f[TEST], "top1", err) < 0 ||
		lt_at_text(&text[2], &f[LOG], best, "epoch", err) < 0)
		return -1;
	for (int i = 0; i < 4; i++)
		if (last_text(&text[3 + i], &f[LOG], sums[i], err) < 0)
			return -1;
	if (last_text(&text[7], &f[LENGTH], "length", err) < 0 ||
		last_text(&text[8], &f[LENGTH], "length_std", err) < 0 ||
		last_text(&text[9], &f[TRAIN], "top1", err) < 0)
		return -1;
	lt_cells_header(o, "network seed stage sparsity val_acc test_acc "
			   "best_epoch epochs iterations presentations macs "
			   "length length_std train_acc");
	lt_cell_name(o, s->network);
	lt_cell_whole(o, s->seed);
	lt_cell_whole(o, s->stage);
	lt_cell_digits(o, sparsity, 9);
	for (int i = 0; i < 10; i++)
		lt_cell_text(o, text[i]);
	lt_cells_end(o);
	return 0;
}

int
lt_stage_table(struct lt_cells *o, const struct lt_stage *s, struct lt_err *err)
{
	const char *const path[FILES] = {[MASK] = s->mask,
		[LOG] = s->log,
		[TEST] = s->test,
		[TRAIN] = s->train,
		[LENGTH] = s->length};
	struct lt_table f[FILES];

	if (read_files(f, path, err) < 0)
		return -1;
	int r = fill_stage(o, s, f, err);
	release_files(f);
	return r;
}
