#include "base/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/num.h"
#include "base/tsv.h"

#define CHUNK ((size_t)1 << 16)
#define CELLS_MAX ((size_t)1 << 24)
#define TEXT_MAX ((size_t)1 << 28)

/* Room for the texts of a row. */
static char *
make_room(struct lt_table *t, size_t bytes)
{
	if (bytes > t->room) {
		t->room = bytes > CHUNK ? bytes : CHUNK;
		lt_grow(&t->chunk, &t->chunk_cap, t->chunks + 1,
			sizeof(*t->chunk));
		t->chunk[t->chunks++] = lt_alloc_scratch(t->room, 1);
		t->free = t->chunk[t->chunks - 1];
	}
	char *p = t->free;
	t->free += bytes;
	t->room -= bytes;
	t->text += bytes;
	return p;
}

static int
keep_row(struct lt_table *t, const struct lt_tsv *from, struct lt_err *err)
{
	size_t columns = (size_t)t->columns, bytes = 0;
	for (int i = 0; i < t->columns; i++)
		bytes += strlen(lt_tsv_text(from, i)) + 1;
	if ((t->n + 1) * columns > CELLS_MAX || t->text + bytes > TEXT_MAX)
		return lt_fail(err, LT_EDATA,
			"%s: expected at most %zu cells and %zu bytes, found "
			"more",
			t->name, CELLS_MAX, TEXT_MAX);
	char *p = make_room(t, bytes);
	lt_grow(&t->cell, &t->cap, (t->n + 1) * columns, sizeof(*t->cell));
	for (int i = 0; i < t->columns; i++) {
		const char *text = lt_tsv_text(from, i);
		size_t size = strlen(text) + 1;
		t->cell[t->n * columns + (size_t)i] = memcpy(p, text, size);
		p += size;
	}
	t->n++;
	return 0;
}

int
lt_table_read(struct lt_table *t, const char *path, struct lt_err *err)
{
	int r;
	*t = (struct lt_table){0};
	struct lt_tsv *from = lt_tsv_open_lost(path, &t->lost, err);
	if (!from)
		return -1;
	t->name = lt_strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	t->columns = lt_tsv_columns(from);
	t->title = lt_alloc((size_t)t->columns, sizeof(*t->title));
	for (int i = 0; i < t->columns; i++)
		t->title[i] = lt_strdup(lt_tsv_title(from, i));
	while ((r = lt_tsv_next(from, err)) > 0) {
		r = keep_row(t, from, err);
		if (r < 0)
			break;
	}
	lt_tsv_close(from);
	if (r < 0)
		lt_table_release(t);
	return r;
}

void
lt_table_release(struct lt_table *t)
{
	for (int i = 0; i < t->columns; i++)
		free(t->title[i]);
	for (size_t i = 0; i < t->chunks; i++)
		free(t->chunk[i]);
	free(t->chunk);
	free(t->title);
	free(t->cell);
	free(t->name);
	*t = (struct lt_table){0};
}

int
lt_table_find(const struct lt_table *t, const char *name)
{
	for (int i = 0; i < t->columns; i++)
		if (strcmp(t->title[i], name) == 0)
			return i;
	return -1;
}

int
lt_table_column(const struct lt_table *t, const char *name, struct lt_err *err)
{
	int i = lt_table_find(t, name);
	if (i < 0)
		return lt_tsv_lacks(t->name, name,
			(const char *const *)t->title, t->columns, err);
	return i;
}

bool
lt_table_absent(const char *path)
{
	return strcmp(path, "-") != 0 && access(path, F_OK) < 0 &&
	       errno == ENOENT;
}

bool
lt_table_missing(const char *text)
{
	return !*text || strcmp(text, "NaN") == 0 || strcmp(text, "nan") == 0;
}

/* The cell as the file has it. */
static const char *
cell(const struct lt_table *t, size_t row, int column)
{
	LT_BUG_ON(row >= t->n || column >= t->columns);
	return t->cell[row * (size_t)t->columns + (size_t)column];
}

const char *
lt_table_text(const struct lt_table *t, size_t row, int column)
{
	const char *text = column < 0 ? "" : cell(t, row, column);
	return lt_table_missing(text) ? "NaN" : text;
}

int
lt_table_refuse(const struct lt_table *t, size_t row, int column,
	const char *expected, struct lt_err *err)
{
	return lt_fail(err, LT_EDATA,
		"%s:%zu: column '%s': expected %s, found '%s'", t->name,
		row + 2, t->title[column], expected, cell(t, row, column));
}

int
lt_table_f64(const struct lt_table *t, size_t row, int column, double *v,
	struct lt_err *err)
{
	const char *text = lt_table_text(t, row, column);
	if (lt_tsv_number(text, v))
		return 0;
	return lt_table_refuse(t, row, column, "a number, inf or NaN", err);
}

static double *
numbers(const struct lt_table *t, int column, struct lt_err *err)
{
	double *v = lt_alloc(t->n, sizeof(*v));
	for (size_t i = 0; i < t->n; i++) {
		if (lt_table_f64(t, i, column, &v[i], err) < 0) {
			free(v);
			return NULL;
		}
	}
	return v;
}

double *
lt_table_numbers(const struct lt_table *t, const char *name, struct lt_err *err)
{
	int column = lt_table_column(t, name, err);
	return column < 0 ? NULL : numbers(t, column, err);
}

double *
lt_table_optional(
	const struct lt_table *t, const char *name, struct lt_err *err)
{
	return numbers(t, lt_table_find(t, name), err);
}

int
lt_cells_open(struct lt_cells *c, const char *path, struct lt_err *err)
{
	*c = (struct lt_cells){.out = lt_out_open(path, err)};
	return c->out ? 0 : -1;
}

static void
begin(struct lt_cells *c)
{
	if (c->begun)
		lt_out_write(c->out, "\t", 1);
	c->begun = true;
}

void
lt_cells_header(struct lt_cells *c, const char *names)
{
	char *all = lt_strdup(names), *at = NULL;
	for (char *s = strtok_r(all, " ", &at); s; s = strtok_r(NULL, " ", &at))
		lt_cell_name(c, s);
	lt_cells_end(c);
	free(all);
}

void
lt_cell_name(struct lt_cells *c, const char *text)
{
	begin(c);
	lt_out_text(c->out, text);
}

void
lt_cell_text(struct lt_cells *c, const char *text)
{
	lt_cell_name(c, lt_table_missing(text) ? "NaN" : text);
}

void
lt_cell_whole(struct lt_cells *c, size_t n)
{
	begin(c);
	lt_out_printf(c->out, "%zu", n);
}

/* printf writes a sign before some NaNs. */
void
lt_cell_digits(struct lt_cells *c, double v, int digits)
{
	begin(c);
	if (isnan(v))
		lt_out_printf(c->out, "NaN");
	else
		lt_out_printf(c->out, "%.*g", digits, v);
}

void
lt_cell_fixed(struct lt_cells *c, double v, int places)
{
	begin(c);
	if (isnan(v))
		lt_out_printf(c->out, "NaN");
	else
		lt_out_printf(c->out, "%.*f", places, v);
}

void
lt_cells_end(struct lt_cells *c)
{
	lt_out_write(c->out, "\n", 1);
	c->begun = false;
}

int
lt_cells_commit(struct lt_cells *c, struct lt_err *err)
{
	struct lt_out *o = c->out;
	*c = (struct lt_cells){0};
	return lt_out_commit(o, err);
}

void
lt_cells_abandon(struct lt_cells *c)
{
	lt_out_abandon(c->out);
	*c = (struct lt_cells){0};
}

int
lt_cells_close(struct lt_cells *c, int r, struct lt_err *err)
{
	if (r == 0)
		return lt_cells_commit(c, err);
	lt_cells_abandon(c);
	return -1;
}
