#include "ticket/paired.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "ticket/moments.h"
#include "ticket/student.h"

#define ALPHA 0.05
/* What differences of decimal fractions below 100 leave of a deviation of 0. */
#define ROUNDING 1e-9

const char *const lt_verdict_name[] = {
	[LT_UNDECIDED] = "not told apart",
	[LT_BETTER] = "better",
	[LT_AS_GOOD] = "as good",
	[LT_WORSE] = "worse",
	[LT_SAME] = "same",
};

/* p and p_margin may be Holm's. */
static enum lt_verdict
judge(double mean, double p, double p_margin)
{
	if (p < ALPHA && mean > 0)
		return LT_BETTER;
	if (p_margin < ALPHA / 2)
		return LT_AS_GOOD;
	return p < ALPHA && mean < 0 ? LT_WORSE : LT_UNDECIDED;
}

struct lt_paired
lt_paired_judge(const double *x, size_t n, double margin)
{
	struct lt_paired d = {.n = n,
		.mean = lt_mean(x, n),
		.std = lt_deviation(x, n),
		.se = NAN,
		.low = NAN,
		.high = NAN,
		.p = NAN,
		.p_margin = NAN};

	if (!(d.std > ROUNDING))
		return d;
	d.se = d.std / sqrt((double)n);
	double t = lt_student_quantile(ALPHA, n - 1) * d.se;
	d.low = d.mean - t;
	d.high = d.mean + t;
	d.p = lt_student_outside(d.mean / d.se, n - 1);
	d.p_margin = lt_student_above((d.mean + margin) / d.se, n - 1);
	d.verdict = judge(d.mean, d.p, d.p_margin);
	return d;
}

enum lt_verdict
lt_paired_again(const struct lt_paired *d, double p, double p_margin)
{
	return d->verdict == LT_SAME ? LT_SAME : judge(d->mean, p, p_margin);
}

static int
by_size(const void *a, const void *b)
{
	double x = **(double *const *)a, y = **(double *const *)b;
	return (x > y) - (x < y);
}

void
lt_holm(double *p, size_t n)
{
	double **sorted = lt_alloc(n, sizeof(*sorted)), least = 0;
	size_t known = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			sorted[known++] = &p[i];
	/* Equal values get one value, whatever their order. */
	qsort(sorted, known, sizeof(*sorted), by_size);
	for (size_t i = 0; i < known; i++) {
		least = fmax(least, fmin(1, *sorted[i] * (double)(known - i)));
		*sorted[i] = least;
	}
	free(sorted);
}

double
lt_match_chance(size_t n, size_t ref_n)
{
	if (n == 0 || ref_n == 0)
		return NAN;
	if (ref_n == 1)
		return 0.5;
	double ratio = 1 / sqrt(1 / (double)n + 1 / (double)ref_n);
	return lt_student_above(-ratio, ref_n - 1);
}
