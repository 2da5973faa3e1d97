#include "ticket/lamp.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"

#define LOW 15 /* bits of a key under those that choose its bucket */
#define BUCKETS (1 << (31 - LOW))
#define DIGIT 8	  /* bits of a pass within a bucket; two cover LOW */
#define STEP 1024 /* ranks from one kept sum to the next */

/* A layer's candidates: |w| in descending order. */
struct sorted {
	uint32_t *key; /* bits of |w| */
	size_t n;
	double *sum; /* of the squares before rank k STEP */
};

/* ---- sorting ------------------------------------------------------------- */

/* One stable pass over n keys, by the digit at shift, the largest first. */
static void
pass(uint32_t *to, const uint32_t *from, size_t n, int shift)
{
	size_t at[(1 << DIGIT) + 1] = {0};

	for (size_t i = 0; i < n; i++)
		at[from[i] >> shift & ((1 << DIGIT) - 1)]++;
	for (int b = (1 << DIGIT) - 1; b >= 0; b--)
		at[b] += at[b + 1];
	for (size_t i = n; i-- > 0;)
		to[--at[from[i] >> shift & ((1 << DIGIT) - 1)]] = from[i];
}

static void
insert(uint32_t *key, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t k = key[i];
		size_t j = i;
		for (; j > 0 && key[j - 1] < k; j--)
			key[j] = key[j - 1];
		key[j] = k;
	}
}

/* begin[b]: where bucket b begins; the largest come first. */
static void
find_buckets(
	size_t *begin, struct sorted *s, const struct lt_sized_layer *layer)
{
	for (size_t i = 0; i < layer->count; i++) {
		uint32_t b = lt_select_key(layer->w[i]) >> LOW;
		begin[layer->keep[i] ? b : BUCKETS]++;
	}
	begin[BUCKETS] = 0;
	for (int b = BUCKETS - 1; b >= 0; b--) {
		size_t count = begin[b];
		begin[b] = s->n;
		s->n += count;
	}
}

static void
sort_layer(struct sorted *s, const struct lt_sized_layer *layer)
{
	size_t *at = lt_alloc(BUCKETS + 1, sizeof *at);

	find_buckets(at, s, layer);
	s->key = lt_alloc_scratch(s->n, sizeof *s->key);
	for (size_t i = 0; i < layer->count; i++) {
		uint32_t k = lt_select_key(layer->w[i]);
		if (layer->keep[i])
			s->key[at[k >> LOW]++] = k;
	}
	/* at[b] is now where bucket b ends. */
#pragma omp parallel
	{
		uint32_t *spare = NULL;
		size_t room = 0;
#pragma omp for schedule(dynamic, 16)
		for (int b = 0; b < BUCKETS; b++) {
			size_t begin = at[b + 1], n = at[b] - begin;
			if (n < 64) {
				insert(s->key + begin, n);
				continue;
			}
			lt_grow(&spare, &room, n, sizeof *spare);
			pass(spare, s->key + begin, n, 0);
			pass(s->key + begin, spare, n, DIGIT);
		}
		free(spare);
	}
	free(at);
}

/* ---- scores -------------------------------------------------------------- */

static double
square(uint32_t key)
{
	float w;

	memcpy(&w, &key, sizeof w);
	return (double)w * (double)w;
}

static void
find_sums(struct sorted *s)
{
	double sum = 0;

	s->sum = lt_alloc(s->n / STEP + 1, sizeof *s->sum);
	for (size_t i = 0; i < s->n; i++) {
		if (i % STEP == 0)
			s->sum[i / STEP] = sum;
		sum += square(s->key[i]);
	}
}

/* The bits of the score of the weight at a rank; their order is the order of
 * the scores.  before is the sum of the squares of all ranks before it. */
static uint64_t
score(const struct sorted *s, size_t rank, double before)
{
	double x = square(s->key[rank]), sum = before + x;
	double v = rank == 0 ? 1 : sum > 0 ? x / sum : 0;
	uint64_t u;

	memcpy(&u, &v, sizeof u);
	return u;
}

/* The number of scores that are at least t. */
static size_t
count_from(const struct sorted *s, uint64_t t)
{
	size_t low = 0, high = (s->n + STEP - 1) / STEP;

	/* The ranks before low STEP have such scores, that of high STEP has
	 * not. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (score(s, mid * STEP, s->sum[mid]) >= t)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return 0;
	size_t rank = (low - 1) * STEP;
	double before = s->sum[low - 1];
	while (rank < s->n && score(s, rank, before) >= t)
		before += square(s->key[rank++]);
	return rank;
}

static size_t
count_all_from(const struct sorted *s, size_t n, uint64_t t)
{
	size_t all = 0;

	for (size_t l = 0; l < n; l++)
		all += count_from(&s[l], t);
	return all;
}

/* The smallest score that at most keep scores exceed.  All weights above it
 * stay, and some of those that have this score may stay. */
static uint64_t
find_threshold(const struct sorted *s, size_t n, size_t keep)
{
	uint64_t low = 0, high = 0x3ff0000000000000; /* 1, the largest */

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;
		if (count_all_from(s, n, mid + 1) <= keep)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

void
lt_lamp_share(size_t *remove, const struct lt_sized_layer *layer, size_t n,
	size_t all)
{
	struct sorted *s = lt_alloc(n, sizeof *s);
	size_t candidates = 0;

	for (size_t l = 0; l < n; l++) {
		sort_layer(&s[l], &layer[l]);
		find_sums(&s[l]);
		candidates += s[l].n;
	}
	LT_BUG_ON(all > candidates);
	uint64_t t = find_threshold(s, n, candidates - all);
	size_t ties = all - (candidates - count_all_from(s, n, t));
	for (size_t l = n; l-- > 0;) {
		size_t from = count_from(&s[l], t);
		size_t equal = from - count_from(&s[l], t + 1);
		size_t some = equal < ties ? equal : ties;
		remove[l] = s[l].n - from + some;
		ties -= some;
	}
	for (size_t l = 0; l < n; l++) {
		free(s[l].key);
		free(s[l].sum);
	}
	free(s);
}
