/* How long jobs take that wait for each other, with so many at a time.
 *
 * As make does, this starts a job as soon as all that it waits for has ended
 * and fewer than slots jobs run; of several, the first in the order of their
 * numbers.
 */
#ifndef LT_TICKET_MAKESPAN_H
#define LT_TICKET_MAKESPAN_H

#include <stddef.h>

/* Job after starts once job before has ended; before < after. */
struct lt_wait {
	size_t before, after;
};

/* The time at which the last of n jobs ends; slots is from 1 up.  A pair may be
 * in wait several times. */
double lt_makespan(const double *seconds, size_t n, const struct lt_wait *wait,
	size_t waits, size_t slots);

#endif
