/* Rows of summaries by method, round and seed; lengths of trainings on a part
 * of D0; what tables of methods say that the order of their rows must not
 * change. lt-score.bats has the tables themselves. */
#include "ticket/summary.h"

#include <stdlib.h>
#include "scratch.h"
#include "tap.h"
#include "ticket/budget.h"
#include "ticket/matching.h"

static struct lt_err err;

static int
summary(struct lt_summary *s, const char *text)
{
	scratch_put("s.tsv", text, strlen(text));
	return lt_summary_read(s, "s.tsv", &err);
}

static void
rows(void)
{
	struct lt_summary s;

	CHECK_EQ(summary(&s, "method\tround\tseed\ttest_acc\tlearned_acc\n"
			     "imp\t01\t7\t50\t1\nimp\t1\t8\tNaN\t1\n"
			     "prac\t3\t7\t60\tnan\nimp\t1\t7\t55\t1\n"),
		0);
	CHECK(s.method.n == 2 && s.seed.n == 2 && s.last == 3);
	/* Of two rows of a place the last one counts. */
	CHECK_EQ(lt_summary_row(&s, "imp", 1, "7"), 3);
	CHECK_EQ(lt_summary_row(&s, "imp", 1, "8"), 1);
	CHECK_EQ(lt_summary_row(&s, "imp", 3, "7"), -1);
	CHECK_EQ(lt_summary_row(&s, "im", 1, "7"), -1);
	CHECK(!s.diverged[0] && s.diverged[1] && s.diverged[2]);
	lt_summary_release(&s);
	/* Without seeds all rows have one. */
	CHECK_EQ(summary(&s, "method\tround\ndense\t0\n"), 0);
	CHECK_EQ(lt_summary_row(&s, "dense", 0, s.seed.text[0]), 0);
	CHECK(!s.diverged[0]);
	lt_summary_release(&s);
}

static void
no_rows(void)
{
	static const char *const bad[] = {"-1", "1.5", "10000", "x", ""};
	struct lt_summary s;
	char text[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "method\tround\na\t%s\n", bad[i]);
		CHECK_EQ(summary(&s, text), -1);
		CHECK_EQ(err.status, LT_EDATA);
	}
	CHECK_EQ(summary(&s, "method\tround\na\t9999\n"), 0);
	CHECK_EQ(s.last, 9999);
	lt_summary_release(&s);
	CHECK_EQ(summary(&s, "method\tx\n"), -1);
	CHECK_STR(err.msg, "s.tsv: expected a column 'round', found none");
	CHECK_EQ(summary(&s, "round\n"), -1);
	CHECK_EQ(summary(&s, ""), -1);
}

static void
put_list(const char *path, int n)
{
	FILE *f = fopen(path, "w");

	for (int i = 0; f && i < n; i++)
		fprintf(f, "%07d\n", i);
	if (!f || fclose(f))
		abort();
}

/* floor(T k / n) by sums: the largest e with e n <= T k. */
static void
budgets(void)
{
	char milestones[] = "91,136", warmup[] = "15";
	const struct lt_budget all = {182, milestones, warmup};
	struct lt_budget b;

	put_list("d0.idx", 40);
	for (int k = 0; k <= 40; k++) {
		unsigned e = 0;
		while ((e + 1) * 40 <= 182u * (unsigned)k)
			e++;
		put_list("p.idx", k);
		uint64_t part;
		size_t samples;
		CHECK_EQ(lt_budget_part(
				 &part, &samples, 182, "d0.idx", "p.idx", &err),
			0);
		CHECK_EQ(part, e);
		CHECK_EQ(samples, k);
		e = e < 5 ? 5 : e;
		CHECK_EQ(lt_budget_scale(&b, &all, e, &err), 0);
		CHECK_EQ(b.epochs, e);
		unsigned first = 0, second = 0, warm = 0;
		while ((first + 1) * 182 <= 91 * e)
			first++;
		while ((second + 1) * 182 <= 136 * e)
			second++;
		while ((warm + 1) * 182 <= 15 * e)
			warm++;
		char want[64];
		snprintf(want, sizeof(want), "%u,%u", first, second);
		CHECK_STR(b.milestones, want);
		snprintf(want, sizeof(want), "%u", warm);
		CHECK_STR(b.warmup, want);
		lt_budget_release(&b);
	}
}

static char *
matching_of(const char *text)
{
	scratch_put("m.tsv", text, strlen(text));
	if (lt_matching_write("out.tsv", "m.tsv", 1, 0.5, &err) < 0)
		return NULL;
	char *all = calloc(1, 4096);
	FILE *f = fopen("out.tsv", "r");
	if (!f || !fread(all, 1, 4095, f))
		abort();
	fclose(f);
	return all;
}

/* Numbers that sums in any order give exactly. */
static void
any_order(void)
{
	static const char head[] = "method\tround\tseed\tsparsity\ttest_acc\n";
	static const char *const row[] = {"imp\t1\t1\t20\t88\n",
		"imp\t1\t2\t20\t90\n", "dense\t0\t1\t0\t92\n",
		"dense\t0\t2\t0\t90\n"};
	char text[512], *want = NULL;

	for (int shift = 0; shift < 4; shift++) {
		strcpy(text, head);
		for (int i = 0; i < 4; i++)
			strcat(text, row[(i + shift) % 4]);
		char *found = matching_of(text);
		CHECK(found && strstr(found, "\nimp\t1\t20\t2\t89\t"));
		CHECK(!want || strcmp(want, found) == 0);
		free(want);
		want = found;
	}
	free(want);
}

int
main(void)
{
	scratch_enter();
	TEST(rows, "rows are found by method, round and seed");
	TEST(no_rows, "rounds are whole numbers up to 9999");
	TEST(budgets, "budgets are rounded down, point by point");
	TEST(any_order, "the order of rows does not matter to a method");
	scratch_leave();
	return tap_done();
}
