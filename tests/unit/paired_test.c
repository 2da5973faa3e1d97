/* Student's t, paired differences and their verdicts, Holm, the chance of the
 * paper's rule; and how often all that is right in made studies.
 *
 * The values were worked out by mpmath (incomplete beta, 40 digits) and scipy
 * 1.17 (ttest_rel, ttest_1samp, t.cdf); those of Holm by hand,
 * by the rule of R's p.adjust. */
#include "ticket/paired.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include "tap.h"
#include "ticket/binomial.h"
#include "ticket/moments.h"
#include "ticket/student.h"

#define N(a) (sizeof(a) / sizeof(*(a)))
#define STUDIES 1000

static bool
near(double a, double b, double relative)
{
	return fabs(a - b) <= relative * fabs(b);
}

static void
tails(void)
{
	static const struct {
		size_t df;
		double t, p;
	} known[] = {
		{1, 0.001, 0.99936338043983888},
		{1, 1, 0.5},
		{1, 12, 0.052929352119179751},
		{1, 300, 0.0021220580484409715},
		{2, 0.5, 0.66666666666666667},
		{2, 2.5, 0.12961172022151081},
		{2, 300, 1.1110925929355215e-5},
		{3, 0.5, 0.65144796484815099},
		{3, 12, 0.0012450158007893367},
		{4, 2.5, 0.066766544811988145},
		{4, 300, 7.4068587425680233e-10},
		{9, 0.001, 0.99922393032597327},
		{9, 300, 2.5858413840388324e-19},
		{29, 1, 0.32558198801619354},
		{29, 12, 9.0607083331371795e-13},
		{999, 2.5, 0.012578727584509219},
		{999, 12, 4.3431039077162505e-31},
	};

	for (size_t i = 0; i < N(known); i++) {
		double p = lt_student_outside(known[i].t, known[i].df);
		if (!CHECK(near(p, known[i].p, 1e-13)))
			printf("# df %zu, t %g: %.17g\n", known[i].df,
				known[i].t, p);
		CHECK(lt_student_outside(-known[i].t, known[i].df) == p);
		CHECK(lt_student_above(known[i].t, known[i].df) == p / 2);
		CHECK(lt_student_above(-known[i].t, known[i].df) == 1 - p / 2);
	}
	for (size_t df = 1; df < 40; df++)
		CHECK(near(lt_student_outside(0, df), 1, 1e-15));
	CHECK(lt_student_outside(INFINITY, 3) == 0);
	CHECK(lt_student_outside(1e300, 3) == 0);
	CHECK(isnan(lt_student_outside(NAN, 3)));
}

static void
quantiles(void)
{
	static const struct {
		size_t df;
		double alpha, t;
	} known[] = {
		{1, 0.05, 12.706204736174704},
		{1, 0.001, 636.6192487687196},
		{2, 0.05, 4.3026527297494637},
		{3, 0.05, 3.1824463052837095},
		{4, 0.05, 2.7764451051977943},
		{4, 0.5, 0.74069708411268263},
		{9, 0.05, 2.2621571627982055},
		{9, 0.001, 4.7809125859311391},
		{29, 0.05, 2.0452296421327043},
		{999, 0.05, 1.96234146113345},
	};

	for (size_t i = 0; i < N(known); i++)
		CHECK(near(lt_student_quantile(known[i].alpha, known[i].df),
			known[i].t, 1e-13));
}

static void
pairs(void)
{
	static const struct {
		double a[5], b[5];
		size_t n;
		double mean, std, se, low, high, p, p_margin;
		enum lt_verdict verdict;
	} known[] = {
		{{89.51, 89.60, 89.40, 89.71, 89.55},
			{89.68, 89.70, 89.66, 89.69, 89.75}, 5, -0.142,
			0.107331262919985, 0.048, -0.275269365049490,
			-0.00873063495050, 0.0416232555297594,
			0.000863413298592774, LT_AS_GOOD},
		{{88.1, 88.3, 88}, {89.6, 89.7, 89.9}, 3, -1.6,
			0.264575131106459, 0.152752523165195, -2.25724106077285,
			-0.942758939227158, 0.00899183318159924,
			0.990628352596293, LT_WORSE},
		{{90.9, 91.2, 91}, {90.1, 90.3, 90.3}, 3, 0.8, 0.1,
			0.0577350269189626, 0.551586228824970, 1.04841377117504,
			0.00516799325238614, 0.000983285120748546, LT_BETTER},
		{{89, 90, 89.5}, {89.2, 89.4, 89.9}, 3, 0, 0.529150262212918,
			0.305505046330389, -1.31448212154569, 1.31448212154569,
			1, 0.121675045771013, LT_UNDECIDED},
	};

	for (size_t i = 0; i < N(known); i++) {
		double x[5];
		for (size_t j = 0; j < known[i].n; j++)
			x[j] = known[i].a[j] - known[i].b[j];
		struct lt_paired d = lt_paired_judge(x, known[i].n, 0.5);
		CHECK(fabs(d.mean - known[i].mean) < 1e-12);
		CHECK(near(d.std, known[i].std, 1e-11));
		CHECK(near(d.se, known[i].se, 1e-11));
		CHECK(near(d.low, known[i].low, 1e-10));
		CHECK(near(d.high, known[i].high, 1e-10));
		CHECK(near(d.p, known[i].p, 1e-10));
		CHECK(near(d.p_margin, known[i].p_margin, 1e-10));
		CHECK_STR(lt_verdict_name[d.verdict],
			lt_verdict_name[known[i].verdict]);
	}
}

/* Of -0.142 with the interval -0.275 to -0.009: a smaller margin is not
 * reached, and then it is worse. */
static void
margins(void)
{
	static const double x[] = {-0.17, -0.1, -0.26, 0.02, -0.2};

	CHECK_EQ(lt_paired_judge(x, 5, 0.2753).verdict, LT_AS_GOOD);
	CHECK_EQ(lt_paired_judge(x, 5, 0.2752).verdict, LT_WORSE);
	CHECK_EQ(lt_paired_judge(x, 5, 0).verdict, LT_WORSE);
}

static void
nothing_to_judge_by(void)
{
	static const double equal[] = {90.1 - 90.11, 90.2 - 90.21, 91 - 91.01};
	static const double zero[3];
	struct lt_paired d = lt_paired_judge(zero, 0, 0.5);

	CHECK(d.n == 0 && isnan(d.mean) && d.verdict == LT_UNDECIDED);
	d = lt_paired_judge(&equal[0], 1, 100);
	CHECK(d.n == 1 && isnan(d.low) && isnan(d.p_margin));
	CHECK_EQ(d.verdict, LT_UNDECIDED);
	/* Their differences are equal but for rounding. */
	d = lt_paired_judge(equal, 3, 100);
	CHECK(isnan(d.low) && d.verdict == LT_UNDECIDED);
	CHECK_EQ(lt_paired_judge(zero, 3, 100).verdict, LT_UNDECIDED);
}

/* In order 5 x 0.005, 4 x 0.01, 3 x 0.01 raised to 0.04, 2 x 0.03, and 0.04
 * raised to 0.06. */
static void
holm(void)
{
	double p[] = {0.04, 0.01, NAN, 0.03, 0.005, 0.01};
	static const double want[] = {0.06, 0.04, NAN, 0.06, 0.025, 0.04};
	double large[] = {0.6, 0.5}, none[] = {NAN};

	lt_holm(p, N(p));
	for (size_t i = 0; i < N(p); i++)
		CHECK(isnan(want[i]) ? isnan(p[i])
				     : near(p[i], want[i], 1e-14));
	lt_holm(large, 2);
	CHECK(large[0] == 1 && large[1] == 1);
	lt_holm(none, 1);
	CHECK(isnan(none[0]));
	lt_holm(none, 0);
	/* One of twenty such results is none. */
	struct lt_paired d = {.mean = 1, .verdict = LT_BETTER};
	CHECK_EQ(lt_paired_again(&d, 0.0049, 0.001), LT_BETTER);
	CHECK_EQ(lt_paired_again(&d, 0.098, 0.02), LT_AS_GOOD);
	CHECK_EQ(lt_paired_again(&d, 0.098, 0.03), LT_UNDECIDED);
	CHECK_EQ(lt_paired_again(&d, NAN, NAN), LT_UNDECIDED);
	d = (struct lt_paired){.mean = -1, .verdict = LT_SAME};
	CHECK_EQ(lt_paired_again(&d, 0.01, 0.5), LT_SAME);
}

/* Of R 4.2.2:
 *	x <- c(-0.31, 0.12, -0.45, 0.05, -0.22)
 *	t <- t.test(x); c(sd(x), t$stderr, t$conf.int, t$p.value)
 *	t.test(x, mu = -0.5, alternative = "greater")$p.value
 *	p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), method = "holm")
 *	pt(1 / sqrt(1 / 3 + 1 / 3), 2)
 *	binom.test(3, 10)$conf.int; binom.test(23, 23)$conf.int */
static void
of_r(void)
{
	static const double x[] = {-0.31, 0.12, -0.45, 0.05, -0.22};
	static const double want[] = {0.04, 0.09, 0.09, 0.025, 0.5};
	double p[] = {0.01, 0.04, 0.03, 0.005, 0.5}, low, high;
	struct lt_paired d = lt_paired_judge(x, 5, 0.5);

	CHECK(near(d.mean, -0.162, 1e-13));
	CHECK(near(d.std, 0.241184576621309, 1e-13));
	CHECK(near(d.se, 0.107861021689951, 1e-13));
	CHECK(near(d.low, -0.461470205712696, 1e-12));
	CHECK(near(d.high, 0.137470205712696, 1e-12));
	CHECK(near(d.p, 0.207525559927462, 1e-12));
	CHECK(near(d.p_margin, 0.0175306037925634, 1e-12));
	CHECK_EQ(d.verdict, LT_AS_GOOD);
	lt_holm(p, 5);
	for (size_t i = 0; i < 5; i++)
		CHECK(near(p[i], want[i], 1e-13));
	CHECK(near(lt_match_chance(3, 3), 0.827326835353989, 1e-13));
	lt_binomial_interval(&low, &high, 3, 10, 0.05);
	CHECK(near(low, 0.0667395111777345, 1e-12));
	CHECK(near(high, 0.6524528500599973, 1e-12));
	lt_binomial_interval(&low, &high, 23, 23, 0.05);
	CHECK(near(low, 0.851814871084776, 1e-12));
	CHECK(high == 1);
}

static void
chances(void)
{
	CHECK(lt_match_chance(1, 1) == 0.5);
	CHECK(near(lt_match_chance(2, 2), 0.75, 1e-14));
	CHECK(near(lt_match_chance(3, 3), 0.8273268353539887, 1e-14));
	CHECK(near(lt_match_chance(5, 5), 0.9054981707724123, 1e-14));
	CHECK(near(lt_match_chance(3, 10), 0.9184736430526343, 1e-14));
	CHECK(near(lt_match_chance(10, 3), 0.8659625273556999, 1e-14));
	CHECK(lt_match_chance(7, 1) == 0.5);
	CHECK(isnan(lt_match_chance(0, 3)) && isnan(lt_match_chance(3, 0)));
	CHECK(near(pow(lt_match_chance(3, 3), 15), 0.05823132489380779, 1e-13));
}

/* Made studies: normal numbers of Box and Muller (1958) from Marsaglia's
 * (2003) xorshift. */
static uint64_t random_state = 88172645463325252;

static double
uniform(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return ((double)(random_state >> 11) + 0.5) / 9007199254740992;
}

static double
normal(void)
{
	double r = sqrt(-2 * log(uniform()));

	return r * cos(6.283185307179586 * uniform());
}

struct counts {
	int covered, verdict[LT_SAME + 1];
};

/* A thousand studies of n seeds whose accuracies share the seed's deviation of
 * 0.3 points and have 0.2 of their own; the true difference is known. */
static struct counts
study(size_t n, double difference)
{
	struct counts c = {0};

	for (int i = 0; i < STUDIES; i++) {
		double x[10];
		for (size_t j = 0; j < n; j++) {
			double seed = 90 + 0.3 * normal();
			double a = seed + difference + 0.2 * normal();
			x[j] = a - (seed + 0.2 * normal());
		}
		struct lt_paired d = lt_paired_judge(x, n, 0.5);
		c.covered += d.low <= difference && difference <= d.high;
		c.verdict[d.verdict]++;
	}
	return c;
}

/* Of 1,000 with probability p: within four standard deviations. */
static bool
as_often(int count, double p)
{
	return fabs(count - STUDIES * p) <= 4 * sqrt(STUDIES * p * (1 - p));
}

static void
coverage(void)
{
	static const size_t n[] = {2, 3, 5, 10};
	static const double difference[] = {-1, -0.5, 0, 0.3};

	for (size_t i = 0; i < N(n); i++)
		for (size_t j = 0; j < N(difference); j++) {
			struct counts c = study(n[i], difference[j]);
			if (!CHECK(as_often(c.covered, 0.95)))
				printf("# n %zu, difference %g: %d\n", n[i],
					difference[j], c.covered);
		}
}

static void
errors(void)
{
	static const size_t n[] = {3, 5, 10};

	for (size_t i = 0; i < N(n); i++) {
		/* Two equal methods: each error happens once in forty, but
		 * where it is as good already. */
		struct counts equal = study(n[i], 0);
		CHECK(as_often(equal.verdict[LT_BETTER], 0.025));
		CHECK(equal.verdict[LT_WORSE] <= 45);
		/* One at the margin is called as good once in forty. */
		struct counts at_margin = study(n[i], -0.5);
		CHECK(as_often(at_margin.verdict[LT_AS_GOOD] +
				       at_margin.verdict[LT_BETTER],
			0.025));
		/* One beyond it is so less often. */
		struct counts beyond = study(n[i], -0.7);
		CHECK(beyond.verdict[LT_AS_GOOD] <=
			at_margin.verdict[LT_AS_GOOD]);
		CHECK_EQ(beyond.verdict[LT_BETTER], 0);
	}
	/* What ten seeds can tell, three cannot. */
	CHECK(study(10, 0).verdict[LT_AS_GOOD] > 950);
	CHECK(study(3, 0).verdict[LT_UNDECIDED] > 450);
	CHECK(study(10, -1).verdict[LT_WORSE] > 990);
	CHECK_EQ(study(1, -5).verdict[LT_UNDECIDED], STUDIES);
}

/* Twenty pairs of equal methods: anything is claimed anywhere in one study of
 * twenty, or a few more, and not in nine of ten. */
static void
families(void)
{
	int plain = 0, held = 0;

	for (int i = 0; i < STUDIES; i++) {
		double p[20];
		for (size_t k = 0; k < N(p); k++) {
			double x[5];
			for (size_t j = 0; j < N(x); j++)
				x[j] = normal();
			p[k] = lt_paired_judge(x, N(x), 0.5).p;
		}
		double least = 1, holms = 1;
		for (size_t k = 0; k < N(p); k++)
			least = fmin(least, p[k]);
		lt_holm(p, N(p));
		for (size_t k = 0; k < N(p); k++)
			holms = fmin(holms, p[k]);
		plain += least < 0.05;
		held += holms < 0.05;
	}
	CHECK(as_often(plain, 1 - pow(0.95, 20)));
	CHECK(as_often(held, 1 - pow(1 - 0.05 / 20, 20)));
}

/* The paper's rule of two equal methods, independent of each other. */
static void
papers_rule(void)
{
	static const size_t n[] = {1, 2, 3, 5};

	for (size_t i = 0; i < N(n); i++) {
		int matches = 0;
		for (int k = 0; k < STUDIES; k++) {
			double a[5], b[5];
			for (size_t j = 0; j < n[i]; j++) {
				a[j] = normal();
				b[j] = normal();
			}
			double s = n[i] > 1 ? lt_deviation(b, n[i]) : 0;
			matches += lt_mean(a, n[i]) >= lt_mean(b, n[i]) - s;
		}
		if (!CHECK(as_often(matches, lt_match_chance(n[i], n[i]))))
			printf("# n %zu: %d\n", n[i], matches);
	}
}

int
main(void)
{
	TEST(tails, "Student's t: tails of mpmath");
	TEST(quantiles, "Student's t: quantiles of mpmath");
	TEST(pairs, "paired differences: intervals and p of scipy");
	TEST(margins, "the margin decides between as good and worse");
	TEST(nothing_to_judge_by,
		"one seed, or equal differences, decide nothing");
	TEST(holm, "many pairs: Holm's p by hand");
	TEST(of_r, "R computes the same intervals, p-values and corrections");
	TEST(chances, "the paper's rule: chances of scipy");
	TEST(coverage,
		"1,000 studies: the interval has the true difference in 95 %");
	TEST(errors, "1,000 studies: verdicts err as often as they say");
	TEST(families, "1,000 families of 20 pairs: Holm errs in 5 %");
	TEST(papers_rule, "1,000 studies: the paper's rule matches as often");
	return tap_done();
}
