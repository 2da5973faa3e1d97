/* Dynamic sparse training: when masks change, how, and that no cut of a run
 * changes a byte. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include "run/train.h"
#include "scratch.h"
#include "tap.h"
#include "tiny.h"

static bool
due(uint64_t t, struct lt_point every, struct lt_point end)
{
	struct lt_sched sched = {.total = 100, .per_epoch = 10};
	struct lt_dst d = {LT_DST_SET, every, end, 0.3};

	return lt_dst_due(&d, &sched, t);
}

static void
times(void)
{
	const struct lt_point seven = {7, true}, two = {2, false}, none = {0};
	const struct lt_dst off = {.rule = LT_DST_OFF, .every = {1, true}};
	const struct lt_sched sched = {.total = 100, .per_epoch = 10};

	CHECK(!due(0, seven, none));
	CHECK(due(7, seven, none));
	CHECK(!due(8, seven, none));
	CHECK(due(70, seven, none));
	CHECK(!due(77, seven, none)); /* three quarters end at 75 */
	CHECK(!due(10, two, none));
	CHECK(due(60, two, none));
	CHECK(due(20, two, (struct lt_point){3, false}));
	CHECK(!due(40, two, (struct lt_point){3, false}));
	CHECK(!due(60, two, (struct lt_point){60, true}));
	/* Nothing changes when the schedule has ended. */
	CHECK(due(
		50, (struct lt_point){50, true}, (struct lt_point){200, true}));
	CHECK(!due(100, (struct lt_point){50, true},
		(struct lt_point){200, true}));
	CHECK(!lt_dst_due(&off, &sched, 1));
	CHECK_EQ(lt_dst_changes(&off, &sched), 0);
}

/* Changes are as many as iterations after which one is due. */
static void
counts(void)
{
	for (uint64_t every = 1; every < 60; every += 6)
		for (uint64_t end = 0; end <= 60; end += 3) {
			struct lt_sched sched = {.total = 50, .per_epoch = 7};
			struct lt_dst d = {
				LT_DST_RIGL, {every, true}, {end, true}, 0.3};
			uint64_t n = 0;
			for (uint64_t t = 0; t < 100; t++)
				n += lt_dst_due(&d, &sched, t);
			CHECK_EQ(lt_dst_changes(&d, &sched), n);
		}
}

static void
shares(void)
{
	const struct lt_sched sched = {.total = 100, .per_epoch = 10};
	const struct lt_dst d = {LT_DST_RIGL, {10, true}, {60, true}, 0.3};

	/* The cosines of 0, 60, 90, 120 and 180 degrees are 1, 1/2, 0 ... */
	CHECK(fabs(lt_dst_share(&d, &sched, 0) - 0.3) < 1e-15);
	CHECK(fabs(lt_dst_share(&d, &sched, 20) - 0.225) < 1e-15);
	CHECK(fabs(lt_dst_share(&d, &sched, 30) - 0.15) < 1e-15);
	CHECK(fabs(lt_dst_share(&d, &sched, 40) - 0.075) < 1e-15);
	CHECK(fabs(lt_dst_share(&d, &sched, 60)) < 1e-15);
}

static struct lt_graph *
ten_weights(void)
{
	struct lt_err err;

	return lt_graph_parse(
		"net t\ninput 10 1 1\nf = linear input 1\noutput f\n", "t",
		&err);
}

/* The mask after a change, as digits. */
static void
after(char text[11], const float *grad, double share)
{
	const float w[10] = {5, -1, 3, 0.5f, -0.5f, 4};
	struct lt_mask mask = {0};
	struct lt_model m;
	struct lt_graph *g = ten_weights();

	lt_model_init(&m, g);
	memcpy(m.w + g->param[0].offset, w, sizeof w);
	struct lt_mask_layer *l =
		lt_mask_add(&mask, "f.weight", 2, (const uint64_t[]){1, 10});
	for (int i = 0; i < 6; i++)
		l->keep[i] = 1;
	lt_dst_change(&mask, &m, NULL, grad, share, 1, 7);
	for (int i = 0; i < 10; i++)
		text[i] = (char)('0' + mask.layer[0].keep[i]);
	text[10] = '\0';
	lt_mask_release(&mask);
	lt_model_release(&m);
	lt_graph_free(g);
}

static void
changes(void)
{
	const float g[10] = {
		9, -0.7f, 9, 0.1f, 0.2f, 9, 0.3f, -0.9f, 0.7f, 0.7f};
	const float none[10] = {0};
	char mask[11];

	/* 3 of 6 go: 0.5, -0.5 and -1.  -0.9 comes, and of three times 0.7 the
	 * first two; the first of them is the weight -1, which stays so. */
	after(mask, g, 0.5);
	CHECK_STR(mask, "1110010110");
	/* 1.8 are 1; of equal weights the later one goes. */
	after(mask, g, 0.3);
	CHECK_STR(mask, "1111010100");
	/* Of equal gradients the first comes: what went. */
	after(mask, none, 0.3);
	CHECK_STR(mask, "1111110000");
	after(mask, g, 0.1);
	CHECK_STR(mask, "1111110000");
	/* By chance, the largest three stay; three of the others come. */
	after(mask, NULL, 0.5);
	CHECK(mask[0] == '1' && mask[2] == '1' && mask[5] == '1');
	int kept = 0;
	for (int i = 0; i < 10; i++)
		kept += mask[i] == '1';
	CHECK_EQ(kept, 6);
}

/* Whether a layer of ten weights of which so many are kept can change. */
static bool
moves(int kept, const double *scale)
{
	struct lt_mask mask = {0};
	struct lt_graph *g = ten_weights();
	struct lt_mask_layer *l =
		lt_mask_add(&mask, "f.weight", 2, (const uint64_t[]){1, 10});

	memset(l->keep, 1, (size_t)kept);
	bool can = lt_dst_moves(l, g, scale);
	lt_mask_release(&mask);
	lt_graph_free(g);
	return can;
}

static void
still_layers(void)
{
	const double frozen = 0, slow = 0.1;

	CHECK(moves(1, NULL));
	CHECK(moves(9, &slow));
	CHECK(!moves(9, &frozen));
	CHECK(!moves(0, NULL));
	CHECK(!moves(10, NULL));
}

static volatile sig_atomic_t always = 1;
static struct lt_train_opt run = {.input = "0.st",
	.output = "out",
	.data = "data",
	.mask = "mask",
	.length = {4, false},
	.batch = 16,
	.sched = LT_SCHED_CONSTANT,
	.lr = 0.05,
	.optim = {.momentum = 0.9},
	.dst = {.every = {2, true}, .fraction = 0.5},
	.dst_mask = "dst",
	.save_state = "state",
	.threads = 1,
	.history = true,
	.tool = "test"};
static const char *const outputs[] = {"out", "dst", "state"};

/* Train, interrupted after every step; returns how often. */
static int
train(void)
{
	struct lt_err err;
	int n = 0;

	while (lt_train(&run, &err) < 0) {
		if (!CHECK_EQ(err.status, LT_EAGAIN) || n++ == 100) {
			printf("# %s\n", err.msg);
			break;
		}
	}
	return n;
}

/* The kept weights of the mask that a run wrote, which differs from its own. */
static size_t
kept_otherwise(void)
{
	struct lt_mask a = {0}, b = {0};
	struct lt_err err;
	CHECK_EQ(lt_mask_read(&a, "mask", NULL, NULL, &err), 0);
	CHECK_EQ(lt_mask_read(&b, "dst", NULL, NULL, &err), 0);
	CHECK(memcmp(a.layer[0].keep, b.layer[0].keep, 72) != 0);
	size_t kept = lt_mask_kept(&b);
	lt_mask_release(&a);
	lt_mask_release(&b);
	return kept;
}

static void
cuts(enum lt_dst_rule rule)
{
	char *want[3];
	size_t n[3];

	run.dst.rule = rule;
	CHECK_EQ(train(), 0);
	for (int i = 0; i < 3; i++)
		want[i] = scratch_get(outputs[i], &n[i]);
	CHECK_EQ(kept_otherwise(), 36);
	/* 45 images make three steps in each of four epochs. */
	run.threads = 3;
	run.signal = &always;
	CHECK_EQ(train(), 11);
	run.signal = NULL;
	for (int i = 0; i < 3; i++)
		CHECK(scratch_holds(outputs[i], want[i], n[i]));
	/* Two segments; the second is given the mask again, or not. */
	for (int named = 0; named < 2; named++) {
		run.has_to = true;
		run.to = (struct lt_point){5 - (uint64_t)named, true};
		run.save_state = "middle";
		CHECK_EQ(train(), 0);
		run.has_to = false;
		run.input = "middle";
		run.mask = named ? "mask" : NULL;
		run.save_state = "state";
		CHECK_EQ(train(), 0);
		run.input = "0.st";
		run.mask = "mask";
		for (int i = 0; i < 3; i++)
			CHECK(scratch_holds(outputs[i], want[i], n[i]));
	}
	for (int i = 0; i < 3; i++)
		free(want[i]);
}

static void
cuts_of_set(void)
{
	cuts(LT_DST_SET);
}

static void
cuts_of_rigl(void)
{
	cuts(LT_DST_RIGL);
}

static void
needs_mask(void)
{
	struct lt_err err = {0};

	run.mask = NULL;
	CHECK(lt_train(&run, &err) < 0);
	CHECK_EQ(err.status, LT_EUSAGE);
	CHECK_STR(err.mend, "mask");
	run.mask = "mask";
}

int
main(void)
{
	scratch_enter();
	tiny_data("data");
	CHECK(tiny_checkpoint("0.st"));
	CHECK(tiny_mask("mask", 5));
	TEST(times,
		"a mask changes at multiples of the interval before the end");
	TEST(counts, "changes of a schedule are counted");
	TEST(still_layers,
		"layers that are frozen, dense or empty do not change");
	TEST(shares, "the share that is dropped falls along a cosine");
	TEST(changes,
		"the smallest weights go, as many come, counts are exact");
	TEST(cuts_of_set, "set: interruptions, segments, threads: same bytes");
	TEST(cuts_of_rigl,
		"rigl: interruptions, segments, threads: same bytes");
	TEST(needs_mask, "without a mask there is nothing to change");
	scratch_leave();
	return tap_done();
}
