#include "page/expr.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/reader.h"

#define DEPTH_MAX 64

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

const char *
reader_word(struct reader *r)
{
	return take_run(r->s, &r->p, in_word);
}

bool
value_true(const struct value *v)
{
	if (v->is_number)
		return !isnan(v->number) && v->number != 0;
	return *v->text != '\0';
}

/* --- Values. */

/* TABLE[...].COLUMN as a value: of exactly one row. */
static int
lookup(struct reader *r, const char *name, struct value *v)
{
	const char *from = r->p;
	struct rows rows;

	if (reader_rows_of(r, name, &rows) < 0)
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
	int column = reader_column(r->s, of->table, name);
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
	const char *text = reader_word(r);

	if (!text)
		return scope_fail(r->s, "expected a value, found '%s'", r->p);
	if (*r->p == '[')
		return lookup(r, text, v);
	if (expr_take(&r->p, "("))
		return reader_function(r, text, v);
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
		ret = reader_value(r, v) < 0 ? -1
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

int
reader_sum(struct reader *r, struct value *v)
{
	return binary(r, v, "+-", product);
}

static int
comparison(struct reader *r, struct value *v)
{
	struct value b;
	bool yes = false;

	if (reader_sum(r, v) < 0)
		return -1;
	enum op op = reader_op(&r->p);
	if (op == NO_OP)
		return 0;
	if (reader_sum(r, &b) < 0 ||
		(!r->dry && reader_compare(r->s, v, op, &b, &yes) < 0))
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

int
reader_value(struct reader *r, struct value *v)
{
	return logic(r, v, "or", true, conjunction);
}

int
expr_value(struct scope *s, const char **p, struct value *v)
{
	struct reader r = {.s = s, .p = *p};

	if (reader_value(&r, v) < 0)
		return -1;
	*p = r.p;
	return 0;
}
