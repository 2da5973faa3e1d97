/* What each method saves against IMP, at the highest round where it is as good.
 *
 * Four rows for each method, by criterion:
 *
 *	margin	its verdict (ticket/paired.h) is "as good" or "better"
 *	imp	it is within one standard deviation of IMP (matched)
 *	dense	it is at most so many points below the dense network (within)
 *	last	none: the last round that it shares with IMP
 *
 * round is the last one before the first failure, among the rounds that both
 * have (for dense: that the method has); round_at_all is the last one that does
 * not fail.  By margin and imp, rounds whose tickets are IMP's own ("same")
 * count nowhere.  To test round after round and to stop at the first failure
 * needs no correction for many rounds; round_at_all does.  Each cost is the
 * mean over the n seeds that have both, beside IMP's.  The saving is 100 x (1 -
 * cost / IMP's cost), its deviation that of the seeds' own savings.  Tickets
 * without a result count nowhere.  Without a column verdict no round is judged
 * by margin.
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
