/* States that lie, and states under another mask. */
#include <stdlib.h>
#include <unistd.h>
#include "run/train.h"
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
	.optim = {.momentum = 0.9},
	.stop = {.rule = LT_STOP_EARLYBIRD,
		.amount = 0.5,
		.eps = 1e-9,
		.queue = 3,
		.every = {1, true}},
	.save_state = "state",
	.threads = 1,
	.tool = "test"};

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
	CHECK(tiny_checkpoint("0.st"));
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

/* Train from a state, under a mask or NULL, for so many epochs of the schedule,
 * to another state and a checkpoint. */
static int
go_on(const char *from, const char *mask, uint64_t to, const char *state,
	struct lt_err *err)
{
	run.input = from;
	run.mask = mask;
	run.to = (struct lt_point){to, false};
	run.save_state = state;
	return lt_train(&run, err);
}

static int
went_on(const char *from, const char *mask, uint64_t to, const char *state)
{
	struct lt_err err = {0};
	if (go_on(from, mask, to, state, &err) == 0)
		return 1;
	printf("# %s\n", err.msg);
	return 0;
}

/* Tensor name in two states: equal bits in those places of every four that
 * kept has, zeros (of either state, no sign) where b's mask has none. */
static void
compare(const char *name, const char *a, const char *b, int kept, int zero)
{
	struct lt_st x = {0}, y = {0};
	struct lt_err err;
	CHECK_EQ(lt_st_read(&x, a, &err), 0);
	CHECK_EQ(lt_st_read(&y, b, &err), 0);
	const struct lt_st_tensor *p = lt_st_find(&x, name);
	const struct lt_st_tensor *q = lt_st_find(&y, name);
	const uint32_t *v = p->data, *w = q->data;
	size_t differ = 0, alive = 0;
	for (size_t i = 0; i < q->count; i++) {
		differ += (kept >> i % 4 & 1) && v[i] != w[i];
		alive += (zero >> i % 4 & 1) && w[i] != 0;
	}
	CHECK_EQ(differ, 0);
	CHECK_EQ(alive, 0);
	lt_st_release(&x);
	lt_st_release(&y);
}

static const char *const of_conv[] = {"c.weight", "optim.c.weight.momentum"};

static void
new_masks(void)
{
	struct lt_err err;
	size_t n = 0;
	scratch_empty();
	tiny_data("data");
	CHECK(tiny_checkpoint("0.st"));
	CHECK(tiny_mask("half", 5));
	CHECK(tiny_mask("other", 6));
	run.length = (struct lt_point){4, false};
	run.has_to = true;
	run.optim.weight_decay = 0.1;
	CHECK(went_on("0.st", NULL, 1, "s1"));
	/* Nothing is trained: what a new mask alone does. */
	CHECK(went_on("s1", "half", 1, "h1"));
	for (int i = 0; i < 2; i++)
		compare(of_conv[i], "s1", "h1", 5, 10);
	compare("f.weight", "s1", "h1", 15, 0);
	compare("optim.f.weight.momentum", "s1", "h1", 15, 0);
	compare("optim.b.weight.momentum", "s1", "h1", 15, 0);
	/* Under it masked weights stay 0, without decay and momentum. */
	CHECK(went_on("s1", "half", 2, "h2"));
	for (int i = 0; i < 2; i++)
		compare(of_conv[i], "h2", "h2", 0, 10);
	/* In one go or in two, that of the state again or named again. */
	char *want = scratch_get("h2", &n);
	CHECK(went_on("h1", NULL, 2, "again"));
	CHECK(scratch_holds("again", want, n));
	CHECK(went_on("h1", "half", 2, "again"));
	CHECK(scratch_holds("again", want, n));
	free(want);
	/* One that is not nested: what it gives back begins at 0. */
	CHECK(went_on("h2", "other", 2, "o2"));
	for (int i = 0; i < 2; i++)
		compare(of_conv[i], "h2", "o2", 4, 11);
	/* All else must be as it was. */
	run.lr = 0.02;
	CHECK(go_on("h2", "other", 3, "x", &err) < 0);
	CHECK(strstr(err.msg, "other settings"));
	run.lr = 0.01;
	CHECK(go_on("h2", "0.st", 3, "x", &err) < 0);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(access("x", F_OK) < 0);
}

/* Whether a state of Adam that is changed so is refused as bad data. */
static int
refused(const char *drop_this, const char *key, const char *value)
{
	struct lt_st st = {0};
	struct lt_err err = {0};
	CHECK_EQ(lt_st_read(&st, "adam", &err), 0);
	if (drop_this)
		drop(&st, drop_this);
	else
		lt_st_set_meta(&st, key, value);
	CHECK_EQ(lt_st_write(&st, "lie", &err), 0);
	lt_st_release(&st);
	return go_on("lie", NULL, 2, NULL, &err) < 0 && err.status == LT_EDATA;
}

static void
adam(void)
{
	const struct lt_optim sgd = run.optim;
	struct lt_st st = {0};
	struct lt_err err;
	scratch_empty();
	tiny_data("data");
	CHECK(tiny_checkpoint("0.st"));
	run.optim = (struct lt_optim){.kind = LT_OPTIM_ADAM,
		.beta1 = 0.9,
		.beta2 = 0.999,
		.eps = 1e-8};
	CHECK(went_on("0.st", NULL, 1, "adam"));
	/* Three batches of 16 samples at most are 45. */
	CHECK_EQ(lt_st_read(&st, "adam", &err), 0);
	CHECK_STR(lt_st_meta(&st, "lt.run.steps"), "3");
	lt_st_release(&st);
	CHECK(went_on("adam", NULL, 2, "x"));
	CHECK(refused("optim.f.weight.exp_avg", NULL, NULL));
	CHECK(refused("optim.f.weight.exp_avg_sq", NULL, NULL));
	CHECK(refused(NULL, "lt.run.steps", "-1"));
	CHECK(refused(NULL, "lt.run.steps", ""));
	run.optim = sgd;
	CHECK(go_on("adam", NULL, 2, NULL, &err) < 0);
	CHECK(strstr(err.msg, "optimizer=adam in the state"));
}

int
main(void)
{
	scratch_enter();
	TEST(false_states, "states that lie are refused");
	TEST(new_masks, "a new mask touches what it masks and nothing else");
	TEST(adam, "a state of Adam has both moments and a count of steps");
	scratch_leave();
	return tap_done();
}
