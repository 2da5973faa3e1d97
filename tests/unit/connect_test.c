/* Barriers by hand; running statistics as the mean over batches, by hand. */
#include "ticket/connect.h"

#include <math.h>
#include "tap.h"

static struct lt_err err;

static void
barriers_test(void)
{
	static const double at[] = {0, 0.25, 0.5, 1};
	static const struct lt_evaluation hill[] = {
		{.n = 200, .loss = 0.5, .top1 = 180},
		{.n = 200, .loss = 1.0, .top1 = 150},
		{.n = 200, .loss = 1.5, .top1 = 150},
		{.n = 200, .loss = 0.75, .top1 = 170}};
	/* 50 %, 60 % and 80 % errors: the worst point is an end. */
	static const struct lt_evaluation slope[] = {
		{.n = 10, .loss = 0.25, .top1 = 5},
		{.n = 10, .loss = 0.125, .top1 = 4},
		{.n = 10, .loss = 0.75, .top1 = 2}};
	struct lt_barrier b;

	lt_barrier_of(&b, at, hill, 4);
	CHECK(b.loss == 1.5 - 0.625 && b.loss_at == 0.5);
	CHECK(b.error == 12.5 && b.error_at == 0.25);
	lt_barrier_of(&b, (const double[]){0, 0.5, 1}, slope, 3);
	CHECK(b.loss == 0.25 && b.loss_at == 1);
	CHECK(b.error == 15 && b.error_at == 1);
	lt_barrier_of(&b, (const double[]){0, 1}, hill + 1, 2);
	CHECK(b.loss == 0.25 && b.loss_at == 1);
	CHECK(b.error == 0 && b.error_at == 0);
}

/* Batches {1, 3} and {2, 6} have the means 2 and 4 and the unbiased variances
 * 2 and 8, whatever the statistics were before. */
static void
average_test(void)
{
	static const float batch[2][2] = {{1, 3}, {2, 6}};
	struct lt_graph *g = lt_graph_parse("net t\ninput 1 1 1\n"
					    "b = bn input momentum=0.25\n"
					    "f = linear b 2\noutput f\n",
		"t", &err);
	struct lt_model m;
	struct lt_engine_opt o = {.batch = 2, .threads = 1, .average = true};

	lt_model_init(&m, g);
	CHECK_EQ(lt_model_random(&m, NULL, 5, &err), 0);
	const struct lt_node *b = &g->node[lt_graph_find(g, "b")];
	float *mean = m.w + g->param[b->param[2]].offset;
	float *var = m.w + g->param[b->param[3]].offset;
	*mean = 7, *var = 9;
	struct lt_engine *x = lt_engine_new(&m, &o, &err);
	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 2; j++)
			lt_engine_input(x)[j] = batch[i][j];
		lt_engine_forward(x, 2, true, 0);
	}
	CHECK(fabsf(*mean - 3) < 1e-6f);
	CHECK(fabsf(*var - 5) < 1e-5f);
	CHECK_EQ(m.batches[0], 2);
	lt_engine_free(x);
	lt_model_release(&m);
	lt_graph_free(g);
}

int
main(void)
{
	TEST(barriers_test, "barriers are those worked out by hand");
	TEST(average_test, "running statistics are the mean over batches");
	return tap_done();
}
