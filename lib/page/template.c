#include "page/template.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "page/expr.h"
#include "page/form.h"
#include "page/grid.h"
#include "page/scope.h"
#include "page/text.h"
#include "page/wrap.h"

/* A template, or a file that it includes. */
struct page {
	struct scope *s;
	char **line; /* without line ends */
	size_t lines;
	int depth; /* of includes */
};

#define INCLUDES_MAX 8

/* --- Places. */

/* ":±2 %": a cell with the deviation beside it and the number of values. */
static int
form_mean(struct scope *s, const struct value *v, const char *digits,
	const char *unit, char **out)
{
	if (!v->table || v->column < 0)
		return scope_fail(s,
			"'%s' is no cell of a table, which ± needs", v->text);
	const char *name = v->table->title[v->column];
	char *std = lt_asprintf("%s_std", name);
	int around = lt_table_find(v->table, std);
	int n = lt_table_find(v->table, "n");
	free(std);
	if (around < 0 || n < 0)
		return scope_fail(s,
			"%s: expected a column '%s%s' for ±, found "
			"none",
			v->table->name, around < 0 ? name : "n",
			around < 0 ? "_std" : "");
	struct value a = value_of_cell(v->table, v->row, around);
	struct value b = value_of_cell(v->table, v->row, n);
	*out = lt_form_mean(
		v->number, a.number, b.number, *digits - '0', unit, s->narrow);
	return 0;
}

/* The format between ':' and '}'. */
static int
form(struct scope *s, const struct value *v, char *f, char **out)
{
	static const char pm[] = "\xc2\xb1";
	bool mean = strncmp(f, pm, 2) == 0, sign = *f == '+';
	const char *digits = f + (mean ? 2 : sign ? 2 : 1);

	if (strcmp(f, "raw") == 0) {
		*out = lt_strdup(v->text);
		return 0;
	}
	if (strcmp(f, ",") == 0) {
		bool whole = v->is_number && v->number == floor(v->number);
		*out = whole ? lt_form_fixed(v->number, 0, false)
			     : lt_form_escape(v->text);
		return 0;
	}
	bool is_short = strcmp(f, "short") == 0;
	bool fixed = (*f == '.' || strncmp(f, "+.", 2) == 0) &&
		     isdigit((unsigned char)*digits) && !digits[1];
	if (!is_short && !fixed && !(mean && isdigit((unsigned char)*digits)))
		return scope_fail(s, "there is no format ':%s'", f);
	if (!v->is_number)
		return scope_fail(s, "expected a number for ':%s', found '%s'",
			f, v->text);
	if (mean)
		return form_mean(s, v, digits, digits + 1, out);
	*out = is_short ? lt_form_short(v->number)
			: lt_form_fixed(v->number, *digits - '0', sign);
	return 0;
}

static char *
form_plain(const struct value *v)
{
	if (v->is_number && isnan(v->number))
		return lt_form_fixed(NAN, 0, false);
	return lt_form_escape(v->text);
}

/* What stands between the braces. */
static int
place(struct scope *s, const char *p, char **out)
{
	struct value v;
	bool optional = expr_take(&p, "?");

	s->lenient = optional;
	s->missing = false;
	int ret = expr_value(s, &p, &v);
	s->lenient = false;
	if (ret < 0)
		return -1;
	if (*p && *p != ':')
		return scope_fail(s, "expected ':' or '}', found '%s'", p);
	if (optional && s->missing) {
		*out = lt_strdup("");
		return 0;
	}
	if (!*p) {
		*out = form_plain(&v);
		return 0;
	}
	char *f = lt_strdup(p + 1);
	ret = form(s, &v, f, out);
	free(f);
	return ret;
}

/* The end of the place that begins at p; NULL if there is none. */
static const char *
place_end(const char *p)
{
	bool in_quotes = false;

	for (; *p; p++) {
		in_quotes ^= *p == '\'';
		if (*p == '}' && !in_quotes)
			return p;
	}
	return NULL;
}

/* Append line with its places filled. */
static int
fill(struct scope *s, const char *line, struct text *out)
{
	for (;;) {
		size_t n = strcspn(line, "{");
		text_put_n(out, line, n);
		line += n;
		if (!*line)
			return 0;
		if (line[1] == '{') {
			text_put(out, "{");
			line += 2;
			continue;
		}
		const char *end = place_end(line);
		if (!end)
			return scope_fail(s, "expected '}' after '%s'", line);
		char *inside = lt_strndup(line + 1, (size_t)(end - line) - 1);
		char *text = NULL;
		int ret = place(s, inside, &text);
		free(inside);
		if (ret < 0)
			return -1;
		text_put(out, text);
		free(text);
		line = end + 1;
	}
}

/* --- Lines that begin with '@'. */

/* What follows "@name" in a line, or NULL. */
static const char *
directive(const char *line, const char *name)
{
	size_t n = strlen(name);

	if (*line != '@' || strncmp(line + 1, name, n) != 0 ||
		(line[n + 1] && line[n + 1] != ' '))
		return NULL;
	line += n + 1;
	return line + strspn(line, " ");
}

static bool
opens(const char *line)
{
	return directive(line, "if") || directive(line, "each") ||
	       directive(line, "table");
}

/* The next line from i on, below end, that closes the block of the line before
 * i, or that parts it (@elif, @else); end if there is none. */
static size_t
block_part(const struct page *p, size_t i, size_t end)
{
	int depth = 0;

	for (; i < end; i++) {
		const char *line = p->line[i];
		if (depth == 0 &&
			(directive(line, "end") || directive(line, "else") ||
				directive(line, "elif")))
			return i;
		depth += opens(line);
		depth -= directive(line, "end") != NULL;
	}
	return end;
}

static size_t
block_end(const struct page *p, size_t i, size_t end)
{
	while ((i = block_part(p, i, end)) < end &&
		!directive(p->line[i], "end"))
		i++;
	return i;
}

static int
need_end(struct page *p, size_t at, size_t end, size_t limit)
{
	if (end < limit)
		return 0;
	p->s->line = at + 1;
	return scope_fail(
		p->s, "expected an @end for '%s', found none", p->line[at]);
}

static int
rest_is_empty(struct scope *s, const char *rest)
{
	return *rest ? scope_fail(s, "expected the end of the line, found '%s'",
			       rest)
		     : 0;
}

static int run(struct page *p, size_t from, size_t to, struct text *out);

static int
condition(struct page *p, size_t at, const char *text, bool *yes)
{
	struct value v;

	p->s->line = at + 1;
	if (expr_value(p->s, &text, &v) < 0)
		return -1;
	*yes = value_true(&v);
	return rest_is_empty(p->s, text);
}

/* Find the lines of an @if that count: [*from, *to).  *end: its @end. */
static int
choose(struct page *p, size_t at, size_t limit, size_t *from, size_t *to,
	size_t *end)
{
	const char *text = directive(p->line[at], "if");
	bool yes = false;

	*end = block_end(p, at + 1, limit);
	*from = *to = *end;
	if (need_end(p, at, *end, limit) < 0)
		return -1;
	for (size_t i = at; i < *end;) {
		size_t next = block_part(p, i + 1, limit);
		if (text && condition(p, i, text, &yes) < 0)
			return -1;
		if (yes || !text) {
			*from = i + 1;
			*to = next;
			return 0;
		}
		i = next;
		text = directive(p->line[i], "elif");
	}
	return 0;
}

/* NAME in TABLE[...], or in the values of TABLE[...].COLUMN. */
static int
read_loop(struct scope *s, const char **text, const char **name,
	struct rows *rows)
{
	*name = expr_name(s, text);
	if (!*name || !expr_take(text, "in"))
		return scope_fail(
			s, "expected NAME in TABLE[...], found '%s'", *text);
	if (expr_rows(s, text, rows) < 0)
		return -1;
	if (rows->column >= 0)
		rows_distinct(rows);
	return 0;
}

static void
bind_row(struct scope *s, const char *name, const struct rows *rows, size_t i)
{
	scope_bind(s, name,
		value_of_cell(rows->table, rows->row[i], rows->column));
}

/* A separator in quotes, or NULL. */
static const char *
take_quoted(struct scope *s, const char **text)
{
	const char *end;

	if (**text != '\'' || !(end = strchr(*text + 1, '\'')))
		return NULL;
	char *inside = lt_strndup(*text + 1, (size_t)(end - *text) - 1);
	*text = end + 1;
	expr_blanks(text);
	return scope_keep(s, inside);
}

/* The end of a line becomes a blank, the last one nothing. */
static void
put_joined(struct text *out, char *text, const char *separator)
{
	size_t n = strlen(text);

	if (n && text[n - 1] == '\n')
		text[n - 1] = '\0';
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	text_put(out, separator);
	text_put(out, text);
}

static int
each(struct page *p, size_t at, size_t end, struct text *out)
{
	struct scope *s = p->s;
	const char *text = directive(p->line[at], "each"), *name;
	const char *between = NULL, *last = NULL;
	struct rows rows;

	s->line = at + 1;
	if (read_loop(s, &text, &name, &rows) < 0)
		return -1;
	if (expr_take(&text, "join") && (between = take_quoted(s, &text)) &&
		!(last = take_quoted(s, &text)))
		last = between;
	int ret = rest_is_empty(s, text);
	for (size_t i = 0; i < rows.n && ret == 0; i++) {
		size_t mark = s->vars;
		struct text body = {0};
		bind_row(s, name, &rows, i);
		ret = run(p, at + 1, end, between ? &body : out);
		scope_unbind(s, mark);
		char *whole = text_take(&body);
		if (between)
			put_joined(out, whole,
				i == 0		  ? ""
				: i + 1 == rows.n ? last
						  : between);
		free(whole);
	}
	rows_free(&rows);
	return ret;
}

/* @let NAME = EXPRESSION */
static int
let(struct scope *s, const char *text)
{
	const char *name = expr_name(s, &text);
	struct value v;

	if (!name || !expr_take(&text, "="))
		return scope_fail(s, "expected @let NAME = VALUE");
	if (expr_value(s, &text, &v) < 0 || rest_is_empty(s, text) < 0)
		return -1;
	scope_bind(s, name, v);
	return 0;
}

/* @words NAME FILE KEY WORD */
static int
read_words(struct scope *s, const char *text)
{
	const char *field[4];

	for (int i = 0; i < 4; i++) {
		size_t n = strcspn(text, " ");
		if (n == 0)
			return scope_fail(s, "expected @words NAME FILE COLUMN "
					     "COLUMN");
		field[i] = scope_keep(s, lt_strndup(text, n));
		text += n;
		expr_blanks(&text);
	}
	if (rest_is_empty(s, text) < 0)
		return -1;
	return scope_words(s, field[0], field[1], field[2], field[3]);
}

/* --- Tables. */

/* A line of @table: HEAD | CELL, or @across NAME in ROWS.COLUMN | HEAD | CELL.
 */
struct column {
	size_t line;
	const char *name; /* of the variable, NULL for a plain column */
	struct rows rows;
	const char *head, *cell;
};

struct columns {
	struct column *v;
	size_t n, cap;
};

static void
columns_free(struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		rows_free(&c->v[i].rows);
	free(c->v);
}

/* Cut at " | " and return what follows, without blanks around it. */
static char *
cut(char *text)
{
	char *bar = strstr(text, " | ");

	if (!bar)
		return NULL;
	*bar = '\0';
	bar += 3;
	return bar + strspn(bar, " ");
}

static int
read_column(struct page *p, size_t at, struct columns *columns)
{
	struct scope *s = p->s;
	struct column c = {.line = at + 1};
	const char *across = directive(p->line[at], "across");
	char *text =
		(char *)scope_keep(s, lt_strdup(across ? across : p->line[at]));
	char *rest = cut(text);

	s->line = c.line;
	if (across) {
		const char *loop = text;
		if (!rest || !(c.cell = cut(rest)))
			return scope_fail(s, "expected @across NAME in "
					     "TABLE[...].COLUMN | HEAD | CELL");
		c.head = rest;
		if (read_loop(s, &loop, &c.name, &c.rows) < 0)
			return -1;
		if (rest_is_empty(s, loop) < 0) {
			rows_free(&c.rows);
			return -1;
		}
	} else {
		c.head = text;
		c.cell = rest;
	}
	lt_grow(&columns->v, &columns->cap, columns->n + 1, sizeof c);
	columns->v[columns->n++] = c;
	return 0;
}

/* The lines of a table: first those of its caption, then columns. */
static int
read_columns(struct page *p, size_t from, size_t to, struct columns *c,
	struct text *caption)
{
	for (size_t i = from; i < to; i++) {
		const char *line = p->line[i];
		if (directive(line, "if")) {
			size_t a, b, end;
			if (choose(p, i, to, &a, &b, &end) < 0 ||
				read_columns(p, a, b, c, caption) < 0)
				return -1;
			i = end;
		} else if (directive(line, "across") || strstr(line, " | ")) {
			if (read_column(p, i, c) < 0)
				return -1;
		} else {
			p->s->line = i + 1;
			if (fill(p->s, line, caption) < 0)
				return -1;
			text_put(caption, "\n");
		}
	}
	return 0;
}

static int
put_cell(struct scope *s, const char *text, struct grid *g)
{
	struct text out = {0};
	int ret = fill(s, text, &out);
	char *cell = text_take(&out);

	if (ret < 0)
		free(cell);
	else
		grid_put(g, cell);
	return ret;
}

/* One row of the table: the heads, or the cells of a bound row. */
static int
put_row(struct scope *s, const struct columns *c, bool heads, struct grid *g)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct column *v = &c->v[i];
		size_t n = v->name ? v->rows.n : 1, mark = s->vars;
		s->line = v->line;
		for (size_t j = 0; j < n; j++) {
			if (v->name)
				bind_row(s, v->name, &v->rows, j);
			if (put_cell(s, heads ? v->head : v->cell, g) < 0)
				return -1;
			scope_unbind(s, mark);
		}
	}
	return 0;
}

static int
put_rows(struct scope *s, const char *name, const struct rows *rows,
	const struct columns *c, struct grid *g)
{
	if (put_row(s, c, true, g) < 0)
		return -1;
	g->columns = g->n;
	for (size_t i = 0; i < rows->n; i++) {
		size_t mark = s->vars;
		bind_row(s, name, rows, i);
		if (put_row(s, c, false, g) < 0)
			return -1;
		scope_unbind(s, mark);
	}
	return 0;
}

/* The caption stands before the table.  Without a row there is neither. */
static void
put_table(struct text *out, const struct grid *g, struct text *caption)
{
	char *text = grid_text(g), *above = text_take(caption);

	if (*text && *above) {
		text_put(out, "Table: ");
		text_put(out, above);
		text_put(out, "\n");
	}
	text_put(out, text);
	free(text);
	free(above);
}

static int
table(struct page *p, size_t at, size_t end, struct text *out)
{
	struct scope *s = p->s;
	const char *text = directive(p->line[at], "table"), *name;
	struct columns columns = {0};
	struct text caption = {0};
	struct grid g = {0};
	struct rows rows;

	s->line = at + 1;
	if (read_loop(s, &text, &name, &rows) < 0)
		return -1;
	s->narrow = true;
	int ret = rest_is_empty(s, text);
	if (ret == 0)
		ret = read_columns(p, at + 1, end, &columns, &caption);
	if (ret == 0)
		ret = put_rows(s, name, &rows, &columns, &g);
	if (ret == 0)
		put_table(out, &g, &caption);
	s->narrow = false;
	free(text_take(&caption));
	columns_free(&columns);
	grid_release(&g);
	rows_free(&rows);
	return ret;
}

/* --- Files. */

static int
read_lines(struct page *p, const char *path, struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);
	size_t len, cap = 0;
	char *line;
	int r;

	if (!in)
		return -1;
	while ((r = lt_in_line(in, &line, &len, err)) > 0) {
		lt_grow(&p->line, &cap, p->lines + 1, sizeof *p->line);
		p->line[p->lines++] = lt_strdup(line);
	}
	lt_in_close(in);
	return r;
}

static void
free_lines(struct page *p)
{
	for (size_t i = 0; i < p->lines; i++)
		free(p->line[i]);
	free(p->line);
}

/* @include FILE: a template of the folder, with the variables there are. */
static int
include(struct page *p, const char *name, struct text *out)
{
	struct scope *s = p->s;
	struct page in = {.s = s, .depth = p->depth + 1};
	const char *template = s->template;
	struct lt_err why;

	if (in.depth > INCLUDES_MAX)
		return scope_fail(s,
			"expected at most %d files that include "
			"one another",
			INCLUDES_MAX);
	const char *path = scope_keep(s, lt_asprintf("%s/%s", s->folder, name));
	int ret = read_lines(&in, path, &why);
	if (ret < 0)
		scope_fail(s, "%s", why.msg);
	s->template = path;
	if (ret == 0)
		ret = run(&in, 0, in.lines, out);
	s->template = template;
	free_lines(&in);
	return ret;
}

/* --- Lines. */

/* A block at line *i; *i becomes the line of its @end. */
static int
block(struct page *p, size_t *i, size_t to, struct text *out)
{
	size_t at = *i, from, until;

	if (directive(p->line[at], "if"))
		return choose(p, at, to, &from, &until, i) < 0
			       ? -1
			       : run(p, from, until, out);
	*i = block_part(p, at + 1, to);
	if (need_end(p, at, *i, to) < 0)
		return -1;
	if (!directive(p->line[*i], "end")) {
		p->s->line = *i + 1;
		return scope_fail(
			p->s, "expected @end, found '%s'", p->line[*i]);
	}
	return directive(p->line[at], "each") ? each(p, at, *i, out)
					      : table(p, at, *i, out);
}

static int
one_line(struct page *p, size_t *i, size_t to, struct text *out)
{
	const char *line = p->line[*i], *rest;
	struct scope *s = p->s;

	s->line = *i + 1;
	if (opens(line))
		return block(p, i, to, out);
	if ((rest = directive(line, "let")))
		return let(s, rest);
	if ((rest = directive(line, "words")))
		return read_words(s, rest);
	if ((rest = directive(line, "include")))
		return include(p, rest, out);
	if (directive(line, "#"))
		return 0;
	if (*line == '@' && line[1] != '@')
		return scope_fail(s,
			"expected @if, @each, @table, @let, @words, @include "
			"or @#, found '%s'",
			line);
	if (fill(s, line + (*line == '@'), out) < 0)
		return -1;
	text_put(out, "\n");
	return 0;
}

static int
run(struct page *p, size_t from, size_t to, struct text *out)
{
	for (size_t i = from; i < to; i++)
		if (one_line(p, &i, to, out) < 0)
			return -1;
	return 0;
}

char *
lt_template_fill(const char *template, const char *folder, struct lt_err *err)
{
	struct scope s;
	struct page p = {.s = &s};
	struct text out = {0};
	char *page = NULL;

	scope_init(&s, folder, template, err);
	if (read_lines(&p, template, err) == 0 &&
		run(&p, 0, p.lines, &out) == 0)
		page = lt_wrap(out.s ? out.s : "");
	free(text_take(&out));
	scope_release(&s);
	free_lines(&p);
	return page;
}
