#include "ticket/wallclock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/table.h"

struct taken {
	double iterations, presentations, macs, seconds, cpu;
};

/* Add the last row's cell, or those of all rows. */
static int
add(double *sum, const struct lt_table *t, const char *name, bool last,
	struct lt_err *err)
{
	double *v = lt_table_numbers(t, name, err);

	for (size_t i = last && t->n ? t->n - 1 : 0; v && i < t->n; i++)
		*sum += v[i];
	int r = v ? 0 : -1;
	free(v);
	return r;
}

static int
add_table(struct taken *sum, const struct lt_table *t, struct lt_err *err)
{
	if (t->lost) {
		*sum = (struct taken){NAN, NAN, NAN, NAN, NAN};
		return 0;
	}
	if (lt_table_find(t, "seconds") >= 0) {
		int r = add(&sum->seconds, t, "seconds", false, err);
		return r ? r : add(&sum->cpu, t, "cpu_seconds", false, err);
	}
	if (lt_table_find(t, "images") >= 0)
		return add(&sum->macs, t, "macs", false, err);
	int r = add(&sum->iterations, t, "iteration", true, err);
	if (r == 0)
		r = add(&sum->presentations, t, "presentations", true, err);
	return r ? r : add(&sum->macs, t, "macs", true, err);
}

static int
add_up(struct taken *sum, const struct lt_clocked *s, struct lt_err *err)
{
	int r = 0;

	*sum = (struct taken){0};
	for (int i = 0; i < s->paths && r == 0; i++) {
		struct lt_table t = {.lost = true};
		if (!lt_table_absent(s->path[i]))
			r = lt_table_read(&t, s->path[i], err);
		if (r == 0)
			r = add_table(sum, &t, err);
		lt_table_release(&t);
	}
	return r;
}

/* The number of the search that search i is compared with, or -1. */
static int
find_before(const struct lt_clocked *search, int n, int i)
{
	if (!search[i].after)
		return i - 1;
	for (int k = 0; k < n; k++)
		if (strcmp(search[k].name, search[i].after) == 0)
			return k;
	return -1;
}

static void
put_titles(struct lt_cells *c, const char *first)
{
	static const char *const name[] = {"search", "is", "iterations",
		"presentations", "multiply_adds", "seconds", "cpu_seconds"};
	char *of = lt_asprintf("of_%s", first);

	for (char *p = of; *p; p++)
		*p = *p == '-' ? '_' : *p;
	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++)
		lt_cell_name(c, name[i]);
	lt_cell_name(c, of);
	lt_cell_name(c, "of_step_before");
	lt_cells_end(c);
	free(of);
}

static double
share(const struct taken *part, const struct taken *whole)
{
	return whole->seconds > 0 ? part->seconds / whole->seconds : NAN;
}

static void
put_search(struct lt_cells *c, const struct lt_clocked *search, int n, int i,
	const struct taken *taken)
{
	int before = find_before(search, n, i);

	lt_cell_name(c, search[i].name);
	lt_cell_text(c, search[i].is ? search[i].is : "NaN");
	lt_cell_fixed(c, taken[i].iterations, 0);
	lt_cell_fixed(c, taken[i].presentations, 0);
	lt_cell_fixed(c, taken[i].macs, 0);
	lt_cell_fixed(c, taken[i].seconds, 1);
	lt_cell_fixed(c, taken[i].cpu, 1);
	lt_cell_fixed(c, share(&taken[i], &taken[0]), 3);
	lt_cell_fixed(
		c, before < 0 ? NAN : share(&taken[i], &taken[before]), 3);
	lt_cells_end(c);
}

int
lt_wallclock_write(const char *path, const struct lt_clocked *search, int n,
	struct lt_err *err)
{
	struct taken *taken = lt_alloc((size_t)n, sizeof(*taken));
	struct lt_cells c;
	int r = 0;

	for (int i = 0; i < n && r == 0; i++)
		r = add_up(&taken[i], &search[i], err);
	if (r == 0)
		r = lt_cells_open(&c, path, err);
	if (r == 0) {
		put_titles(&c, search[0].name);
		for (int i = 0; i < n; i++)
			put_search(&c, search, n, i, taken);
		r = lt_cells_commit(&c, err);
	}
	free(taken);
	return r;
}
