#include "base/pivot.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"

#define CELLS_MAX (1 << 24)

/* The values of one side, and the places at which they stand. */
struct side {
	struct lt_names names;
	uint32_t *order; /* [names.n]: numbers of names */
};

struct square {
	struct side rows, columns;
	const char **cell; /* [rows * columns], by the numbers of the names */
};

/* Does a come after b, which the table has later? */
static bool
comes_after(const char *a, const char *b)
{
	double x, y;
	bool number = lt_num_f64(a, &x);

	if (number != lt_num_f64(b, &y))
		return number;
	return number && x > y;
}

/* Order the names by insertion; mostly each belongs at the end. */
static void
order_side(struct side *s, bool natural)
{
	s->order = lt_alloc(s->names.n, sizeof *s->order);
	for (uint32_t n = 0; n < s->names.n; n++) {
		uint32_t at = n;
		while (!natural && at &&
			comes_after(s->names.text[s->order[at - 1]],
				s->names.text[n])) {
			s->order[at] = s->order[at - 1];
			at--;
		}
		s->order[at] = n;
	}
}

static void
release_square(struct square *q)
{
	lt_names_release(&q->rows.names);
	lt_names_release(&q->columns.names);
	free(q->rows.order);
	free(q->columns.order);
	free(q->cell);
}

static const char **
cell_of(const struct square *q, uint32_t row, uint32_t column)
{
	return &q->cell[(size_t)row * q->columns.names.n + column];
}

static bool
is_left(const char *leave, const char *text)
{
	if (leave && lt_table_missing(leave))
		return lt_table_missing(text);
	return leave && strcmp(text, leave) == 0;
}

/* Does row i count?  Then number its names. */
static bool
number_row(struct square *q, const struct lt_pivot *p, const struct lt_table *t,
	size_t i, const int *at)
{
	const char *row = lt_table_text(t, i, at[0]);
	const char *column = lt_table_text(t, i, at[1]);

	if (is_left(p->leave, row) || is_left(p->leave, column) ||
		lt_table_missing(lt_table_text(t, i, at[2])))
		return false;
	lt_names_number(&q->rows.names, row);
	lt_names_number(&q->columns.names, column);
	return true;
}

static int
fill_square(struct square *q, const struct lt_pivot *p,
	const struct lt_table *t, const int *at, struct lt_err *err)
{
	for (size_t i = 0; i < t->n; i++)
		number_row(q, p, t, i, at);
	if (q->rows.names.n * q->columns.names.n > CELLS_MAX)
		return lt_fail(err, LT_EDATA,
			"%s: expected at most %d cells, found %zu rows and %zu "
			"columns",
			t->name, CELLS_MAX, q->rows.names.n,
			q->columns.names.n);
	q->cell =
		lt_alloc(q->rows.names.n * q->columns.names.n, sizeof *q->cell);
	for (size_t i = 0; i < t->n; i++)
		if (number_row(q, p, t, i, at))
			*cell_of(q,
				lt_names_number(&q->rows.names,
					lt_table_text(t, i, at[0])),
				lt_names_number(&q->columns.names,
					lt_table_text(t, i, at[1]))) =
				lt_table_text(t, i, at[2]);
	order_side(&q->rows, p->natural);
	order_side(&q->columns, p->natural);
	return 0;
}

static void
put_square(struct lt_cells *o, const struct square *q, const char *corner)
{
	size_t rows = q->rows.names.n, columns = q->columns.names.n;

	lt_cell_name(o, corner);
	for (size_t j = 0; j < columns; j++)
		lt_cell_name(o, q->columns.names.text[q->columns.order[j]]);
	lt_cells_end(o);
	for (size_t i = 0; i < rows; i++) {
		uint32_t r = q->rows.order[i];
		lt_cell_name(o, q->rows.names.text[r]);
		for (size_t j = 0; j < columns; j++) {
			const char *text = *cell_of(q, r, q->columns.order[j]);
			lt_cell_text(o, text ? text : "");
		}
		lt_cells_end(o);
	}
}

static void
put_cells(struct lt_cells *o, const struct square *q)
{
	lt_cells_header(o, "x y column row value");
	for (size_t i = 0; i < q->rows.names.n; i++) {
		uint32_t r = q->rows.order[i];
		for (size_t j = 0; j < q->columns.names.n; j++) {
			uint32_t c = q->columns.order[j];
			if (!*cell_of(q, r, c))
				continue;
			lt_cell_whole(o, j + 1);
			lt_cell_whole(o, i + 1);
			lt_cell_name(o, q->columns.names.text[c]);
			lt_cell_name(o, q->rows.names.text[r]);
			lt_cell_text(o, *cell_of(q, r, c));
			lt_cells_end(o);
		}
	}
}

int
lt_pivot_table(struct lt_cells *o, const struct lt_pivot *p,
	const struct lt_table *t, struct lt_err *err)
{
	struct square q = {0};
	const int at[3] = {lt_table_column(t, p->row, err),
		lt_table_column(t, p->column, err),
		lt_table_column(t, p->value, err)};

	if (at[0] < 0 || at[1] < 0 || at[2] < 0)
		return -1;
	int r = fill_square(&q, p, t, at, err);
	if (r == 0 && p->cells)
		put_cells(o, &q);
	else if (r == 0)
		put_square(o, &q, p->row);
	release_square(&q);
	return r;
}
