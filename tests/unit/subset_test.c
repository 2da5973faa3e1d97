/* Balanced draws from classes; the other sets are tested by lt-subset.bats. */
#include "ticket/subset.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "tap.h"

#define N 400
#define CLASSES 5

static int32_t label[N];
static struct lt_index from;

/* Class 3 is empty, class 4 has three members, and not all samples are offered.
 */
static void
make_list(void)
{
	struct lt_rng r;

	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	for (uint32_t i = 0; i < N; i++) {
		label[i] = (int32_t)lt_rng_below(&r, 3);
		if (i % 150 == 7)
			label[i] = 4;
		if (i % 150 == 7 || lt_rng_below(&r, 4))
			lt_index_push(&from, i);
	}
}

static struct lt_index
balanced(size_t per_class, uint64_t seed)
{
	struct lt_index ix = {0};

	lt_subset_balanced(&ix, &from, per_class, label, CLASSES, seed);
	return ix;
}

static void
counts(void)
{
	size_t all[CLASSES], count[CLASSES];
	uint32_t which;

	lt_subset_count(all, &from, label, CLASSES);
	CHECK(all[3] == 0 && all[4] == 3);
	for (size_t k = 0; k < 120; k++) {
		struct lt_index ix = balanced(k, 1);
		lt_subset_count(count, &ix, label, CLASSES);
		for (int c = 0; c < CLASSES; c++)
			CHECK_EQ(count[c], all[c] < k ? all[c] : k);
		CHECK(!lt_subset_outside(&which, &ix, &from));
		for (size_t i = 1; i < ix.n; i++)
			CHECK(ix.v[i - 1] < ix.v[i]);
		lt_index_release(&ix);
	}
	struct lt_index ix = balanced(N, 1);
	CHECK_EQ(ix.n, from.n);
	lt_index_release(&ix);
}

static void
nested(void)
{
	uint32_t which;

	for (size_t k = 1; k < 60; k++) {
		struct lt_index a = balanced(k, 2), b = balanced(k + 1, 2);
		CHECK(!lt_subset_outside(&which, &a, &b));
		lt_index_release(&a);
		lt_index_release(&b);
	}
}

static void
seeded(void)
{
	struct lt_index a = balanced(9, 1), b = balanced(9, 1),
			c = balanced(9, 2);

	CHECK(a.n == b.n && a.n == c.n);
	CHECK(!memcmp(a.v, b.v, a.n * sizeof *a.v));
	CHECK(memcmp(a.v, c.v, a.n * sizeof *a.v));
	lt_index_release(&a);
	lt_index_release(&b);
	lt_index_release(&c);
}

/* Of equal quotas the draws are the same ones. */
static void
stratified(void)
{
	size_t count[CLASSES], most = 0;
	struct lt_index s = {0}, both = {0}, b;

	lt_subset_stratified(&s, &from, 30, label, CLASSES, 3);
	lt_subset_count(count, &s, label, CLASSES);
	for (int c = 0; c < CLASSES; c++)
		most = count[c] > most ? count[c] : most;
	b = balanced(most, 3);
	lt_subset_intersect(&both, &s, &b);
	CHECK_EQ(both.n, s.n);
	lt_index_release(&s);
	lt_index_release(&b);
	lt_index_release(&both);
}

/* Two classes of 100 members each do not give members of the same ranks. */
static void
independent(void)
{
	int32_t halves[200];
	struct lt_index all = {0}, ix = {0};
	size_t both = 0;

	lt_index_all(&all, 200);
	for (int i = 0; i < 200; i++)
		halves[i] = i >= 100;
	lt_subset_balanced(&ix, &all, 50, halves, 2, 1);
	CHECK_EQ(ix.n, 100);
	for (size_t i = 0; i < 50; i++)
		for (size_t j = 50; j < 100; j++)
			both += ix.v[i] + 100 == ix.v[j];
	/* 25 are expected of independent draws, with deviation 2.5. */
	CHECK(both > 10 && both < 40);
	lt_index_release(&all);
	lt_index_release(&ix);
}

int
main(void)
{
	make_list();
	TEST(counts, "each class gives as many, or all that it has");
	TEST(nested, "a larger draw contains a smaller one");
	TEST(seeded, "a draw is a function of the seed");
	TEST(stratified, "a stratified draw begins as a balanced one");
	TEST(independent, "classes are drawn from independently");
	lt_index_release(&from);
	return tap_done();
}
