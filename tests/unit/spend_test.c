/* Trainings of as many multiply-adds as others have taken. */
#include <stdlib.h>
#include "scratch.h"
#include "tap.h"
#include "ticket/spend.h"

static struct lt_err err;

static void
put(const char *path, const char *text)
{
	scratch_put(path, text, strlen(text));
}

/* Under a mask a pass takes 10 multiply-adds, without one 100: a step takes
 * 3 x 10, a change 2 x 10 + 100.  An epoch of 100 images has iterations of 32,
 * 32, 32 and 4. */
static struct lt_spend
example(uint64_t every, uint64_t end)
{
	return (struct lt_spend){.step = 30,
		.change = 120,
		.images = 100,
		.batch = 32,
		.every = {every, true},
		.end = {end, true}};
}

static void
by_hand(void)
{
	struct lt_spend s = example(3, 0);

	/* Two epochs have 8 iterations, and changes end before 6: the one after
	 * 3 takes the gradient of the fourth iteration, of 4 images. */
	CHECK_EQ(lt_spend_macs(&s, 2), 2 * 100 * 30 + 4 * 90);
	/* Three have 12, and end before 9: after 3 and 6, whose next iteration
	 * is the third of the second epoch. */
	CHECK_EQ(lt_spend_macs(&s, 3), 3 * 100 * 30 + (4 + 32) * 90);
	s.end = (struct lt_point){1, false}; /* after 3 alone */
	CHECK_EQ(lt_spend_macs(&s, 3), 3 * 100 * 30 + 4 * 90);
	s.every = (struct lt_point){1, false}; /* after 4 and 8 */
	s.end = (struct lt_point){3, false};
	CHECK_EQ(lt_spend_macs(&s, 3), 3 * 100 * 30 + 64 * 90);
	s.change = s.step;
	CHECK_EQ(lt_spend_macs(&s, 3), 3 * 100 * 30);
	/* With batches of equal size and a change in each 10 iterations, the
	 * mean iteration takes (3 f_S 9 + 2 f_S + f_D) / 10 = 39. */
	s = (struct lt_spend){.step = 30,
		.change = 120,
		.images = 10,
		.batch = 1,
		.every = {10, true},
		.end = {1000, true}};
	/* The change after the last iteration does not come. */
	CHECK_EQ(lt_spend_macs(&s, 50) + 90, 500 * 39);
}

/* Iteration by iteration. */
static uint64_t
counted(uint64_t epochs, uint64_t every, uint64_t end)
{
	const uint64_t images[] = {32, 32, 32, 4};
	uint64_t total = 4 * epochs, macs = 0;

	if (!end)
		end = total - total / 4;
	for (uint64_t t = 0; t < total; t++) {
		bool changes = t > 0 && t % every == 0 && t < end;
		macs += images[t % 4] * (changes ? 120 : 30);
	}
	return macs;
}

static void
sums(void)
{
	for (uint64_t every = 1; every <= 13; every++)
		for (uint64_t end = 0; end <= 40; end += 5)
			for (uint64_t e = 1; e <= 12; e++) {
				struct lt_spend s = example(every, end);
				CHECK_EQ(lt_spend_macs(&s, e),
					counted(e, every, end));
			}
}

static uint64_t
nearest(uint64_t macs)
{
	struct lt_spend s = example(3, 0);
	uint64_t epochs = 0;

	s.macs = macs;
	CHECK_EQ(lt_spend_epochs(&epochs, &s, &err), 0);
	return epochs;
}

/* M(1) = 3000, M(2) = 6360, M(3) = 12240. */
static void
epochs(void)
{
	CHECK_EQ(nearest(0), 1);
	CHECK_EQ(nearest(3001), 1);
	CHECK_EQ(nearest(4680), 1); /* half way */
	CHECK_EQ(nearest(4681), 2);
	CHECK_EQ(nearest(9300), 2);
	CHECK_EQ(nearest(9301), 3);
	struct lt_spend s = example(3, 0);
	uint64_t n;
	s.macs = UINT64_MAX;
	s.step = s.change = 1;
	CHECK(lt_spend_epochs(&n, &s, &err) < 0);
	CHECK_EQ(err.status, LT_EDATA);
	s.step = s.change = UINT64_MAX / 128;
	CHECK_EQ(lt_spend_macs(&s, 2), UINT64_MAX);
}

static void
tables(void)
{
	struct lt_spend s = {0};

	put("log", "epoch\tpresentations\tmacs\n1\t100\t3000\n2\t200\t6000\n");
	put("row", "multiply_adds\tforward_multiply_adds\n40000\t500\n");
	put("diverged", "multiply_adds\tforward_multiply_adds\nNaN\t7\n");
	put("lost", "");
	const char *all[] = {"log", "row", "diverged", "lost"};
	for (int i = 0; i < 4; i++)
		CHECK_EQ(lt_spend_add(&s, all[i], &err), 0);
	CHECK_EQ(s.macs, 6000 + 40500 + 7);
	put("many", "macs\n18446744073709551615\n");
	CHECK(lt_spend_add(&s, "many", &err) < 0);
	CHECK_EQ(err.status, LT_EDATA);
	put("half", "macs\n1.5\n");
	CHECK(lt_spend_add(&s, "half", &err) < 0);

	put("change", "epoch\tpresentations\tmacs\n1\t232\t9840\n");
	CHECK_EQ(lt_spend_costs(&s, "log", "change", &err), 0);
	CHECK_EQ(s.step, 30);
	CHECK_EQ(s.change, 120);
	CHECK_EQ(lt_spend_costs(&s, "log", NULL, &err), 0);
	CHECK_EQ(s.change, 30);
	CHECK(lt_spend_costs(&s, "change", "log", &err) < 0);
	CHECK(lt_spend_costs(&s, "log", "log", &err) < 0);
	CHECK(lt_spend_costs(&s, "lost", NULL, &err) < 0);
	CHECK_STR(
		err.msg, "lost: expected the log of a training, found no row");
	put("cheap", "epoch\tpresentations\tmacs\n1\t232\t6640\n");
	CHECK(lt_spend_costs(&s, "log", "cheap", &err) < 0);
	CHECK_STR(err.msg,
		"cheap: expected at least 30 multiply-adds for an image of a "
		"change, as for one of a step, found 20");
}

int
main(void)
{
	scratch_enter();
	TEST(by_hand, "RigL's multiply-adds, by hand");
	TEST(sums, "they are those of its iterations, one by one");
	TEST(epochs, "the nearest number of epochs is found");
	TEST(tables, "rows and logs are spent, and give the costs");
	scratch_leave();
	return tap_done();
}
