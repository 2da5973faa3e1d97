/* Cells of one row of a table, by the names of their columns.
 *
 *	size_t total;
 *	if (lt_at_where(&total, &mask, "name", "total", err) < 0 ||
 *		lt_at_text(&density, &mask, total, "density", err) < 0)
 *		return -1;
 *
 * A table that is lost, or was never read, has no row; a row that is not there
 * has missing numbers in all columns.
 */
#ifndef LT_BASE_AT_H
#define LT_BASE_AT_H

#include "base/table.h"

#define LT_AT_NONE SIZE_MAX

/* Read a table; without a path there is none, and *t has no rows. */
int lt_at_table(struct lt_table *t, const char *path, struct lt_err *err);
/* The last row, or LT_AT_NONE. */
size_t lt_at_last(const struct lt_table *t);
/* The last row whose cell in the column called name is value, or LT_AT_NONE.
 */
int lt_at_where(size_t *row, const struct lt_table *t, const char *name,
	const char *value, struct lt_err *err);
/* The same for a number, however it is written. */
int lt_at_where_number(size_t *row, const struct lt_table *t, const char *name,
	double value, struct lt_err *err);
/* The first row with the highest number of a column, or LT_AT_NONE. */
int lt_at_highest(size_t *row, const struct lt_table *t, const char *name,
	struct lt_err *err);
/* Have *text point to a cell, or to "NaN"; the text lives as long as t. */
int lt_at_text(const char **text, const struct lt_table *t, size_t row,
	const char *name, struct lt_err *err);
/* Store the numbers in the columns of names, which blanks separate. */
int lt_at_numbers(double *v, const struct lt_table *t, size_t row,
	const char *names, struct lt_err *err);

#endif
