#include "page/template.h"

#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "page/block.h"
#include "page/scope.h"
#include "page/text.h"
#include "page/wrap.h"

#define INCLUDES_MAX 8

/* --- Lines that begin with '@'. */

/* What follows "@name" in a line, or NULL. */
const char *
block_directive(const char *line, const char *name)
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
	return block_directive(line, "if") || block_directive(line, "each") ||
	       block_directive(line, "table");
}

/* The next line from i on, below end, that closes the block of the line before
 * i, or that parts it (@elif, @else); end if there is none. */
static size_t
block_part(const struct page *p, size_t i, size_t end)
{
	int depth = 0;

	for (; i < end; i++) {
		const char *line = p->line[i];
		if (depth == 0 && (block_directive(line, "end") ||
					  block_directive(line, "else") ||
					  block_directive(line, "elif")))
			return i;
		depth += opens(line);
		depth -= block_directive(line, "end") != NULL;
	}
	return end;
}

static size_t
block_end(const struct page *p, size_t i, size_t end)
{
	while ((i = block_part(p, i, end)) < end &&
		!block_directive(p->line[i], "end"))
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

int
block_rest(struct scope *s, const char *rest)
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
	return block_rest(p->s, text);
}

/* Find the lines of an @if that count: [*from, *to).  *end: its @end. */
int
block_choose(struct page *p, size_t at, size_t limit, size_t *from, size_t *to,
	size_t *end)
{
	const char *text = block_directive(p->line[at], "if");
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
		text = block_directive(p->line[i], "elif");
	}
	return 0;
}

/* NAME in TABLE[...], or in the values of TABLE[...].COLUMN. */
int
block_loop(struct scope *s, const char **text, const char **name,
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

void
block_bind(struct scope *s, const char *name, const struct rows *rows, size_t i)
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
	const char *text = block_directive(p->line[at], "each"), *name;
	const char *between = NULL, *last = NULL;
	struct rows rows;

	s->line = at + 1;
	if (block_loop(s, &text, &name, &rows) < 0)
		return -1;
	if (expr_take(&text, "join") && (between = take_quoted(s, &text)) &&
		!(last = take_quoted(s, &text)))
		last = between;
	int ret = block_rest(s, text);
	for (size_t i = 0; i < rows.n && ret == 0; i++) {
		size_t mark = s->vars;
		struct text body = {0};
		block_bind(s, name, &rows, i);
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
	if (expr_value(s, &text, &v) < 0 || block_rest(s, text) < 0)
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
	if (block_rest(s, text) < 0)
		return -1;
	return scope_words(s, field[0], field[1], field[2], field[3]);
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

	if (block_directive(p->line[at], "if"))
		return block_choose(p, at, to, &from, &until, i) < 0
			       ? -1
			       : run(p, from, until, out);
	*i = block_part(p, at + 1, to);
	if (need_end(p, at, *i, to) < 0)
		return -1;
	if (!block_directive(p->line[*i], "end")) {
		p->s->line = *i + 1;
		return scope_fail(
			p->s, "expected @end, found '%s'", p->line[*i]);
	}
	return block_directive(p->line[at], "each")
		       ? each(p, at, *i, out)
		       : block_table(p, at, *i, out);
}

static int
one_line(struct page *p, size_t *i, size_t to, struct text *out)
{
	const char *line = p->line[*i], *rest;
	struct scope *s = p->s;

	s->line = *i + 1;
	if (opens(line))
		return block(p, i, to, out);
	if ((rest = block_directive(line, "let")))
		return let(s, rest);
	if ((rest = block_directive(line, "words")))
		return read_words(s, rest);
	if ((rest = block_directive(line, "include")))
		return include(p, rest, out);
	if (block_directive(line, "#"))
		return 0;
	if (*line == '@' && line[1] != '@')
		return scope_fail(s,
			"expected @if, @each, @table, @let, @words, @include "
			"or @#, found '%s'",
			line);
	if (place_fill(s, line + (*line == '@'), out) < 0)
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
