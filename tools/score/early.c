/* Early tickets: checks along the dense run and their rules, the weights of its
 * epochs, the grid of masks and weights, gradual pruning, random labels. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "base/pivot.h"
#include "actions.h"
#include "ticket/checks.h"
#include "ticket/looks.h"
#include "ticket/outcome.h"
#include "ticket/prunings.h"
#include "ticket/windows.h"

/* The value of an operand NAME=VALUE of this name, or NULL. */
static const char *
value_of(const char *operand, const char *name)
{
	size_t length;
	const char *value = score_value(operand, &length);

	return value && length == strlen(name) &&
			       strncmp(operand, name, length) == 0
		       ? value
		       : NULL;
}

/* A learning rate; the program ends unless it is one. */
static double
rate_of(const char *text, const char *what)
{
	double lr;

	if (!lt_num_f64(text, &lr) || !(lr > 0))
		lt_cli_usage(&score_cmd,
			"%s: expected a number above 0, found '%s'", what,
			text);
	return lr;
}

/* The epoch of an operand epoch=E; the program ends unless it is one. */
static uint64_t
epoch_of(const char *operand)
{
	const char *text = value_of(operand, "epoch");
	uint64_t epoch;

	if (!text || !lt_num_u64(text, &epoch))
		lt_cli_usage(
			&score_cmd, "expected epoch=E, found '%s'", operand);
	return epoch;
}

/* The rate of --lr, NAN without it. */
static double
rate(void)
{
	return opt.lr ? rate_of(opt.lr, "--lr") : NAN;
}

/* The log of --dense, for an action that takes no segments. */
static const char *
dense_log(void)
{
	if (opt.dense.n > 1)
		lt_cli_usage(&score_cmd,
			"expected --dense once, found it %d "
			"times",
			opt.dense.n);
	return opt.dense.n ? opt.dense.v[0] : NULL;
}

static struct lt_ppr_rule
rule(void)
{
	return (struct lt_ppr_rule){opt.tolerance, (size_t)opt.window};
}

int
score_ppr(char **operand, int n, struct lt_err *err)
{
	struct lt_ppr_rule by = rule();
	struct lt_curve c;
	struct lt_cells o;
	int r;

	(void)n;
	if (lt_curve_read(&c, operand[0], rate(), err) < 0)
		return -1;
	r = lt_cells_open(&o, opt.output, err);
	if (r == 0)
		r = lt_cells_close(&o, lt_curve_table(&o, &c, &by, err), err);
	lt_curve_release(&c);
	return r;
}

int
score_ppr_ticket(char **operand, int n, struct lt_err *err)
{
	struct lt_ppr_rule by = rule();
	struct lt_curve c;
	struct lt_cells o;
	int r;

	(void)n;
	if (lt_curve_read(&c, operand[0], rate(), err) < 0)
		return -1;
	r = lt_cells_open(&o, opt.output, err);
	if (r == 0)
		r = lt_cells_close(&o, lt_curve_pick(&o, &c, &by, err), err);
	lt_curve_release(&c);
	return r;
}

int
score_ppr_stops(char **operand, int n, struct lt_err *err)
{
	struct lt_ppr_rule by = rule();
	struct lt_curve c;

	(void)n;
	if (lt_curve_read(&c, operand[0], rate(), err) < 0)
		return -1;
	bool stops = lt_curve_stops(&c, &by);
	lt_curve_release(&c);
	return stops ? LT_EOK : lt_cli_no();
}

/* Fill v from operands lr=R, epoch=E and FILE, and return how many checks there
 * are. */
static size_t
parse_checks(struct lt_check *v, char **operand, int n)
{
	struct lt_check k = {0};
	size_t checks = 0;

	for (int i = 0; i < n; i++) {
		const char *lr = value_of(operand[i], "lr");
		if (lr) {
			rate_of(lr, "lr");
			k.lr = lr;
		} else if (!k.epoch) {
			k.number = (double)epoch_of(operand[i]);
			k.epoch = value_of(operand[i], "epoch");
		} else {
			k.path = operand[i];
			v[checks++] = k;
			k.epoch = NULL;
		}
		if (!k.lr)
			lt_cli_usage(&score_cmd,
				"checks: expected lr=R before '%s'",
				operand[i]);
	}
	if (k.epoch)
		lt_cli_usage(&score_cmd,
			"checks: expected a log after epoch=%s", k.epoch);
	return checks;
}

int
score_checks(char **operand, int n, struct lt_err *err)
{
	struct lt_check *v = lt_alloc((size_t)n, sizeof *v);
	struct lt_checks c = {
		opt.dense.v, opt.dense.n, v, parse_checks(v, operand, n)};
	struct lt_cells o;
	int r = lt_cells_open(&o, opt.output, err);

	if (r == 0)
		r = lt_cells_close(&o, lt_checks_table(&o, &c, err), err);
	free(v);
	return r;
}

typedef int looks_table(
	struct lt_cells *o, const struct lt_looks *l, struct lt_err *err);

static int
look(char **operand, int n, looks_table *table, struct lt_err *err)
{
	size_t looks = (size_t)n / 3;
	struct lt_look_files *v = lt_alloc(looks, sizeof *v);
	struct lt_looks l;
	struct lt_cells o;

	if (!(opt.momentum < 1))
		lt_cli_usage(&score_cmd,
			"--momentum: expected a number below 1, found %.9g",
			opt.momentum);
	if (n % 3)
		lt_cli_usage(&score_cmd,
			"expected epoch=E, a table of weights and a table of a "
			"mask for each epoch");
	for (size_t i = 0; i < looks; i++)
		v[i] = (struct lt_look_files){epoch_of(operand[3 * i]),
			operand[3 * i + 1], operand[3 * i + 2]};
	int r = lt_looks_read(&l, v, looks, dense_log(), err);
	free(v);
	if (r < 0)
		return -1;
	l.momentum = opt.momentum;
	l.decay = opt.decay;
	r = lt_cells_open(&o, opt.output, err);
	if (r == 0)
		r = lt_cells_close(&o, table(&o, &l, err), err);
	lt_looks_release(&l);
	return r;
}

int
score_weights(char **operand, int n, struct lt_err *err)
{
	return look(operand, n, lt_looks_weights, err);
}

int
score_slopes(char **operand, int n, struct lt_err *err)
{
	return look(operand, n, lt_looks_slopes, err);
}

int
score_rates(char **operand, int n, struct lt_err *err)
{
	return look(operand, n, lt_looks_rates, err);
}

/* An epoch, or the word that may stand for it: *is_word says which. */
static uint64_t
epoch_or(const char *option, const char *text, const char *word, bool *is_word)
{
	uint64_t epoch = 0;

	*is_word = strcmp(text, word) == 0;
	if (!*is_word && !lt_num_u64(text, &epoch))
		lt_cli_usage(&score_cmd,
			"%s: expected an epoch or '%s', found '%s'", option,
			word, text);
	return epoch;
}

int
score_cell(char **operand, int n, struct lt_err *err)
{
	struct lt_cell c = {.mask = opt.mask,
		.log = opt.retrain,
		.test = opt.test,
		.start = dense_log()};
	struct lt_cells o;

	(void)operand, (void)n;
	c.s = epoch_or("--s", opt.s, "best", &c.best);
	c.v = epoch_or("--v", opt.v, "dense", &c.dense);
	int r = lt_cells_open(&o, opt.output, err);
	return r ? r : lt_cells_close(&o, lt_cell_table(&o, &c, err), err);
}

int
score_memory(char **operand, int n, struct lt_err *err)
{
	struct lt_memory m = {opt.kind, opt.epoch, opt.pruned, opt.samples,
		opt.mask, opt.retrain, opt.test};
	struct lt_cells o;

	(void)operand, (void)n;
	int r = lt_cells_open(&o, opt.output, err);
	return r ? r : lt_cells_close(&o, lt_memory_table(&o, &m, err), err);
}

int
score_gradual(char **operand, int n, struct lt_err *err)
{
	struct lt_windows w = {
		(const char *const *)operand, n, opt.ends, opt.columns};
	struct lt_cells o;
	int r = lt_cells_open(&o, opt.output, err);

	return r ? r : lt_cells_close(&o, lt_windows_table(&o, &w, err), err);
}

int
score_cost(char **operand, int n, struct lt_err *err)
{
	struct lt_search_cost c = {operand[0], n > 1 ? operand[1] : NULL,
		opt.columns, opt.sparsity};
	struct lt_cells o;
	int r = lt_cells_open(&o, opt.output, err);

	return r ? r
		 : lt_cells_close(&o, lt_search_cost_table(&o, &c, err), err);
}

int
score_pivot(char **operand, int n, struct lt_err *err)
{
	struct lt_pivot p = {opt.rows, opt.across, opt.value, opt.leave,
		opt.natural, opt.cells};
	struct lt_table t;
	struct lt_cells o;

	(void)n;
	if (lt_table_read(&t, operand[0], err) < 0)
		return -1;
	int r = lt_cells_open(&o, opt.output, err);
	if (r == 0)
		r = lt_cells_close(&o, lt_pivot_table(&o, &p, &t, err), err);
	lt_table_release(&t);
	return r;
}

/* One pruning of a list. */
struct listed {
	uint64_t epoch;
	double sparsity;
};

/* "EPOCH:SPARSITY"; false if it is none. */
static bool
parse_pruning(struct listed *p, const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon)
		return false;
	char *epoch = lt_strndup(text, (size_t)(colon - text));
	bool ok = lt_num_u64(epoch, &p->epoch) &&
		  lt_num_f64(colon + 1, &p->sparsity) && p->sparsity >= 0 &&
		  p->sparsity < 1;
	free(epoch);
	return ok;
}

static void
check_limit(uint64_t epoch)
{
	if (opt.epochs && epoch > (uint64_t)opt.epochs)
		lt_cli_usage(&score_cmd,
			"prunings: expected epochs up to %d, found %" PRIu64,
			opt.epochs, epoch);
}

static int
put_list(char **operand, int n, struct lt_err *err)
{
	struct listed before = {0}, p;
	struct lt_out *o;

	for (int i = 0; i < n; i++, before = p) {
		if (!parse_pruning(&p, operand[i]))
			lt_cli_usage(&score_cmd,
				"prunings: expected a window FIRST-LAST, or "
				"EPOCH:SPARSITY with a sparsity below 1, found "
				"'%s'",
				operand[i]);
		if (i && p.epoch <= before.epoch)
			lt_cli_usage(&score_cmd,
				"prunings: expected an epoch after %" PRIu64
				", found '%s'",
				before.epoch, operand[i]);
		if (i && p.sparsity < before.sparsity)
			lt_cli_usage(&score_cmd,
				"prunings: expected a sparsity of at least "
				"%.9g, found '%s'",
				before.sparsity, operand[i]);
		check_limit(p.epoch);
	}
	lt_cli_needs(&score_cmd, "steps initial sparsity", false,
		"a window FIRST-LAST");
	o = lt_out_open(opt.output, err);
	if (!o)
		return -1;
	for (int i = 0; i < n; i++)
		lt_out_printf(o, "%s\n", operand[i]);
	return lt_out_commit(o, err);
}

/* "FIRST-LAST"; false if it is none. */
static bool
parse_window(struct lt_pruning_curve *c, const char *text)
{
	const char *dash = strchr(text, '-');

	if (!dash)
		return false;
	char *first = lt_strndup(text, (size_t)(dash - text));
	bool ok =
		lt_num_u64(first, &c->first) && lt_num_u64(dash + 1, &c->last);
	free(first);
	return ok;
}

static int
put_curve(const struct lt_pruning_curve *c, struct lt_err *err)
{
	struct lt_out *o;

	if (lt_prunings_check(c, err) < 0)
		lt_cli_usage(&score_cmd, "prunings: %s", err->msg);
	check_limit(c->last);
	o = lt_out_open(opt.output, err);
	if (!o)
		return -1;
	for (uint64_t k = 0; k <= c->steps; k++)
		lt_out_printf(o, "%" PRIu64 ":%.9g\n", lt_prunings_epoch(c, k),
			lt_prunings_sparsity(c, k));
	return lt_out_commit(o, err);
}

int
score_prunings(char **operand, int n, struct lt_err *err)
{
	struct lt_pruning_curve c = {.steps = (uint64_t)opt.steps,
		.initial = opt.initial,
		.target = opt.sparsity};

	if (n == 1 && parse_window(&c, operand[0])) {
		if (!lt_cli_given(&score_cmd, "sparsity"))
			lt_cli_usage(&score_cmd,
				"prunings: a window needs --sparsity");
		return put_curve(&c, err);
	}
	return put_list(operand, n, err);
}
