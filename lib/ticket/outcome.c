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

struct cell_files {
	struct lt_table mask, start, log, test;
};

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
fill_cell(struct lt_cells *o, const struct lt_cell *c,
	const struct cell_files *f, struct lt_err *err)
{
	uint64_t until = !c->dense && c->v > c->s ? c->v : c->s;
	/* A dense run that diverged has no density either. */
	bool whole = c->dense && (f->log.n || f->start.n);
	const char *text[5] = {[2] = whole ? "1" : "NaN"};
	size_t best, at_s, at_until;

	if (lt_at_highest(&best, &f->log, "val_acc", err) < 0 ||
		lt_at_where_number(
			&at_s, &f->start, "epoch", (double)c->s, err) < 0 ||
		lt_at_where_number(
			&at_until, &f->start, "epoch", (double)until, err) < 0)
		return -1;
	if (lt_at_text(&text[0], c->log ? &f->log : &f->start,
		    c->log ? best : at_s, "val_acc", err) < 0 ||
		last_text(&text[1], &f->test, "top1", err) < 0 ||
		(c->mask &&
			total_text(&text[2], &f->mask, "density", err) < 0) ||
		lt_at_text(&text[3], &f->start, at_until, "iteration", err) <
			0 ||
		last_text(&text[4], &f->log, "iteration", err) < 0)
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
	struct cell_files f = {0};
	int r = -1;

	if (lt_at_table(&f.mask, c->mask, err) == 0 &&
		lt_at_table(&f.start, c->start, err) == 0 &&
		lt_at_table(&f.log, c->log, err) == 0 &&
		lt_at_table(&f.test, c->test, err) == 0)
		r = fill_cell(o, c, &f, err);
	lt_table_release(&f.mask);
	lt_table_release(&f.start);
	lt_table_release(&f.log);
	lt_table_release(&f.test);
	return r;
}

struct memory_files {
	struct lt_table mask, log, learned;
};

static int
fill_memory(struct lt_cells *o, const struct lt_memory *m,
	const struct memory_files *f, struct lt_err *err)
{
	const char *text[] = {
		m->kind, m->epoch, m->pruned, "1", m->samples, NULL, NULL};

	if ((m->mask && total_text(&text[3], &f->mask, "density", err) < 0) ||
		last_text(&text[5], &f->learned, "top1", err) < 0 ||
		last_text(&text[6], &f->log, "train_acc", err) < 0)
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
	struct memory_files f = {0};
	int r = -1;

	if (lt_at_table(&f.mask, m->mask, err) == 0 &&
		lt_at_table(&f.log, m->log, err) == 0 &&
		lt_at_table(&f.learned, m->learned, err) == 0)
		r = fill_memory(o, m, &f, err);
	lt_table_release(&f.mask);
	lt_table_release(&f.log);
	lt_table_release(&f.learned);
	return r;
}

struct stage_files {
	struct lt_table mask, log, test, train, length;
};

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
	const struct stage_files *f, struct lt_err *err)
{
	static const char *const sums[] = {
		"epoch", "iteration", "presentations", "macs"};
	const char *text[10];
	double sparsity = 0;
	size_t best;

	if ((s->stage && sparsity_of(&sparsity, &f->mask, err) < 0) ||
		lt_at_highest(&best, &f->log, "val_acc", err) < 0 ||
		lt_at_text(&text[0], &f->log, best, "val_acc", err) < 0 ||
		last_text(&text[1], &f->test, "top1", err) < 0 ||
		lt_at_text(&text[2], &f->log, best, "epoch", err) < 0)
		return -1;
	for (int i = 0; i < 4; i++)
		if (last_text(&text[3 + i], &f->log, sums[i], err) < 0)
			return -1;
	if (last_text(&text[7], &f->length, "length", err) < 0 ||
		last_text(&text[8], &f->length, "length_std", err) < 0 ||
		last_text(&text[9], &f->train, "top1", err) < 0)
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
	struct stage_files f = {0};
	int r = -1;

	if (lt_at_table(&f.mask, s->mask, err) == 0 &&
		lt_at_table(&f.log, s->log, err) == 0 &&
		lt_at_table(&f.test, s->test, err) == 0 &&
		lt_at_table(&f.train, s->train, err) == 0 &&
		lt_at_table(&f.length, s->length, err) == 0)
		r = fill_stage(o, s, &f, err);
	lt_table_release(&f.mask);
	lt_table_release(&f.log);
	lt_table_release(&f.test);
	lt_table_release(&f.train);
	lt_table_release(&f.length);
	return r;
}
