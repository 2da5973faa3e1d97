/* A column of numbers from a table (tsv.h) that has a column "index" as well:
 * counts of lt-forget, entropies of lt-eval, whatever a user has worked out for
 * each sample.
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
	char *table, *name;    /* where from, for messages */
	struct lt_index index; /* of the rows, first ascending */
	double *value;	       /* [index.n]; may be infinite, or nan */
};

/* Rows may come in any order; an index that is there twice is LT_EDATA.  path
 * "-" is standard input. */
int lt_column_read(struct lt_column *c, const char *path, const char *name,
	struct lt_err *err);
/* Have the rows of the samples of ix alone, in its order, which is any; c has
 * them ascending.  LT_EDATA when one has no row. */
int lt_column_restrict(
	struct lt_column *c, const struct lt_index *ix, struct lt_err *err);
/* Largest value first, nan last, of equal ones the lower index first. */
void lt_column_sort(struct lt_column *c);
/* LT_EDATA when a value is nan. */
int lt_column_check(const struct lt_column *c, struct lt_err *err);
void lt_column_release(struct lt_column *c);

#endif
