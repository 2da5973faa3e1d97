/* The FMA ceiling: how many GFLOP/s this machine gives at this moment, chains
 * of fused multiply-adds in registers on every thread.  Other loads on the
 * machine lower it, so it is measured in the run that it judges.
 */
#ifndef LT_BENCH_CEILING_H
#define LT_BENCH_CEILING_H

#include <math.h>
#include <string.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define CEILING_CHAINS 12 /* enough to hide the latency of two units */
#define CEILING_STEPS 40000

#define CEILING(name, target, vector, all, fma) \
	target static inline float name(void) \
	{ \
		vector a[CEILING_CHAINS], x = all(0.5f), y = all(0.25f); \
		float out; \
		for (int i = 0; i < CEILING_CHAINS; i++) \
			a[i] = all((float)i); \
		for (int n = 0; n < CEILING_STEPS; n++) \
			_Pragma("GCC unroll 12") for (int i = 0; \
						      i < CEILING_CHAINS; i++) \
				a[i] = fma(a[i], x, y); \
		for (int i = 1; i < CEILING_CHAINS; i++) \
			a[0] = fma(a[i], x, a[0]); \
		memcpy(&out, &a[0], sizeof out); \
		return out; \
	}
#define CEILING_ITSELF(x) (x)

CEILING(ceiling_ref, , float, CEILING_ITSELF, fmaf)
#if defined(__x86_64__)
CEILING(ceiling_v3, __attribute__((target("avx2,fma"))), __m256, _mm256_set1_ps,
	_mm256_fmadd_ps)
CEILING(ceiling_v4, __attribute__((target("avx512f"))), __m512, _mm512_set1_ps,
	_mm512_fmadd_ps)
#endif

/* With one thread processor time, which other loads hardly change. */
static inline double
bench_clock(int threads)
{
	struct timespec t;

	clock_gettime(
		threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* GFLOP/s of the kernel variant named ("ref", "v3", "v4") on so many threads:
 * the best of some bursts, a tenth of a second in all. */
static inline double
fma_ceiling(const char *kern, int threads)
{
	float (*run)(void) = ceiling_ref;
	int width = 1;
	double best = 0, begin = bench_clock(threads), sink = 0;

#if defined(__x86_64__)
	if (!strcmp(kern, "v3")) {
		run = ceiling_v3;
		width = 8;
	} else if (!strcmp(kern, "v4")) {
		run = ceiling_v4;
		width = 16;
	}
#endif
	do {
		double t = bench_clock(threads);
#pragma omp parallel num_threads(threads) default(none) shared(run, sink)
		{
			double mine = (double)run();
#pragma omp atomic
			sink += mine;
		}
		t = bench_clock(threads) - t;
		double rate = 2e-9 * CEILING_CHAINS * CEILING_STEPS * width *
			      threads / t;
		best = rate > best ? rate : best;
	} while (bench_clock(threads) - begin < 0.1 || isnan(sink));
	return best;
}

#endif
