#include "ticket/windows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/at.h"
#include "base/words.h"

/* What the name of a method says. */
struct pruning {
	const char *kind, *window, *end;
};

/* After the prefix, or NULL. */
static const char *
after(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

/* Is this FIRST-LAST? */
static bool
is_span(const char *text)
{
	static const char digits[] = "0123456789";
	size_t n = strspn(text, digits);

	if (!n || text[n] != '-')
		return false;
	text += n + 1;
	n = strspn(text, digits);
	return n && !text[n];
}

/* The epoch that ends says of a window, or "". */
static const char *
end_of(const struct lt_words *ends, const char *window)
{
	for (size_t i = 0; i < ends->n; i++) {
		const char *rest = after(ends->v[i], window);
		if (rest && *rest == '=')
			return rest + 1;
	}
	return "";
}

static struct pruning
pruning_of(const char *method, const char *round, const struct lt_words *ends)
{
	const char *shot = after(method, "oneshot-"),
		   *window = after(method, "gradual-");

	if (shot)
		return (struct pruning){"oneshot", shot, shot};
	if (window)
		return (struct pruning){is_span(window) ? "gradual" : window,
			window, end_of(ends, window)};
	return (struct pruning){
		method, strcmp(method, "imp") == 0 ? round : "-", ""};
}

/* A cell, or "NaN" where there is no such column. */
static const char *
cell(const struct lt_table *t, size_t row, const char *name)
{
	return lt_table_text(t, row, lt_table_find(t, name));
}

static int
number(double *v, const struct lt_table *t, size_t row, const char *name,
	struct lt_err *err)
{
	return lt_table_f64(t, row, lt_table_find(t, name), v, err);
}

struct writer {
	struct lt_words ends, columns;
	struct lt_names seen;
	double dense; /* test accuracy of the dense network */
};

static int
put_window(struct lt_cells *o, struct writer *w, const struct lt_table *t,
	size_t row, struct lt_err *err)
{
	const char *round = cell(t, row, "round");
	struct pruning p = pruning_of(cell(t, row, "method"), round, &w->ends);
	double test_acc;

	if (number(&test_acc, t, row, "test_acc", err) < 0)
		return -1;
	if (strcmp(p.kind, "dense") == 0)
		w->dense = test_acc;
	lt_cell_name(o, p.kind);
	lt_cell_name(o, p.window);
	lt_cell_text(o, p.end);
	lt_cell_text(o, round);
	for (size_t i = 0; i < w->columns.n; i++) {
		const char *name = w->columns.v[i];
		if (strcmp(name, "below_dense") == 0)
			lt_cell_digits(o, w->dense - test_acc, 12);
		else
			lt_cell_text(o, cell(t, row, name));
	}
	lt_cells_end(o);
	return 0;
}

/* The rows of a summary that no summary before had. */
static int
put_summary(struct lt_cells *o, struct writer *w, const char *path,
	struct lt_err *err)
{
	struct lt_table t;
	int r = lt_table_read(&t, path, err);

	if (r == 0 && !t.lost &&
		(lt_table_column(&t, "method", err) < 0 ||
			lt_table_column(&t, "round", err) < 0))
		r = -1;
	for (size_t i = 0; r == 0 && i < t.n; i++) {
		size_t before = w->seen.n;
		char *key = lt_asprintf(
			"%s\t%s", cell(&t, i, "method"), cell(&t, i, "round"));
		lt_names_number(&w->seen, key);
		free(key);
		if (w->seen.n > before)
			r = put_window(o, w, &t, i, err);
	}
	lt_table_release(&t);
	return r;
}

int
lt_windows_table(
	struct lt_cells *o, const struct lt_windows *w, struct lt_err *err)
{
	struct writer all = {.dense = NAN};
	char *names = lt_asprintf("kind window end prunings %s", w->columns);
	int r = 0;

	lt_words_init(&all.ends, w->ends);
	lt_words_init(&all.columns, w->columns);
	lt_cells_header(o, names);
	for (int i = 0; r == 0 && i < w->n; i++)
		r = put_summary(o, &all, w->path[i], err);
	lt_words_release(&all.ends);
	lt_words_release(&all.columns);
	lt_names_release(&all.seen);
	free(names);
	return r;
}

static bool
same_ticket(const struct lt_table *t, size_t row, const struct lt_table *u,
	size_t other)
{
	return strcmp(cell(t, row, "kind"), cell(u, other, "kind")) == 0 &&
	       strcmp(cell(t, row, "window"), cell(u, other, "window")) == 0;
}

/* The row of the same ticket, or LT_AT_NONE. */
static size_t
find_ticket(const struct lt_table *t, size_t row, const struct lt_table *in)
{
	for (size_t i = in->n; i; i--)
		if (same_ticket(t, row, in, i - 1))
			return i - 1;
	return LT_AT_NONE;
}

/* The first round of imp of that sparsity, or LT_AT_NONE. */
static int
find_imp(size_t *imp, const struct lt_table *t, double sparsity,
	struct lt_err *err)
{
	double percent;

	*imp = LT_AT_NONE;
	for (size_t i = 0; i < t->n && *imp == LT_AT_NONE; i++) {
		if (number(&percent, t, i, "sparsity", err) < 0)
			return -1;
		if (strcmp(cell(t, i, "kind"), "imp") == 0 &&
			percent >= 100 * sparsity - 0.01)
			*imp = i;
	}
	return 0;
}

/* The two cells of a column. */
static int
put_cost(struct lt_cells *o, const struct lt_table *costs, size_t row,
	size_t imp, const char *name, struct lt_err *err)
{
	double v = NAN, whole = NAN;

	if (row != LT_AT_NONE && number(&v, costs, row, name, err) < 0)
		return -1;
	if (imp != LT_AT_NONE && number(&whole, costs, imp, name, err) < 0)
		return -1;
	lt_cell_text(o, row == LT_AT_NONE ? "" : cell(costs, row, name));
	lt_cell_digits(o, whole > 0 ? v / whole : NAN, 12);
	return 0;
}

static int
put_costs(struct lt_cells *o, const struct lt_table *means,
	const struct lt_table *costs, const struct lt_words *columns,
	double sparsity, struct lt_err *err)
{
	size_t imp;

	if (find_imp(&imp, means, sparsity, err) < 0)
		return -1;
	size_t imp_cost =
		imp == LT_AT_NONE ? imp : find_ticket(means, imp, costs);
	for (size_t i = 0; i < means->n; i++) {
		const char *kind = cell(means, i, "kind");
		if (i != imp && (strcmp(kind, "imp") == 0 ||
					strcmp(kind, "dense") == 0))
			continue;
		lt_cell_name(o, kind);
		lt_cell_name(o, cell(means, i, "window"));
		lt_cell_text(o, cell(means, i, "sparsity"));
		lt_cell_text(o, cell(means, i, "test_acc"));
		lt_cell_text(o, cell(means, i, "below_dense"));
		size_t at = find_ticket(means, i, costs);
		for (size_t k = 0; k < columns->n; k++)
			if (put_cost(o, costs, at, imp_cost, columns->v[k],
				    err) < 0)
				return -1;
		lt_cells_end(o);
	}
	return 0;
}

/* "COLUMN COLUMN_of_imp ..." */
static void
put_cost_header(struct lt_cells *o, const struct lt_words *columns)
{
	char *names = lt_strdup("kind window sparsity test_acc below_dense");

	for (size_t k = 0; k < columns->n; k++) {
		char *more = lt_asprintf(
			"%s %s %s_of_imp", names, columns->v[k], columns->v[k]);
		free(names);
		names = more;
	}
	lt_cells_header(o, names);
	free(names);
}

int
lt_search_cost_table(
	struct lt_cells *o, const struct lt_search_cost *c, struct lt_err *err)
{
	struct lt_table means, costs = {0};
	struct lt_words columns;
	int r;

	lt_words_init(&columns, c->columns);
	put_cost_header(o, &columns);
	r = lt_table_read(&means, c->means, err);
	if (r == 0 && c->costs)
		r = lt_table_read(&costs, c->costs, err);
	if (r == 0)
		r = put_costs(o, &means, c->costs ? &costs : &means, &columns,
			c->sparsity, err);
	lt_table_release(&means);
	lt_table_release(&costs);
	lt_words_release(&columns);
	return r;
}
