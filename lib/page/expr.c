#include "page/expr.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/form.h"

#define CONDITIONS_MAX 16
#define ARGUMENTS_MAX 8
#define DEPTH_MAX 64

struct reader {
	struct scope *s;
	const char *p;
	bool dry; /* read, but look nothing up */
	/* The row that .COLUMN names, inside of a condition. */
	const struct lt_table *table;
	size_t row;
	bool used_row;
	int depth;
};

static int value(struct reader *r, struct value *v);

void
expr_blanks(const char **p)
{
	*p += strspn(*p, " \t");
}

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool
in_word(char c)
{
	return in_name(c) || c == '.' || c == '-';
}

static const char *
take_run(struct scope *s, const char **p, bool (*in)(char))
{
	size_t n = 0;

	while ((*p)[n] && in((*p)[n]))
		n++;
	if (n == 0)
		return NULL;
	const char *text = scope_keep(s, lt_strndup(*p, n));
	*p += n;
	return text;
}

const char *
expr_name(struct scope *s, const char **p)
{
	expr_blanks(p);
	return take_run(s, p, in_name);
}

bool
expr_take(const char **p, const char *word)
{
	size_t n = strlen(word);
	const char *q = *p;

	expr_blanks(&q);
	if (strncmp(q, word, n) != 0 || (in_name(*word) && in_word(q[n])))
		return false;
	*p = q + n;
	expr_blanks(p);
	return true;
}

bool
value_true(const struct value *v)
{
	if (v->is_number)
		return !isnan(v->number) && v->number != 0;
	return *v->text != '\0';
}

/* --- Comparisons. */

enum op { EQ, NE, LE, GE, LT, GT, NO_OP };

static enum op
take_op(const char **p)
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

static int
compare(struct scope *s, const struct value *a, enum op op,
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

/* --- Rows. */

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

static int
find_column(struct scope *s, const struct lt_table *t, const char *name)
{
	int column = lt_table_find(t, name);

	if (column < 0)
		scope_fail(s, "%s: expected a column '%s', found none", t->name,
			name);
	return column;
}

static int sum(struct reader *r, struct value *v);

/* COLUMN OP VALUE */
static int
read_condition(struct reader *r, const struct lt_table *t, struct condition *c)
{
	const char *name = expr_name(r->s, &r->p);

	if (!name)
		return scope_fail(r->s,
			"expected a column in the brackets, found '%s'", r->p);
	if (t && (c->column = find_column(r->s, t, name)) < 0)
		return -1;
	if ((c->op = take_op(&r->p)) == NO_OP)
		return scope_fail(r->s,
			"expected =, !=, <, <=, > or >= after '%s', found '%s'",
			name, r->p);
	c->text = r->p;
	struct reader dry = *r;
	dry.dry = true;
	dry.used_row = false;
	if (sum(&dry, &c->v) < 0)
		return -1;
	c->each = dry.used_row;
	if (t && !c->each && sum(r, &c->v) < 0)
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
			if (sum(&in, &c[i].v) < 0)
				return -1;
		}
		if (compare(r->s, &cell, c[i].op, &c[i].v, yes) < 0)
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
static int
rows_of(struct reader *r, const char *name, struct rows *rows)
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
		if (rows->table && (rows->column = find_column(
					    r->s, rows->table, column)) < 0)
			return -1;
	}
	expr_blanks(&r->p);
	return rows->table ? select_rows(r, rows, c, n) : 0;
}

static int
read_rows(struct reader *r, struct rows *rows)
{
	expr_blanks(&r->p);
	const char *name = take_run(r->s, &r->p, in_word);

	if (!name)
		return scope_fail(r->s, "expected a table, found '%s'", r->p);
	return rows_of(r, name, rows);
}

int
expr_rows(struct scope *s, const char **p, struct rows *rows)
{
	struct reader r = {.s = s, .p = *p};

	if (read_rows(&r, rows) < 0)
		return -1;
	*p = r.p;
	return 0;
}

/* --- Functions of rows. */

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The numbers of the column that are there; *at: the rows they are from. */
static int
numbers(struct scope *s, const struct rows *rows, double *x, size_t *at,
	size_t *n)
{
	for (size_t i = 0; i < rows->n; i++) {
		struct value v =
			value_of_cell(rows->table, rows->row[i], rows->column);
		if (!v.is_number)
			return scope_fail(s,
				"%s: column '%s': expected a number, found "
				"'%s'",
				rows->table->name,
				rows->table->title[rows->column], v.text);
		if (isnan(v.number))
			continue;
		at[*n] = rows->row[i];
		x[(*n)++] = v.number;
	}
	return 0;
}

static double
median(double *x, size_t n)
{
	qsort(x, n, sizeof *x, by_number);
	return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

enum fold { COUNT, FIRST, LAST, MIN, MAX, SUM, MEDIAN, FOLDS };
static const char *const folds[] = {
	"count", "first", "last", "min", "max", "sum", "median"};

static struct value
fold_numbers(struct scope *s, enum fold f, const struct rows *rows, double *x,
	const size_t *at, size_t n)
{
	double total = 0;
	size_t best = 0;

	if (f == SUM) {
		for (size_t i = 0; i < n; i++)
			total += x[i];
		return value_of_number(s, total);
	}
	if (n == 0)
		return value_of_number(s, NAN);
	if (f == MEDIAN)
		return value_of_number(s, median(x, n));
	for (size_t i = 1; i < n; i++)
		if (f == MIN ? x[i] < x[best] : x[i] > x[best])
			best = i;
	return value_of_cell(rows->table, at[best], rows->column);
}

static int
fold(struct scope *s, enum fold f, const struct rows *rows, struct value *v)
{
	if (f == COUNT) {
		*v = value_of_number(s, (double)rows->n);
		return 0;
	}
	if (rows->column < 0)
		return scope_fail(s,
			"expected %s(TABLE[...].COLUMN), found no "
			"column",
			folds[f]);
	if (f == FIRST || f == LAST) {
		if (rows->n == 0)
			return scope_fail(s, "%s: no row is left for %s()",
				rows->table->name, folds[f]);
		*v = value_of_cell(rows->table,
			rows->row[f == FIRST ? 0 : rows->n - 1], rows->column);
		return 0;
	}
	double *x = lt_alloc(rows->n, sizeof *x);
	size_t *at = lt_alloc(rows->n, sizeof *at), n = 0;
	int ret = numbers(s, rows, x, at, &n);
	if (ret == 0)
		*v = fold_numbers(s, f, rows, x, at, n);
	free(x);
	free(at);
	return ret;
}

static int
read_fold(struct reader *r, enum fold f, struct value *v)
{
	struct rows rows;

	if (read_rows(r, &rows) < 0)
		return -1;
	if (!expr_take(&r->p, ")")) {
		rows_free(&rows);
		return scope_fail(r->s, "expected ')', found '%s'", r->p);
	}
	int ret = r->dry ? 0 : fold(r->s, f, &rows, v);
	rows_free(&rows);
	return ret;
}

/* --- Functions of values. */

static int
joined(struct reader *r, const struct value *a, int n, const char **text)
{
	char *all = lt_strdup("");

	for (int i = 0; i < n; i++) {
		char *more = lt_asprintf("%s%s", all, a[i].text);
		free(all);
		all = more;
	}
	*text = scope_keep(r->s, all);
	return 0;
}

static int
exists(struct reader *r, const struct value *a, int n, struct value *v)
{
	const char *name;

	joined(r, a, n, &name);
	*v = value_of_number(r->s, scope_exists(r->s, name));
	return 0;
}

static int
picture(struct reader *r, const struct value *a, int n, struct value *v)
{
	static const char *const kinds[] = {"svg", "png"};
	const char *name;

	joined(r, a, n, &name);
	*v = value_of_text("");
	for (int i = 0; i < 2; i++) {
		const char *file =
			scope_keep(r->s, lt_asprintf("%s.%s", name, kinds[i]));
		if (scope_exists(r->s, file)) {
			*v = value_of_text(file);
			break;
		}
	}
	return 0;
}

static int
known(struct reader *r, const struct value *a, int n, struct value *v)
{
	(void)n;
	*v = value_of_number(r->s, a->is_number ? !isnan(a->number) : *a->text);
	return 0;
}

static int
absolute(struct reader *r, const struct value *a, int n, struct value *v)
{
	(void)n;
	*v = value_of_number(r->s, fabs(a->number));
	return 0;
}

static int
capital(struct reader *r, const struct value *a, int n, struct value *v)
{
	char *text = lt_strdup(a->text);

	(void)n;
	*text = (char)toupper((unsigned char)*text);
	*v = value_of_text(scope_keep(r->s, text));
	return 0;
}

static int
mean(struct reader *r, const struct value *a, int n, struct value *v)
{
	char *text = lt_form_mean(a[0].number, a[1].number, a[2].number,
		(int)a[3].number, n > 4 ? a[4].text : "", r->s->narrow);

	*v = value_of_text(scope_keep(r->s, text));
	return 0;
}

/* The numbers among the arguments are the first ones. */
static const struct function {
	const char *name;
	int least, most, numbers;
	int (*f)(struct reader *, const struct value *, int, struct value *);
} functions[] = {
	{"exists", 1, ARGUMENTS_MAX, 0, exists},
	{"picture", 1, ARGUMENTS_MAX, 0, picture},
	{"known", 1, 1, 0, known},
	{"abs", 1, 1, 1, absolute},
	{"capital", 1, 1, 0, capital},
	{"pm", 4, 5, 4, mean},
};

static int
call(struct reader *r, const struct function *f, const struct value *a, int n,
	struct value *v)
{
	if (n < f->least || n > f->most)
		return scope_fail(r->s, "%s() has %d values, found %d", f->name,
			n < f->least ? f->least : f->most, n);
	for (int i = 0; i < f->numbers && !r->dry; i++)
		if (!a[i].is_number)
			return scope_fail(r->s,
				"%s(): expected a number, found '%s'", f->name,
				a[i].text);
	return r->dry ? 0 : f->f(r, a, n, v);
}

static int
call_words(struct reader *r, const struct words *w, const struct value *a,
	int n, struct value *v)
{
	if (n != 1)
		return scope_fail(
			r->s, "%s() has one value, found %d", w->name, n);
	if (r->dry)
		return 0;
	const char *word = scope_word(r->s, w, a->text);
	if (!word)
		return -1;
	*v = value_of_text(word);
	return 0;
}

static int
arguments(struct reader *r, struct value *a, int *n)
{
	while (!expr_take(&r->p, ")")) {
		if (*n == ARGUMENTS_MAX)
			return scope_fail(r->s, "expected at most %d values",
				ARGUMENTS_MAX);
		if ((*n && !expr_take(&r->p, ",")) || !*r->p)
			return scope_fail(
				r->s, "expected ',' or ')', found '%s'", r->p);
		if (value(r, &a[(*n)++]) < 0)
			return -1;
	}
	return 0;
}

static int
function(struct reader *r, const char *name, struct value *v)
{
	struct value a[ARGUMENTS_MAX] = {0};
	int n = 0;

	for (int i = 0; i < FOLDS; i++)
		if (strcmp(name, folds[i]) == 0)
			return read_fold(r, (enum fold)i, v);
	if (arguments(r, a, &n) < 0)
		return -1;
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (strcmp(name, functions[i].name) == 0)
			return call(r, &functions[i], a, n, v);
	const struct words *w = scope_find_words(r->s, name);
	if (w)
		return call_words(r, w, a, n, v);
	return scope_fail(r->s, "there is no function '%s'", name);
}

/* --- Values. */

/* TABLE[...].COLUMN as a value: of exactly one row. */
static int
lookup(struct reader *r, const char *name, struct value *v)
{
	const char *from = r->p;
	struct rows rows;

	if (rows_of(r, name, &rows) < 0)
		return -1;
	size_t n = rows.n, row = n ? rows.row[0] : 0;
	rows_free(&rows);
	if (r->dry)
		return 0;
	int length = (int)(r->p - from);
	if (rows.column < 0)
		return scope_fail(r->s,
			"expected %s%.*s.COLUMN, found no column", name, length,
			from);
	if (n == 0 && r->s->lenient) {
		r->s->missing = true;
		*v = value_of_number(r->s, NAN);
		return 0;
	}
	if (n != 1)
		return scope_fail(r->s,
			"%s: expected one row for %s%.*s, found %zu",
			rows.table->name, name, length, from, n);
	*v = value_of_cell(rows.table, row, rows.column);
	return 0;
}

static int
column_of(struct reader *r, const struct value *of, struct value *v)
{
	const char *name = expr_name(r->s, &r->p);

	if (!name)
		return scope_fail(
			r->s, "expected a column after '.', found '%s'", r->p);
	if (r->dry)
		return 0;
	if (!of->table)
		return scope_fail(r->s, "'%s' is no row of a table", of->text);
	int column = find_column(r->s, of->table, name);
	if (column < 0)
		return -1;
	*v = value_of_cell(of->table, of->row, column);
	return 0;
}

static int
variable(struct reader *r, struct value *v)
{
	const char *name = expr_name(r->s, &r->p);
	const struct value *of = name ? scope_find(r->s, name) : NULL;

	if (!of)
		return scope_fail(
			r->s, "there is no variable '$%s'", name ? name : r->p);
	*v = *of;
	if (*r->p != '.')
		return 0;
	r->p++;
	return column_of(r, of, v);
}

static int
quoted(struct reader *r, struct value *v)
{
	const char *end = strchr(r->p, '\'');

	if (!end)
		return scope_fail(
			r->s, "expected a ' at the end of '%s'", r->p);
	*v = value_of_text(
		scope_keep(r->s, lt_strndup(r->p, (size_t)(end - r->p))));
	r->p = end + 1;
	return 0;
}

static int
own_column(struct reader *r, struct value *v)
{
	struct value row = value_of_cell(r->table, r->row, -1);

	r->used_row = true;
	if (!r->dry && !r->table)
		return scope_fail(
			r->s, "'.%s' is for the brackets of a table", r->p);
	return column_of(r, &row, v);
}

static int
word(struct reader *r, struct value *v)
{
	const char *text = take_run(r->s, &r->p, in_word);

	if (!text)
		return scope_fail(r->s, "expected a value, found '%s'", r->p);
	if (*r->p == '[')
		return lookup(r, text, v);
	if (expr_take(&r->p, "("))
		return function(r, text, v);
	*v = value_of_text(text);
	return 0;
}

static int
primary(struct reader *r, struct value *v)
{
	int ret;

	*v = value_of_text("");
	if (++r->depth > DEPTH_MAX)
		return scope_fail(r->s,
			"expected at most %d brackets inside "
			"of one another",
			DEPTH_MAX);
	expr_blanks(&r->p);
	char c = *r->p;
	r->p += c && strchr("$'(.", c);
	if (c == '$')
		ret = variable(r, v);
	else if (c == '\'')
		ret = quoted(r, v);
	else if (c == '.')
		ret = own_column(r, v);
	else if (c == '(')
		ret = value(r, v) < 0 ? -1
		      : expr_take(&r->p, ")")
			      ? 0
			      : scope_fail(
					r->s, "expected ')', found '%s'", r->p);
	else
		ret = word(r, v);
	r->depth--;
	expr_blanks(&r->p);
	return ret;
}

static int
need_number(struct reader *r, const struct value *v)
{
	if (r->dry || v->is_number)
		return 0;
	return scope_fail(
		r->s, "expected a number to compute with, found '%s'", v->text);
}

static int
unary(struct reader *r, struct value *v)
{
	if (!expr_take(&r->p, "-"))
		return primary(r, v);
	if (primary(r, v) < 0 || need_number(r, v) < 0)
		return -1;
	*v = value_of_number(r->s, -v->number);
	return 0;
}

static int
binary(struct reader *r, struct value *v, const char *ops,
	int (*below)(struct reader *, struct value *))
{
	struct value b;

	if (below(r, v) < 0)
		return -1;
	while (*r->p && strchr(ops, *r->p)) {
		char op = *r->p++;
		if (below(r, &b) < 0 || need_number(r, v) < 0 ||
			need_number(r, &b) < 0)
			return -1;
		*v = value_of_number(r->s, op == '+'   ? v->number + b.number
					   : op == '-' ? v->number - b.number
					   : op == '*' ? v->number * b.number
						       : v->number / b.number);
	}
	return 0;
}

static int
product(struct reader *r, struct value *v)
{
	return binary(r, v, "*/", unary);
}

static int
sum(struct reader *r, struct value *v)
{
	return binary(r, v, "+-", product);
}

static int
comparison(struct reader *r, struct value *v)
{
	struct value b;
	bool yes = false;

	if (sum(r, v) < 0)
		return -1;
	enum op op = take_op(&r->p);
	if (op == NO_OP)
		return 0;
	if (sum(r, &b) < 0 || (!r->dry && compare(r->s, v, op, &b, &yes) < 0))
		return -1;
	*v = value_of_number(r->s, yes);
	return 0;
}

static int
negation(struct reader *r, struct value *v)
{
	bool not = expr_take(&r->p, "not");

	if (comparison(r, v) < 0)
		return -1;
	if (not )
		*v = value_of_number(r->s, !value_true(v));
	return 0;
}

/* What decides is evaluated first; the rest is only read. */
static int
logic(struct reader *r, struct value *v, const char *op, bool decides,
	int (*below)(struct reader *, struct value *))
{
	if (below(r, v) < 0)
		return -1;
	while (expr_take(&r->p, op)) {
		bool dry = r->dry, so = value_true(v);
		struct value b = *v;
		r->dry |= so == decides;
		if (below(r, &b) < 0)
			return -1;
		*v = value_of_number(
			r->s, so == decides ? decides : value_true(&b));
		r->dry = dry;
	}
	return 0;
}

static int
conjunction(struct reader *r, struct value *v)
{
	return logic(r, v, "and", false, negation);
}

static int
value(struct reader *r, struct value *v)
{
	return logic(r, v, "or", true, conjunction);
}

int
expr_value(struct scope *s, const char **p, struct value *v)
{
	struct reader r = {.s = s, .p = *p};

	if (value(&r, v) < 0)
		return -1;
	*p = r.p;
	return 0;
}
