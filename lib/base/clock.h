/* Clocks, for progress and reports of cost.  No result may depend on them. */
#ifndef LT_BASE_CLOCK_H
#define LT_BASE_CLOCK_H

#include <time.h>

/* Seconds of wall-clock time since an arbitrary moment. */
static inline double
lt_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds of processor time that all threads of this process have used. */
static inline double
lt_cpu_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
