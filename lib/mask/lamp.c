#include "mask/lamp.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"

struct item {
	uint32_t key; /* bits of |w|, whose order is its own */
	uint32_t at;
};

#define BITS 11 /* a pass of the sort; three cover 31 bits and a few more */
#define BINS (1 << BITS)

/* One stable pass from one array to the other. */
static void
pass(struct item *to, const struct item *from, size_t n, int shift)
{
	size_t *at = lt_alloc(BINS + 1, sizeof *at);

	for (size_t i = 0; i < n; i++)
		at[(from[i].key >> shift & (BINS - 1)) + 1]++;
	for (int b = 0; b < BINS; b++)
		at[b + 1] += at[b];
	for (size_t i = 0; i < n; i++)
		to[at[from[i].key >> shift & (BINS - 1)]++] = from[i];
	free(at);
}

void
lt_lamp_score(double *score, const float *w, const uint8_t *keep, size_t n)
{
	struct item *a = lt_alloc_scratch(n, sizeof *a);
	struct item *b = lt_alloc_scratch(n, sizeof *b);
	size_t m = 0;
	double sum = 0;

	LT_BUG_ON(n > UINT32_MAX);
	/* The last first: of equal weights the earlier is to be the larger. */
	for (size_t i = n; i-- > 0;) {
		score[i] = 0;
		if (!keep[i])
			continue;
		memcpy(&a[m].key, &w[i], sizeof a[m].key);
		a[m].key &= 0x7fffffff;
		a[m++].at = (uint32_t)i;
	}
	pass(b, a, m, 0);
	pass(a, b, m, BITS);
	pass(b, a, m, 2 * BITS);
	for (size_t i = m; i-- > 0;) {
		double x = w[b[i].at], square = x * x;
		sum += square;
		score[b[i].at] = i == m - 1 ? 1 : sum > 0 ? square / sum : 0;
	}
	free(a);
	free(b);
}
