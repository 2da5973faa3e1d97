/* Winning tickets: each method against iterative magnitude pruning (IMP) and
 * the dense network, round by round.
 *
 * Zhang et al. (2021), "Efficient Lottery Ticket Finding: Less Data is More",
 * section 4: a ticket matches if its accuracy is within one standard deviation
 * of IMP's.  Over seeds:
 *
 *	threshold  = imp_acc - imp_std; imp_acc if IMP has one seed only
 *	matched    = 1 if test_acc >= threshold, else 0; NaN for imp itself
 *	within     = 1 if test_acc >= dense_acc - within points
 *	difference = mean of method less IMP over the seeds that have both
 *
 * Sums of decimal fractions are not exact, so 1e-9 less still reaches a limit.
 */
#ifndef LT_TICKET_MATCHING_H
#define LT_TICKET_MATCHING_H

#include "base/err.h"

/* Read the summary at from and write the table to path.  within: points. */
int lt_matching_write(
	const char *path, const char *from, double within, struct lt_err *err);
/* The same of one method less each other one, in the rounds in which some seed
 * has both. */
int lt_differences_write(const char *path, const char *from, const char *method,
	struct lt_err *err);

#endif
