/* The criteria, by name: which weights each keeps. */
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "mask/select.h"
#include "tap.h"
#include "two.h"
#include "ticket/criteria.h"
#include "ticket/lamp.h"

static struct lt_err err;

/* A mask of the net's first n layers by the criterion of that name. */
static int
prune(struct lt_mask *out, const char *name, const struct lt_prunable *p,
	size_t n, const struct lt_mask *old, const struct lt_criterion_opt *opt)
{
	return lt_criterion_prune(
		out, lt_criterion_find(name), p, n, old, opt, &err);
}

/* What each needs, from the papers. */
static void
needs(void)
{
	static const struct {
		const char *name;
		bool data, gradients, seed;
		int steps;
	} want[] = {
		{"magnitude", false, false, false, 0},
		{"random-layer", false, false, true, 0},
		{"snip", true, true, true, 0},
		{"force", true, true, true, 60},
		{"grasp", true, true, true, 0},
		{"synflow", false, true, false, 100},
	};

	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		const struct lt_criterion *c = lt_criterion_find(want[i].name);
		CHECK_EQ(c->data, want[i].data);
		CHECK_EQ(lt_criterion_gradients(c), want[i].gradients);
		CHECK_EQ(c->seed, want[i].seed);
		CHECK_EQ(c->steps, want[i].steps);
	}
	CHECK(!lt_criterion_find("lottery"));
	CHECK(!lt_criterion_find(""));
}

/* What holds for every row; lt_prune's scores are for one scope alone. */
static void
rows(void)
{
	const struct lt_criterion *c;
	size_t n = 0;

	for (; (c = lt_criterion_at(n)); n++) {
		CHECK(lt_criterion_find(c->name) == c);
		CHECK(!strcmp(lt_criterion_name(n), c->name));
		CHECK(c->help && *c->help);
		CHECK(!c->train == !c->eval);
		CHECK(!c->train || c->scope == LT_SCOPE_NETWORK);
		CHECK(!c->data || c->train);
		CHECK(!c->returns || c->train);
		CHECK(!c->share == (c->scope != LT_SCOPE_SHARE));
	}
	CHECK(n > 0 && !lt_criterion_name(n));
}

static void
rounds_are_nested_and_exact(void)
{
	const struct lt_criterion *c;

	for (size_t m = 0; (c = lt_criterion_at(m)); m++) {
		struct lt_mask old = {0}, mask;
		struct net n;
		size_t want = 380;
		if (lt_criterion_gradients(c) || c->unit)
			continue;
		net_init(&n, 1);
		for (int round = 0; round < 12; round++) {
			struct lt_criterion_opt o = {.by_rate = true,
				.amount = 0.3,
				.seed = (uint64_t)round,
				.steps = round % 3};
			CHECK_EQ(prune(&mask, c->name, n.p, 2,
					 round ? &old : NULL, &o),
				0);
			if (c->scope != LT_SCOPE_LAYER) {
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

/* Layers draw from streams of their own, by their names. */
static void
random_layers(void)
{
	float w[200] = {0};
	uint64_t shape[] = {10, 20};
	const struct lt_prunable p[] = {{.name = "a.weight",
						.ndim = 2,
						.shape = shape,
						.w = w,
						.count = 200},
		{.name = "b.weight",
			.ndim = 2,
			.shape = shape,
			.w = w,
			.count = 200}};
	struct lt_criterion_opt o = {.amount = 0.5};
	struct lt_mask mask;
	size_t both = 0;

	CHECK_EQ(prune(&mask, "random-layer", p, 2, NULL, &o), 0);
	for (size_t i = 0; i < 200; i++)
		both += mask.layer[0].keep[i] & mask.layer[1].keep[i];
	/* 50 are expected of two independent halves, 100 of equal ones; the
	 * deviation is 3.5. */
	CHECK(both > 30 && both < 70);
	lt_mask_release(&mask);
}

/* By the definition: each score a sum of its own, of equal weights the earlier
 * is the larger. */
static void
plain_lamp(double *score, const float *w, const uint8_t *keep, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double sum = 0, x = fabs((double)w[i]);
		for (size_t j = 0; j < n; j++) {
			double y = fabs((double)w[j]);
			if (keep[j] && (y > x || (y == x && j <= i)))
				sum += y * y;
		}
		score[i] = !keep[i] ? 0 : sum > 0 ? x * x / sum : -1;
	}
}

/* Plain scores; a layer of zeros has 1 for its first kept weight, and 0. */
static void
rank_lamp(double *score, const float *w, const uint8_t *keep, size_t n)
{
	bool first = true;

	plain_lamp(score, w, keep, n);
	for (size_t i = 0; i < n; i++) {
		if (score[i] < 0) {
			score[i] = first;
			first = false;
		}
	}
}

/* How many each of three layers loses, by sorting plain scores; and its
 * smallest go, of equal ones the last. */
static void
lamp(void)
{
	struct lt_rng r;
	float w[3][3000];
	uint8_t keep[3][3000], want[9000];
	double score[3000];
	struct item *all = lt_alloc(9000, sizeof *all);

	lt_rng_init(&r, 5, LT_STREAM_TEST, 3, 0);
	for (int round = 0; round < 40; round++) {
		struct lt_sized_layer s[3];
		size_t n = 0, total = 0, remove[3], lost[3] = {0};
		for (int l = 0; l < 3; l++) {
			/* One in ten is larger than what sums are kept for. */
			size_t most = round % 10 ? 300 : 3000;
			s[l] = (struct lt_sized_layer){w[l], keep[l],
				(size_t)lt_rng_below(&r, most) + 1};
			for (size_t i = 0; i < s[l].count; i++) {
				/* Many equal ones in the odd rounds, and a
				 * layer of zeros in some. */
				w[l][i] =
					round % 8 == 3 && l == 1 ? 0
					: round % 2
						? (float)lt_rng_below(&r, 5) - 2
						: (float)lt_rng_normal(&r);
				keep[l][i] = lt_rng_below(&r, 3) > 0;
			}
			rank_lamp(score, w[l], keep[l], s[l].count);
			for (size_t i = 0; i < s[l].count; i++, total++) {
				want[total] = keep[l][i];
				if (keep[l][i])
					all[n++] =
						(struct item){score[i], total};
			}
		}
		qsort(all, n, sizeof *all, by_score);
		size_t go = (size_t)lt_rng_below(&r, n + 1);
		for (size_t i = 0; i < go; i++) {
			size_t at = all[i].place;
			want[at] = 0;
			lost[(at >= s[0].count) +
				(at >= s[0].count + s[1].count)]++;
		}
		lt_lamp_share(remove, s, 3, go);
		for (size_t l = 0, at = 0; l < 3; at += s[l++].count) {
			CHECK_EQ((long)remove[l], (long)lost[l]);
			lt_select_remove_small(&s[l], 1, remove[l]);
			CHECK(!memcmp(keep[l], want + at, s[l].count));
		}
	}
	free(all);
}

/* Round after round the weights whose plain scores are the highest of both
 * layers stay, each by counting those above it. */
static void
lamp_ranks(void)
{
	struct net n;
	struct lt_mask mask, old = {0};
	uint8_t keep[380];
	double score[380];
	size_t kept = 380;

	net_init(&n, 4);
	memset(keep, 1, sizeof keep);
	for (int round = 0; round < 12; round++) {
		struct lt_criterion_opt o = {.by_rate = true, .amount = 0.16};
		CHECK_EQ(prune(&mask, "lamp", n.p, 2, round ? &old : NULL, &o),
			0);
		plain_lamp(score, n.w[0], keep, 180);
		plain_lamp(score + 180, n.w[1], keep + 180, 200);
		kept -= lt_select_count(0.16, kept);
		for (size_t i = 0; i < 380; i++) {
			size_t above = 0;
			for (size_t j = 0; j < 380; j++)
				above += score[j] > score[i];
			keep[i] &= above < kept;
		}
		CHECK(!memcmp(mask.layer[0].keep, keep, 180));
		CHECK(!memcmp(mask.layer[1].keep, keep + 180, 200));
		CHECK_EQ((long)lt_mask_kept(&mask), (long)kept);
		lt_mask_release(&old);
		old = mask;
	}
	lt_mask_release(&old);
}

static void
lamp_masks(void)
{
	struct net n;
	struct lt_mask one, two;
	struct lt_criterion_opt o = {.amount = 0.9};

	/* A layer alone: the order of magnitude. */
	net_init(&n, 3);
	CHECK_EQ(prune(&one, "lamp", n.p, 1, NULL, &o), 0);
	CHECK_EQ(prune(&two, "magnitude", n.p, 1, NULL, &o), 0);
	CHECK(!memcmp(one.layer[0].keep, two.layer[0].keep, 180));
	lt_mask_release(&one);
	lt_mask_release(&two);
	/* A layer a million times smaller keeps as much as it would. */
	CHECK_EQ(prune(&one, "lamp", n.p, 2, NULL, &o), 0);
	for (int i = 0; i < 200; i++)
		n.w[1][i] *= 0x1p-20f;
	CHECK_EQ(prune(&two, "lamp", n.p, 2, NULL, &o), 0);
	CHECK(!memcmp(one.layer[1].keep, two.layer[1].keep, 200));
	lt_mask_release(&two);
	/* Each layer keeps one weight to the last. */
	o.amount = 378 / 380.0;
	CHECK_EQ(prune(&two, "lamp", n.p, 2, NULL, &o), 0);
	for (int l = 0; l < 2; l++)
		CHECK(memchr(two.layer[l].keep, 1, two.layer[l].count) != NULL);
	CHECK_EQ((long)lt_mask_kept(&two), 2);
	lt_mask_release(&one);
	lt_mask_release(&two);
}

int
main(void)
{
	TEST(needs, "criteria need what their papers say");
	TEST(rows, "a row is found by its name and is whole");
	TEST(rounds_are_nested_and_exact, "masks of rounds are nested, exact");
	TEST(random_layers,
		"layers of one shape are not pruned alike at random");
	TEST(lamp, "layers lose by LAMP what sorted scores say");
	TEST(lamp_ranks, "LAMP keeps the highest scores of all layers");
	TEST(lamp_masks, "LAMP has the properties of its paper");
	return tap_done();
}
