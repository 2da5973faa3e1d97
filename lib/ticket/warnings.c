#include "ticket/warnings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/at.h"
#include "base/mem.h"
#include "ticket/moments.h"
#include "ticket/paired.h"
#include "ticket/summary.h"

#define TRAINED 95 /* percent of the training samples */
#define MOST 50	   /* percent of the seeds */

struct sign {
	const char *name, *method, *round, *sparsity;
	size_t n;
	double value, limit;
};

static void
put(struct lt_cells *o, const struct sign *s)
{
	lt_cell_name(o, s->name);
	lt_cell_name(o, s->method);
	lt_cell_name(o, s->round);
	lt_cell_text(o, s->sparsity);
	lt_cell_whole(o, s->n);
	lt_cell_digits(o, s->value, 12);
	lt_cell_digits(o, s->limit, 12);
	lt_cells_end(o);
}

/* The numbers of a column over the seeds of a method and a round. */
static size_t
collect(double *x, const struct lt_summary *s, const double *v,
	const char *method, uint64_t round)
{
	size_t n = 0;

	for (size_t i = 0; i < s->seed.n; i++) {
		int64_t row = lt_summary_row(s, method, round, s->seed.text[i]);
		x[n] = row < 0 ? NAN : v[row];
		n += !isnan(x[n]);
	}
	return n;
}

static int
put_untrained(
	struct lt_cells *o, const struct lt_summary *s, struct lt_err *err)
{
	struct sign sign = {"untrained", "dense", "0", "0", 0, NAN, TRAINED};
	double *acc = lt_table_optional(&s->table, "train_acc", err);
	double *x = lt_alloc(s->seed.n + 1, sizeof(*x));

	if (acc) {
		sign.n = collect(x, s, acc, "dense", 0);
		sign.value = lt_mean(x, sign.n);
		if (sign.n == 0)
			sign.name = "unmeasured";
		if (!(sign.value >= TRAINED))
			put(o, &sign);
	}
	free(x);
	int r = acc ? 0 : -1;
	free(acc);
	return r;
}

/* 1 where the best epoch is the last one, 0 where it is not. */
static double *
best_is_last(const struct lt_summary *s, struct lt_err *err)
{
	double *best = lt_table_optional(&s->table, "best_epoch", err);
	double *last =
		best ? lt_table_optional(&s->table, "epochs", err) : NULL;

	for (size_t i = 0; last && i < s->table.n; i++)
		if (!isnan(last[i]))
			last[i] = isnan(best[i]) ? NAN : best[i] == last[i];
	free(best);
	return last;
}

/* The last row of a method and a round, or -1. */
static int64_t
some_row(const struct lt_summary *s, const char *method, uint64_t round)
{
	int64_t found = -1;

	for (size_t i = 0; i < s->seed.n; i++) {
		int64_t row = lt_summary_row(s, method, round, s->seed.text[i]);
		found = row < 0 ? found : row;
	}
	return found;
}

static int
put_best_last(
	struct lt_cells *o, const struct lt_summary *s, struct lt_err *err)
{
	const struct lt_table *t = &s->table;
	int round = lt_table_find(t, "round");
	int sparsity = lt_table_find(t, "sparsity");
	double *last = best_is_last(s, err);
	double *x = lt_alloc(s->seed.n + 1, sizeof(*x));

	for (size_t m = 0; m < s->method.n && last; m++)
		for (uint64_t r = 0; r <= s->last; r++) {
			struct sign sign = {.name = "best-last",
				.method = s->method.text[m],
				.limit = MOST};
			sign.n = collect(x, s, last, sign.method, r);
			sign.value = 100 * lt_mean(x, sign.n);
			if (!(sign.value > MOST))
				continue;
			int64_t row = some_row(s, sign.method, r);
			sign.round = lt_table_text(t, (size_t)row, round);
			sign.sparsity = lt_table_text(t, (size_t)row, sparsity);
			put(o, &sign);
		}
	free(x);
	int r = last ? 0 : -1;
	free(last);
	return r;
}

/* Of one row of the matching table. */
static int
put_round(struct lt_cells *o, const struct lt_table *t, size_t i, double margin,
	struct lt_err *err)
{
	struct sign sign = {.value = 0, .limit = NAN};
	const char *verdict;
	double v[3];

	if (lt_at_text(&sign.method, t, i, "method", err) < 0 ||
		lt_at_text(&sign.round, t, i, "round", err) < 0 ||
		lt_at_text(&sign.sparsity, t, i, "sparsity", err) < 0 ||
		lt_at_text(&verdict, t, i, "verdict", err) < 0 ||
		lt_at_numbers(v, t, i, "dense_difference n difference_n", err) <
			0)
		return -1;
	if (strcmp(verdict, lt_verdict_name[LT_SAME]) == 0) {
		sign.name = "same";
		sign.n = (size_t)v[2];
		put(o, &sign);
	}
	if (strcmp(sign.method, "random") == 0 && v[0] >= -margin - 1e-9) {
		sign.name = "random";
		sign.n = (size_t)v[1];
		sign.value = v[0];
		sign.limit = -margin;
		put(o, &sign);
	}
	return 0;
}

static int
put_all(struct lt_cells *o, const struct lt_summary *s,
	const struct lt_table *matching, double margin, struct lt_err *err)
{
	lt_cells_header(o, "warning method round sparsity n value limit");
	int r = put_untrained(o, s, err);
	if (r == 0)
		r = put_best_last(o, s, err);
	for (size_t i = 0; i < matching->n && r == 0; i++)
		r = put_round(o, matching, i, margin, err);
	return r;
}

int
lt_warnings_write(const char *path, const char *matching, const char *from,
	double margin, struct lt_err *err)
{
	struct lt_summary s = {0};
	struct lt_table t = {0};
	struct lt_cells o;
	int r = lt_summary_read(&s, from, err);

	if (r == 0)
		r = lt_table_read(&t, matching, err);
	if (r == 0)
		r = lt_cells_open(&o, path, err);
	if (r == 0)
		r = lt_cells_close(&o, put_all(&o, &s, &t, margin, err), err);
	lt_table_release(&t);
	lt_summary_release(&s);
	return r;
}
