/* @table: a table of a page from the rows of a table. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/block.h"
#include "page/grid.h"

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
	const char *across = block_directive(p->line[at], "across");
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
		if (block_loop(s, &loop, &c.name, &c.rows) < 0)
			return -1;
		if (block_rest(s, loop) < 0) {
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
		if (block_directive(line, "if")) {
			size_t a, b, end;
			if (block_choose(p, i, to, &a, &b, &end) < 0 ||
				read_columns(p, a, b, c, caption) < 0)
				return -1;
			i = end;
		} else if (block_directive(line, "across") ||
			   strstr(line, " | ")) {
			if (read_column(p, i, c) < 0)
				return -1;
		} else {
			p->s->line = i + 1;
			if (place_fill(p->s, line, caption) < 0)
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
	int ret = place_fill(s, text, &out);
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
				block_bind(s, v->name, &v->rows, j);
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
		block_bind(s, name, rows, i);
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

int
block_table(struct page *p, size_t at, size_t end, struct text *out)
{
	struct scope *s = p->s;
	const char *text = block_directive(p->line[at], "table"), *name;
	struct columns columns = {0};
	struct text caption = {0};
	struct grid g = {0};
	struct rows rows;

	s->line = at + 1;
	if (block_loop(s, &text, &name, &rows) < 0)
		return -1;
	s->narrow = true;
	int ret = block_rest(s, text);
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
