#include "ticket/gather.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/table.h"
#include "base/tsv.h"

/* The columns of the output, and its rows. */
struct gathering {
	struct lt_cells out;
	const char *const *name;
	int names;
	char **title; /* [titles]; of the first table that is not lost */
	int titles;
	const char *by;	      /* the column that rows are sorted by, or NULL */
	struct lt_names seen; /* the rows, each as a text */
	double *key;	      /* [seen.n], where rows are sorted */
	size_t keys;
	char *row; /* the current one, as a text */
	size_t cap;
};

static int
find(const struct lt_tsv *t, const char *title)
{
	for (int i = 0; i < lt_tsv_columns(t); i++)
		if (strcmp(lt_tsv_title(t, i), title) == 0)
			return i;
	return -1;
}

static bool
named(const struct gathering *g, const char *title)
{
	for (int i = 0; i < g->names; i++)
		if (strcmp(title, g->name[i]) == 0)
			return true;
	return false;
}

static int
begin(struct gathering *g, const struct lt_tsv *t, const char *path,
	struct lt_err *err)
{
	bool sorted = !g->by || named(g, g->by);

	g->title = lt_alloc((size_t)lt_tsv_columns(t), sizeof(*g->title));
	for (int i = 0; i < lt_tsv_columns(t); i++) {
		const char *title = lt_tsv_title(t, i);
		if (named(g, title))
			continue;
		g->title[g->titles++] = lt_strdup(title);
		sorted = sorted || strcmp(title, g->by) == 0;
	}
	for (int i = 0; i < g->names; i++)
		lt_cell_name(&g->out, g->name[i]);
	for (int i = 0; i < g->titles; i++)
		lt_cell_name(&g->out, g->title[i]);
	lt_cells_end(&g->out);
	if (sorted)
		return 0;
	return lt_tsv_lacks(
		path, g->by, (const char *const *)g->title, g->titles, err);
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

/* Where a table has the columns of the output: first names, then titles. */
struct source {
	const struct lt_tsv *t;
	const char *const *value; /* [names] */
	int *at;		  /* a column of t, or -1 */
};

/* A value of the caller's and a column of the table exclude each other. */
static int
find_columns(const struct gathering *g, const struct source *s,
	const char *path, struct lt_err *err)
{
	for (int i = 0; i < g->names; i++) {
		s->at[i] = find(s->t, g->name[i]);
		if (s->at[i] >= 0 && s->value[i])
			return lt_fail(err, LT_EDATA,
				"%s: column '%s' is there already", path,
				g->name[i]);
	}
	for (int i = 0; i < g->titles; i++)
		s->at[g->names + i] = find(s->t, g->title[i]);
	return 0;
}

static const char *
cell(const struct gathering *g, const struct source *s, int i)
{
	const char *text = s->at[i] >= 0  ? lt_tsv_text(s->t, s->at[i])
			   : i < g->names ? s->value[i]
					  : NULL;

	return text && !lt_table_missing(text) ? text : "NaN";
}

static int
put_row(struct gathering *g, const struct source *s, const char *path,
	struct lt_err *err)
{
	size_t used = 0, before = g->seen.n;
	double key = 0;

	for (int i = 0; i < g->names + g->titles; i++) {
		const char *text = cell(g, s, i);
		const char *title =
			i < g->names ? g->name[i] : g->title[i - g->names];
		append(g, &used, text);
		if (!g->by || strcmp(title, g->by) != 0)
			continue;
		if (!lt_tsv_number(text, &key) || key != key)
			return lt_fail(err, LT_EDATA,
				"%s:%llu: column '%s': expected a number, "
				"found '%s'",
				path, (unsigned long long)lt_tsv_line(s->t),
				title, text);
	}
	lt_names_number(&g->seen, g->row);
	if (g->seen.n == before)
		return 0;
	lt_grow(&g->key, &g->keys, g->seen.n, sizeof(*g->key));
	g->key[before] = key;
	return 0;
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
	struct source s = {t, table->value,
		lt_alloc((size_t)(g->names + g->titles), sizeof(*s.at))};
	if (r == 0 && !lost)
		r = find_columns(g, &s, table->path, err);
	while (r == 0 && (r = lt_tsv_next(t, err)) > 0)
		r = put_row(g, &s, table->path, err);
	free(s.at);
	lt_tsv_close(t);
	return r;
}

struct place {
	double key;
	size_t row;
};

static int
by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Rows of equal keys stay in their order. */
static void
write_rows(struct gathering *g)
{
	struct place *v = lt_alloc(g->seen.n, sizeof(*v));

	for (size_t i = 0; i < g->seen.n; i++)
		v[i] = (struct place){g->key[i], i};
	qsort(v, g->seen.n, sizeof(*v), by_key);
	for (size_t i = 0; i < g->seen.n; i++) {
		char *text = g->seen.text[v[i].row], *end;
		for (; (end = strchr(text, '\t')); text = end + 1) {
			*end = '\0';
			lt_cell_name(&g->out, text);
		}
		lt_cells_end(&g->out);
	}
	free(v);
}

int
lt_rows_write(const char *path, const char *by, const char *const *name,
	int names, const struct lt_rows_table *table, int n, struct lt_err *err)
{
	struct gathering g = {.name = name, .names = names, .by = by};
	int r = lt_cells_open(&g.out, path, err);

	if (r < 0)
		return -1;
	for (int i = 0; i < n && r == 0; i++)
		r = gather(&g, &table[i], err);
	if (r == 0)
		write_rows(&g);
	for (int i = 0; i < g.titles; i++)
		free(g.title[i]);
	free(g.title);
	free(g.row);
	free(g.key);
	lt_names_release(&g.seen);
	return lt_cells_close(&g.out, r, err);
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
