#include "ticket/looks.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/at.h"
#include "ticket/decay.h"

/* A layer at a look. */
struct part {
	const char *std, *mean, *count; /* texts of the table */
	double w_std;
	double size;
	bool covered; /* by the mask */
	double gone;
};

struct lt_look {
	uint64_t epoch;
	struct lt_table weights, mask;
	struct part *part; /* [layers] */
};

#define SUFFIX ".weight"

/* Is this the tensor of a layer's weights? */
static bool
is_layer(const char *name, const char *shape)
{
	size_t n = strlen(name), k = strlen(SUFFIX);

	return n > k && strcmp(name + n - k, SUFFIX) == 0 && strchr(shape, 'x');
}

static void
put_layer(struct lt_cells *o, const char *name)
{
	char *layer = lt_strndup(name, strlen(name) - strlen(SUFFIX));

	lt_cell_name(o, layer);
	free(layer);
}

/* The layers of the first look. */
static int
find_layers(struct lt_looks *l, struct lt_err *err)
{
	const struct lt_table *t = &l->v[0].weights;
	const char *name, *shape;
	size_t cap = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (lt_at_text(&name, t, i, "name", err) < 0 ||
			lt_at_text(&shape, t, i, "shape", err) < 0)
			return -1;
		if (!is_layer(name, shape))
			continue;
		lt_grow(&l->layer, &cap, l->layers + 1, sizeof *l->layer);
		l->layer[l->layers++] = lt_strdup(name);
	}
	return 0;
}

static int
read_mask_part(struct part *p, const struct lt_table *mask, const char *name,
	struct lt_err *err)
{
	double v[2];
	size_t row;

	if (lt_at_where(&row, mask, "name", name, err) < 0 ||
		lt_at_numbers(v, mask, row, "count kept", err) < 0)
		return -1;
	p->covered = row != LT_AT_NONE;
	p->gone = v[0] - v[1];
	return 0;
}

static int
read_part(struct part *p, const struct lt_look *k, const char *name,
	struct lt_err *err)
{
	double v[2];
	size_t row;

	if (lt_at_where(&row, &k->weights, "name", name, err) < 0)
		return -1;
	if (row == LT_AT_NONE)
		return lt_fail(err, LT_EDATA,
			"%s: expected a row '%s', found none", k->weights.name,
			name);
	if (lt_at_text(&p->std, &k->weights, row, "W_std", err) < 0 ||
		lt_at_text(&p->mean, &k->weights, row, "mean", err) < 0 ||
		lt_at_text(&p->count, &k->weights, row, "count", err) < 0 ||
		lt_at_numbers(v, &k->weights, row, "W_std count", err) < 0)
		return -1;
	p->w_std = v[0];
	p->size = v[1];
	return read_mask_part(p, &k->mask, name, err);
}

static int
read_parts(struct lt_look *k, const struct lt_looks *l, struct lt_err *err)
{
	k->part = lt_alloc(l->layers, sizeof *k->part);
	for (size_t j = 0; j < l->layers; j++)
		if (read_part(&k->part[j], k, l->layer[j], err) < 0)
			return -1;
	return 0;
}

/* Epoch e is row e - 1 of the log. */
static int
check_log(const struct lt_table *log, struct lt_err *err)
{
	double epoch;

	for (size_t i = 0; i < log->n; i++) {
		if (lt_at_numbers(&epoch, log, i, "epoch", err) < 0)
			return -1;
		if (epoch != (double)(i + 1))
			return lt_fail(err, LT_EDATA,
				"%s:%zu: expected epoch %zu, found %.9g",
				log->name, i + 2, i + 1, epoch);
	}
	return 0;
}

static int
read_look(struct lt_looks *l, const struct lt_look_files *f, struct lt_err *err)
{
	struct lt_look *k = &l->v[l->n];

	*k = (struct lt_look){.epoch = f->epoch};
	if (lt_table_read(&k->weights, f->weights, err) < 0)
		return -1;
	if (k->weights.lost) {
		lt_table_release(&k->weights);
		return 0;
	}
	l->n++;
	if (lt_table_read(&k->mask, f->mask, err) < 0)
		return -1;
	if (k->mask.lost)
		return lt_fail(err, LT_EDATA,
			"%s: expected the table of a mask, found an empty file",
			f->mask);
	if (k->epoch > l->log.n)
		return lt_fail(err, LT_EDATA,
			"%s: expected a row of epoch %" PRIu64 ", found none",
			l->log.name, k->epoch);
	if (l->n > 1 && k[-1].epoch >= k->epoch)
		return lt_fail(err, LT_EDATA,
			"expected epochs that ascend, found %" PRIu64
			" after %" PRIu64,
			k->epoch, k[-1].epoch);
	if (l->n == 1 && find_layers(l, err) < 0)
		return -1;
	return read_parts(k, l, err);
}

int
lt_looks_read(struct lt_looks *l, const struct lt_look_files *file, size_t n,
	const char *log, struct lt_err *err)
{
	int r;

	*l = (struct lt_looks){.v = lt_alloc(n, sizeof *l->v)};
	r = lt_table_read(&l->log, log, err);
	if (r == 0)
		r = check_log(&l->log, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = read_look(l, &file[i], err);
	if (r < 0)
		lt_looks_release(l);
	return r;
}

void
lt_looks_release(struct lt_looks *l)
{
	for (size_t i = 0; i < l->n; i++) {
		lt_table_release(&l->v[i].weights);
		lt_table_release(&l->v[i].mask);
		free(l->v[i].part);
	}
	for (size_t j = 0; j < l->layers; j++)
		free(l->layer[j]);
	free(l->v);
	free(l->layer);
	lt_table_release(&l->log);
	*l = (struct lt_looks){0};
}

/* Iterations and rate at the end of an epoch; there are none at epoch 0. */
static int
at_epoch(double *iteration, double *lr, const struct lt_looks *l,
	uint64_t epoch, struct lt_err *err)
{
	double v[2] = {0, NAN};

	if (epoch > 0 &&
		lt_at_numbers(v, &l->log, epoch - 1, "iteration lr", err) < 0)
		return -1;
	*iteration = v[0];
	*lr = v[1];
	return 0;
}

/* What Equation 5 multiplies weights by from one epoch to another. */
static int
factor(double *f, const struct lt_looks *l, uint64_t from, uint64_t to,
	struct lt_err *err)
{
	struct lt_decay_epoch *v = lt_alloc(to - from, sizeof *v);
	double before, lr, iteration;
	int r = at_epoch(&before, &lr, l, from, err);

	for (uint64_t e = from + 1; r == 0 && e <= to; e++) {
		r = at_epoch(&iteration, &lr, l, e, err);
		if (r == 0)
			v[e - from - 1] =
				(struct lt_decay_epoch){iteration - before, lr};
		before = iteration;
	}
	if (r == 0)
		*f = lt_decay_factor(v, to - from, l->momentum, l->decay);
	free(v);
	return r;
}

/* The first cells of a look's rows. */
struct stamp {
	uint64_t epoch;
	double iteration;
	const char *lr;
};

static int
stamp_of(struct stamp *s, const struct lt_looks *l, uint64_t epoch,
	struct lt_err *err)
{
	size_t row = epoch ? epoch - 1 : LT_AT_NONE;
	double lr;

	s->epoch = epoch;
	return at_epoch(&s->iteration, &lr, l, epoch, err) < 0
		       ? -1
		       : lt_at_text(&s->lr, &l->log, row, "lr", err);
}

static void
put_stamp(struct lt_cells *o, const struct stamp *s)
{
	lt_cell_whole(o, s->epoch);
	lt_cell_fixed(o, s->iteration, 0);
	lt_cell_text(o, s->lr);
}

/* before: the layer at the look before, epochs earlier; NULL at the first. */
static void
put_part(struct lt_cells *o, const struct part *p, const struct part *before,
	double f, double epochs)
{
	double w = before ? before->w_std : NAN;

	lt_cell_text(o, p->count);
	lt_cell_text(o, p->std);
	lt_cell_text(o, p->mean);
	lt_cell_digits(o, p->covered ? 100 * p->gone / p->size : NAN, 12);
	lt_cell_digits(o, p->w_std - w, 12);
	lt_cell_digits(o, w * (f - 1), 12);
	lt_cell_digits(o, w == 0 ? NAN : 100 * (p->w_std / w - 1) / epochs, 12);
	lt_cell_digits(o, before ? 100 * (f - 1) / epochs : NAN, 12);
	lt_cells_end(o);
}

int
lt_looks_weights(
	struct lt_cells *o, const struct lt_looks *l, struct lt_err *err)
{
	lt_cells_header(o, "epoch iteration lr layer count W_std W_mean rate "
			   "change predicted change_share predicted_share");
	for (size_t i = 0; i < l->n; i++) {
		const struct lt_look *k = &l->v[i], *b = i ? k - 1 : NULL;
		struct stamp s;
		double f = NAN;
		if (stamp_of(&s, l, k->epoch, err) < 0 ||
			(b && factor(&f, l, b->epoch, k->epoch, err) < 0))
			return -1;
		for (size_t j = 0; j < l->layers; j++) {
			put_stamp(o, &s);
			put_layer(o, l->layer[j]);
			put_part(o, &k->part[j], b ? &b->part[j] : NULL, f,
				b ? (double)(k->epoch - b->epoch) : NAN);
		}
	}
	return 0;
}

static int
put_stretch(struct lt_cells *o, const struct lt_looks *l,
	const struct lt_look *a, const struct lt_look *b, struct lt_err *err)
{
	double f, lr, first, last;
	const char *rate;

	if (factor(&f, l, a->epoch, b->epoch, err) < 0 ||
		at_epoch(&first, &lr, l, a->epoch, err) < 0 ||
		at_epoch(&last, &lr, l, b->epoch, err) < 0 ||
		lt_at_text(&rate, &l->log, b->epoch - 1, "lr", err) < 0)
		return -1;
	for (size_t j = 0; j < l->layers; j++) {
		const struct part *p = &a->part[j], *q = &b->part[j];
		lt_cell_whole(o, a->epoch);
		lt_cell_whole(o, b->epoch);
		lt_cell_text(o, rate);
		lt_cell_fixed(o, last - first, 0);
		put_layer(o, l->layer[j]);
		lt_cell_text(o, p->std);
		lt_cell_text(o, q->std);
		lt_cell_digits(o, q->w_std - p->w_std, 12);
		lt_cell_digits(o, p->w_std * (f - 1), 12);
		lt_cell_digits(o, lt_decay_ratio(p->w_std, q->w_std, f), 12);
		lt_cells_end(o);
	}
	return 0;
}

static int
find_rates(
	struct lt_decay_look *v, const struct lt_looks *l, struct lt_err *err)
{
	double iteration;

	for (size_t i = 0; i < l->n; i++) {
		uint64_t after = i ? l->v[i - 1].epoch + 1 : 0;
		if (at_epoch(&iteration, &v[i].lr, l, l->v[i].epoch, err) < 0 ||
			at_epoch(&iteration, &v[i].first_lr, l, after, err) < 0)
			return -1;
	}
	return 0;
}

int
lt_looks_slopes(
	struct lt_cells *o, const struct lt_looks *l, struct lt_err *err)
{
	struct lt_decay_look *v = lt_alloc(l->n, sizeof *v);
	int r = find_rates(v, l, err);
	size_t to;

	lt_cells_header(o, "first last lr iterations layer W_first W_last "
			   "change predicted ratio");
	for (size_t from = 0; r == 0 && from + 1 < l->n; from = to) {
		to = lt_decay_stretch(v, l->n, from);
		r = put_stretch(o, l, &l->v[from], &l->v[to], err);
	}
	free(v);
	return r;
}

/* How far the masks of two looks differ between layers. */
static double
moved(const struct lt_looks *l, const struct lt_look *a,
	const struct lt_look *b)
{
	struct lt_decay_layer *v = lt_alloc(l->layers, sizeof *v);

	for (size_t j = 0; j < l->layers; j++)
		v[j] = (struct lt_decay_layer){a->part[j].covered,
			a->part[j].size, a->part[j].gone, b->part[j].gone};
	double share = lt_decay_moved(v, l->layers);
	free(v);
	return share;
}

int
lt_looks_rates(struct lt_cells *o, const struct lt_looks *l, struct lt_err *err)
{
	lt_cells_header(o, "epoch iteration lr moved from_last");
	for (size_t i = 0; i < l->n; i++) {
		const struct lt_look *k = &l->v[i];
		struct stamp s;
		if (stamp_of(&s, l, k->epoch, err) < 0)
			return -1;
		put_stamp(o, &s);
		lt_cell_digits(o, i ? moved(l, k - 1, k) : NAN, 12);
		lt_cell_digits(o, moved(l, k, &l->v[l->n - 1]), 12);
		lt_cells_end(o);
	}
	return 0;
}
