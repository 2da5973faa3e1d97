#include "ticket/matching.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ticket/moments.h"
#include "ticket/summary.h"

struct comparing {
	struct lt_summary s;
	double *acc;	      /* of each row; NaN is missing */
	int method, sparsity; /* columns, or -1 */
	double *x;	      /* [seeds]: room */
	double dense;	      /* mean accuracy of the dense network */
	double within;	      /* points */
};

struct group {
	size_t n;
	double mean, std;
};

static double
accuracy(const struct comparing *c, const char *method, uint64_t round,
	const char *seed)
{
	int64_t row = lt_summary_row(&c->s, method, round, seed);

	return row < 0 ? NAN : c->acc[row];
}

static struct group
moments(const struct comparing *c, size_t n)
{
	return (struct group){n, lt_mean(c->x, n), lt_deviation(c->x, n)};
}

/* The accuracies of a method at a round, over seeds. */
static struct group
collect(const struct comparing *c, const char *method, uint64_t round)
{
	size_t n = 0;

	for (size_t i = 0; i < c->s.seed.n; i++) {
		c->x[n] = accuracy(c, method, round, c->s.seed.text[i]);
		n += !isnan(c->x[n]);
	}
	return moments(c, n);
}

/* Those less those of another method, of the seeds that have both. */
static struct group
differences(const struct comparing *c, const char *method, const char *against,
	uint64_t round)
{
	size_t n = 0;

	for (size_t i = 0; i < c->s.seed.n; i++) {
		const char *seed = c->s.seed.text[i];
		c->x[n] = accuracy(c, method, round, seed) -
			  accuracy(c, against, round, seed);
		n += !isnan(c->x[n]);
	}
	return moments(c, n);
}

/* The last sparsity of this method and round that is known, as the table has
 * it; NULL if there is no row. */
static const char *
find_sparsity(const struct comparing *c, const char *method, uint64_t round)
{
	const char *found = NULL;

	for (size_t i = 0; i < c->s.table.n; i++) {
		if (c->s.round[i] != round ||
			strcmp(lt_table_text(&c->s.table, i, c->method),
				method) != 0)
			continue;
		const char *text = lt_table_text(&c->s.table, i, c->sparsity);
		if (!found || !lt_table_missing(text))
			found = text;
	}
	return found;
}

static double
reaches(double x, double limit)
{
	return isnan(x) || isnan(limit) ? NAN : x >= limit - 1e-9;
}

static void
put_group(struct lt_cells *out, const struct group *g)
{
	lt_cell_whole(out, g->n);
	lt_cell_digits(out, g->mean, 12);
	lt_cell_digits(out, g->std, 12);
}

static void
compare(struct lt_cells *out, const struct comparing *c, const char *method,
	uint64_t round)
{
	const char *sparsity = find_sparsity(c, method, round);

	if (!sparsity)
		return;
	struct group its = collect(c, method, round);
	struct group imp = collect(c, "imp", round);
	struct group less = differences(c, method, "imp", round);
	double limit = isnan(imp.std) ? imp.mean : imp.mean - imp.std;
	double matched =
		strcmp(method, "imp") == 0 ? NAN : reaches(its.mean, limit);
	lt_cell_name(out, method);
	lt_cell_whole(out, round);
	lt_cell_text(out, sparsity);
	put_group(out, &its);
	put_group(out, &imp);
	lt_cell_digits(out, limit, 12);
	lt_cell_digits(out, matched, 12);
	put_group(out, &less);
	lt_cell_digits(out, c->dense, 12);
	lt_cell_digits(out, its.mean - c->dense, 12);
	lt_cell_digits(out, reaches(its.mean, c->dense - c->within), 12);
	lt_cells_end(out);
}

static int
look_up(struct comparing *c, struct lt_err *err)
{
	c->acc = lt_table_numbers(&c->s.table, "test_acc", err);
	if (!c->acc)
		return -1;
	c->method = lt_table_find(&c->s.table, "method");
	c->sparsity = lt_table_find(&c->s.table, "sparsity");
	c->x = lt_alloc(c->s.seed.n + 1, sizeof(*c->x));
	return 0;
}

static void
release(struct comparing *c)
{
	free(c->acc);
	free(c->x);
	lt_summary_release(&c->s);
}

static int
compare_all(struct comparing *c, const char *path, struct lt_err *err)
{
	struct lt_cells out;

	c->dense = collect(c, "dense", 0).mean;
	if (lt_cells_open(&out, path, err) < 0)
		return -1;
	lt_cells_header(&out,
		"method round sparsity n test_acc test_acc_std imp_n imp_acc "
		"imp_std threshold matched difference_n difference "
		"difference_std dense_acc dense_difference within");
	for (size_t i = 0; i < c->s.method.n; i++)
		for (uint64_t r = 1; r <= c->s.last; r++)
			compare(&out, c, c->s.method.text[i], r);
	return lt_cells_commit(&out, err);
}

int
lt_matching_write(
	const char *path, const char *from, double within, struct lt_err *err)
{
	struct comparing c = {.within = within};

	if (lt_summary_read(&c.s, from, err) < 0)
		return -1;
	int r = look_up(&c, err);
	if (r == 0)
		r = compare_all(&c, path, err);
	release(&c);
	return r;
}

/* One row, if some seed has both. */
static void
subtract(struct lt_cells *out, const struct comparing *c, const char *method,
	const char *against, uint64_t round)
{
	struct group less = differences(c, method, against, round);

	if (less.n == 0)
		return;
	lt_cell_name(out, method);
	lt_cell_name(out, against);
	lt_cell_whole(out, round);
	lt_cell_text(out, find_sparsity(c, method, round));
	put_group(out, &less);
	lt_cells_end(out);
}

static int
subtract_all(const struct comparing *c, const char *path, const char *method,
	struct lt_err *err)
{
	struct lt_cells out;

	if (lt_cells_open(&out, path, err) < 0)
		return -1;
	lt_cells_header(&out,
		"method against round sparsity n difference difference_std");
	for (size_t i = 0; i < c->s.method.n; i++)
		for (uint64_t r = 1; r <= c->s.last; r++)
			if (strcmp(c->s.method.text[i], method) != 0)
				subtract(&out, c, method, c->s.method.text[i],
					r);
	return lt_cells_commit(&out, err);
}

int
lt_differences_write(const char *path, const char *from, const char *method,
	struct lt_err *err)
{
	struct comparing c = {0};

	if (lt_summary_read(&c.s, from, err) < 0)
		return -1;
	int r = look_up(&c, err);
	if (r == 0)
		r = subtract_all(&c, path, method, err);
	release(&c);
	return r;
}
