/* A table of how many samples of each class lists have. */
#ifndef LT_TICKET_SHARES_H
#define LT_TICKET_SHARES_H

#include "base/err.h"
#include "ticket/universe.h"

/* Write a table to path with a row for each list and class.  Columns: list,
 * class, name, count, and share, which is count over the samples of the list.
 * If u->of is given, each list must be within it, and the column coverage is
 * count over the samples of that class in u->of.  Without lists (n = 0) the
 * rows describe all samples under the name "all".  u->data is needed. */
int lt_shares_write(const char *path, char *const *lists, int n,
	const struct lt_universe *u, struct lt_err *err);

#endif
