/* Exact selection against sorting, pruning rules. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "mask/erk.h"
#include "mask/nm.h"
#include "mask/prune.h"
#include "mask/select.h"
#include "tap.h"
#include "two.h"

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

static double
draw(struct lt_rng *r)
{
	static const double special[] = {
		0.0, -0.0, 1e-310, -1e-310, 1.0, INFINITY, -INFINITY};
	uint64_t k = lt_rng_below(r, 20);

	return k < 7	? special[k]
	       : k < 12 ? (double)lt_rng_below(r, 4)
	       : k < 14 ? 1 + (double)lt_rng_below(r, 4) * DBL_EPSILON
			: lt_rng_normal(r);
}

static bool
selects_as_sorting(uint64_t seed)
{
	struct lt_rng r;
	struct lt_scored_layer s[3];
	size_t total = 0, n = 0, remove;
	bool ok = true;

	lt_rng_init(&r, seed, LT_STREAM_TEST, 1, 0);
	struct item *all = lt_alloc(300, sizeof *all);
	for (int l = 0; l < 3; l++) {
		s[l].count = (size_t)lt_rng_below(&r, 100);
		double *score = lt_alloc(s[l].count, sizeof *score);
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

/* By |w| as by scores that are |w|. */
static void
selects_small(void)
{
	struct lt_rng r;
	float w[2][200];
	double score[2][200];
	uint8_t keep[2][200], want[2][200];

	lt_rng_init(&r, 1, LT_STREAM_TEST, 9, 0);
	for (int round = 0; round < 1000; round++) {
		struct lt_sized_layer a[2];
		struct lt_scored_layer b[2];
		size_t n = 0;
		for (int l = 0; l < 2; l++) {
			size_t count = (size_t)lt_rng_below(&r, 200);
			for (size_t i = 0; i < count; i++) {
				double v = draw(&r);
				/* Apart in the last bits alone, or huge. */
				w[l][i] =
					round % 3
						? (float)v
						: 1 + 0x1p-23f * (float)(i % 7);
				score[l][i] = fabs((double)w[l][i]);
				keep[l][i] = want[l][i] =
					lt_rng_below(&r, 4) > 0;
				n += keep[l][i];
			}
			a[l] = (struct lt_sized_layer){w[l], keep[l], count};
			b[l] = (struct lt_scored_layer){
				score[l], want[l], count};
		}
		size_t remove = (size_t)lt_rng_below(&r, n + 1);
		lt_select_remove_small(a, 2, remove);
		lt_select_remove(b, 2, remove);
		for (int l = 0; l < 2; l++)
			CHECK(!memcmp(keep[l], want[l], a[l].count));
	}
}

/* Scores from elsewhere: small numbers, so that many are equal, of the weights
 * and of how many the mask keeps; infinite after arg calls. */
static int
scores_of(double *const *score, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *mask, void *arg, struct lt_err *e)
{
	int *left = arg;
	double kept = (double)lt_mask_kept(mask);

	(void)e;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < layer[i].count; j++)
			score[i][j] = floor(4 * (double)layer[i].w[j] +
					    sin(kept + (double)j));
	if (left && !(*left)--)
		for (size_t j = 0; j < layer[1].count; j++)
			score[1][j] = INFINITY;
	return 0;
}

static void
rounds_are_nested_and_exact(void)
{
	static const struct lt_prune_opt rule[] = {
		{.method = ""},
		{.method = "", .scope = LT_SCOPE_LAYER},
		{.method = "", .scope = LT_SCOPE_ERK},
		{.method = "", .score = scores_of},
	};

	for (size_t m = 0; m < sizeof rule / sizeof *rule; m++) {
		struct lt_mask old = {0}, mask;
		struct net n;
		size_t want = 380;
		net_init(&n, 1);
		for (int round = 0; round < 12; round++) {
			struct lt_prune_opt o = rule[m];
			o.by_rate = true;
			o.amount = 0.3;
			o.steps = round % 3;
			CHECK_EQ(lt_prune(&mask, n.p, 2, round ? &old : NULL,
					 &o, &err),
				0);
			if (o.scope != LT_SCOPE_LAYER) {
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

/* What lt_prune does in three steps, done by hand. */
static void
steps(void)
{
	struct net n;
	struct lt_mask want = {0}, found;
	struct lt_prune_opt o = {
		.method = "given", .amount = 0.9, .score = scores_of};
	double *score[2] = {lt_alloc(180, sizeof *score[0]),
		lt_alloc(200, sizeof *score[1])};
	/* 380 (1/10)^(1/3), 380 (1/10)^(2/3), 380/10 */
	size_t left[] = {176, 82, 38}, at = 380;

	net_init(&n, 4);
	for (int i = 0; i < 2; i++)
		memset(lt_mask_add(
			       &want, n.p[i].name, n.p[i].ndim, n.p[i].shape)
				->keep,
			1, n.p[i].count);
	for (int k = 0; k < 3; at = left[k++]) {
		CHECK_EQ(scores_of(score, n.p, 2, &want, NULL, &err), 0);
		struct lt_scored_layer s[2];
		for (int i = 0; i < 2; i++)
			s[i] = (struct lt_scored_layer){score[i],
				want.layer[i].keep, want.layer[i].count};
		lt_select_remove(s, 2, at - left[k]);
	}
	o.steps = 3;
	CHECK_EQ(lt_prune(&found, n.p, 2, NULL, &o, &err), 0);
	for (int i = 0; i < 2; i++)
		CHECK(!memcmp(found.layer[i].keep, want.layer[i].keep,
			found.layer[i].count));
	lt_mask_release(&found);
	lt_mask_release(&want);
	/* To the last, and beyond. */
	for (int all = 0; all < 2; all++) {
		o.amount = all ? 1 : 379 / 380.0;
		CHECK_EQ(lt_prune(&found, n.p, 2, NULL, &o, &err), 0);
		CHECK_EQ(lt_mask_kept(&found), !all);
		lt_mask_release(&found);
	}
	free(score[0]);
	free(score[1]);
}

/* Scores as scores_of; arg: how many weights each step found kept. */
struct seen {
	size_t kept[4], n;
};

static int
count_steps(double *const *score, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *mask, void *arg, struct lt_err *e)
{
	struct seen *seen = arg;

	CHECK(seen->n < 4);
	seen->kept[seen->n++] = lt_mask_kept(mask);
	return scores_of(score, layer, n, mask, NULL, e);
}

static void
steps_are_equal_shares(void)
{
	struct net n;
	struct lt_mask mask;
	struct seen seen = {.n = 0};
	struct lt_prune_opt o = {.method = "given",
		.amount = 0.9,
		.steps = 3,
		.score = count_steps,
		.arg = &seen};

	net_init(&n, 4);
	CHECK_EQ(lt_prune(&mask, n.p, 2, NULL, &o, &err), 0);
	/* 380, 380 (1/10)^(1/3), 380 (1/10)^(2/3) */
	CHECK(seen.n == 3 && seen.kept[0] == 380 && seen.kept[1] == 176 &&
		seen.kept[2] == 82);
	CHECK_EQ(lt_mask_kept(&mask), 38);
	lt_mask_release(&mask);
}

/* The first step, which finds *arg weights, prefers the first ones, the second
 * step the last ones. */
static int
turning(double *const *score, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *mask, void *arg, struct lt_err *e)
{
	bool later = lt_mask_kept(mask) < *(size_t *)arg;

	(void)layer;
	(void)n;
	(void)e;
	for (int i = 0; i < 4; i++)
		score[0][i] = later ? i : 4 - i;
	return 0;
}

/* Removed weights return only if they may, and only those that old keeps. */
static void
returning(void)
{
	static const uint64_t shape[] = {2, 2};
	static const float w[4] = {1, 1, 1, 1};
	static const struct {
		bool returns;
		uint8_t old[4], want[4];
	} t[] = {
		/* 4, 2 and 1 weights. */
		{false, {1, 1, 1, 1}, {0, 1, 0, 0}},
		{true, {1, 1, 1, 1}, {0, 0, 0, 1}},
		/* 3, 2 (3 sqrt(1/3) = 1.7) and 1. */
		{false, {1, 1, 1, 0}, {0, 1, 0, 0}},
		{true, {1, 1, 1, 0}, {0, 0, 1, 0}},
	};
	struct lt_prunable p = {"a.weight", 2, shape, 4, w};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct lt_mask old = {0}, mask;
		struct lt_prune_opt o = {.method = "given",
			.amount = 0.75,
			.steps = 2,
			.score = turning,
			.returns = t[i].returns};
		memcpy(lt_mask_add(&old, p.name, 2, shape)->keep, t[i].old, 4);
		lt_mask_count(&old);
		size_t first = lt_mask_kept(&old);
		o.arg = &first;
		CHECK_EQ(lt_prune(&mask, &p, 1, &old, &o, &err), 0);
		CHECK(!memcmp(mask.layer[0].keep, t[i].want, 4));
		lt_mask_release(&mask);
		lt_mask_release(&old);
	}
}

/* How many weights each layer keeps of 180 and 200. */
static void
scopes(void)
{
	static const struct {
		enum lt_scope scope;
		double amount;
		size_t a, b;
	} t[] = {
		{LT_SCOPE_LAYER, 0.5, 90, 100},
		/* 90 by sums of dimensions, 5 + 4 + 3 + 3 and 10 + 20. */
		{LT_SCOPE_ERK, 290 / 380.0, 30, 60},
	};
	struct net n;

	net_init(&n, 4);
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct lt_prune_opt o = {.method = "",
			.scope = t[i].scope,
			.amount = t[i].amount};
		struct lt_mask mask;
		size_t kept[2] = {0};
		CHECK_EQ(lt_prune(&mask, n.p, 2, NULL, &o, &err), 0);
		for (int l = 0; l < 2; l++)
			for (size_t j = 0; j < mask.layer[l].count; j++)
				kept[l] += mask.layer[l].keep[j];
		CHECK(kept[0] == t[i].a && kept[1] == t[i].b);
		lt_mask_release(&mask);
	}
}

/* Are weights i and j of layer l of the two in the same group of m inputs? */
static bool
together(int l, size_t i, size_t j, size_t m)
{
	size_t window = l ? 1 : 9, inputs = l ? 20 : 4;

	return i % window == j % window &&
	       i / (window * inputs) == j / (window * inputs) &&
	       i / window % inputs / m == j / window % inputs / m;
}

/* Prune to N:M as defined, weight by weight: the candidates are those that as
 * many as N of their group surpass. */
static size_t
prune_groups(uint8_t keep[2][200], const struct net *n, struct lt_nm nm,
	const struct lt_mask *old, size_t remove)
{
	struct item all[380];
	size_t found = 0;

	for (int l = 0; l < 2; l++)
		for (size_t i = 0; i < n->p[l].count; i++) {
			const float *w = n->w[l];
			int better = 0;
			keep[l][i] = !old || old->layer[l].keep[i];
			for (size_t j = 0; j < n->p[l].count; j++)
				better += (!old || old->layer[l].keep[j]) &&
					  together(l, i, j, (size_t)nm.m) &&
					  (fabsf(w[j]) > fabsf(w[i]) ||
						  (fabsf(w[j]) == fabsf(w[i]) &&
							  j < i));
			if (keep[l][i] && better >= nm.n)
				all[found++] = (struct item){fabs((double)w[i]),
					(size_t)l * 200 + i};
		}
	qsort(all, found, sizeof *all, by_score);
	for (size_t i = 0; i < found && i < remove; i++)
		keep[all[i].place / 200][all[i].place % 200] = 0;
	return found;
}

/* Scores that are sizes. */
static int
sizes_of(double *const *score, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *mask, void *arg, struct lt_err *e)
{
	(void)mask;
	(void)arg;
	(void)e;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < layer[i].count; j++)
			score[i][j] = fabs((double)layer[i].w[j]);
	return 0;
}

static void
groups(void)
{
	static const struct lt_nm nm[] = {
		{2, 4}, {1, 4}, {3, 4}, {1, 2}, {2, 3}, {4, 16}, {5, 64}};

	for (size_t t = 0; t < 7 * 6; t++) {
		struct lt_mask old = {0}, mask;
		struct net n;
		uint8_t want[2][200];
		struct lt_prune_opt o = {.method = "",
			.by_rate = true,
			.amount = t % 3 ? 0.2 : 1,
			.score = t % 2 ? sizes_of : NULL,
			.nm = nm[t / 6]};
		net_init(&n, t);
		/* Many weights are equal. */
		for (int i = 0; t % 3 == 2 && i < 400; i++)
			n.w[i / 200][i % 200] =
				roundf(2 * n.w[i / 200][i % 200]);
		for (int round = 0; round < 5; round++) {
			size_t left = round ? lt_mask_kept(&old) : 380;
			prune_groups(want, &n, o.nm, round ? &old : NULL,
				lt_select_count(o.amount, left));
			CHECK_EQ(lt_prune(&mask, n.p, 2, round ? &old : NULL,
					 &o, &err),
				0);
			for (int l = 0; l < 2; l++)
				CHECK(!memcmp(mask.layer[l].keep, want[l],
					mask.layer[l].count));
			lt_mask_release(&old);
			old = mask;
		}
		lt_mask_release(&old);
	}
}

/* 2:4 of the two: 9 x 5 groups of 4 and 10 x 5 of 4 keep 190; 190 / 380. */
static void
groups_are_counted(void)
{
	struct net n;
	struct lt_mask mask;
	struct lt_nm_count c;
	struct lt_prune_opt o = {.method = "", .amount = 0.5, .nm = {2, 4}};

	net_init(&n, 1);
	CHECK_EQ(lt_prune(&mask, n.p, 2, NULL, &o, &err), 0);
	CHECK_EQ(lt_mask_kept(&mask), 190);
	lt_nm_count(&c, o.nm, 4, n.shape[0], mask.layer[0].keep);
	CHECK(c.groups == 45 && !c.over && !c.under && c.most == 2 && !c.spare);
	/* Inputs 0 and 1 of a group are kept, and 2 as well. */
	mask.layer[0].keep[0] = mask.layer[0].keep[9] = 1;
	mask.layer[0].keep[18] = 1;
	mask.layer[0].keep[27] = 0;
	memset(mask.layer[0].keep + 36, 0, 144);
	lt_nm_count(&c, o.nm, 4, n.shape[0], mask.layer[0].keep);
	CHECK(c.over == 1 && c.under == 36 && c.most == 3 && c.spare == 1);
	/* 20 inputs in groups of 16 and 4: of the latter 4 are no fewer than 5.
	 */
	memset(mask.layer[1].keep, 0, 200);
	memset(mask.layer[1].keep + 16, 1, 4);
	lt_nm_count(
		&c, (struct lt_nm){5, 16}, 2, n.shape[1], mask.layer[1].keep);
	CHECK(c.groups == 20 && !c.over && c.under == 19 && c.most == 4);
	lt_mask_release(&mask);
	o.amount = 191 / 380.0;
	CHECK_EQ(lt_prune(&mask, n.p, 2, NULL, &o, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	CHECK(strstr(err.msg, "with 2 of 4 weights left the sparsity is at "
			      "most 0.5, below 0.5026"));
}

static void
patterns_are_parsed(void)
{
	static const char *const bad[] = {"", ":", "2", "2:", ":4", "2:2",
		"3:2", "0:4", "2:1025", "02345678:9", "2:4:8", " 2:4", "2:4 ",
		"-1:4", "2/4"};
	struct lt_nm nm;

	CHECK(lt_nm_parse(&nm, "2:4") && nm.n == 2 && nm.m == 4);
	CHECK(lt_nm_parse(&nm, "1:1024") && nm.n == 1 && nm.m == 1024);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!lt_nm_parse(&nm, bad[i]));
}

static void
equal_scores(void)
{
	struct net n;
	struct lt_mask mask;
	struct lt_prune_opt o = {
		.method = "magnitude", .amount = 0.5, .steps = 7};

	net_init(&n, 5);
	memset(n.w, 0, sizeof n.w);
	CHECK_EQ(lt_prune(&mask, n.p, 2, NULL, &o, &err), 0);
	for (int i = 0; i < 180; i++)
		CHECK_EQ(mask.layer[0].keep[i], 1);
	for (int i = 0; i < 200; i++)
		CHECK_EQ(mask.layer[1].keep[i], i < 10);
	lt_mask_release(&mask);
}

static void
bad_scores(void)
{
	struct net n;
	struct lt_mask mask;
	int left = 2;
	struct lt_prune_opt o = {.method = "given",
		.amount = 0.9,
		.steps = 5,
		.score = scores_of,
		.arg = &left};

	net_init(&n, 6);
	CHECK_EQ(lt_prune(&mask, n.p, 2, NULL, &o, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strstr(err.msg, "of 'b.weight' is infinite"));
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

/* ---- ERK ----------------------------------------------------------------- */

static void
erk(void)
{
	uint64_t shape[3][4] = {{16, 3, 3, 3}, {64, 32, 3, 3}, {10, 64}};
	struct lt_erk layer[3] = {
		{4, shape[0], 432}, {4, shape[1], 18432}, {2, shape[2], 640}};
	size_t keep[3];

	/* Shares of 25, 102 and 74 dimensions: nobody is full. */
	lt_erk_keep(keep, layer, 3, 201);
	CHECK(keep[0] == 25 && keep[1] == 102 && keep[2] == 74);
	/* 202 leaves 1 to give: .124, .507, .368 */
	lt_erk_keep(keep, layer, 3, 202);
	CHECK(keep[0] == 25 && keep[1] == 103 && keep[2] == 74);
	/* Two are full, the third has the rest. */
	lt_erk_keep(keep, layer, 3, 10000);
	CHECK(keep[0] == 432 && keep[1] == 10000 - 432 - 640 && keep[2] == 640);
	lt_erk_keep(keep, layer, 3, 432 + 18432 + 640);
	CHECK(keep[1] == 18432);
	lt_erk_keep(keep, layer, 3, 0);
	CHECK(keep[0] + keep[1] + keep[2] == 0);
	/* Of equal remainders the earlier is rounded up. */
	struct lt_erk twins[3] = {
		{2, shape[2], 640}, {2, shape[2], 640}, {2, shape[2], 640}};
	lt_erk_keep(keep, twins, 3, 100);
	CHECK(keep[0] == 34 && keep[1] == 33 && keep[2] == 33);
	/* Two to give go to two layers. */
	lt_erk_keep(keep, twins, 3, 101);
	CHECK(keep[0] == 34 && keep[1] == 34 && keep[2] == 33);
	layer[1].alive = 50;
	lt_erk_keep(keep, layer, 3, 201);
	/* 151 among 25 and 74: 38.13 and 112.87 */
	CHECK(keep[0] == 38 && keep[1] == 50 && keep[2] == 113);
}

int
main(void)
{
	TEST(half_to_even, "counts round half to even");
	TEST(erk, "ERK shares out exactly");
	TEST(selects, "selection is that of sorting, ties to the earlier");
	TEST(selects_small, "selection by size is that by scores of size");
	TEST(rounds_are_nested_and_exact, "masks of rounds are nested, exact");
	TEST(steps, "steps score anew and keep equal shares");
	TEST(steps_are_equal_shares, "each step leaves the same share");
	TEST(returning, "removed weights return where they may");
	TEST(scopes, "layers keep what the scope says");
	TEST(groups, "N:M masks are those of a count weight by weight");
	TEST(groups_are_counted, "groups are counted, a sparsity is limited");
	TEST(patterns_are_parsed, "N:M is two numbers, the second larger");
	TEST(equal_scores, "of equal scores the earlier stay, step by step");
	TEST(bad_scores, "a score that is not finite is refused");
	TEST(targets, "a target sparsity is met, or refused");
	TEST(layer_choice, "layers are chosen by kind and name");
	return tap_done();
}
