/* The sum of independent runs; lt-forget.bats has the rest. */
#include "ticket/forget.h"
#include "tap.h"

static void
totals(void)
{
	/* Sample 1 is learned in one run, 2 in both, 3 in none, 4 is missing.
	 */
	struct lt_forget_sample a[] = {{1, 1, 5}, {2, 2, 4}, {0, 3, 0}};
	struct lt_forget_sample b[] = {
		{3, 1, 0}, {1, 2, 3}, {0, 3, 0}, {7, 4, 2}};
	const struct lt_forget_sample want[] = {
		{4, 1, 5}, {3, 2, 3}, {0, 3, 0}, {7, 4, 2}};
	const struct lt_forget ab[] = {{a, 3}, {b, 4}}, ba[] = {{b, 4}, {a, 3}};

	for (int order = 0; order < 2; order++) {
		struct lt_forget sum;
		lt_forget_total(&sum, order ? ba : ab, 2);
		CHECK_EQ(sum.n, 4);
		for (size_t i = 0; i < sum.n; i++) {
			CHECK_EQ(sum.v[i].count, want[i].count);
			CHECK_EQ(sum.v[i].index, want[i].index);
			CHECK_EQ(sum.v[i].learned, want[i].learned);
		}
		lt_forget_release(&sum);
	}
}

int
main(void)
{
	TEST(totals, "counts add up, the earliest pass of learning counts");
	return tap_done();
}
