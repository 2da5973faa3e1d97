/* What a study will cost, by sums worked out by hand: how long jobs take that
 * wait for each other, what a machine's speed is between the densities that
 * were measured, and the expense of four stages. */
#include "ticket/study.h"

#include <math.h>
#include <stdlib.h>
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

#define WAITS(list) list, sizeof(list) / sizeof *(list)

static void
one_after_another(void)
{
	static const double seconds[] = {3, 1, 2, 4};
	static const struct lt_wait chain[] = {{0, 1}, {1, 2}, {2, 3}};

	CHECK(lt_makespan(seconds, 4, NULL, 0, 1) == 10);
	CHECK(lt_makespan(seconds, 4, WAITS(chain), 1) == 10);
	CHECK(lt_makespan(seconds, 4, WAITS(chain), 9) == 10);
	CHECK(lt_makespan(seconds, 1, NULL, 0, 1) == 3);
	CHECK(lt_makespan(seconds, 0, NULL, 0, 1) == 0);
}

/* Jobs of 3, 1, 2 and 4 seconds that wait for nothing.  By two: 3 and 1 start,
 * 2 starts at 1, 4 at 3 when both have ended.  By three: 4 starts at 1. */
static void
side_by_side(void)
{
	static const double seconds[] = {3, 1, 2, 4};

	CHECK(lt_makespan(seconds, 4, NULL, 0, 2) == 7);
	CHECK(lt_makespan(seconds, 4, NULL, 0, 3) == 5);
	CHECK(lt_makespan(seconds, 4, NULL, 0, 4) == 4);
	CHECK(lt_makespan(seconds, 4, NULL, 0, 5) == 4);
}

/* A first job of 1 s, two of 5 and 2 s that wait for it, one of 3 s that waits
 * for both, and one of 6 s that waits for the shorter.  The path 1 + 2 + 6 and
 * the path 1 + 5 + 3 take 9 s, by two jobs already: at 3 the last job finds the
 * place of the 2 s. */
static void
diamond(void)
{
	static const double seconds[] = {1, 5, 2, 3, 6};
	static const struct lt_wait wait[] = {
		{0, 1}, {0, 2}, {1, 3}, {2, 3}, {2, 4}, {0, 4}, {2, 4}};

	CHECK(lt_makespan(seconds, 5, WAITS(wait), 1) == 17);
	CHECK(lt_makespan(seconds, 5, WAITS(wait), 2) == 9);
	CHECK(lt_makespan(seconds, 5, WAITS(wait), 3) == 9);
}

/* Two places and jobs of 4, 4 and 8 seconds: in this order the long one starts
 * at 4.  Were it first, all would be done at 8. */
static void
first_number_first(void)
{
	static const double last[] = {4, 4, 8}, first[] = {8, 4, 4};
	static const double after[] = {1, 4, 4, 8};
	static const struct lt_wait wait[] = {{0, 3}, {0, 2}, {0, 1}};

	CHECK(lt_makespan(last, 3, NULL, 0, 2) == 12);
	CHECK(lt_makespan(first, 3, NULL, 0, 2) == 8);
	/* The order of the pairs does not count. */
	CHECK(lt_makespan(after, 4, WAITS(wait), 2) == 13);
}

/* A chain of many stages, two of which share each place: what is quadratic
 * takes minutes. */
static void
many(void)
{
	enum { N = 200000 };
	double *seconds = malloc(N * sizeof *seconds);
	struct lt_wait *wait = malloc(N * sizeof *wait);

	for (size_t i = 0; i < N; i++) {
		seconds[i] = 0.5;
		wait[i] = (struct lt_wait){i < 2 ? 0 : i - 2, i};
	}
	/* Even and odd jobs are two chains. */
	CHECK(lt_makespan(seconds, N, wait + 2, N - 2, 8) == N / 4);
	CHECK(lt_makespan(seconds, N, wait + 2, N - 2, 1) == N / 2);
	/* None waits: 1000 at a time. */
	CHECK(lt_makespan(seconds, N, NULL, 0, 1000) == N / 2000);
	free(seconds);
	free(wait);
}

#define HEAD \
	"network\tdensity\ttrain_seconds\ttrain_macs\tforward_seconds\t" \
	"forward_macs\tcheckpoint_bytes\tmask_bytes\tstate_bytes\t" \
	"event_bytes\tmemory_bytes\timage_bytes\n"

static int
calibrate(struct lt_calibration *c, const char *text)
{
	scratch_put("speed", text, strlen(text));
	return lt_calibration_read(c, "speed", &err);
}

static void
speeds(void)
{
	struct lt_calibration c;
	struct lt_measured m;

	CHECK_EQ(calibrate(&c, HEAD "a\t1\t8\t0\t0\t0\t10\t0\t0\t0\t0\t0\n"
				    "b\t1\t9\t0\t0\t0\t0\t0\t0\t0\t0\t0\n"
				    "a\t0.5\t4\t0\t0\t0\t9\t7\t0\t0\t0\t0\n"
				    "a\t0.25\t3\t0\t0\t0\t9\t5\t0\t0\t0\t0\n"),
		0);
	lt_measured_init(&m, &c, "a");
	CHECK_EQ(m.n, 3);
	CHECK(lt_measured_at(&m, 1, LT_TRAIN_SECONDS) == 8);
	CHECK(lt_measured_at(&m, 0.75, LT_TRAIN_SECONDS) == 6);
	CHECK(lt_measured_at(&m, 0.5, LT_TRAIN_SECONDS) == 4);
	CHECK(lt_measured_at(&m, 0.375, LT_TRAIN_SECONDS) == 3.5);
	CHECK(lt_measured_at(&m, 0.25, LT_TRAIN_SECONDS) == 3);
	/* Below all: no line to go on with. */
	CHECK(lt_measured_at(&m, 0.01, LT_TRAIN_SECONDS) == 3);
	CHECK(lt_measured_dense(&m, LT_CHECKPOINT_BYTES) == 10);
	CHECK(lt_measured_sparsest(&m, LT_MASK_BYTES) == 5);
	lt_measured_release(&m);
	lt_measured_init(&m, &c, "c");
	CHECK_EQ(m.n, 0);
	CHECK(lt_measured_at(&m, 1, LT_TRAIN_SECONDS) == 0);
	lt_measured_release(&m);
	lt_calibration_release(&c);
}

static void
wrong_speeds(void)
{
	struct lt_calibration c;

	/* Without rows columns are not missed. */
	CHECK_EQ(calibrate(&c, "network\n"), 0);
	lt_calibration_release(&c);
	CHECK_EQ(calibrate(&c, "network\tdensity\na\t1\n"), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_STR(err.msg,
		"speed: expected a column 'train_seconds', found none");
	CHECK_EQ(calibrate(&c, HEAD "a\t1\t-8\t0\t0\t0\t0\t0\t0\t0\t0\t0\n"),
		-1);
	CHECK_STR(err.msg,
		"speed:2: column 'train_seconds': expected a number from 0 "
		"up, found '-8'");
	CHECK_EQ(calibrate(&c, HEAD "a\t1\t1\t0\t0\tNaN\t0\t0\t0\t0\t0\t0\n"),
		-1);
	CHECK_STR(err.msg,
		"speed:2: column 'forward_macs': expected a number from 0 up, "
		"found 'NaN'");
}

/* A data set of 50 images; a dense training of 100 presentations on 2 threads;
 * a mask; a training under it with density 0.5 of 40 presentations and 20
 * forward passes.
 *
 * Processor seconds, 0.02 of them for each stage: 0.02, 100.02, 0.02, and
 * 40 x 0.5 + 20 x 0.05 + 0.02 = 21.02. */
static void
expenses(void)
{
	struct lt_calibration c;
	struct lt_study s = {.images = 50};
	struct lt_expense e;

	CHECK_EQ(calibrate(&c, HEAD "n\t1\t1\t10\t0.1\t1\t1000\t0\t3000\t2\t"
				    "500\t8\n"
				    "n\t0.5\t0.5\t4\t0.05\t0.5\t1000\t100\t"
				    "3000\t2\t500\t8\n"),
		0);
	uint32_t n = lt_names_number(&s.network, "n");
	lt_study_add(&s, &(struct lt_stage){.network = n, .threads = 1});
	lt_study_add(&s, &(struct lt_stage){.network = n,
				 .threads = 2,
				 .training = true,
				 .presented = 100,
				 .density = 1,
				 .checkpoints = 2,
				 .events = 100});
	lt_study_add(
		&s, &(struct lt_stage){.network = n, .threads = 1, .masks = 1});
	lt_study_add(&s, &(struct lt_stage){.network = n,
				 .threads = 1,
				 .training = true,
				 .presented = 40,
				 .forward = 20,
				 .density = 0.5,
				 .checkpoints = 1,
				 .rows = 20});
	lt_study_wait(&s, 0, 1);
	lt_study_wait(&s, 0, 2);
	lt_study_wait(&s, 2, 2);
	lt_study_wait(&s, 2, 3);
	CHECK_EQ(s.waits, 3);
	CHECK_EQ(lt_study_expense(&e, &s, &c, 1, &err), 0);
	CHECK(e.stages == 4 && e.trainings == 2);
	CHECK(e.presentations == 140 && e.passes == 20);
	/* 100 x 10 + 40 x 4 + 20 x 0.5 */
	CHECK(e.macs == 1170);
	CHECK(fabs(e.core_seconds - 121.08) < 1e-9);
	/* Two threads halve the dense training: 0.02 + 50.01 + 0.02 + 21.02. */
	CHECK(fabs(e.seconds - 71.07) < 1e-9);
	/* Beside each other: 0.02 + 50.01. */
	CHECK(fabs(e.least_seconds - 50.03) < 1e-9);
	CHECK(e.memory == 500);
	/* 3 checkpoints, a mask, events, predictions, images and a state. */
	CHECK(e.disk == 3000 + 100 + 200 + 240 + 400 + 3000);
	CHECK_EQ(lt_study_expense(&e, &s, &c, 3, &err), 0);
	CHECK(fabs(e.seconds - 50.03) < 1e-9);
	CHECK(e.memory == 1500 && e.disk == 3940 + 3 * 3000);
	lt_calibration_release(&c);
	/* A network that was not measured. */
	CHECK_EQ(calibrate(&c, "network\n"), 0);
	CHECK_EQ(lt_study_expense(&e, &s, &c, 1, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_STR(err.msg,
		"n: expected its speed in the calibration, found none");
	lt_calibration_release(&c);
	lt_study_release(&s);
	CHECK_EQ(calibrate(&c, "network\n"), 0);
	CHECK_EQ(lt_study_expense(&e, &s, &c, 2, &err), 0);
	CHECK(e.stages == 0 && e.seconds == 0 && e.disk == 0);
	lt_calibration_release(&c);
}

int
main(void)
{
	scratch_enter();
	TEST(one_after_another, "jobs of a chain take the sum");
	TEST(side_by_side, "jobs that wait for nothing fill the places");
	TEST(diamond, "a job waits for all, and its place goes to the next");
	TEST(first_number_first, "of those ready the first number starts");
	TEST(many, "many jobs take no longer than their sorting");
	TEST(speeds, "speeds between measured densities are on a line");
	TEST(wrong_speeds, "a wrong table of speeds is refused");
	TEST(expenses, "what four stages cost");
	scratch_leave();
	return tap_done();
}
