/* What each method saves against IMP, at the highest round where it matches.
 *
 * Three rows for each method, by criterion:
 *
 *	imp	it is within one standard deviation of IMP (matched)
 *	dense	it is within so many points of the dense network (within)
 *	last	none: the last round that it shares with IMP
 *
 * round is the last one before the first failure, among the rounds that both
 * have (for dense: that the method has); round_at_all is the last one that does
 * not fail.  Each cost is the mean over the n seeds that have both, beside
 * IMP's.  The saving is 100 x (1 - cost / IMP's cost), its deviation that of
 * the seeds' own savings.  Tickets without a result count nowhere.
 */
#ifndef LT_TICKET_SAVINGS_H
#define LT_TICKET_SAVINGS_H

#include "base/err.h"

/* matching: the table of lt_matching_write; summary: the summary with the
 * costs.  cost[0..costs): columns of it, or sums of columns, "A+B". */
int lt_savings_write(const char *path, const char *matching,
	const char *summary, const char *const *cost, int costs,
	struct lt_err *err);

#endif
