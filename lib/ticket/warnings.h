/* What must be known before a comparison of methods is believed: signs that the
 * networks were not trained to the end, that any mask would do, or that two
 * methods cannot differ.
 *
 * A row for each sign:
 *
 *	untrained   the dense network has less than 95 % of its training samples
 *	            right; value: its mean train_acc, limit: 95
 *	unmeasured  no training accuracy of the dense network is known
 *	best-last   in more than half of the seeds the best validation epoch is
 *	            the last one; value: their share in percent, limit: 50
 *	random      random masks are as good as the dense network: the mean
 *	            accuracy of "random" in a round is at most the margin below
 *	            the dense network's; value: the difference, limit: -margin
 *	same        the tickets of a round are IMP's own: no training has
 *	            stopped early and no set has shrunk yet (ticket/matching.h)
 *
 * n counts the seeds that have the number.
 */
#ifndef LT_TICKET_WARNINGS_H
#define LT_TICKET_WARNINGS_H

#include "base/err.h"

/* matching: the table of lt_matching_write for the summary at from; margin:
 * points.  Columns train_acc, best_epoch and epochs may be missing. */
int lt_warnings_write(const char *path, const char *matching, const char *from,
	double margin, struct lt_err *err);

#endif
