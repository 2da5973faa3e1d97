/* States that lie. */
#include <stdlib.h>
#include "learn/train.h"
#include "scratch.h"
#include "tap.h"
#include "tiny.h"

static struct lt_train_opt run = {.input = "0.st",
	.output = "out.st",
	.data = "data",
	.length = {2, false},
	.to = {1, false},
	.has_to = true,
	.batch = 16,
	.sched = LT_SCHED_CONSTANT,
	.lr = 0.01,
	.gamma = 0.1,
	.momentum = 0.9,
	.stop = {.rule = LT_STOP_EARLYBIRD,
		.amount = 0.5,
		.eps = 1e-9,
		.queue = 3,
		.every = {1, true}},
	.save_state = "state",
	.threads = 1,
	.quiet = true,
	.tool = "test"};

static void
make_input(void)
{
	struct lt_err err;
	struct lt_model m;
	struct lt_st st = {0};
	struct lt_graph *g = lt_graph_parse(tiny_net, "test", &err);
	lt_model_init(&m, g);
	lt_model_random(&m, NULL, 1, &err);
	lt_model_to_st(&m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", g->text);
	CHECK_EQ(lt_st_write(&st, "0.st", &err), 0);
	lt_st_release(&st);
	lt_model_release(&m);
	lt_graph_free(g);
}

static const struct lie {
	const char *key, *value; /* metadata */
	const char *drop;	 /* or a tensor, dropped or of other bytes */
	int fill;		 /* -1: dropped */
} lies[] = {
	{"lt.iteration", "7", NULL, 0},
	{"lt.iteration", "-1", NULL, 0},
	{"lt.iteration", "18446744073709551615", NULL, 0},
	{"lt.run.seen", "x", NULL, 0},
	{"lt.run.loss", "nan", NULL, 0},
	{"lt.run.loss", "1e999", NULL, 0},
	{"lt.run.start", "1", NULL, 0},
	{"lt.run.start", "", NULL, 0},
	{"lt.run.settings", "", NULL, 0},
	{"lt.run.settings", "length=2 lr=0.5", NULL, 0},
	{"lt.run.mask", "12345678", NULL, 0},
	{"lt.stop.masks", "3", NULL, 0},
	{"lt.stop.masks", "4000000000", NULL, 0},
	{"lt.stop.distances", "0,0,0,0", NULL, 0},
	{"lt.stop.distances", ",", NULL, 0},
	{"lt.stop.distances", "x", NULL, 0},
	{"lt.stop.last", "much", NULL, 0},
	{"lt.stop.started", "", NULL, 0},
	{NULL, NULL, "run.bits", 7},
	{NULL, NULL, "run.last", 2},
	{NULL, NULL, "run.last", -1},
	{NULL, NULL, "optim.c.weight.momentum", -1},
	{NULL, NULL, "c.weight", -1},
};

static void
drop(struct lt_st *st, const char *name)
{
	struct lt_st_tensor *t = lt_st_find(st, name);
	CHECK(t != NULL);
	free(t->name);
	free(t->data);
	memmove(t, t + 1, (size_t)(st->tensor + st->n - t - 1) * sizeof *t);
	st->n--;
}

static void
tell(const struct lie *lie)
{
	struct lt_st st = {0};
	struct lt_err err = {0};
	CHECK_EQ(lt_st_read(&st, "state", &err), 0);
	if (lie->key)
		lt_st_set_meta(&st, lie->key, lie->value);
	else if (lie->fill < 0)
		drop(&st, lie->drop);
	else
		memset(lt_st_find(&st, lie->drop)->data, lie->fill,
			lt_st_find(&st, lie->drop)->size);
	CHECK_EQ(lt_st_write(&st, "lie", &err), 0);
	lt_st_release(&st);
	int r = lt_train(&run, &err);
	if (!CHECK(r < 0))
		printf("# %s=%s %s\n", lie->key, lie->value, lie->drop);
	CHECK(err.status == LT_EDATA || err.status == LT_EUSAGE);
}

static void
false_states(void)
{
	struct lt_err err = {0};
	tiny_data("data");
	make_input();
	if (!CHECK_EQ(lt_train(&run, &err), 0))
		printf("# %s\n", err.msg);
	run.input = "state";
	run.has_to = false;
	CHECK_EQ(lt_train(&run, &err), 0);
	/* It has moved on to the end of the schedule: make it anew. */
	run.input = "0.st";
	run.has_to = true;
	CHECK_EQ(lt_train(&run, &err), 0);
	run.input = "lie";
	run.save_state = NULL;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
		tell(&lies[i]);
}

int
main(void)
{
	scratch_enter();
	TEST(false_states, "states that lie are refused");
	scratch_leave();
	return tap_done();
}
