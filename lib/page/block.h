/* What the lines of a template share: template.c has the blocks and the files,
 * place.c the places of a line, columns.c the tables.  -1 after scope_fail.
 */
#ifndef LT_PAGE_BLOCK_H
#define LT_PAGE_BLOCK_H

#include "page/expr.h"
#include "page/text.h"

/* A template, or a file that it includes. */
struct page {
	struct scope *s;
	char **line; /* without line ends */
	size_t lines;
	int depth; /* of includes */
};

/* Append a line with its places filled. */
int place_fill(struct scope *s, const char *line, struct text *out);
/* What follows "@name" in a line, or NULL. */
const char *block_directive(const char *line, const char *name);
/* Find the lines of an @if that count: [*from, *to).  *end: its @end. */
int block_choose(struct page *p, size_t at, size_t limit, size_t *from,
	size_t *to, size_t *end);
/* NAME in TABLE[...], or in the values of TABLE[...].COLUMN; rows_free releases
 * the rows. */
int block_loop(struct scope *s, const char **text, const char **name,
	struct rows *rows);
/* Nothing may follow in the line. */
int block_rest(struct scope *s, const char *rest);
/* Let the name stand for row i. */
void block_bind(
	struct scope *s, const char *name, const struct rows *rows, size_t i);
/* The table in the lines from @table to its @end. */
int block_table(struct page *p, size_t at, size_t end, struct text *out);

#endif
