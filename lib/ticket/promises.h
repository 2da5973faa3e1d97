/* Promises about the accuracies of a summary, as the demo makes them:
 *
 *	dense/0>=87.5	imp/2>=dense/0-1	imp/last>=random/last+1
 *
 * METHOD/ROUND is the mean of test_acc over seeds, in percent; last is the
 * largest round of the summary.  A promise compares one with a number, or with
 * another one plus or minus a number of points. */
#ifndef LT_TICKET_PROMISES_H
#define LT_TICKET_PROMISES_H

#include <stdbool.h>
#include "base/err.h"

/* Check the n promises against the summary at from and write a line for each:
 * "checked: PROMISE, found X" or "FAILED: expected PROMISE, found X"; after a
 * comparison with another ticket "found X and Y".  *hold: all of them do.  An
 * accuracy that is missing fails. */
int lt_promises_write(bool *hold, const char *path, const char *from,
	const char *const *promise, int n, struct lt_err *err);

#endif
