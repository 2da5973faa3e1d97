/* A table in Markdown, with columns as wide as their cells.
 *
 *	struct grid g = {.columns = 2};
 *	grid_put(&g, lt_strdup("round"));	// the heads come first
 *	...
 *	char *text = grid_text(&g);
 *	grid_release(&g);
 */
#ifndef LT_PAGE_GRID_H
#define LT_PAGE_GRID_H

#include <stddef.h>

struct grid {
	size_t columns;
	char **cell;
	size_t n, cap;
};

/* Take cell, which was allocated. */
void grid_put(struct grid *g, char *cell);
/* The lines of the table, "" without a row.  Columns of numbers are aligned to
 * the right.  The result is the caller's. */
char *grid_text(const struct grid *g);
void grid_release(struct grid *g);

#endif
