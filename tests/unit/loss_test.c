/* The loss and its outcomes; schedules of the rate. */
#include <math.h>
#include "base/rng.h"
#include "kern/kern.h"
#include "engine/loss.h"
#include "run/sched.h"
#include "tap.h"

/* ---- loss --------------------------------------------------------------- */

#define IMAGES 21
#define CLASSES 7

static float *
at(float *logits, int image, int class)
{
	return logits + (image / LT_LANES * CLASSES + class) * LT_LANES +
	       image % LT_LANES;
}

/* The divergence of softmax(logits / t) from softmax(teacher / t). */
static double
plain_divergence(float *logits, float *teacher, int i, double t)
{
	double y = 0, z = 0, sum = 0;

	for (int c = 0; c < CLASSES; c++) {
		y += exp((double)*at(teacher, i, c) / t);
		z += exp((double)*at(logits, i, c) / t);
	}
	for (int c = 0; c < CLASSES; c++) {
		double q = exp((double)*at(teacher, i, c) / t) / y;
		double p = exp((double)*at(logits, i, c) / t) / z;
		sum += q * log(q / p);
	}
	return sum;
}

/* The cross-entropy of softmax and a target that has a share in equal parts,
 * and the rest in the label; beside it the divergence from a teacher. */
static double
plain_loss(float *logits, const int32_t *label, float *teacher,
	const struct lt_target *to)
{
	double sum = 0, s = to->smoothing, t = to->temperature;
	double a = teacher ? to->share : 0;
	for (int i = 0; i < IMAGES; i++) {
		double z = 0;
		for (int c = 0; c < CLASSES; c++)
			z += exp((double)*at(logits, i, c));
		for (int c = 0; c < CLASSES; c++) {
			double p = exp((double)*at(logits, i, c)) / z;
			double q = s / CLASSES + (c == label[i] ? 1 - s : 0);
			sum -= (1 - a) * q * log(p);
		}
		if (teacher)
			sum += a * t * t *
			       plain_divergence(logits, teacher, i, t);
	}
	return sum / IMAGES;
}

static void
fill_logits(float *logits, int32_t *label)
{
	struct lt_rng r;
	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	for (int i = 0; i < 2 * LT_LANES * CLASSES; i++)
		logits[i] = (float)(3 * lt_rng_normal(&r));
	for (int i = 0; i < IMAGES; i++)
		label[i] = (int32_t)lt_rng_below(&r, CLASSES);
}

static void
check_gradient(const struct lt_target *given, float *teacher)
{
	struct lt_target target = *given;
	float z[2 * CLASSES * LT_LANES], d[2 * CLASSES * LT_LANES];
	int32_t label[IMAGES];
	struct lt_outcome out[IMAGES];
	fill_logits(z, label);
	target.teacher = teacher;
	double loss = lt_loss_to(out, d, z, label, IMAGES, CLASSES, &target),
	       sum = 0;
	CHECK(fabs(loss - plain_loss(z, label, teacher, given)) < 1e-12);
	for (int i = 0; i < IMAGES; i++)
		sum += out[i].loss;
	CHECK(fabs(sum / IMAGES - loss) < 1e-12);
	for (int i = 0; i < IMAGES; i++)
		for (int c = 0; c < CLASSES; c++) {
			float *p = at(z, i, c), was = *p;
			*p = was + 0x1p-10F;
			double up = plain_loss(z, label, teacher, given);
			*p = was - 0x1p-10F;
			double down = plain_loss(z, label, teacher, given);
			*p = was;
			double want = (up - down) / 0x1p-9;
			CHECK(fabs((double)*at(d, i, c) - want) < 1e-7);
		}
	for (int i = IMAGES; i < 2 * LT_LANES; i++)
		for (int c = 0; c < CLASSES; c++)
			CHECK(*at(d, i, c) == 0);
}

static void
loss_gradient(void)
{
	check_gradient(&(struct lt_target){0}, NULL);
}

static void
smoothing(void)
{
	check_gradient(&(struct lt_target){.smoothing = 0.1}, NULL);
	check_gradient(&(struct lt_target){.smoothing = 1}, NULL);
}

static void
distillation(void)
{
	static const struct lt_target target[] = {
		{.share = 0.25, .temperature = 4},
		{.share = 0.9, .temperature = 1, .smoothing = 0.1},
		{.share = 1, .temperature = 0.5},
	};
	float z[2 * CLASSES * LT_LANES], teacher[2 * CLASSES * LT_LANES];
	int32_t label[IMAGES];
	struct lt_outcome out[IMAGES];

	fill_logits(z, label);
	for (int i = 0; i < 2 * LT_LANES * CLASSES; i++)
		teacher[i] = z[(i * 5 + 3) % (2 * LT_LANES * CLASSES)] / 2;
	for (size_t i = 0; i < sizeof target / sizeof *target; i++)
		check_gradient(&target[i], teacher);
	/* From logits that differ by a constant nothing is left to learn. */
	struct lt_target all = {
		.teacher = teacher, .share = 1, .temperature = 3};
	for (int i = 0; i < 2 * LT_LANES * CLASSES; i++)
		teacher[i] = z[i] + 2;
	double loss = lt_loss_to(out, NULL, z, label, IMAGES, CLASSES, &all);
	CHECK(fabs(loss) < 1e-6);
	/* A share of 0 is no teacher; far logits and those of no number. */
	all.share = 0;
	CHECK(lt_loss_to(out, NULL, z, label, IMAGES, CLASSES, &all) ==
		lt_loss(out, NULL, z, label, IMAGES, CLASSES));
	all.share = 1;
	*at(teacher, 3, 1) = 3e38F;
	loss = lt_loss_to(out, NULL, z, label, IMAGES, CLASSES, &all);
	CHECK(isfinite(loss));
	*at(teacher, 3, 1) = NAN;
	loss = lt_loss_to(out, NULL, z, label, IMAGES, CLASSES, &all);
	CHECK(!isfinite(loss));
}

static void
loss_outcomes(void)
{
	float z[2 * CLASSES * LT_LANES] = {0};
	int32_t label[IMAGES] = {0};
	struct lt_outcome out[IMAGES];
	/* Image 0: all equal, label 2.  Image 1: class 3 wins, label 5.
	 * Image 2: far apart. */
	label[0] = 2;
	label[1] = 5;
	*at(z, 1, 3) = 2;
	*at(z, 1, 5) = 1;
	*at(z, 2, 0) = -3e38F;
	*at(z, 2, 1) = 3e38F;
	double loss = lt_loss(out, NULL, z, label, IMAGES, CLASSES);
	CHECK_EQ(out[0].predicted, 0);
	CHECK_EQ(out[0].rank, 2);
	CHECK(fabs(out[0].entropy - log(7)) < 1e-12);
	CHECK(fabs(out[0].margin) < 1e-12);
	/* Six classes are 1/7 away, the label 6/7. */
	CHECK(fabs(out[0].el2n - sqrt(6.0 / 7)) < 1e-12);
	CHECK_EQ(out[1].predicted, 3);
	CHECK_EQ(out[1].rank, 1);
	CHECK(out[1].margin < 0);
	CHECK_EQ(out[2].predicted, 1);
	CHECK(isfinite(loss) && out[2].loss > 5e38);
	CHECK(out[2].entropy == 0);
	CHECK(fabs(out[2].el2n - sqrt(2)) < 1e-12);
	*at(z, 20, 6) = INFINITY;
	CHECK(!isfinite(lt_loss(out, NULL, z, label, IMAGES, CLASSES)));
	*at(z, 20, 6) = NAN;
	CHECK(!isfinite(lt_loss(out, NULL, z, label, IMAGES, CLASSES)));
}

/* ---- schedules ---------------------------------------------------------- */

static void
points(void)
{
	struct lt_point p;
	CHECK(lt_point_parse(&p, "3") && p.value == 3 && !p.iterations);
	CHECK(lt_point_parse(&p, "500i") && p.value == 500 && p.iterations);
	CHECK_EQ(lt_point_iteration(p, 7), 500);
	CHECK(lt_point_parse(&p, "16777216"));
	CHECK_EQ(lt_point_iteration(p, 4294967295U), 72057594021150720);
	const char *const bad[] = {"", "i", "3x", "-1", "3 ", "1e3", "16777217",
		"99999999999999999999", "1099511627777i", "3ii", "0x3"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!lt_point_parse(&p, bad[i]));
}

static void
rates(void)
{
	struct lt_sched s = {.kind = LT_SCHED_MULTISTEP,
		.lr = 0.1,
		.gamma = 0.1,
		.total = 100,
		.per_epoch = 10,
		.warmup = 4,
		.milestone = {50, 75},
		.milestones = 2};
	CHECK(lt_sched_rate(&s, 0) == 0.1 * 0.25);
	CHECK(lt_sched_rate(&s, 3) == 0.1);
	CHECK(lt_sched_rate(&s, 49) == 0.1);
	CHECK(lt_sched_rate(&s, 50) == 0.1 * 0.1);
	CHECK(lt_sched_rate(&s, 75) == 0.1 * 0.1 * 0.1);
	s.kind = LT_SCHED_CONSTANT;
	CHECK(lt_sched_rate(&s, 99) == 0.1);
	s.kind = LT_SCHED_COSINE;
	s.warmup = 0;
	CHECK(lt_sched_rate(&s, 0) == 0.1);
	CHECK(fabs(lt_sched_rate(&s, 50) - 0.05) < 1e-15);
	for (uint64_t i = 0; i < 99; i++)
		CHECK(lt_sched_rate(&s, i + 1) < lt_sched_rate(&s, i));
	CHECK(lt_sched_rate(&s, 99) > 0);
}

int
main(void)
{
	TEST(loss_gradient, "the loss and its gradient are cross-entropy's");
	TEST(smoothing, "label smoothing moves a share of the target");
	TEST(distillation, "the loss of a teacher and its gradient");
	TEST(loss_outcomes, "predictions, ranks, entropy; extremes and NaN");
	TEST(points, "points of a schedule are read strictly");
	TEST(rates, "multi-step, constant and cosine rates, warm-up");
	return tap_done();
}
