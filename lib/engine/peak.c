/* Bursts of fused multiply-adds. */
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include "base/clock.h"
#include "engine/peak.h"

#define BURST 2e-3
#define ENOUGH 0.1

/* Seconds from the first thread's start to the last thread's end.  All threads
 * are awake at the start. */
static double
burst(const struct lt_kern *k, int threads, int steps)
{
	double begin = INFINITY, end = 0;
	float sink = 0;

#pragma omp parallel num_threads(threads) default(none) \
	shared(k, steps, begin, end, sink)
	{
#pragma omp barrier
		double from = lt_clock();
		float mine = k->burn(steps);
		double to = lt_clock();
#pragma omp critical
		{
			begin = fmin(begin, from);
			end = fmax(end, to);
			sink += mine;
		}
	}
	return isnan(sink) ? INFINITY : end - begin; /* sink is wanted */
}

double
lt_peak(const struct lt_kern *k, int threads)
{
	double begin, best = 0;
	int steps = 1000;

	while (steps < 1 << 24 && burst(k, 1, steps) < BURST)
		steps *= 2;
	begin = lt_clock();
	do {
		double t = burst(k, threads, steps);
		best = fmax(best, 2e-9 * LT_BURN * steps * threads / t);
	} while (lt_clock() - begin < ENOUGH);
	return best;
}
