/* Bursts of fused multiply-adds, and copies. */
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "engine/peak.h"

#define BURST 2e-3
#define ENOUGH 0.1
#define COPY ((size_t)64 << 20)

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

double
lt_bandwidth(int threads)
{
	char *from = lt_alloc_aligned(COPY, 1), *to = lt_alloc_aligned(COPY, 1);
	size_t part = COPY / (size_t)threads;
	double begin = lt_clock(), best = 0;

	do {
		double t = lt_clock();
#pragma omp parallel for num_threads(threads) default(none) \
	shared(threads, from, to, part)
		for (int i = 0; i < threads; i++)
			memcpy(to + (size_t)i * part, from + (size_t)i * part,
				part);
		best = fmax(best, 2e-9 * (double)COPY / (lt_clock() - t));
	} while (lt_clock() - begin < ENOUGH);
	free(from);
	free(to);
	return best;
}
