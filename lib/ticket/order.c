#include "ticket/order.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/table.h"
#include "ticket/paired.h"
#include "ticket/student.h"

#define ALPHA 0.05

struct networks {
	size_t n;
	double *size, *searches;
	double *v, *std; /* of the value that is compared */
};

/* The pairs of different size whose values are known. */
struct pairs {
	size_t n;
	double *difference; /* the smaller network's value less the larger's */
	double *p; /* of no difference; NaN where nothing can be said */
};

/* The probability of a difference as large as that of a and b if there is none,
 * by Welch's test. */
static double
welch(const struct networks *w, size_t a, size_t b)
{
	double ua = w->std[a] * w->std[a] / w->searches[a];
	double ub = w->std[b] * w->std[b] / w->searches[b];
	double u = ua + ub;
	double df = u * u /
		    (ua * ua / (w->searches[a] - 1) +
			    ub * ub / (w->searches[b] - 1));

	if (!(df >= 1)) /* NaN: a value without a deviation, or none differs */
		return NAN;
	return lt_student_outside((w->v[a] - w->v[b]) / sqrt(u), (size_t)df);
}

static struct pairs
compare(const struct networks *w)
{
	struct pairs of = {0};

	of.difference = lt_alloc(w->n * w->n, sizeof(*of.difference));
	of.p = lt_alloc(w->n * w->n, sizeof(*of.p));
	for (size_t a = 0; a < w->n; a++)
		for (size_t b = 0; b < w->n; b++) {
			double difference = w->v[a] - w->v[b];
			if (w->size[a] >= w->size[b] || isnan(difference))
				continue;
			of.difference[of.n] = difference;
			of.p[of.n++] = welch(w, a, b);
		}
	lt_holm(of.p, of.n);
	return of;
}

static void
put(struct lt_cells *out, const struct networks *w, const char *name)
{
	size_t smaller = 0, judged = 0, smaller_sure = 0, larger_sure = 0;
	struct pairs of = compare(w);

	for (size_t i = 0; i < of.n; i++) {
		bool sure = of.p[i] <= ALPHA;
		smaller += of.difference[i] > 0;
		judged += !isnan(of.p[i]);
		smaller_sure += sure && of.difference[i] > 0;
		larger_sure += sure && of.difference[i] < 0;
	}
	lt_cell_name(out, name);
	lt_cell_whole(out, of.n);
	lt_cell_whole(out, smaller);
	lt_cell_whole(out, judged);
	lt_cell_whole(out, smaller_sure);
	lt_cell_whole(out, larger_sure);
	lt_cells_end(out);
	free(of.difference);
	free(of.p);
}

/* A value without a column of deviations is judged nowhere. */
static int
put_value(struct lt_cells *out, const struct lt_table *t, struct networks *w,
	const char *name, struct lt_err *err)
{
	char *std = lt_asprintf("%s_std", name);

	w->v = lt_table_numbers(t, name, err);
	w->std = w->v ? lt_table_optional(t, std, err) : NULL;
	free(std);
	if (w->std)
		put(out, w, name);
	int r = w->std ? 0 : -1;
	free(w->v);
	free(w->std);
	return r;
}

static int
put_all(const char *path, const struct lt_table *t, struct networks *w,
	struct lt_err *err)
{
	struct lt_cells out;

	if (lt_cells_open(&out, path, err) < 0)
		return -1;
	lt_cells_header(
		&out, "measure pairs smaller judged smaller_sure larger_sure");
	if (put_value(&out, t, w, "best_gain", err) < 0 ||
		put_value(&out, t, w, "lts", err) < 0) {
		lt_cells_abandon(&out);
		return -1;
	}
	return lt_cells_commit(&out, err);
}

int
lt_order_write(const char *path, const char *from, struct lt_err *err)
{
	struct lt_table t;
	int r = -1;

	if (lt_table_read(&t, from, err) < 0)
		return -1;
	struct networks w = {.n = t.n};
	w.size = lt_table_numbers(&t, "parameters", err);
	w.searches = w.size ? lt_table_numbers(&t, "searches", err) : NULL;
	if (w.searches)
		r = put_all(path, &t, &w, err);
	free(w.size);
	free(w.searches);
	lt_table_release(&t);
	return r;
}
