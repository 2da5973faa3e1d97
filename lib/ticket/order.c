#include "ticket/order.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/table.h"

struct networks {
	size_t n;
	double *size, *searches;
	double *v, *std; /* of the value that is compared */
};

struct count {
	size_t pairs, smaller, judged, smaller_sure, larger_sure;
};

/* a is smaller than b. */
static void
add(struct count *c, const struct networks *w, size_t a, size_t b)
{
	double difference = w->v[a] - w->v[b];

	if (isnan(difference))
		return;
	c->pairs++;
	c->smaller += difference > 0;
	double error = sqrt(w->std[a] * w->std[a] / w->searches[a] +
			    w->std[b] * w->std[b] / w->searches[b]);
	if (isnan(error))
		return;
	c->judged++;
	c->smaller_sure += difference > 2 * error;
	c->larger_sure += -difference > 2 * error;
}

static void
put(struct lt_cells *out, const struct networks *w, const char *name)
{
	struct count c = {0};

	for (size_t a = 0; a < w->n; a++)
		for (size_t b = 0; b < w->n; b++)
			if (w->size[a] < w->size[b])
				add(&c, w, a, b);
	lt_cell_name(out, name);
	lt_cell_whole(out, c.pairs);
	lt_cell_whole(out, c.smaller);
	lt_cell_whole(out, c.judged);
	lt_cell_whole(out, c.smaller_sure);
	lt_cell_whole(out, c.larger_sure);
	lt_cells_end(out);
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
