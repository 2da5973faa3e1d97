/* When tickets appear and how weights decay, on numbers worked out by hand. */
#include <math.h>
#include "tap.h"
#include "ticket/decay.h"
#include "ticket/ppr.h"
#include "ticket/prunings.h"

static bool
near(double a, double b)
{
	bool ok = fabs(a - b) <= 1e-14 * fabs(b);
	if (!ok)
		printf("# %.17g is not %.17g\n", a, b);
	return ok;
}

/* Their medians are 10 20 30 40 40 40. */
static const double rising[] = {10, 20, 30, 50, 40, 40, 41};
#define RISING (sizeof rising / sizeof *rising)

static void
medians(void)
{
	static const double want[] = {10, 20, 30, 40, 40, 40};
	static const double high[] = {40, 10, 20, 30};
	double m[RISING];

	lt_ppr_medians(m, rising, RISING);
	for (size_t i = 0; i + 1 < RISING; i++)
		CHECK(m[i] == want[i]);
	/* The second median, of 40 10 20, is below the first accuracy. */
	lt_ppr_medians(m, high, 4);
	CHECK(m[0] == 20 && m[1] == 20 && m[2] == 20);
	lt_ppr_medians(m, high, 2);
	CHECK(m[0] == 40);
	lt_ppr_medians(m, high, 1);
	CHECK(m[0] == 40);
	lt_ppr_medians(m, high, 0);
	/* Two equal ones, and each place of the middle one. */
	static const double five[] = {3, 1, 3, 2, 1};
	lt_ppr_medians(m, five, 5);
	CHECK(m[1] == 3 && m[2] == 2 && m[3] == 2);
}

static void
offline(void)
{
	double m[RISING];
	struct lt_ppr_rule rule = {10, 2};

	lt_ppr_medians(m, rising, RISING);
	/* The first of at least 40 - 10. */
	struct lt_ppr_ticket t = lt_ppr_offline(m, RISING, &rule);
	CHECK(t.found);
	CHECK_EQ(t.ticket, 2);
	CHECK_EQ(t.known, 6);
	rule.tolerance = 9.99;
	CHECK_EQ(lt_ppr_offline(m, RISING, &rule).ticket, 3);
	rule.tolerance = 100;
	CHECK_EQ(lt_ppr_offline(m, RISING, &rule).ticket, 0);
	CHECK(!lt_ppr_offline(m, 2, &rule).found);
	CHECK(!lt_ppr_offline(m, 0, &rule).found);
	CHECK_EQ(lt_ppr_offline(m, 2, &rule).known, 1);
}

static void
online(void)
{
	double m[RISING];
	struct lt_ppr_rule rule = {10, 2};

	lt_ppr_medians(m, rising, RISING);
	/* 30 is the first above 10 + 10, no later one is above 30 + 10; after
	 * two checks without a rise, the fourth and fifth, the sixth is needed
	 * for the fifth median. */
	struct lt_ppr_ticket t = lt_ppr_online(m, RISING, &rule);
	CHECK(t.found);
	CHECK_EQ(t.ticket, 2);
	CHECK_EQ(t.known, 5);
	rule.window = 3;
	t = lt_ppr_online(m, RISING, &rule);
	CHECK(t.found);
	CHECK_EQ(t.known, 6);
	rule.window = 4;
	t = lt_ppr_online(m, RISING, &rule);
	CHECK(!t.found);
	CHECK_EQ(t.known, 6);
	rule.window = 1;
	CHECK(!lt_ppr_online(m, 2, &rule).found);
	/* 20 is not above 10 + 10: one check without a rise. */
	t = lt_ppr_online(m, 3, &rule);
	CHECK(t.found);
	CHECK_EQ(t.ticket, 0);
	CHECK_EQ(t.known, 2);
}

static void
rounding(void)
{
	/* In binary 0.8 is more than 0.7 + 0.1, by rounding alone. */
	static const double m[] = {0.7, 0.8, 0.8};
	struct lt_ppr_rule rule = {0.1, 9};

	CHECK(m[1] > m[0] + rule.tolerance && m[0] < m[1] - rule.tolerance);
	CHECK_EQ(lt_ppr_online(m, 4, &rule).ticket, 0);
	CHECK_EQ(lt_ppr_offline(m, 4, &rule).ticket, 0);
	rule.tolerance = 0.1 - 1e-8;
	CHECK_EQ(lt_ppr_online(m, 4, &rule).ticket, 1);
	CHECK_EQ(lt_ppr_offline(m, 4, &rule).ticket, 1);
}

static void
curve(void)
{
	/* 0.8 - 0.8 (1 - k / 4)^3; epochs 0, 2.5, 5, 7.5, 10. */
	static const double share[] = {0, 0.4625, 0.7, 0.7875, 0.8};
	static const int epoch[] = {0, 3, 5, 8, 10};
	struct lt_pruning_curve c = {0, 10, 4, 0, 0.8};
	struct lt_err err;

	CHECK_EQ(lt_prunings_check(&c, &err), 0);
	for (uint64_t k = 0; k <= 4; k++) {
		CHECK_EQ(lt_prunings_epoch(&c, k), epoch[k]);
		CHECK(fabs(lt_prunings_sparsity(&c, k) - share[k]) < 1e-15);
	}
	/* From 0.5: 0.8 - 0.3 / 8 half way; a third of 10 and two of them. */
	c = (struct lt_pruning_curve){20, 30, 2, 0.5, 0.8};
	CHECK(near(lt_prunings_sparsity(&c, 1), 0.7625));
	CHECK(lt_prunings_sparsity(&c, 0) == 0.5);
	c.steps = 3;
	CHECK_EQ(lt_prunings_epoch(&c, 1), 23);
	CHECK_EQ(lt_prunings_epoch(&c, 2), 27);
}

static void
curve_refused(void)
{
	static const struct {
		struct lt_pruning_curve c;
		const char *said;
	} t[] = {
		{{0, 10, 11, 0, 0.8}, "expected 1 to 10 steps, found 11"},
		{{0, 10, 0, 0, 0.8}, "expected 1 to 10 steps, found 0"},
		{{5, 5, 1, 0, 0.8},
			"expected a last epoch above the first, found 5-5"},
		{{0, UINT64_MAX, 4, 0, 0.8},
			"expected epochs up to 1000000, found "
			"18446744073709551615"},
		{{0, 10, 4, 0, 1},
			"expected sparsities below 1 that do not fall, found 0 "
			"to 1"},
		{{0, 10, 4, 0.9, 0.8},
			"expected sparsities below 1 that do not fall, found "
			"0.9 to 0.8"},
		{{0, 10, 4, -0.1, 0.8},
			"expected sparsities below 1 that do not fall, found "
			"-0.1 to 0.8"},
		{{0, 10, 4, NAN, 0.8},
			"expected sparsities below 1 that do not fall, found "
			"nan to 0.8"},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct lt_err err;
		CHECK_EQ(lt_prunings_check(&t[i].c, &err), -1);
		CHECK_EQ(err.status, LT_EDATA);
		CHECK_STR(err.msg, t[i].said);
	}
}

static void
decay(void)
{
	/* Ten iterations: 1 - 10 x 0.1 x 0.1 / (1 - 0.5) = 0.8.  The second
	 * epoch has the fifth of it: 0.96. */
	static const struct lt_decay_epoch v[] = {{10, 0.1}, {10, 0.02}};

	CHECK(lt_decay_factor(v, 0, 0.5, 0.1) == 1);
	CHECK(near(lt_decay_factor(v, 1, 0.5, 0.1), 0.8));
	CHECK(near(lt_decay_factor(v, 2, 0.5, 0.1), 0.768));
	/* log 0.8 / log 0.64 is a half; growth has another sign. */
	CHECK(near(lt_decay_ratio(1, 0.8, 0.64), 0.5));
	CHECK(near(lt_decay_ratio(2, 1.28, 0.8), 2));
	CHECK(near(lt_decay_ratio(0.8, 1, 0.8), -1));
	CHECK(isnan(lt_decay_ratio(0, 1, 0.5)));
	CHECK(isnan(lt_decay_ratio(1, 0, 0.5)));
	CHECK(isnan(lt_decay_ratio(1, 1, 0)));
	CHECK(isnan(lt_decay_ratio(1, 2, 1)));
	CHECK(isnan(lt_decay_ratio(1, 2, 1.5)));
	CHECK(isnan(lt_decay_ratio(NAN, 1, 0.5)));
}

static void
stretches(void)
{
	/* Looks after epochs 0, 2, 4, 6, 8 and 10; the rate falls after epochs
	 * 4 and 7, so that between looks 6 and 8 it changes. */
	static const struct lt_decay_look v[] = {
		{NAN, NAN}, {3, 3}, {3, 3}, {2, 2}, {1, 2}, {1, 1}};

	CHECK_EQ(lt_decay_stretch(v, 6, 0), 2);
	CHECK_EQ(lt_decay_stretch(v, 6, 2), 3);
	CHECK_EQ(lt_decay_stretch(v, 6, 3), 4);
	CHECK_EQ(lt_decay_stretch(v, 6, 4), 5);
	CHECK_EQ(lt_decay_stretch(v, 3, 0), 2);
	CHECK_EQ(lt_decay_stretch(v, 2, 0), 1);
}

static void
moved(void)
{
	/* 10 weights of 200 go from one layer's account to the other's; the
	 * layer that is not covered counts nowhere. */
	static const struct lt_decay_layer v[] = {{true, 100, 50, 60},
		{false, 1000, 0, 500}, {true, 100, 50, 40}};

	CHECK(near(lt_decay_moved(v, 3), 5));
	CHECK(near(lt_decay_moved(v, 1), 5));
	CHECK(isnan(lt_decay_moved(v + 1, 1)));
}

int
main(void)
{
	TEST(medians, "a running median of three, the first one bounded");
	TEST(offline, "offline: the first check within the tolerance of the "
		      "highest median");
	TEST(online, "online: the last rise before a window without one");
	TEST(rounding,
		"a rise of the tolerance is none, whatever its rounding");
	TEST(curve, "the cubic curve at rounded epochs");
	TEST(curve_refused, "a curve that cannot be carried out is refused");
	TEST(decay, "Equation 5, and the ratio of logarithms");
	TEST(stretches, "a stretch has one learning rate, and begins where the "
			"one before ends");
	TEST(moved, "half the sum of what layers' removed weights differ by");
	return tap_done();
}
