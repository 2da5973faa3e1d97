/* When does the early ticket appear?  At each check a copy of the dense network
 * is pruned at once and trained for one epoch (pseudo-pruned, then retrained);
 * its validation accuracy rises from check to check until the mask is as good
 * as a late one.  The paper ("The sooner the better", Figures 4 and 6) judges
 * by eye where the curve stops rising.  These rules judge by number.
 *
 * Both rules look at m[i], the median of the accuracies of checks i - 1, i and
 * i + 1.  m[0] is the lower of the first accuracy and m[1], so that the first
 * check counts only as far as the next two confirm it.  The last check has no
 * median.
 *
 *	offline	the first check with m >= max m - tolerance
 *	online	a check has risen if its m is more than tolerance above the m
 *		of the last check that had risen; check 0 counts as risen.
 *		After window checks in a row that have not risen the dense run
 *		can stop.  The ticket is the last check that had risen.  Its
 *		median needs one check more, so the rule knows this window + 1
 *		checks after the ticket.
 *
 * A rise of exactly the tolerance is none: 1e-9 points absorb the rounding of
 * decimal fractions.  Fewer than three checks identify no ticket.
 */
#ifndef LT_TICKET_PPR_H
#define LT_TICKET_PPR_H

#include <stdbool.h>
#include <stddef.h>

#define LT_PPR_LEAST 3 /* checks that a ticket needs */

struct lt_ppr_rule {
	double tolerance; /* points of accuracy that are no rise, >= 0 */
	size_t window;	  /* checks without a rise after which to stop, >= 1 */
};

/* What a rule says.  Without a ticket the index ticket is meaningless. */
struct lt_ppr_ticket {
	bool found;
	size_t ticket; /* index of the ticket's check */
	size_t known;  /* index of the check at which the rule knew it */
};

/* Store the n - 1 medians of n >= 2 accuracies; one accuracy is its own median.
 * m and accuracy do not overlap; m has room for n. */
void lt_ppr_medians(double *m, const double *accuracy, size_t n);
/* m: the medians of n checks. */
struct lt_ppr_ticket lt_ppr_offline(
	const double *m, size_t n, const struct lt_ppr_rule *rule);
struct lt_ppr_ticket lt_ppr_online(
	const double *m, size_t n, const struct lt_ppr_rule *rule);

#endif
