/* Time, for people's eyes only: nothing that a result depends on asks for it.
 */
#ifndef LT_BASE_CLOCK_H
#define LT_BASE_CLOCK_H

#include <time.h>

/* Seconds since some moment, of the wall clock. */
static inline double
lt_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds of processor time that this process has used, all its threads. */
static inline double
lt_cpu_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
