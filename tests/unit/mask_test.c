/* Exact selection against sorting, pruning rules, distances. */
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "mask/criteria.h"
#include "mask/distance.h"
#include "mask/select.h"
#include "tap.h"

static struct lt_err err;

static void
half_to_even(void)
{
	CHECK_EQ(lt_select_count(0.2, 268336), 53667);
	CHECK_EQ(lt_select_count(0.5, 5), 2);
	CHECK_EQ(lt_select_count(0.5, 7), 4);
	CHECK_EQ(lt_select_count(0.25, 10), 2);
	CHECK_EQ(lt_select_count(1, 10), 10);
	CHECK_EQ(lt_select_count(0, 10), 0);
}

struct item {
	float score;
	size_t place;
};

/* Lowest score first, of equal ones the later. */
static int
by_score(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return x->place > y->place ? -1 : 1;
}

static float
draw(struct lt_rng *r)
{
	static const float special[] = {
		0.0f, -0.0f, 1e-42f, -1e-42f, 1.0f, INFINITY, -INFINITY};
	uint64_t k = lt_rng_below(r, 20);

	return k < 7	? special[k]
	       : k < 12 ? (float)lt_rng_below(r, 4)
			: (float)lt_rng_normal(r);
}

static bool
selects_as_sorting(uint64_t seed)
{
	struct lt_rng r;
	struct lt_scored s[3];
	size_t total = 0, n = 0, remove;
	bool ok = true;

	lt_rng_init(&r, seed, LT_STREAM_TEST, 1, 0);
	struct item *all = lt_alloc(300, sizeof *all);
	for (int l = 0; l < 3; l++) {
		s[l].count = (size_t)lt_rng_below(&r, 100);
		float *score = lt_alloc(s[l].count, sizeof *score);
		s[l].keep = lt_alloc(s[l].count, 1);
		for (size_t i = 0; i < s[l].count; i++, total++) {
			score[i] = draw(&r);
			s[l].keep[i] = lt_rng_below(&r, 4) > 0;
			if (s[l].keep[i])
				all[n++] = (struct item){score[i], total};
		}
		s[l].score = score;
	}
	qsort(all, n, sizeof *all, by_score);
	remove = (size_t)lt_rng_below(&r, n + 1);
	uint8_t *want = lt_alloc(total, 1);
	for (size_t i = remove; i < n; i++)
		want[all[i].place] = 1;
	lt_select_remove(s, 3, remove);
	for (size_t l = 0, at = 0; l < 3; at += s[l++].count)
		ok = ok && !memcmp(s[l].keep, want + at, s[l].count);
	for (int l = 0; l < 3; l++) {
		free((void *)s[l].score);
		free(s[l].keep);
	}
	free(want);
	free(all);
	return ok;
}

static void
selects(void)
{
	for (uint64_t seed = 0; seed < 2000; seed++)
		if (!CHECK(selects_as_sorting(seed)))
			printf("# seed %llu\n", (unsigned long long)seed);
}

/* Two layers of random weights. */
struct net {
	uint64_t shape[2][4];
	float w[2][200];
	struct lt_prunable p[2];
};

static void
net_init(struct net *n, uint64_t seed)
{
	struct lt_rng r;

	*n = (struct net){.shape = {{5, 4, 3, 3}, {10, 20}}};
	lt_rng_init(&r, seed, LT_STREAM_TEST, 2, 0);
	for (int l = 0; l < 2; l++)
		for (int i = 0; i < 200; i++)
			n->w[l][i] = (float)lt_rng_normal(&r) * (l ? 1 : 2);
	n->p[0] =
		(struct lt_prunable){"a.weight", 4, n->shape[0], 180, n->w[0]};
	n->p[1] =
		(struct lt_prunable){"b.weight", 2, n->shape[1], 200, n->w[1]};
}

static void
rounds_are_nested_and_exact(void)
{
	for (int m = 0; lt_prune_methods[m]; m++) {
		struct lt_mask old = {0}, mask;
		struct net n;
		size_t want = 380;
		net_init(&n, 1);
		for (int round = 0; round < 12; round++) {
			struct lt_prune_opt o = {.method = lt_prune_methods[m],
				.by_rate = true,
				.amount = 0.3,
				.seed = (uint64_t)round};
			CHECK_EQ(lt_prune(&mask, n.p, 2, round ? &old : NULL,
					 &o, &err),
				0);
			if (!strstr(o.method, "layer")) {
				want -= lt_select_count(0.3, want);
				CHECK_EQ(lt_mask_kept(&mask), want);
			}
			for (size_t l = 0; round && l < 2; l++)
				for (size_t i = 0; i < mask.layer[l].count; i++)
					CHECK(mask.layer[l].keep[i] <=
						old.layer[l].keep[i]);
			lt_mask_release(&old);
			old = mask;
		}
		lt_mask_release(&old);
	}
}

static void
targets(void)
{
	struct net n;
	struct lt_mask half, more;
	struct lt_prune_opt o = {.method = "magnitude", .amount = 0.5};

	net_init(&n, 2);
	CHECK_EQ(lt_prune(&half, n.p, 2, NULL, &o, &err), 0);
	CHECK_EQ(lt_mask_kept(&half), 190);
	o.amount = 0.9;
	CHECK_EQ(lt_prune(&more, n.p, 2, &half, &o, &err), 0);
	CHECK_EQ(lt_mask_kept(&more), 38);
	lt_mask_release(&more);
	o.amount = 0.4;
	CHECK_EQ(lt_prune(&more, n.p, 2, &half, &o, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	o.amount = 0;
	CHECK_EQ(lt_prune(&more, n.p, 2, NULL, &o, &err), 0);
	CHECK_EQ(lt_mask_kept(&more), 380);
	lt_mask_release(&more);
	n.w[0][9] = -INFINITY;
	CHECK_EQ(lt_prune(&more, n.p, 2, NULL, &o, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strstr(err.msg, "weight 9 of 'a.weight' is infinite"));
	n.w[0][9] = 0;
	n.w[1][7] = NAN;
	CHECK_EQ(lt_prune(&more, n.p, 2, NULL, &o, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strstr(err.msg, "weight 7 of 'b.weight'"));
	lt_mask_release(&half);
}

static void
layer_choice(void)
{
	struct net n;
	bool use[2];

	net_init(&n, 3);
	CHECK_EQ(lt_prune_choose(use, n.p, 2, NULL, NULL, &err), 0);
	CHECK(use[0] && use[1]);
	CHECK_EQ(lt_prune_choose(use, n.p, 2, "conv", NULL, &err), 0);
	CHECK(use[0] && !use[1]);
	CHECK_EQ(lt_prune_choose(use, n.p, 2, NULL, "first", &err), 0);
	CHECK(!use[0] && use[1]);
	CHECK_EQ(lt_prune_choose(use, n.p, 2, NULL, "b", &err), 0);
	CHECK(use[0] && !use[1]);
	CHECK_EQ(lt_prune_choose(use, n.p, 2, NULL, "a.weight,last", &err), -1);
	CHECK(strstr(err.msg, "no layer is left"));
	CHECK_EQ(lt_prune_choose(use, n.p, 2, NULL, "c", &err), -1);
	CHECK(strstr(err.msg, "'c'"));
	CHECK_EQ(lt_prune_choose(use, n.p, 2, "bn", NULL, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
}

static void
distances(void)
{
	struct lt_mask a = {0}, b = {0}, c = {0};
	struct lt_mask_diff d;
	uint64_t shape[] = {10}, other[] = {5, 2};

	memset(lt_mask_add(&a, "x", 1, shape)->keep, 1, 4);
	memset(lt_mask_add(&b, "x", 1, shape)->keep + 2, 1, 6);
	lt_mask_add(&c, "x", 2, other);
	CHECK_EQ(lt_mask_compare(&d, &a, &b, "a", "b", &err), 0);
	CHECK_EQ(d.differing, 6);
	CHECK(lt_diff_all(&d) == 0.6 && lt_diff_kept(&d) == 0.6);
	CHECK_EQ(lt_mask_compare(&d, &a, &a, "a", "a", &err), 0);
	CHECK(lt_diff_all(&d) == 0);
	CHECK_EQ(lt_mask_compare(&d, &a, &c, "a", "c", &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	lt_mask_add(&b, "y", 1, shape);
	CHECK_EQ(lt_mask_compare(&d, &a, &b, "a", "b", &err), -1);
	CHECK(strstr(err.msg, "b covers 'y', a does not"));
	lt_mask_release(&a);
	lt_mask_release(&b);
	lt_mask_release(&c);
}

/* Bits against bytes, over layers whose ends are not those of words. */
static void
bits(void)
{
	struct lt_rng r;

	lt_rng_init(&r, 1, LT_STREAM_TEST, 3, 0);
	for (int k = 0; k < 200; k++) {
		struct lt_mask m[2] = {{0}, {0}};
		struct lt_mask_bits b[2];
		struct lt_mask_diff want, found;
		uint64_t size[3];
		for (int l = 0; l < 3; l++)
			size[l] = lt_rng_below(&r, 150);
		for (int i = 0; i < 2; i++) {
			for (int l = 0; l < 3; l++) {
				char name[] = {(char)('a' + l), 0};
				uint8_t *keep =
					lt_mask_add(&m[i], name, 1, &size[l])
						->keep;
				for (uint64_t j = 0; j < size[l]; j++)
					keep[j] = lt_rng_below(&r, 3) > 0;
			}
			lt_mask_pack(&b[i], &m[i]);
		}
		CHECK_EQ(lt_mask_compare(&want, &m[0], &m[1], "a", "b", &err),
			0);
		lt_bits_compare(&found, &b[0], &b[1]);
		CHECK_EQ(found.differing, want.differing);
		CHECK_EQ(found.total, want.total);
		CHECK_EQ(found.kept_a, want.kept_a);
		CHECK_EQ(found.kept_b, want.kept_b);
		for (int i = 0; i < 2; i++) {
			lt_mask_release(&m[i]);
			lt_bits_release(&b[i]);
		}
	}
}

int
main(void)
{
	TEST(half_to_even, "counts round half to even");
	TEST(selects, "selection is that of sorting, ties to the earlier");
	TEST(rounds_are_nested_and_exact, "masks of rounds are nested, exact");
	TEST(targets, "a target sparsity is met, or refused");
	TEST(layer_choice, "layers are chosen by kind and name");
	TEST(distances, "distances count and divide as they say");
	TEST(bits, "masks as bits are as far apart as masks");
	return tap_done();
}
