#include "ticket/gather.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/table.h"
#include "base/tsv.h"

/* The columns of the first table, and the rows that were written. */
struct gathering {
	struct lt_cells out;
	const char *const *name;
	int names;
	char **title; /* [titles]; of the first table that is not lost */
	int titles;
	struct lt_names seen;
	char *row; /* the current one, as a text */
	size_t cap;
};

/* Names of the caller and titles of the table must differ. */
static int
begin(struct gathering *g, const struct lt_tsv *t, const char *path,
	struct lt_err *err)
{
	g->titles = lt_tsv_columns(t);
	g->title = lt_alloc((size_t)g->titles, sizeof(*g->title));
	for (int i = 0; i < g->titles; i++) {
		const char *title = lt_tsv_title(t, i);
		for (int j = 0; j < g->names; j++)
			if (strcmp(title, g->name[j]) == 0)
				return lt_fail(err, LT_EDATA,
					"%s: column '%s' is there already",
					path, title);
		g->title[i] = lt_strdup(title);
	}
	for (int i = 0; i < g->names; i++)
		lt_cell_name(&g->out, g->name[i]);
	for (int i = 0; i < g->titles; i++)
		lt_cell_name(&g->out, g->title[i]);
	lt_cells_end(&g->out);
	return 0;
}

static int
find(const struct lt_tsv *t, const char *title)
{
	for (int i = 0; i < lt_tsv_columns(t); i++)
		if (strcmp(lt_tsv_title(t, i), title) == 0)
			return i;
	return -1;
}

static void
append(struct gathering *g, size_t *used, const char *text)
{
	size_t n = strlen(text);

	lt_grow(&g->row, &g->cap, *used + n + 2, 1);
	memcpy(g->row + *used, text, n);
	*used += n;
	g->row[(*used)++] = '\t';
	g->row[*used] = '\0';
}

static const char *
known(const char *text)
{
	return lt_table_missing(text) ? "NaN" : text;
}

/* at[i] is the table's column of title i, or -1. */
static void
put_row(struct gathering *g, const struct lt_tsv *t, const int *at,
	const char *const *value)
{
	size_t used = 0, before = g->seen.n;

	for (int i = 0; i < g->names; i++)
		append(g, &used, value[i] ? value[i] : "NaN");
	for (int i = 0; i < g->titles; i++)
		append(g, &used,
			at[i] < 0 ? "NaN" : known(lt_tsv_text(t, at[i])));
	lt_names_number(&g->seen, g->row);
	if (g->seen.n == before)
		return;
	for (int i = 0; i < g->names; i++)
		lt_cell_name(&g->out, value[i] ? value[i] : "NaN");
	for (int i = 0; i < g->titles; i++)
		lt_cell_text(
			&g->out, at[i] < 0 ? "NaN" : lt_tsv_text(t, at[i]));
	lt_cells_end(&g->out);
}

static int
gather(struct gathering *g, const struct lt_rows_table *table,
	struct lt_err *err)
{
	bool lost;
	struct lt_tsv *t = lt_tsv_open_lost(table->path, &lost, err);
	int r = 0;

	if (!t)
		return -1;
	if (!lost && !g->title)
		r = begin(g, t, table->path, err);
	int *at = lt_alloc((size_t)g->titles, sizeof(*at));
	for (int i = 0; i < g->titles && r == 0; i++)
		at[i] = find(t, g->title[i]);
	while (r == 0 && (r = lt_tsv_next(t, err)) > 0) {
		put_row(g, t, at, table->value);
		r = 0;
	}
	free(at);
	lt_tsv_close(t);
	return r;
}

int
lt_rows_write(const char *path, const char *const *name, int names,
	const struct lt_rows_table *table, int n, struct lt_err *err)
{
	struct gathering g = {.name = name, .names = names};
	int r = lt_cells_open(&g.out, path, err);

	if (r < 0)
		return -1;
	for (int i = 0; i < n && r == 0; i++)
		r = gather(&g, &table[i], err);
	for (int i = 0; i < g.titles; i++)
		free(g.title[i]);
	free(g.title);
	free(g.row);
	lt_names_release(&g.seen);
	if (r == 0)
		return lt_cells_commit(&g.out, err);
	lt_cells_abandon(&g.out);
	return -1;
}

struct chain {
	struct lt_cells out;
	char **title; /* [titles], of the first segment */
	int titles;
	double last; /* the last epoch of the segments before */
};

/* Write a row; the distances of masks are missing. */
static void
put_segment_row(struct chain *c, const struct lt_tsv *t)
{
	for (int i = 0; i < c->titles; i++)
		if (strcmp(c->title[i], "mask_distance") == 0)
			lt_cell_name(&c->out, "NaN");
		else
			lt_cell_text(&c->out, lt_tsv_text(t, i));
	lt_cells_end(&c->out);
}

static void
put_titles(struct chain *c, const struct lt_tsv *t)
{
	c->titles = lt_tsv_columns(t);
	c->title = lt_alloc((size_t)c->titles, sizeof(*c->title));
	for (int i = 0; i < c->titles; i++) {
		c->title[i] = lt_strdup(lt_tsv_title(t, i));
		lt_cell_name(&c->out, c->title[i]);
	}
	lt_cells_end(&c->out);
}

static int
check_titles(const struct chain *c, const struct lt_tsv *t, const char *path,
	struct lt_err *err)
{
	bool same = lt_tsv_columns(t) == c->titles;

	for (int i = 0; i < c->titles && same; i++)
		same = strcmp(lt_tsv_title(t, i), c->title[i]) == 0;
	if (same)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: expected the columns of the first segment, found others",
		path);
}

static int
add_segment(struct chain *c, const struct lt_segment *s, struct lt_err *err)
{
	struct lt_tsv *t = lt_tsv_open(s->path, err);
	double epoch, last = c->last;
	int r = 0;

	if (!t)
		return -1;
	int at = lt_tsv_column(t, "epoch", err);
	if (at < 0)
		r = -1;
	else if (c->title)
		r = check_titles(c, t, s->path, err);
	else
		put_titles(c, t);
	while (r == 0 && (r = lt_tsv_next(t, err)) > 0) {
		r = lt_tsv_f64(t, at, &epoch, err);
		if (r < 0 || epoch <= c->last || epoch > s->until)
			continue;
		put_segment_row(c, t);
		last = epoch;
	}
	c->last = last;
	lt_tsv_close(t);
	return r;
}

/* Is one of the segments empty or not there?  Standard input cannot be read
 * twice. */
static int
some_lost(
	bool *lost, const struct lt_segment *segment, int n, struct lt_err *err)
{
	*lost = false;
	for (int i = 0; i < n && !*lost; i++) {
		if (strcmp(segment[i].path, "-") == 0)
			continue;
		*lost = lt_table_absent(segment[i].path);
		if (*lost)
			continue;
		struct lt_tsv *t = lt_tsv_open_lost(segment[i].path, lost, err);
		if (!t)
			return -1;
		lt_tsv_close(t);
	}
	return 0;
}

int
lt_segments_write(const char *path, const struct lt_segment *segment, int n,
	struct lt_err *err)
{
	struct chain c = {.last = -INFINITY};
	bool lost;

	if (some_lost(&lost, segment, n, err) < 0 ||
		lt_cells_open(&c.out, path, err) < 0)
		return -1;
	int r = 0;
	for (int i = 0; i < n && r == 0 && !lost; i++)
		r = add_segment(&c, &segment[i], err);
	for (int i = 0; i < c.titles; i++)
		free(c.title[i]);
	free(c.title);
	if (r == 0)
		return lt_cells_commit(&c.out, err);
	lt_cells_abandon(&c.out);
	return -1;
}
