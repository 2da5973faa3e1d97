/* Winning tickets: each method against iterative magnitude pruning (IMP) and
 * the dense network, round by round; and pairs of methods.
 *
 * Two rules judge whether a method is as accurate as another.  Ours is the
 * paired interval at a margin, ticket/paired.h, with Holm's correction over all
 * pairs that the table compares.  That of Zhang et al. (2021), "Efficient
 * Lottery Ticket Finding: Less Data is More", section 4, stands beside it: a
 * ticket matches if its accuracy is within one standard deviation of IMP's.
 * Over seeds:
 *
 *	threshold  = imp_acc - imp_std; imp_acc if IMP has one seed only
 *	matched    = 1 if test_acc >= threshold, else 0; NaN for imp itself
 *	chance     = of being matched, for a method that equals IMP
 *	chance_so_far = of being matched in this and all earlier rounds, if they
 *	             were independent: the product of their chances
 *	within     = 1 if test_acc >= dense_acc - within points
 *	difference = mean of method less IMP over the seeds that have both
 *
 * Tickets that are the same by construction are not compared: in all seeds that
 * have both, test_acc, val_acc, search_iterations and set_size are equal, as
 * they are before an early stop has fired or a set has shrunk.  Their verdict
 * is "same" and matched is NaN.
 *
 * Sums of decimal fractions are not exact, so 1e-9 less still reaches a limit.
 */
#ifndef LT_TICKET_MATCHING_H
#define LT_TICKET_MATCHING_H

#include <stdbool.h>
#include "base/err.h"

/* Read the summary at from and write the table to path.  within: points;
 * margin: points of ticket/paired.h. */
int lt_matching_write(const char *path, const char *from, double within,
	double margin, struct lt_err *err);
/* Tickets less other tickets.  A pair is a method less another one in each
 * round in which some seed has both; the dense network counts in every round.
 * Holm's correction is over all pairs of the table. */
struct lt_differences {
	const char *method;	 /* less each other one; NULL: none */
	const char *const *pair; /* [pairs] "METHOD=AGAINST" */
	int pairs;
	/* Columns whose values name a ticket in place of method and round,
	 * ticket/summary.h; METHOD and AGAINST are such values with "/". */
	const char *const *key; /* [keys] */
	int keys;
	double margin; /* points */
	/* The column that is compared, and whether less of it is better.  The
	 * difference is printed as it is, the verdict says what is better. */
	const char *value;
	bool less;
};

/* Read the summary at from and write the differences to path.  LT_EUSAGE if a
 * pair has no "=". */
int lt_differences_write(const char *path, const char *from,
	const struct lt_differences *d, struct lt_err *err);

#endif
