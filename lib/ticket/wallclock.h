/* This compares what searches took. */
#ifndef LT_TICKET_WALLCLOCK_H
#define LT_TICKET_WALLCLOCK_H

#include "base/err.h"

struct lt_clocked {
	const char *name, *is; /* of a search, and what it is; is may be NULL */
	const char *after;     /* the search it is compared with; NULL: the one
				  before it */
	const char **path; /* [paths]: logs, tables of times and of --cost */
	int paths;
};

/* Write a row for each search: iterations, presentations and multiply_adds of
 * all its logs (of the last row of each) and passes, seconds, cpu_seconds, and
 * its seconds as shares of those of the first search and of the search that it
 * is compared with.  Columns are search, is, iterations, presentations,
 * multiply_adds, seconds, cpu_seconds, of_FIRST (the first search's name, - as
 * _) and of_step_before.  A search with a file that is empty or not there has
 * NaN. */
int lt_wallclock_write(const char *path, const struct lt_clocked *search, int n,
	struct lt_err *err);

#endif
