/* Tables of one header under one header, and the tables of a run's segments as
 * one. */
#ifndef LT_TICKET_GATHER_H
#define LT_TICKET_GATHER_H

#include "base/err.h"

/* A table, and the values that its rows get in columns of their own. */
struct lt_rows_table {
	const char *path;
	const char **value; /* [names]; NULL: the table's own, or missing */
};

/* Write the rows of all n tables, sorted by the numbers in column by, or in
 * their order if by is NULL.  The columns are name[0..names), then the others
 * of the first table; other tables' columns are found by name, and what one
 * lacks is NaN.  A table that has a column of this name and is given a value
 * for it is refused.  A row that is there already is left out.  Empty files
 * have no rows; if all are empty, the output is empty. */
int lt_rows_write(const char *path, const char *by, const char *const *name,
	int names, const struct lt_rows_table *table, int n,
	struct lt_err *err);

/* A segment of a run: one of its tables with a column epoch (log, times,
 * events), up to an epoch. */
struct lt_segment {
	const char *path;
	double until; /* INFINITY: all of it */
};

/* Write consecutive segments as one table.  Of an epoch that two segments have,
 * the first one's rows count.  Distances of masks (mask_distance) are NaN,
 * because they belong to a segment.  If a segment is empty, so is the output.
 */
int lt_segments_write(const char *path, const struct lt_segment *segment, int n,
	struct lt_err *err);

#endif
