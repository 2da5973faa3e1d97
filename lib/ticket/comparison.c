#include "ticket/comparison.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "ticket/moments.h"
#include "ticket/summary.h"

#define NARROW 6 /* the least width of a column */

struct comparison {
	struct lt_summary s;
	double *acc, *search, *sparsity, *distance; /* of each row */
	double *x;				    /* [seeds]: room */
	bool *searches;	   /* [methods]: some round has search iterations */
	char title[3][64]; /* [block] */
	struct lt_out *o;
};

enum block { ACCURACY, SEARCH, FEWER };

/* The mean over the seeds that have a number. */
static double
mean_of(const struct comparison *c, const double *v, const char *method,
	uint64_t round)
{
	size_t n = 0;

	for (size_t i = 0; i < c->s.seed.n; i++) {
		int64_t row =
			lt_summary_row(&c->s, method, round, c->s.seed.text[i]);
		c->x[n] = row < 0 ? NAN : v[row];
		n += !isnan(c->x[n]);
	}
	return lt_mean(c->x, n);
}

/* Does this method have a column in this block? */
static bool
shown(const struct comparison *c, enum block block, size_t method)
{
	const char *name = c->s.method.text[method];

	if (strcmp(name, "dense") == 0)
		return false;
	if (block == ACCURACY)
		return true;
	return c->searches[method] &&
	       (block == SEARCH || strcmp(name, "imp") != 0);
}

static int
width_of(const struct comparison *c, size_t method)
{
	size_t n = strlen(c->s.method.text[method]);
	return n > NARROW ? (int)n : NARROW;
}

static int
columns_width(const struct comparison *c, int block)
{
	int width = 0;

	for (size_t m = 0; m < c->s.method.n; m++)
		if (shown(c, (enum block)block, m))
			width += 1 + width_of(c, m);
	return width;
}

/* What a title that is wider than its columns leaves before the next block. */
static int
pad_before(const struct comparison *c, int block)
{
	if (block == ACCURACY)
		return 0;
	int width = (int)strlen(c->title[block - 1]) + 1 -
		    columns_width(c, block - 1);
	return width > 0 ? width : 0;
}

/* Blocks without columns come last and are left out; the first stays, because
 * its title has the dense network. */
static int
blocks(const struct comparison *c)
{
	int n = SEARCH;

	while (n <= FEWER && columns_width(c, n))
		n++;
	return n;
}

/* v with places digits after the point in a column of this width. */
static void
put(struct lt_out *o, int width, double v, int places)
{
	if (isnan(v))
		lt_out_printf(o, "%*s", width, "-");
	else
		lt_out_printf(o, "%*.*f", width, places, v);
}

static double
value(const struct comparison *c, enum block block, size_t method,
	uint64_t round)
{
	static const char imp[] = "imp";
	const char *name = c->s.method.text[method];

	if (block == ACCURACY)
		return mean_of(c, c->acc, name, round);
	double mine = mean_of(c, c->search, name, round);
	if (block == SEARCH)
		return mine;
	double his = mean_of(c, c->search, imp, round);
	return his > 0 ? 100 * (1 - mine / his) : NAN;
}

static void
put_block(const struct comparison *c, enum block block, uint64_t round)
{
	static const int places[] = {2, 0, 1};

	lt_out_printf(c->o, "%*s", 2 + pad_before(c, block), "");
	for (size_t m = 0; m < c->s.method.n; m++)
		if (shown(c, block, m))
			put(c->o, 1 + width_of(c, m), value(c, block, m, round),
				places[block]);
}

static void
put_titles(struct comparison *c)
{
	double dense = mean_of(c, c->acc, "dense", 0);
	char number[32] = "-";
	int at = 0, start = 15;

	if (!isnan(dense))
		snprintf(number, sizeof(number), "%.2f", dense);
	snprintf(c->title[ACCURACY], sizeof(c->title[0]),
		"test accuracy, %% (dense %s)", number);
	strcpy(c->title[SEARCH], "search iterations");
	strcpy(c->title[FEWER], "fewer, %");
	for (int b = ACCURACY; b < blocks(c); b++) {
		start += 2 + pad_before(c, b);
		lt_out_printf(c->o, "%*s%s", start + 1 - at, "", c->title[b]);
		at = start + 1 + (int)strlen(c->title[b]);
		start += columns_width(c, b);
	}
	lt_out_printf(c->o, "\nround  sparsity");
	for (int b = ACCURACY; b < blocks(c); b++) {
		lt_out_printf(c->o, "%*s", 2 + pad_before(c, b), "");
		for (size_t m = 0; m < c->s.method.n; m++)
			if (shown(c, (enum block)b, m))
				lt_out_printf(c->o, " %*s", width_of(c, m),
					c->s.method.text[m]);
	}
	lt_out_printf(c->o, "\n");
}

/* The last known sparsity of a round; NaN if its rows have none. */
static bool
find_round(const struct comparison *c, uint64_t round, double *sparsity)
{
	bool found = false;

	*sparsity = NAN;
	for (size_t i = 0; i < c->s.table.n; i++) {
		if (c->s.round[i] != round)
			continue;
		found = true;
		if (!isnan(c->sparsity[i]))
			*sparsity = c->sparsity[i];
	}
	return found;
}

/* Name the methods whose rule never stopped a training. */
static void
put_stops(const struct comparison *c)
{
	const struct lt_table *t = &c->s.table;
	int name = lt_table_find(t, "method");
	int rule = lt_table_find(t, "stop_rule");
	int epoch = lt_table_find(t, "stop_epoch");

	for (size_t m = 0; m < c->s.method.n && rule >= 0; m++) {
		const char *its = NULL;
		double widest = NAN;
		bool fired = false;
		for (size_t i = 0; i < t->n; i++) {
			if (strcmp(lt_table_text(t, i, name),
				    c->s.method.text[m]) != 0)
				continue;
			fired |= !lt_table_missing(lt_table_text(t, i, epoch));
			if (!isnan(c->distance[i])) {
				its = lt_table_text(t, i, rule);
				widest = fmax(widest, c->distance[i]);
			}
		}
		if (its && !fired)
			lt_out_printf(c->o,
				"%s: the early stop (%s) never fired; the "
				"largest distance of two masks was %.4f\n",
				c->s.method.text[m], its, widest);
	}
}

static void
put_all(struct comparison *c)
{
	double sparsity;

	put_titles(c);
	for (uint64_t r = 1; r <= c->s.last; r++) {
		if (!find_round(c, r, &sparsity))
			continue;
		lt_out_printf(c->o, "%5" PRIu64, r);
		put(c->o, 10, sparsity, 2);
		for (int b = ACCURACY; b < blocks(c); b++)
			put_block(c, (enum block)b, r);
		lt_out_printf(c->o, "\n");
	}
	put_stops(c);
}

static void
find_searches(struct comparison *c)
{
	c->searches = lt_alloc(c->s.method.n, sizeof(*c->searches));
	for (size_t m = 0; m < c->s.method.n; m++)
		for (uint64_t r = 1; r <= c->s.last; r++)
			c->searches[m] |= mean_of(c, c->search,
						  c->s.method.text[m], r) > 0;
}

int
lt_comparison_write(const char *path, const char *from, struct lt_err *err)
{
	struct comparison c = {0};
	const struct lt_table *t = &c.s.table;
	int r = -1;

	if (lt_summary_read(&c.s, from, err) < 0)
		return -1;
	c.acc = lt_table_numbers(t, "test_acc", err);
	c.search = c.acc ? lt_table_numbers(t, "search_iterations", err) : NULL;
	c.sparsity = c.search ? lt_table_numbers(t, "sparsity", err) : NULL;
	c.distance =
		c.sparsity ? lt_table_optional(t, "mask_distance", err) : NULL;
	c.x = lt_alloc(c.s.seed.n + 1, sizeof(*c.x));
	if (c.distance)
		c.o = lt_out_open(path, err);
	if (c.o) {
		find_searches(&c);
		put_all(&c);
		r = lt_out_commit(c.o, err);
	}
	free(c.acc);
	free(c.search);
	free(c.sparsity);
	free(c.distance);
	free(c.x);
	free(c.searches);
	lt_summary_release(&c.s);
	return r;
}
