#include "base/tsv.h"

#include <math.h>
#include "base/clock.h"
#include "base/spent.h"
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

static struct lt_tsv *
table(const char *text)
{
	scratch_put("t.tsv", text, strlen(text));
	return lt_tsv_open("t.tsv", &err);
}

static void
columns(void)
{
	struct lt_tsv *t = table("epoch\tloss\tname\n1\t0.5\tx y\n2\tNaN\t\n");
	uint64_t u = 0;
	double v = 0;
	int loss = lt_tsv_column(t, "loss", &err);
	int name = lt_tsv_column(t, "name", &err);
	int epoch = lt_tsv_column(t, "epoch", &err);
	CHECK(epoch == 0 && loss == 1 && name == 2);
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK(lt_tsv_u64(t, epoch, &u, &err) == 0 && u == 1);
	CHECK(lt_tsv_f64(t, loss, &v, &err) == 0 && v == 0.5);
	CHECK_STR(lt_tsv_text(t, name), "x y");
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK(lt_tsv_f64(t, loss, &v, &err) == 0 && isnan(v));
	CHECK_STR(lt_tsv_text(t, name), "");
	CHECK_EQ(lt_tsv_u64(t, loss, &u, &err), -1);
	CHECK_STR(err.msg, "t.tsv:3: column 'loss': expected a whole number, "
			   "found 'NaN'");
	CHECK_EQ(lt_tsv_f64(t, name, &v, &err), -1);
	CHECK_EQ(lt_tsv_refuse(t, epoch, "1", &err), -1);
	CHECK_STR(err.msg, "t.tsv:3: column 'epoch': expected 1, found '2'");
	CHECK_EQ(lt_tsv_line(t), 3);
	CHECK_EQ(lt_tsv_column(t, "los", &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_STR(err.msg, "t.tsv: expected a column 'los', found none");
	CHECK_EQ(lt_tsv_next(t, &err), 0);
	lt_tsv_close(t);
	/* Other separators are named; one name is a column like any other. */
	static const char *const other[] = {"a,b\n", "a;b\n", "a b\n"};
	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
		t = table(other[i]);
		CHECK_EQ(lt_tsv_column(t, "b", &err), -1);
		CHECK_STR(err.msg, "t.tsv: expected a column 'b', found none: "
				   "no tabs separate the columns");
		lt_tsv_close(t);
	}
	t = table("a\n");
	CHECK_EQ(lt_tsv_column(t, "b", &err), -1);
	CHECK_STR(err.msg, "t.tsv: expected a column 'b', found none");
	lt_tsv_close(t);
}

static void
infinities(void)
{
	static const char *const bad[] = {
		"Inf", "+inf", "infinity", "-nan", "NAN", "1e999", ""};
	struct lt_tsv *t = table("x\ninf\n-inf\nNaN\nnan\n");
	double v = 0;
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK(lt_tsv_f64(t, 0, &v, &err) == 0 && v == INFINITY);
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK(lt_tsv_f64(t, 0, &v, &err) == 0 && v == -INFINITY);
	/* What earlier versions wrote is read, too. */
	for (int i = 0; i < 2; i++) {
		v = 0;
		CHECK_EQ(lt_tsv_next(t, &err), 1);
		CHECK(lt_tsv_f64(t, 0, &v, &err) == 0 && isnan(v));
	}
	lt_tsv_close(t);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char text[32];
		snprintf(text, sizeof(text), "x\n%s\n", bad[i]);
		t = table(text);
		CHECK_EQ(lt_tsv_next(t, &err), 1);
		if (!CHECK_EQ(lt_tsv_f64(t, 0, &v, &err), -1))
			printf("# %s\n", bad[i]);
		lt_tsv_close(t);
	}
	CHECK_STR(err.msg, "t.tsv:2: column 'x': expected a number, inf or "
			   "NaN, found ''");
}

static void
bad_headers(void)
{
	static const char *const bad[] = {
		"", "a\tb", "a\t\tb\n", "\n", "a\t\n", "a\tb\ta\n"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err.status = 0;
		if (!CHECK(!table(bad[i])) || !CHECK_EQ(err.status, LT_EDATA))
			printf("# table %zu\n", i);
	}
	CHECK(!lt_tsv_open("absent", &err));
	CHECK_EQ(err.status, LT_EIO);
}

static void
bad_rows(void)
{
	static const char *const bad[] = {
		"a\tb\n1\n", "a\tb\n1\t2\t3\n", "a\tb\n\n", "a\tb\n1\t2"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct lt_tsv *t = table(bad[i]);
		if (!CHECK(t != NULL))
			continue;
		if (!CHECK_EQ(lt_tsv_next(t, &err), -1))
			printf("# table %zu\n", i);
		CHECK(strstr(err.msg, "t.tsv:2: ") == err.msg);
		lt_tsv_close(t);
	}
}

/* What Windows adds is named, not taken for a part of a column's name. */
static void
windows(void)
{
	CHECK(!table("a\tb\r\n1\t2\r\n"));
	CHECK_STR(err.msg, "t.tsv:1: a carriage return; lines end in a newline "
			   "alone");
	struct lt_tsv *t = table("a\tb\n1\t2\n3\t4\r\n");
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK_EQ(lt_tsv_next(t, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_STR(err.msg, "t.tsv:3: a carriage return; lines end in a newline "
			   "alone");
	lt_tsv_close(t);
	CHECK(!table("\xef\xbb\xbf"
		     "a\tb\n1\t2\n"));
	CHECK_STR(err.msg, "t.tsv: expected plain UTF-8, found a byte order "
			   "mark (UTF-8 with BOM)");
	/* A carriage return within a field is a part of it. */
	t = table("a\rb\n\n");
	CHECK_EQ(lt_tsv_column(t, "a\rb", &err), 0);
	lt_tsv_close(t);
}

/* A header of half a million columns costs little and is refused. */
static void
wide(void)
{
	size_t n = 1 << 19;
	char *text = malloc(2 * n + 1);
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = 'a';
		text[2 * i + 1] = '\t';
	}
	text[2 * n - 1] = '\n';
	text[2 * n] = '\0';
	CHECK(!table(text));
	CHECK(strstr(err.msg, "at most") != NULL);
	free(text);
}

static uint64_t
one_u64(const char *path, const char *column)
{
	struct lt_tsv *t = lt_tsv_open(path, &err);
	uint64_t v = 0;
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK_EQ(lt_tsv_u64(t, lt_tsv_column(t, column, &err), &v, &err), 0);
	CHECK_EQ(lt_tsv_next(t, &err), 0);
	lt_tsv_close(t);
	return v;
}

static double
one_f64(const char *path, const char *column)
{
	struct lt_tsv *t = lt_tsv_open(path, &err);
	double v = -1;
	CHECK_EQ(lt_tsv_next(t, &err), 1);
	CHECK_EQ(lt_tsv_f64(t, lt_tsv_column(t, column, &err), &v, &err), 0);
	lt_tsv_close(t);
	return v;
}

static void
spent(void)
{
	struct lt_spent s;
	lt_spent_begin(&s);
	s.images = 1000;
	s.macs = (uint64_t)1 << 60;
	double begin = lt_clock();
	while (lt_clock() - begin < 0.02)
		;
	lt_spent_end(&s);
	CHECK(s.seconds >= 0.02 && s.seconds < 60);
	CHECK(s.cpu_seconds > 0 && s.cpu_seconds < 60);
	CHECK_EQ(lt_spent_write(&s, "cost", &err), 0);
	CHECK_EQ(one_u64("cost", "images"), 1000);
	CHECK_EQ(one_u64("cost", "macs"), (uint64_t)1 << 60);
	CHECK(one_f64("cost.time.tsv", "seconds") >= 0.02);
	CHECK(one_f64("cost.time.tsv", "cpu_seconds") >= 0);
	CHECK_EQ(lt_spent_write(&s, "none/cost", &err), -1);
	CHECK_EQ(err.status, LT_EIO);
}

int
main(void)
{
	scratch_enter();
	TEST(columns, "columns are found by name and read by type");
	TEST(infinities, "numbers may be infinite or missing");
	TEST(bad_headers, "a header must name every column once");
	TEST(bad_rows, "every row has the header's number of fields");
	TEST(windows, "carriage returns and byte order marks are named");
	TEST(wide, "an absurd header is refused");
	TEST(spent, "what was spent is two tables");
	scratch_leave();
	return tap_done();
}
