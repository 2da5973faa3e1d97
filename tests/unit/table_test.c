/* Tables in memory, missing numbers and lost tables; writing them again. */
#include "base/table.h"

#include <math.h>
#include "base/names.h"
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

static int
table(struct lt_table *t, const char *text)
{
	scratch_put("t.tsv", text, strlen(text));
	return lt_table_read(t, "t.tsv", &err);
}

static void
cells_by_name(void)
{
	struct lt_table t;
	double v = 0;

	CHECK_EQ(table(&t, "name\tacc\tx\na b\t1.50\t\nc\tNaN\tnan\n"), 0);
	CHECK(!t.lost && t.n == 2 && t.columns == 3);
	int name = lt_table_column(&t, "name", &err);
	int acc = lt_table_find(&t, "acc"), x = lt_table_find(&t, "x");
	CHECK(name == 0 && acc == 1 && x == 2);
	CHECK_STR(lt_table_text(&t, 0, name), "a b");
	CHECK_STR(lt_table_text(&t, 0, acc), "1.50");
	CHECK(lt_table_f64(&t, 0, acc, &v, &err) == 0 && v == 1.5);
	CHECK(lt_table_f64(&t, 1, acc, &v, &err) == 0 && isnan(v));
	for (size_t i = 0; i < 2; i++) {
		CHECK_STR(lt_table_text(&t, i, x), "NaN");
		v = 0;
		CHECK(lt_table_f64(&t, i, x, &v, &err) == 0 && isnan(v));
	}
	CHECK_STR(lt_table_text(&t, 0, -1), "NaN");
	CHECK_EQ(lt_table_find(&t, "ac"), -1);
	CHECK_EQ(lt_table_column(&t, "ac", &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_STR(err.msg, "t.tsv: expected a column 'ac', found none");
	CHECK_EQ(lt_table_f64(&t, 1, name, &v, &err), -1);
	CHECK_STR(err.msg, "t.tsv:3: column 'name': expected a number, inf or "
			   "NaN, found 'c'");
	lt_table_release(&t);
}

static void
columns_of_numbers(void)
{
	struct lt_table t;

	CHECK_EQ(table(&t, "a\tb\n1\t2\n-inf\tx\n"), 0);
	double *a = lt_table_numbers(&t, "a", &err);
	CHECK(a && a[0] == 1 && a[1] == -INFINITY);
	free(a);
	CHECK(!lt_table_numbers(&t, "b", &err));
	CHECK_STR(err.msg, "t.tsv:3: column 'b': expected a number, inf or "
			   "NaN, found 'x'");
	CHECK(!lt_table_numbers(&t, "c", &err));
	CHECK_STR(err.msg, "t.tsv: expected a column 'c', found none");
	double *c = lt_table_optional(&t, "c", &err);
	CHECK(c && isnan(c[0]) && isnan(c[1]));
	free(c);
	lt_table_release(&t);
	CHECK_EQ(table(&t, "a,b\n1,2\n"), 0);
	CHECK_EQ(lt_table_column(&t, "b", &err), -1);
	CHECK_STR(err.msg, "t.tsv: expected a column 'b', found none: no tabs "
			   "separate the columns");
	lt_table_release(&t);
}

static void
lost_and_damaged(void)
{
	struct lt_table t;

	CHECK_EQ(table(&t, ""), 0);
	CHECK(t.lost && t.n == 0 && t.columns == 0);
	CHECK_EQ(lt_table_find(&t, "a"), -1);
	lt_table_release(&t);
	CHECK_EQ(table(&t, "a\tb\n"), 0);
	CHECK(!t.lost && t.n == 0 && t.columns == 2);
	lt_table_release(&t);
	CHECK_EQ(table(&t, "a\tb\n1\t2\n3\n"), -1);
	CHECK_STR(err.msg, "t.tsv:3: expected 2 tab-separated fields, found 1");
	CHECK_EQ(table(&t, "a\tb\n1\t2"), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_EQ(lt_table_read(&t, "absent", &err), -1);
	CHECK_EQ(err.status, LT_EIO);
}

static void
writes(void)
{
	struct lt_cells c;
	char text[256] = {0};

	CHECK_EQ(lt_cells_open(&c, "w.tsv", &err), 0);
	lt_cells_header(&c, "name text n d f");
	lt_cell_name(&c, "nan");
	lt_cell_text(&c, "nan");
	lt_cell_whole(&c, 12);
	lt_cell_digits(&c, 200.0 / 3, 9);
	lt_cell_fixed(&c, 2.25, 1);
	lt_cells_end(&c);
	lt_cell_name(&c, "a\tb\nc");
	lt_cell_text(&c, "");
	lt_cell_text(&c, "1.50");
	lt_cell_digits(&c, -NAN, 12);
	lt_cell_fixed(&c, NAN, 0);
	lt_cells_end(&c);
	CHECK_EQ(lt_cells_commit(&c, &err), 0);
	FILE *f = fopen("w.tsv", "r");
	CHECK(f && fread(text, 1, sizeof(text) - 1, f) > 0);
	if (f)
		fclose(f);
	CHECK_STR(text, "name\ttext\tn\td\tf\n"
			"nan\tNaN\t12\t66.6666667\t2.2\n"
			"a?b?c\tNaN\t1.50\tNaN\tNaN\n");
}

static void
numbers_of_names(void)
{
	struct lt_names s = {0};
	char text[16];

	CHECK_EQ(lt_names_find(&s, "a"), -1);
	CHECK_EQ(lt_names_number(&s, "a"), 0);
	CHECK_EQ(lt_names_number(&s, ""), 1);
	CHECK_EQ(lt_names_number(&s, "a"), 0);
	CHECK_EQ(lt_names_find(&s, "b"), -1);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "n%u", i);
		CHECK_EQ(lt_names_number(&s, text), i + 2);
	}
	CHECK_EQ(s.n, 1002);
	CHECK_EQ(lt_names_find(&s, "n999"), 1001);
	CHECK_EQ(lt_names_find(&s, ""), 1);
	CHECK_STR(s.text[2], "n0");
	lt_names_release(&s);
}

int
main(void)
{
	scratch_enter();
	TEST(cells_by_name, "cells are found by name, missing ones are NaN");
	TEST(columns_of_numbers, "a column is read as numbers");
	TEST(lost_and_damaged, "an empty file is lost, a damaged one refused");
	TEST(writes, "cells are written with tabs between them");
	TEST(numbers_of_names, "names have numbers in the order they came");
	scratch_leave();
	return tap_done();
}
