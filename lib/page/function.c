/* The functions of expressions: of the rows of a table, and of values. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/form.h"
#include "page/reader.h"

#define ARGUMENTS_MAX 8

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

	if (reader_rows(r, &rows) < 0)
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

/* Does a table have this column? */
static int
has(struct reader *r, const struct value *a, int n, struct value *v)
{
	const struct lt_table *t = scope_table(r->s, a[0].text);

	(void)n;
	if (!t)
		return -1;
	*v = value_of_number(r->s, lt_table_find(t, a[1].text) >= 0);
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
	{"has", 2, 2, 0, has},
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
		if (reader_value(r, &a[(*n)++]) < 0)
			return -1;
	}
	return 0;
}

int
reader_function(struct reader *r, const char *name, struct value *v)
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
