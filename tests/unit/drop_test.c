/* What the engine leaves out: samples that dropconnect drops, nodes that
 * nothing uses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "engine/engine.h"
#include "run/optimizer.h"
#include "tap.h"

static struct lt_graph *g;
static struct lt_model m;

static struct lt_engine *
engine(const char *text, const struct lt_engine_opt *opt)
{
	struct lt_err err;

	g = lt_graph_parse(text, "test", &err);
	if (!g) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	lt_model_init(&m, g);
	for (size_t i = 0; i < g->floats; i++)
		m.w[i] = 1;
	return lt_engine_new(&m, opt, &err);
}

static void
release(struct lt_engine *x)
{
	lt_engine_free(x);
	lt_model_release(&m);
	lt_graph_free(g);
}

#define IMAGES 333
#define PASSES 60
#define CELLS ((IMAGES + LT_LANES - 1) / LT_LANES * LT_LANES)

/* Logits of ones through two of them, one after the other. */
static float *
chosen(int threads, uint64_t seed, bool train, uint64_t iteration)
{
	struct lt_engine_opt opt = {
		.batch = IMAGES, .threads = threads, .seed = seed};
	struct lt_engine *x = engine("net t\ninput 1 3 3\n"
				     "a = dropconnect input 0.2\n"
				     "b = dropconnect a 0.5\ng = gap b\n"
				     "f = linear g 1\noutput f\n",
		&opt);

	for (size_t i = 0; i < CELLS * 9; i++)
		lt_engine_input(x)[i] = 1;
	lt_engine_forward(x, IMAGES, train, iteration);
	float *y = lt_memdup(lt_engine_logits(x), CELLS * sizeof *y);
	release(x);
	return y;
}

static void
rates(void)
{
	int left = 0;

	for (uint64_t i = 0; i < PASSES; i++) {
		float *y = chosen(1, 3, true, i);
		for (int j = 0; j < IMAGES; j++) {
			CHECK(y[j] == 0 || fabsf(y[j] - 2.5f) < 1e-6f);
			left += y[j] > 0;
		}
		free(y);
	}
	/* 0.8 * 0.5 of them; five standard deviations */
	double n = PASSES * IMAGES;
	printf("# %d of %g go on\n", left, n);
	CHECK(fabs(left - 0.4 * n) < 5 * sqrt(0.24 * n));
}

static void
choices(void)
{
	size_t bytes = IMAGES * sizeof(float);
	float *y = chosen(1, 3, true, 5), *same = chosen(7, 3, true, 5);
	float *next = chosen(1, 3, true, 6), *other = chosen(1, 4, true, 5);
	float *eval = chosen(2, 3, false, 5);

	CHECK(!memcmp(y, same, bytes));
	CHECK(memcmp(y, next, bytes));
	CHECK(memcmp(y, other, bytes));
	for (int i = 0; i < IMAGES; i++)
		CHECK(fabsf(eval[i] - 1) < 1e-6f);
	free(y);
	free(same);
	free(next);
	free(other);
	free(eval);
}

/* A dropped image has no part in any gradient. */
static void
no_gradient(void)
{
	struct lt_engine_opt opt = {.batch = LT_LANES, .threads = 1, .seed = 1};
	struct lt_engine *x = engine("net t\ninput 1 3 3\nc = conv input 2 k3\n"
				     "d = dropconnect c 0.5\nf = linear d 1\n"
				     "output f\n",
		&opt);
	int kept = 0;

	for (size_t i = 0; i < LT_LANES * 9; i++)
		lt_engine_input(x)[i] = 1;
	lt_engine_forward(x, LT_LANES, true, 0);
	for (int i = 0; i < LT_LANES; i++) {
		kept += lt_engine_logits(x)[i] != 0;
		lt_engine_dlogits(x)[i] = 1;
	}
	lt_engine_backward(x);
	CHECK(kept > 0 && kept < LT_LANES);
	for (int i = 0; i < 9; i++)
		CHECK(lt_engine_grad(x)[g->param[0].offset + i] ==
			2 * (float)kept);
	release(x);
}

/* Weights, statistics and momentum of what is unused stay as they were, decay
 * or not; those beside them do not. */
static void
unused(void)
{
	struct lt_engine_opt opt = {.batch = 5, .threads = 2};
	struct lt_optim sgd = {
		.momentum = 0.9, .weight_decay = 0.01, .nesterov = true};
	struct lt_engine *x = engine(
		"net t\ninput 2 4 4\nc = conv input 3 k3 p1 bias\nu = bn c\n"
		"v = conv u 3 k1\nw = bn v\nunused w\nb = bn c\nr = relu b\n"
		"f = linear r 3 bias\noutput f\n",
		&opt);

	for (int step = 0; step < 2; step++) {
		for (size_t i = 0; i < LT_LANES * 32; i++)
			lt_engine_input(x)[i] = (float)(i % 7);
		lt_engine_forward(x, 5, true, (uint64_t)step);
		for (int i = 0; i < 3 * LT_LANES; i++)
			lt_engine_dlogits(x)[i] = (float)(i % LT_LANES < 5);
		lt_engine_backward(x);
		lt_optim_step(&sgd, x, 0.1, 1);
	}
	for (int p = 0; p < g->nparam; p++) {
		const struct lt_param *q = &g->param[p];
		bool dead = g->node[q->node].unused;
		for (size_t i = q->offset; i < q->offset + q->count; i++) {
			CHECK((m.w[i] == 1) == dead);
			CHECK(!dead || lt_engine_moment(x, 0)[i] == 0);
			CHECK(!dead || lt_engine_grad(x)[i] == 0);
		}
	}
	CHECK_EQ(m.batches[0], 0);
	CHECK_EQ(m.batches[1], 0);
	CHECK_EQ(m.batches[2], 2);
	release(x);
}

int
main(void)
{
	TEST(rates, "dropconnect drops images at its rate");
	TEST(choices, "its choice is of seed and iteration, not of threads");
	TEST(no_gradient, "what is dropped has no gradient");
	TEST(unused, "what nothing uses stays as it was");
	return tap_done();
}
