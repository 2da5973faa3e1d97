/* One column of a long table as a square: a row for each value of one column, a
 * column for each value of another.
 */
#ifndef LT_BASE_PIVOT_H
#define LT_BASE_PIVOT_H

#include "base/table.h"

struct lt_pivot {
	const char *row, *column, *value; /* names of columns */
	const char *leave; /* a value that gets no row and no column, or NULL */
	bool natural;	   /* the order of the table; otherwise words come
			      first, in that order, then numbers by size */
	bool cells;	   /* write a row for each cell, not a square */
};

/* Write the square under the name of the row's column; a cell that the table
 * lacks is NaN.  With cells: x and y (from 1), column, row and value of each
 * cell that there is.  Rows whose value is missing count nowhere; of two rows
 * for one cell the later one counts. */
int lt_pivot_table(struct lt_cells *o, const struct lt_pivot *p,
	const struct lt_table *t, struct lt_err *err);

#endif
