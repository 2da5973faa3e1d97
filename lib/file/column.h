/* One number for each sample, read from a table (base/tsv.h) that has a column
 * "index": the counts of lt-forget, the entropies of lt-eval, or a user's own.
 *
 *	struct lt_column c;
 *	lt_column_read(&c, "forget.tsv", "count", err);
 *	lt_column_restrict(&c, &list, err);
 *	lt_column_release(&c);
 *
 * The caller owns struct lt_column and releases it.
 */
#ifndef LT_FILE_COLUMN_H
#define LT_FILE_COLUMN_H

#include "base/err.h"
#include "file/index.h"

struct lt_column {
	char *table, *name;    /* names of table and column, for messages */
	struct lt_index index; /* samples, ascending until lt_column_sort */
	double *value;	       /* [index.n]; may be infinite or NaN */
};

/* Read column name of the table at path; "-" is standard input.  Rows may come
 * in any order.  An index that occurs twice is LT_EDATA. */
int lt_column_read(struct lt_column *c, const char *path, const char *name,
	struct lt_err *err);
/* Keep the samples of ix alone, in the order of ix, which need not be
 * ascending. c must be ascending.  LT_EDATA if a sample has no row. */
int lt_column_restrict(
	struct lt_column *c, const struct lt_index *ix, struct lt_err *err);
/* Sort by value: the largest first, NaN last, of equal ones the lower index
 * first. */
void lt_column_sort(struct lt_column *c);
/* LT_EDATA if a value is NaN. */
int lt_column_check(const struct lt_column *c, struct lt_err *err);
void lt_column_release(struct lt_column *c);

#endif
