/* TABLE[CONDITION, ...]: comparisons, and the rows for which they hold. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/reader.h"

enum op
reader_op(const char **p)
{
	static const char *const text[] = {"=", "!=", "<=", ">=", "<", ">"};

	for (int i = 0; i < NO_OP; i++)
		if (expr_take(p, text[i]))
			return (enum op)i;
	return NO_OP;
}

static bool
equal(const struct value *a, const struct value *b)
{
	if (a->is_number && b->is_number)
		return a->number == b->number ||
		       (isnan(a->number) && isnan(b->number));
	return strcmp(a->text, b->text) == 0;
}

int
reader_compare(struct scope *s, const struct value *a, enum op op,
	const struct value *b, bool *yes)
{
	if (op == EQ || op == NE) {
		*yes = equal(a, b) == (op == EQ);
		return 0;
	}
	if (!a->is_number || !b->is_number)
		return scope_fail(s, "expected a number to compare, found '%s'",
			a->is_number ? b->text : a->text);
	double x = a->number, y = b->number;
	*yes = op == LT ? x < y : op == GT ? x > y : op == LE ? x <= y : x >= y;
	return 0;
}

#define CONDITIONS_MAX 16

struct condition {
	int column;
	enum op op;
	const char *text; /* of the value */
	bool each;	  /* the value depends on the row */
	struct value v;
};

void
rows_free(struct rows *rows)
{
	free(rows->row);
	rows->row = NULL;
}

void
rows_distinct(struct rows *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const char *a =
			cell_text(rows->table, rows->row[i], rows->column);
		size_t j = 0;
		while (j < n && strcmp(a, cell_text(rows->table, rows->row[j],
						  rows->column)) != 0)
			j++;
		if (j == n)
			rows->row[n++] = rows->row[i];
	}
	rows->n = n;
}

int
reader_column(struct scope *s, const struct lt_table *t, const char *name)
{
	int column = lt_table_find(t, name);

	if (column < 0)
		scope_fail(s, "%s: expected a column '%s', found none", t->name,
			name);
	return column;
}

/* COLUMN OP VALUE */
static int
read_condition(struct reader *r, const struct lt_table *t, struct condition *c)
{
	const char *name = expr_name(r->s, &r->p);

	if (!name)
		return scope_fail(r->s,
			"expected a column in the brackets, found '%s'", r->p);
	if (t && (c->column = reader_column(r->s, t, name)) < 0)
		return -1;
	if ((c->op = reader_op(&r->p)) == NO_OP)
		return scope_fail(r->s,
			"expected =, !=, <, <=, > or >= after '%s', found '%s'",
			name, r->p);
	c->text = r->p;
	struct reader dry = *r;
	dry.dry = true;
	dry.used_row = false;
	if (reader_sum(&dry, &c->v) < 0)
		return -1;
	c->each = dry.used_row;
	if (t && !c->each && reader_sum(r, &c->v) < 0)
		return -1;
	r->p = dry.p;
	return 0;
}

static int
holds(struct reader *r, const struct lt_table *t, size_t row,
	struct condition *c, int n, bool *yes)
{
	*yes = true;
	for (int i = 0; i < n && *yes; i++) {
		struct value cell = value_of_cell(t, row, c[i].column);
		if (c[i].each) {
			struct reader in = *r;
			in.p = c[i].text;
			in.table = t;
			in.row = row;
			if (reader_sum(&in, &c[i].v) < 0)
				return -1;
		}
		if (reader_compare(r->s, &cell, c[i].op, &c[i].v, yes) < 0)
			return -1;
	}
	return 0;
}

static int
select_rows(struct reader *r, struct rows *rows, struct condition *c, int n)
{
	const struct lt_table *t = rows->table;
	bool yes;

	rows->row = lt_alloc(t->n, sizeof *rows->row);
	for (size_t i = 0; i < t->n; i++) {
		if (holds(r, t, i, c, n, &yes) < 0) {
			rows_free(rows);
			return -1;
		}
		if (yes)
			rows->row[rows->n++] = i;
	}
	return 0;
}

static int
read_conditions(
	struct reader *r, const struct lt_table *t, struct condition *c, int *n)
{
	while (!expr_take(&r->p, "]")) {
		if (*n && !expr_take(&r->p, ","))
			return scope_fail(
				r->s, "expected ',' or ']', found '%s'", r->p);
		if (*n == CONDITIONS_MAX)
			return scope_fail(r->s,
				"expected at most %d conditions",
				CONDITIONS_MAX);
		if (read_condition(r, t, &c[*n]) < 0)
			return -1;
		(*n)++;
	}
	return 0;
}

/* What follows the name of a table. */
int
reader_rows_of(struct reader *r, const char *name, struct rows *rows)
{
	struct condition c[CONDITIONS_MAX];
	int n = 0;

	*rows = (struct rows){.column = -1};
	if (!r->dry && !(rows->table = scope_table(r->s, name)))
		return -1;
	if (!expr_take(&r->p, "["))
		return scope_fail(
			r->s, "expected '[' after the table '%s'", name);
	if (read_conditions(r, rows->table, c, &n) < 0)
		return -1;
	if (*r->p == '.') {
		r->p++;
		const char *column = expr_name(r->s, &r->p);
		if (!column)
			return scope_fail(r->s,
				"expected a column after '].', found '%s'",
				r->p);
		if (rows->table && (rows->column = reader_column(
					    r->s, rows->table, column)) < 0)
			return -1;
	}
	expr_blanks(&r->p);
	return rows->table ? select_rows(r, rows, c, n) : 0;
}

int
reader_rows(struct reader *r, struct rows *rows)
{
	expr_blanks(&r->p);
	const char *name = reader_word(r);

	if (!name)
		return scope_fail(r->s, "expected a table, found '%s'", r->p);
	return reader_rows_of(r, name, rows);
}

int
expr_rows(struct scope *s, const char **p, struct rows *rows)
{
	struct reader r = {.s = s, .p = *p};

	if (reader_rows(&r, rows) < 0)
		return -1;
	*p = r.p;
	return 0;
}
