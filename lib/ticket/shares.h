/* The classes of sets: a table of how many samples of each class they have. */
#ifndef LT_TICKET_SHARES_H
#define LT_TICKET_SHARES_H

#include "base/err.h"
#include "ticket/universe.h"

/* A row a list and class, of the columns list, class, name, count and share (of
 * the list's samples); where u->of is given, coverage too: which part of that
 * list's samples of the class this one has.  It must then be within u->of.
 * Without a list (n = 0) the one row a class is of all samples, as list "all".
 * u->data is needed; to path as an output of its own. */
int lt_shares_write(const char *path, char *const *lists, int n,
	const struct lt_universe *u, struct lt_err *err);

#endif
