#include "ticket/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/at.h"

/* What a training has cost until the end of a row. */
#define COSTS "iteration presentations macs"
enum { N_COSTS = 3 };

/* A row of the dense run's log. */
struct dense {
	double epoch;
	char *val_acc; /* owned */
	double cost[N_COSTS];
};

struct dense_run {
	struct dense *v;
	size_t n, cap;
};

static void
release_dense(struct dense_run *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i].val_acc);
	free(d->v);
}

static int
add_dense(struct dense_run *d, const char *path, struct lt_err *err)
{
	struct lt_table t;
	int r = lt_table_read(&t, path, err);

	for (size_t i = 0; r == 0 && i < t.n; i++) {
		struct dense k;
		const char *val_acc;
		if (lt_at_numbers(&k.epoch, &t, i, "epoch", err) < 0 ||
			lt_at_numbers(k.cost, &t, i, COSTS, err) < 0 ||
			lt_at_text(&val_acc, &t, i, "val_acc", err) < 0) {
			r = -1;
			break;
		}
		k.val_acc = lt_strdup(val_acc);
		lt_grow(&d->v, &d->cap, d->n + 1, sizeof *d->v);
		d->v[d->n++] = k;
	}
	lt_table_release(&t);
	return r;
}

/* The last row of an epoch, or NULL. */
static const struct dense *
dense_at(const struct dense_run *d, double epoch)
{
	for (size_t i = d->n; i; i--)
		if (d->v[i - 1].epoch == epoch)
			return &d->v[i - 1];
	return NULL;
}

static void
put_check(struct lt_cells *o, const struct lt_check *k, const char *val_acc,
	const struct dense *d, const double *sum)
{
	lt_cell_text(o, k->epoch);
	lt_cell_text(o, k->lr);
	lt_cell_text(o, val_acc);
	lt_cell_text(o, d ? d->val_acc : "");
	for (int i = 0; i < N_COSTS; i++)
		lt_cell_fixed(o, d ? d->cost[i] + sum[i] : NAN, 0);
	lt_cells_end(o);
}

/* Add the cost of a check to sum and write its row. */
static int
add_check(struct lt_cells *o, double *sum, const struct lt_check *k,
	const struct dense_run *d, struct lt_err *err)
{
	struct lt_table t;
	double cost[N_COSTS];
	const char *val_acc;
	int r = -1;

	if (lt_table_read(&t, k->path, err) < 0)
		return -1;
	if (!t.lost && t.n != 1)
		lt_fail(err, LT_EDATA, "%s: expected one epoch, found %zu",
			t.name, t.n);
	else if (lt_at_numbers(cost, &t, 0, COSTS, err) == 0 &&
		 lt_at_text(&val_acc, &t, 0, "val_acc", err) == 0)
		r = 0;
	for (int i = 0; r == 0 && i < N_COSTS; i++)
		sum[i] += cost[i];
	if (r == 0 && !t.lost)
		put_check(o, k, val_acc, dense_at(d, k->number), sum);
	lt_table_release(&t);
	return r;
}

int
lt_checks_table(
	struct lt_cells *o, const struct lt_checks *c, struct lt_err *err)
{
	struct dense_run d = {0};
	double sum[N_COSTS] = {0};
	int r = 0;

	lt_cells_header(o, "epoch lr val_acc dense_val_acc " COSTS);
	for (int i = 0; r == 0 && i < c->n_dense; i++)
		r = add_dense(&d, c->dense[i], err);
	for (size_t i = 0; r == 0 && i < c->n; i++) {
		if (i && strcmp(c->v[i].lr, c->v[i - 1].lr) != 0)
			memset(sum, 0, sizeof sum);
		r = add_check(o, sum, &c->v[i], &d, err);
	}
	release_dense(&d);
	return r;
}

/* Add a row of the table to the curve. */
static int
add_row(struct lt_curve *c, size_t row, double *last, struct lt_err *err)
{
	const struct lt_table *t = &c->t;
	int epoch = lt_table_column(t, "epoch", err);
	int val_acc = lt_table_column(t, "val_acc", err);
	double at, accuracy;

	if (epoch < 0 || val_acc < 0 ||
		lt_table_f64(t, row, epoch, &at, err) < 0 ||
		lt_table_f64(t, row, val_acc, &accuracy, err) < 0)
		return -1;
	if (!(accuracy >= 0 && accuracy <= 100))
		return lt_table_refuse(
			t, row, val_acc, "an accuracy from 0 to 100", err);
	if (!isfinite(at) || (c->n && at <= *last))
		return lt_table_refuse(t, row, epoch,
			"an epoch after that of the check before", err);
	*last = at;
	c->row[c->n] = row;
	c->accuracy[c->n++] = accuracy;
	return 0;
}

static int
read_rows(struct lt_curve *c, double lr, struct lt_err *err)
{
	const struct lt_table *t = &c->t;
	double last = 0, at;

	if (t->lost)
		return lt_fail(err, LT_EDATA,
			"%s: expected a table of checks, found an empty file",
			t->name);
	if (lt_table_column(t, "epoch", err) < 0 ||
		lt_table_column(t, "val_acc", err) < 0 ||
		(!isnan(lr) && lt_table_column(t, "lr", err) < 0))
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		if (!isnan(lr)) {
			if (lt_at_numbers(&at, t, i, "lr", err) < 0)
				return -1;
			if (at != lr)
				continue;
		}
		if (add_row(c, i, &last, err) < 0)
			return -1;
	}
	return 0;
}

int
lt_curve_read(
	struct lt_curve *c, const char *path, double lr, struct lt_err *err)
{
	*c = (struct lt_curve){0};
	if (lt_table_read(&c->t, path, err) < 0)
		return -1;
	c->row = lt_alloc(c->t.n, sizeof *c->row);
	c->accuracy = lt_alloc(c->t.n, sizeof *c->accuracy);
	c->median = lt_alloc(c->t.n, sizeof *c->median);
	if (read_rows(c, lr, err) < 0) {
		lt_curve_release(c);
		return -1;
	}
	lt_ppr_medians(c->median, c->accuracy, c->n);
	return 0;
}

void
lt_curve_release(struct lt_curve *c)
{
	free(c->row);
	free(c->accuracy);
	free(c->median);
	lt_table_release(&c->t);
	*c = (struct lt_curve){0};
}

static int
put_rule(struct lt_cells *o, const char *rule, const struct lt_curve *c,
	struct lt_ppr_ticket k, bool stopped, struct lt_err *err)
{
	size_t at = k.found ? c->row[k.ticket] : LT_AT_NONE;
	const char *ticket, *epoch, *val_acc;

	if (lt_at_text(&ticket, &c->t, at, "epoch", err) < 0 ||
		lt_at_text(&epoch, &c->t, c->n ? c->row[k.known] : LT_AT_NONE,
			"epoch", err) < 0 ||
		lt_at_text(&val_acc, &c->t, at, "val_acc", err) < 0)
		return -1;
	lt_cell_name(o, rule);
	lt_cell_text(o, ticket);
	lt_cell_text(o, epoch);
	lt_cell_whole(o, stopped);
	lt_cell_text(o, val_acc);
	lt_cell_digits(o, k.found ? c->median[k.ticket] : NAN, 6);
	lt_cells_end(o);
	return 0;
}

int
lt_curve_table(struct lt_cells *o, const struct lt_curve *c,
	const struct lt_ppr_rule *rule, struct lt_err *err)
{
	struct lt_ppr_ticket online = lt_ppr_online(c->median, c->n, rule);

	lt_cells_header(o, "rule ticket epoch stopped val_acc median");
	if (put_rule(o, "offline", c, lt_ppr_offline(c->median, c->n, rule),
		    false, err) < 0)
		return -1;
	return put_rule(o, "online", c, online, online.found, err);
}

int
lt_curve_pick(struct lt_cells *o, const struct lt_curve *c,
	const struct lt_ppr_rule *rule, struct lt_err *err)
{
	struct lt_ppr_ticket k = lt_ppr_online(c->median, c->n, rule);
	const char *epoch;

	if (!k.found)
		k = lt_ppr_offline(c->median, c->n, rule);
	if (!k.found)
		return lt_fail(err, LT_EDATA,
			"%s: expected at least %d checks, found %zu", c->t.name,
			LT_PPR_LEAST, c->n);
	if (lt_at_text(&epoch, &c->t, c->row[k.ticket], "epoch", err) < 0)
		return -1;
	lt_cell_text(o, epoch);
	lt_cells_end(o);
	return 0;
}

bool
lt_curve_stops(const struct lt_curve *c, const struct lt_ppr_rule *rule)
{
	return lt_ppr_online(c->median, c->n, rule).found;
}
