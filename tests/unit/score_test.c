/* Exact intervals, and what a search is scored on; lt-score.bats has the rest.
 */
#include "ticket/score.h"

#include <math.h>
#include "ticket/binomial.h"
#include "ticket/moments.h"
#include "tap.h"

static bool
near(double a, double b, double relative)
{
	bool ok = fabs(a - b) <= relative * fabs(b);
	if (!ok)
		printf("# %.17g is not %.17g\n", a, b);
	return ok;
}

/* By bisection of sums of whole fractions, without rounding. */
static void
known(void)
{
	static const struct {
		size_t k, n;
		double low, high;
	} t[] = {
		{34, 50, 0.5330061598852696, 0.8047958053371607},
		{10, 10, 0.6915028921812392, 1},
		{0, 10, 0, 0.30849710781876083},
		{1, 3, 0.008403758659612636, 0.9057006759497539},
		{1, 1, 0.025, 1},
		{0, 1, 0, 0.9750000000000001},
		{47, 50, 0.8345180533962271, 0.987451412164666},
		{199, 200, 0.9724581015427944, 0.999873418972133},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		double low, high;
		lt_binomial_interval(&low, &high, t[i].k, t[i].n, 0.05);
		CHECK(near(low, t[i].low, 1e-14));
		CHECK(near(high, t[i].high, 1e-14));
	}
}

/* log P(X = i) from logarithms of factorials. */
static double
log_term(size_t i, size_t n, double p)
{
	double k = (double)i, m = (double)n;

	return lgamma(m + 1) - lgamma(k + 1) - lgamma(m - k + 1) + k * log(p) +
	       (m - k) * log1p(-p);
}

static void
large(void)
{
	const size_t n = 100000, some[] = {1, 2, 20, 5000, 50000, 66000, 99998};
	double low, high, other_low, other_high;

	lt_binomial_interval(&low, &high, 0, n, 0.05);
	CHECK(low == 0);
	CHECK(near(high, -expm1(log(0.025) / (double)n), 1e-13));
	lt_binomial_interval(&low, &high, n, n, 0.05);
	CHECK(near(low, exp(log(0.025) / (double)n), 1e-13) && high == 1);
	lt_binomial_interval(&low, &high, 1, n, 0.05);
	CHECK(near(low, -expm1(log(0.975) / (double)n), 1e-13));
	for (size_t j = 0; j < sizeof some / sizeof *some; j++) {
		size_t k = some[j];
		double least = 0, most = 0;
		lt_binomial_interval(&low, &high, k, n, 0.05);
		for (size_t i = 0; i <= n; i++) {
			least += i >= k ? exp(log_term(i, n, low)) : 0;
			most += i <= k ? exp(log_term(i, n, high)) : 0;
		}
		CHECK(near(least, 0.025, 1e-8));
		CHECK(near(most, 0.025, 1e-8));
		lt_binomial_interval(&other_low, &other_high, n - k, n, 0.05);
		CHECK(near(1 - other_high, low, 1e-9));
		CHECK(near(1 - other_low, high, 1e-9));
	}
}

static void
ordered(void)
{
	double before_low = -1, before_high = -1, low, high;

	for (size_t k = 0; k <= 500; k++) {
		lt_binomial_interval(&low, &high, k, 500, 0.05);
		CHECK(low < (double)k / 500 || k == 0);
		CHECK(high > (double)k / 500 || k == 500);
		CHECK(low > before_low && high > before_high);
		before_low = low;
		before_high = high;
	}
}

/* Validation says stage 3 ties with stage 1, and that both match; test says
 * that stage 2 alone does. */
static const struct lt_search_stage three[] = {
	{0, 0, 60, 50, 10, 80},
	{1, 20, 70, 45, 20, 75},
	{2, 36, 50, 55, NAN, 72},
	{3, 49, 70, 40, 5, 65},
};

static void
stages(void)
{
	struct lt_search s = {.stage = three, .n = 4};
	struct lt_search_score v;

	lt_score_search(&v, &s, 3, false);
	CHECK(!v.lack && v.success);
	CHECK(v.best.stage == 3 && v.match.stage == 3 && v.best.gain == -20);
	CHECK(v.best.length_gain == -50);
	CHECK(v.dense_gap == 30 && v.best.gap == 25 && v.match.gap == 25);
	CHECK(v.success_gain == -20);
	lt_score_search(&v, &s, 3, true);
	CHECK(v.best.stage == 2 && v.match.stage == 2 && v.best.gain == 10);
	CHECK(isnan(v.best.length_gain));
	lt_score_search(&v, &s, 1, true);
	CHECK(!v.lack && !v.success && v.best.stage == 1);
	CHECK(isnan(v.match.stage) && isnan(v.match.acc));
	CHECK(isnan(v.success_gain) && isnan(v.match.gap));
	lt_score_search(&v, &s, 0, false);
	CHECK(!v.lack && !v.success && isnan(v.best.stage));
	lt_score_search(&v, &s, 4, false);
	CHECK(v.lack == LT_LACK_STAGE && v.lack_stage == 4 && !v.success);
}

/* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32, of n - 1 = 7. */
static void
means(void)
{
	static const double x[] = {2, 4, 4, 4, 5, 5, 7, 9};
	static const double tenth[] = {0.1, 0.1, 0.1};

	CHECK(lt_mean(x, 8) == 5);
	CHECK(near(lt_deviation(x, 8), sqrt(32.0 / 7), 1e-15));
	CHECK(lt_mean(x, 1) == 2 && isnan(lt_deviation(x, 1)));
	CHECK(isnan(lt_mean(x, 0)) && isnan(lt_deviation(x, 0)));
	/* Three tenths add up to a little more than 0.3. */
	CHECK(lt_mean(tenth, 3) != 0.1);
	CHECK(lt_deviation(tenth, 3) == 0);
	CHECK(near(lt_deviation((double[]){1, 1 + 1e-12}, 2), 1e-12 / sqrt(2),
		1e-3));
	CHECK(isnan(lt_mean((double[]){1, NAN}, 2)));
}

int
main(void)
{
	TEST(known, "intervals are those of exact sums");
	TEST(large, "intervals of 100,000 trials are right");
	TEST(ordered, "intervals hold their share and move with it");
	TEST(stages,
		"stages are chosen by one accuracy, and told by the other");
	TEST(means, "means and deviations, with n - 1");
	return tap_done();
}
