#include "ticket/subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"

/* Merge both lists; three flags say whether to keep the members of a alone, of
 * both, and of b alone. */
static void
merge(struct lt_index *out, const struct lt_index *a, const struct lt_index *b,
	bool only_a, bool both, bool only_b)
{
	size_t i = 0, j = 0;
	while (i < a->n || j < b->n) {
		if (j == b->n || (i < a->n && a->v[i] < b->v[j])) {
			if (only_a)
				lt_index_push(out, a->v[i]);
			i++;
		} else if (i == a->n || b->v[j] < a->v[i]) {
			if (only_b)
				lt_index_push(out, b->v[j]);
			j++;
		} else {
			if (both)
				lt_index_push(out, a->v[i]);
			i++;
			j++;
		}
	}
}

void
lt_subset_union(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b)
{
	merge(out, a, b, true, true, true);
}

void
lt_subset_intersect(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b)
{
	merge(out, a, b, false, true, false);
}

void
lt_subset_subtract(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b)
{
	merge(out, a, b, true, false, false);
}

bool
lt_subset_outside(
	uint32_t *which, const struct lt_index *a, const struct lt_index *b)
{
	size_t j = 0;
	for (size_t i = 0; i < a->n; i++) {
		while (j < b->n && b->v[j] < a->v[i])
			j++;
		if (j == b->n || b->v[j] != a->v[i]) {
			*which = a->v[i];
			return true;
		}
	}
	return false;
}

size_t
lt_subset_share(size_t n, double fraction)
{
	double x = fraction * (double)n, whole = floor(x), rest = x - whole;
	size_t k = (size_t)whole;
	return k + (rest > 0.5 || (rest == 0.5 && k % 2));
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Append the first k of a shuffle of v, which is destroyed. */
static void
draw(struct lt_index *out, uint32_t *v, size_t n, size_t k, uint64_t seed,
	uint64_t which)
{
	struct lt_rng rng;
	lt_rng_init(&rng, seed, LT_STREAM_SUBSET, which, 0);
	lt_rng_shuffle_u32(&rng, v, n);
	for (size_t i = 0; i < k; i++)
		lt_index_push(out, v[i]);
}

static void
sort(struct lt_index *ix)
{
	if (ix->n)
		qsort(ix->v, ix->n, sizeof(*ix->v), by_value);
}

void
lt_subset_first(struct lt_index *out, const struct lt_index *from, size_t k)
{
	LT_BUG_ON(k > from->n);
	out->v = lt_memdup(from->v, k * sizeof(*from->v));
	out->n = k;
}

void
lt_subset_sample(struct lt_index *out, const struct lt_index *from, size_t k,
	uint64_t seed)
{
	LT_BUG_ON(k > from->n);
	uint32_t *v = lt_memdup(from->v, from->n * sizeof(*v));
	draw(out, v, from->n, k, seed, 0);
	free(v);
	sort(out);
}

/* quota[c] of the k for class c: the method of the largest remainder, in whole
 * numbers; k n_c < 2^64, for both are numbers of samples. */
static void
share_out(size_t *quota, const size_t *count, int classes, size_t n, size_t k)
{
	uint64_t *rest = lt_alloc((size_t)classes, sizeof(*rest));
	size_t given = 0;
	for (int c = 0; c < classes; c++) {
		uint64_t product = (uint64_t)k * count[c];
		quota[c] = n ? product / n : 0;
		rest[c] = n ? product % n : 0;
		given += quota[c];
	}
	for (; given < k; given++) {
		int best = 0;
		for (int c = 1; c < classes; c++) {
			if (rest[c] > rest[best])
				best = c;
		}
		quota[best]++;
		rest[best] = 0;
	}
	free(rest);
}

void
lt_subset_count(size_t *count, const struct lt_index *ix, const int32_t *label,
	int classes)
{
	memset(count, 0, (size_t)classes * sizeof(*count));
	for (size_t i = 0; i < ix->n; i++) {
		int32_t c = label[ix->v[i]];
		LT_BUG_ON(c < 0 || c >= classes);
		count[c]++;
	}
}

/* The members of from, class after class; begin[c] is where class c begins. */
static uint32_t *
group(size_t *begin, const struct lt_index *from, const size_t *count,
	const int32_t *label, int classes)
{
	uint32_t *v = lt_alloc(from->n, sizeof(*v));
	size_t *next = lt_alloc((size_t)classes, sizeof(*next)), at = 0;
	for (int c = 0; c < classes; c++) {
		begin[c] = next[c] = at;
		at += count[c];
	}
	for (size_t i = 0; i < from->n; i++)
		v[next[label[from->v[i]]]++] = from->v[i];
	free(next);
	return v;
}

/* quota[c] of the count[c] members of each class. */
static void
draw_classes(struct lt_index *out, const struct lt_index *from,
	const size_t *quota, const size_t *count, const int32_t *label,
	int classes, uint64_t seed)
{
	size_t *begin = lt_alloc((size_t)classes, sizeof(*begin));
	uint32_t *v = group(begin, from, count, label, classes);
	for (int c = 0; c < classes; c++)
		draw(out, v + begin[c], count[c], quota[c], seed,
			(uint64_t)c + 1);
	free(v);
	free(begin);
	sort(out);
}

void
lt_subset_stratified(struct lt_index *out, const struct lt_index *from,
	size_t k, const int32_t *label, int classes, uint64_t seed)
{
	LT_BUG_ON(k > from->n);
	size_t *count = lt_alloc((size_t)classes, sizeof(*count));
	size_t *quota = lt_alloc((size_t)classes, sizeof(*quota));
	lt_subset_count(count, from, label, classes);
	share_out(quota, count, classes, from->n, k);
	draw_classes(out, from, quota, count, label, classes, seed);
	free(quota);
	free(count);
}

void
lt_subset_balanced(struct lt_index *out, const struct lt_index *from,
	size_t per_class, const int32_t *label, int classes, uint64_t seed)
{
	size_t *count = lt_alloc((size_t)classes, sizeof(*count));
	size_t *quota = lt_alloc((size_t)classes, sizeof(*quota));
	lt_subset_count(count, from, label, classes);
	for (int c = 0; c < classes; c++)
		quota[c] = count[c] < per_class ? count[c] : per_class;
	draw_classes(out, from, quota, count, label, classes, seed);
	free(quota);
	free(count);
}

struct candidate {
	double key; /* the lower the better */
	uint32_t index;
	int32_t class;
};

static int
by_class_and_key(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* Class after class, in each the best first; count[classes] of each. */
static struct candidate *
rank_candidates(size_t *count, const struct lt_column *from, bool lowest,
	const int32_t *label)
{
	size_t n = from->index.n;
	struct candidate *v = lt_alloc(n, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		uint32_t index = from->index.v[i];
		LT_BUG_ON(isnan(from->value[i]));
		v[i].key = lowest ? from->value[i] : -from->value[i];
		v[i].index = index;
		v[i].class = label ? label[index] : 0;
		count[v[i].class]++;
	}
	if (n)
		qsort(v, n, sizeof(*v), by_class_and_key);
	return v;
}

void
lt_subset_top(struct lt_index *out, const struct lt_column *from, size_t k,
	bool lowest, const int32_t *label, int classes)
{
	LT_BUG_ON(k > from->index.n);
	/* Without labels all samples have the same class. */
	classes = label ? classes : 1;
	size_t *count = lt_alloc((size_t)classes, sizeof(*count));
	size_t *quota = lt_alloc((size_t)classes, sizeof(*quota));
	struct candidate *v = rank_candidates(count, from, lowest, label);
	const struct candidate *first = v;
	share_out(quota, count, classes, from->index.n, k);
	for (int c = 0; c < classes; first += count[c++])
		for (size_t i = 0; i < quota[c]; i++)
			lt_index_push(out, first[i].index);
	free(v);
	free(quota);
	free(count);
	sort(out);
}
