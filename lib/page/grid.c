#include "page/grid.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/text.h"

void
grid_put(struct grid *g, char *cell)
{
	lt_grow(&g->cell, &g->cap, g->n + 1, sizeof *g->cell);
	g->cell[g->n++] = cell;
}

void
grid_release(struct grid *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->cell[i]);
	free(g->cell);
	*g = (struct grid){0};
}

/* Characters of UTF-8 text. */
static size_t
width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static size_t
column_width(const struct grid *g, size_t column)
{
	size_t most = 3;

	for (size_t i = column; i < g->n; i += g->columns) {
		size_t w = width(g->cell[i]);
		if (w > most)
			most = w;
	}
	return most;
}

/* An empty cell and a dash are no text. */
static bool
is_number(const char *s)
{
	if (!*s || (unsigned char)*s >= 0x80)
		return true;
	s += *s == '-' || *s == '+';
	return isdigit((unsigned char)*s);
}

static bool
all_numbers(const struct grid *g, size_t column)
{
	for (size_t i = g->columns + column; i < g->n; i += g->columns)
		if (!is_number(g->cell[i]))
			return false;
	return true;
}

static void
put_padded(struct text *t, const char *cell, size_t w, bool right)
{
	size_t n = w - width(cell);

	text_put(t, "| ");
	for (size_t i = 0; i < n && right; i++)
		text_put(t, " ");
	text_put(t, cell);
	for (size_t i = 0; i < n && !right; i++)
		text_put(t, " ");
	text_put(t, " ");
}

static void
put_rule(struct text *t, size_t w, bool right)
{
	text_put(t, "|");
	for (size_t i = 0; i < w + 1; i++)
		text_put(t, "-");
	text_put(t, right ? ":" : "-");
}

char *
grid_text(const struct grid *g)
{
	struct text t = {0};
	size_t *w = lt_alloc(g->columns, sizeof *w);
	bool *right = lt_alloc(g->columns, sizeof *right);

	for (size_t j = 0; j < g->columns; j++) {
		w[j] = column_width(g, j);
		right[j] = all_numbers(g, j);
	}
	for (size_t i = 0; i < g->n && g->n > g->columns; i += g->columns) {
		for (size_t j = 0; j < g->columns; j++)
			put_padded(&t, g->cell[i + j], w[j], right[j]);
		text_put(&t, "|\n");
		for (size_t j = 0; j < g->columns && i == 0; j++)
			put_rule(&t, w[j], right[j]);
		text_put(&t, i == 0 ? "|\n" : "");
	}
	free(w);
	free(right);
	return text_take(&t);
}
