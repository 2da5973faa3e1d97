/* A column of numbers by sample, and the samples on top of it. */
#include "file/column.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "ticket/subset.h"
#include "cuts.h"
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

static int
parse(struct lt_column *c, const char *text)
{
	scratch_put("t", text, strlen(text));
	return lt_column_read(c, "t", "x", &err);
}

static void
rows(void)
{
	struct lt_column c;
	if (!CHECK_EQ(parse(&c, "x\tname\tindex\n"
				"inf\ta\t0000007\n"
				"-1.5e1\tb\t2\n"
				"nan\tc\t4294967294\n"
				"-inf\td\t0\n"),
		    0))
		return;
	CHECK_EQ(c.index.n, 4);
	CHECK(c.index.v[0] == 0 && c.value[0] == -INFINITY);
	CHECK(c.index.v[1] == 2 && c.value[1] == -15);
	CHECK(c.index.v[2] == 7 && c.value[2] == INFINITY);
	CHECK(c.index.v[3] == UINT32_MAX - 1 && isnan(c.value[3]));
	CHECK_EQ(lt_column_check(&c, &err), -1);
	CHECK_STR(err.msg, "t: column 'x': expected a number for sample "
			   "4294967294, found NaN");

	struct lt_index some = {0}, none = {0}, absent = {0};
	lt_index_push(&some, 0);
	lt_index_push(&some, 7);
	lt_index_push(&absent, 1);
	CHECK_EQ(lt_column_restrict(&c, &some, &err), 0);
	CHECK(c.index.n == 2 && c.index.v[1] == 7 && c.value[1] == INFINITY);
	CHECK_EQ(lt_column_check(&c, &err), 0);
	CHECK_EQ(lt_column_restrict(&c, &absent, &err), -1);
	CHECK_STR(err.msg, "t: expected a row of sample 1, found none");
	CHECK_EQ(lt_column_restrict(&c, &none, &err), 0);
	CHECK_EQ(c.index.n, 0);
	CHECK_EQ(lt_column_restrict(&c, &some, &err), -1);
	lt_index_release(&some);
	lt_index_release(&absent);
	lt_column_release(&c);
	CHECK_EQ(parse(&c, "index\tx\n"), 0);
	CHECK_EQ(c.index.n, 0);
	lt_column_release(&c);
}

static void
orders(void)
{
	static const uint32_t want[] = {7, 0, 3, 9, 1, 4}, as_is[] = {4, 7, 4};
	struct lt_column c;
	struct lt_index ix = {0};
	CHECK_EQ(parse(&c, "index\tx\n0\t1\n1\tnan\n3\t1\n4\tnan\n"
			   "7\tinf\n9\t-inf\n"),
		0);
	for (size_t i = 0; i < 3; i++)
		lt_index_push(&ix, as_is[i]);
	lt_column_sort(&c);
	CHECK(c.index.n == 6 && !memcmp(c.index.v, want, sizeof(want)));
	CHECK(c.value[0] == INFINITY && c.value[3] == -INFINITY);
	lt_column_release(&c);
	CHECK_EQ(parse(&c, "index\tx\n7\t1\n4\t2\n"), 0);
	CHECK_EQ(lt_column_restrict(&c, &ix, &err), 0);
	CHECK(c.index.n == 3 && !memcmp(c.index.v, as_is, sizeof(as_is)));
	CHECK(c.value[0] == 2 && c.value[1] == 1 && c.value[2] == 2);
	lt_column_release(&c);
	lt_index_release(&ix);
}

static void
refusals(void)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"", "t: expected a header line, found nothing"},
		{"x\n1\n", "t: expected a column 'index', found none"},
		{"index\ty\n", "t: expected a column 'x', found none"},
		{"index\tx\n1\n", "t:2: expected 2 tab-separated fields"},
		{"index\tx\n1\t\n", "t:2: column 'x': expected a number"},
		{"index\tx\n1\tInf\n", "inf or NaN, found 'Inf'"},
		{"index\tx\n1\t0x1\n", "inf or NaN, found '0x1'"},
		{"index\tx\n-1\t0\n", "expected a whole number, found '-1'"},
		{"index\tx\n4294967295\t0\n", "4294967295 is too large"},
		{"index\tx\n1\t2\n0\t1\n01\t2\n", "index 1 occurs twice"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct lt_column c;
		if (!CHECK_EQ(parse(&c, bad[i].text), -1) ||
			!CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strstr(err.msg, bad[i].says)))
			printf("# %zu: %s\n", i, err.msg);
	}
	struct lt_column c;
	CHECK_EQ(lt_column_read(&c, "absent", "x", &err), -1);
	CHECK_EQ(err.status, LT_EIO);
}

static int
read_column(const char *path, struct lt_err *e)
{
	struct lt_column c;
	int r = lt_column_read(&c, path, "x", e);
	lt_column_release(&c);
	return r;
}

/* A table may end after any line but its header's. */
static bool
line_end(const char *p, size_t n)
{
	return n && p[n - 1] == '\n';
}

static void
cut_tables(void)
{
	static const char text[] = "index\tx\n3\t1.5\n1\tinf\n";
	scratch_put("t", text, sizeof(text) - 1);
	CHECK_EQ(cuts_missed(read_column, "t", true, line_end), 0);
}

/* Samples of c that come before its i-th, in its class where label says so. */
static size_t
ahead(const struct lt_column *c, size_t i, bool lowest, const int32_t *label)
{
	size_t n = 0;
	for (size_t j = 0; j < c->index.n; j++) {
		double a = c->value[j], b = c->value[i];
		if (label && label[c->index.v[j]] != label[c->index.v[i]])
			continue;
		n += a == b ? j < i : lowest ? a < b : a > b;
	}
	return n;
}

/* Values from a few, so that many are equal, at every third index. */
static void
make_column(struct lt_column *c, size_t n, uint64_t seed)
{
	struct lt_rng rng;
	*c = (struct lt_column){.value = lt_alloc(n, sizeof(*c->value))};
	lt_rng_init(&rng, seed, LT_STREAM_TEST, 0, 0);
	for (size_t i = 0; i < n; i++) {
		uint64_t v = lt_rng_below(&rng, 9);
		lt_index_push(&c->index, (uint32_t)(3 * i));
		c->value[i] = v == 8   ? INFINITY
			      : v == 7 ? -INFINITY
				       : (double)v - 3;
	}
}

static void
top_is_by_value(void)
{
	enum { N = 60 };
	struct lt_column c;
	make_column(&c, N, 1);
	for (size_t k = 0; k <= N; k++)
		for (int lowest = 0; lowest < 2; lowest++) {
			struct lt_index out = {0};
			size_t at = 0;
			lt_subset_top(&out, &c, k, lowest, NULL, 0);
			for (size_t i = 0; i < N; i++)
				if (ahead(&c, i, lowest, NULL) < k &&
					!CHECK(at < out.n &&
						out.v[at++] == c.index.v[i]))
					printf("# k %zu, row %zu\n", k, i);
			CHECK_EQ(out.n, k);
			lt_index_release(&out);
		}
	lt_column_release(&c);
}

/* As many of each class as a stratified draw has, and those the first. */
static void
top_of_classes(void)
{
	enum { N = 60, CLASSES = 5 };
	struct lt_column c;
	int32_t label[3 * N];
	make_column(&c, N, 2);
	for (int i = 0; i < 3 * N; i++)
		label[i] = i % 7 % CLASSES;
	for (size_t k = 0; k <= N; k += 4) {
		struct lt_index out = {0}, draw = {0}, want = {0};
		size_t quota[CLASSES];
		lt_subset_top(&out, &c, k, true, label, CLASSES);
		lt_subset_stratified(&draw, &c.index, k, label, CLASSES, 3);
		lt_subset_count(quota, &draw, label, CLASSES);
		for (size_t i = 0; i < N; i++)
			if (ahead(&c, i, true, label) <
				quota[label[c.index.v[i]]])
				lt_index_push(&want, c.index.v[i]);
		if (!CHECK(want.n == k && out.n == k &&
			    (k == 0 || memcmp(want.v, out.v,
					       k * sizeof(*out.v)) == 0)))
			printf("# k %zu\n", k);
		lt_index_release(&out);
		lt_index_release(&draw);
		lt_index_release(&want);
	}
	lt_column_release(&c);
}

int
main(void)
{
	scratch_enter();
	TEST(rows, "rows come in any order, values may be infinite or NaN");
	TEST(orders, "rows are put in the order of their values, or a list's");
	TEST(refusals, "what is no such table is refused");
	TEST(cut_tables, "a table that is cut is refused");
	TEST(top_is_by_value, "the top is of the largest or smallest values");
	TEST(top_of_classes, "the top of each class has a fair share");
	scratch_leave();
	return tap_done();
}
