/* Gradual pruning beside one-shot and iterative pruning: rows by the kind of
 * pruning and its window, and what finding each ticket cost.
 */
#ifndef LT_TICKET_WINDOWS_H
#define LT_TICKET_WINDOWS_H

#include "base/table.h"

struct lt_windows {
	const char *const *path; /* [n]: summaries, a row for each ticket */
	int n;
	const char *ends;    /* "25-75=75 mine=200": the epoch of each window's
				last pruning */
	const char *columns; /* of the summaries, separated by blanks;
				below_dense: points of test accuracy below the
				dense network */
};

/* Write the rows of summaries, each method and round once: kind (dense, imp,
 * oneshot, gradual, or the name of a list of prunings), window (epochs, the
 * round of imp, or -), end (epoch of the last pruning), prunings, columns.  A
 * column that a summary lacks is NaN. */
int lt_windows_table(
	struct lt_cells *o, const struct lt_windows *w, struct lt_err *err);

struct lt_search_cost {
	const char *means;   /* such rows, means over seeds */
	const char *costs;   /* the same tickets with the columns of costs;
				NULL: means has them */
	const char *columns; /* separated by blanks */
	double sparsity;     /* share of the weights */
};

/* Write kind, window, sparsity, test_acc, below_dense, and each column with
 * COLUMN_of_imp: its share of what iterative pruning took to its first round of
 * that sparsity (less 0.01 points, for a rate may miss by a weight).  Of dense
 * and imp only that round is written. */
int lt_search_cost_table(
	struct lt_cells *o, const struct lt_search_cost *c, struct lt_err *err);

#endif
