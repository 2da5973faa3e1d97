/* lt-connect: loss and accuracy on the line between two networks. */
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/threads.h"
#include "net/arch.h"
#include "run/evaluate.h"
#include "ticket/connect.h"

#define MOST_POINTS 10001

static struct lt_common common;
static struct {
	const char *out, *data, *index, *mask, *net, *path, *at, *bn_data,
		*bn_index;
	int points, batch;
} opt = {.out = "-"};

/* clang-format off */
static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", "-",
		"write the table to FILE"},
	{'d', "data", LT_OPT_STR, &opt.data, "FILE", NULL,
		"evaluate on this data set"},
	{'i', "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"use only the samples of LIST"},
	{'m', "mask", LT_OPT_STR, &opt.mask, "FILE", NULL,
		"apply this mask to both networks"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"network of checkpoints that contain none"},
	{0, "points", LT_OPT_POS, &opt.points, "N", "31",
		"number of points, evenly spaced, both ends included"},
	{0, "at", LT_OPT_STR, &opt.at, "LIST", NULL,
		"take these points, such as 0.25,0.5, and both ends"},
	{0, "bn-data", LT_OPT_STR, &opt.bn_data, "FILE", NULL,
		"recompute the statistics of batch norms on this data set"},
	{0, "bn-index", LT_OPT_STR, &opt.bn_index, "LIST", NULL,
		"recompute them on the samples of LIST"},
	{0, "path", LT_OPT_STR, &opt.path, "FILE", NULL,
		"write a row for each point"},
	{'b', "batch", LT_OPT_POS, &opt.batch, "N", "256",
		"process N images at a time"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};
/* clang-format on */

static const struct lt_cmd cmd = {.name = "lt-connect",
	.synopsis = "[OPTION]... -d DATA A B",
	.summary = "Measure loss and accuracy on the line from A to B, and its "
		   "barrier.",
	.options = options};

/* A network at one end. */
struct end {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_st st;
};

/* Samples, and how they are normalized. */
struct samples {
	struct lt_dataset data;
	struct lt_index index;
	struct lt_batch_opt b;
};

struct run {
	struct end a, b;
	struct lt_model m;
	struct lt_mask mask;
	struct samples eval, stats;
	struct lt_engine *x;
	double *at; /* [n], from 0 to 1 */
	size_t n;
	struct lt_evaluation *e; /* [n] */
};

static int
compare_ends(const struct run *r, char **file, struct lt_err *err)
{
	struct lt_norm a, b;

	if (strcmp(r->a.g->text, r->b.g->text) != 0)
		return lt_fail(err, LT_EDATA,
			"%s has the network %s and %s has %s: expected two "
			"checkpoints of the same network",
			file[0], r->a.g->name, file[1], r->b.g->name);
	int own_a = lt_norm_own(&a, &r->a.st, file[0], r->a.g->c, err);
	int own_b = lt_norm_own(&b, &r->b.st, file[1], r->b.g->c, err);
	if (own_a < 0 || own_b < 0)
		return -1;
	size_t size = (size_t)r->a.g->c * sizeof *a.mean;
	if (own_a != own_b || (own_a && (memcmp(a.mean, b.mean, size) != 0 ||
						memcmp(a.std, b.std, size))))
		return lt_fail(err, LT_EDATA,
			"%s and %s have different normalizations of images, "
			"expected the same",
			file[0], file[1]);
	return 0;
}

static int
open_ends(struct run *r, char **file, struct lt_err *err)
{
	struct end *end[] = {&r->a, &r->b};

	for (int i = 0; i < 2; i++)
		if (lt_model_open(&end[i]->m, &end[i]->g, &end[i]->st, file[i],
			    opt.net, 0, err) < 0)
			return -1;
	if (compare_ends(r, file, err) < 0)
		return -1;
	if (opt.mask) {
		if (lt_model_read_mask(
			    &r->mask, opt.mask, r->a.g, file[0], err) < 0)
			return -1;
		lt_model_apply_mask(&r->a.m, &r->mask);
		lt_model_apply_mask(&r->b.m, &r->mask);
	}
	lt_model_init(&r->m, r->a.g);
	return 0;
}

/* Open the samples of a list in a data set; index NULL: all of them. */
static int
open_samples(struct samples *s, const struct run *r, const char *data,
	const char *index, const char *network, struct lt_err *err)
{
	if (lt_dataset_open(&s->data, data, err) < 0 ||
		lt_evaluate_fits(r->a.g, network, &s->data, err) < 0 ||
		lt_norm_from(&s->b.norm, &r->a.st, network, &s->data, err) < 0)
		return -1;
	if (!index)
		lt_index_all(&s->index, s->data.n);
	else if (lt_index_read(&s->index, index, err) < 0 ||
		 lt_index_check(&s->index, index, s->data.n, data, err) < 0)
		return -1;
	if (!s->index.n)
		return lt_fail(err, LT_EDATA,
			"%s: expected samples, found none",
			index ? index : data);
	s->b.data = &s->data;
	s->b.index = &s->index;
	s->b.seed = common.seed;
	return 0;
}

static void
release_samples(struct samples *s)
{
	lt_index_release(&s->index);
	lt_dataset_close(&s->data);
}

static bool
recomputes(void)
{
	return opt.bn_data || opt.bn_index;
}

static int
open_all(struct run *r, char **file, struct lt_err *err)
{
	size_t most = 0;

	if (open_ends(r, file, err) < 0 || open_samples(&r->eval, r, opt.data,
						   opt.index, file[0], err) < 0)
		return -1;
	if (recomputes() &&
		open_samples(&r->stats, r, opt.bn_data ? opt.bn_data : opt.data,
			opt.bn_index, file[0], err) < 0)
		return -1;
	most = r->eval.index.n > r->stats.index.n ? r->eval.index.n
						  : r->stats.index.n;
	if ((size_t)opt.batch > most)
		opt.batch = (int)most;
	char *note = lt_norm_note(&r->eval.b.norm, &r->eval.data, file[0]);
	if (note)
		lt_cli_warn(&cmd, &common, "%s", note);
	free(note);
	struct lt_engine_opt x = {.batch = opt.batch,
		.threads = common.threads,
		.eval_only = !recomputes(),
		.average = true,
		.seed = common.seed};
	r->x = lt_engine_new(&r->m, &x, err);
	if (!r->x)
		return -1;
	lt_engine_set_mask(r->x, opt.mask ? &r->mask : NULL);
	return 0;
}

static void
close_all(struct run *r)
{
	struct end *end[] = {&r->a, &r->b};

	lt_engine_free(r->x);
	lt_model_release(&r->m);
	for (int i = 0; i < 2; i++) {
		lt_model_release(&end[i]->m);
		lt_graph_free(end[i]->g);
		lt_st_release(&end[i]->st);
	}
	lt_mask_release(&r->mask);
	release_samples(&r->eval);
	release_samples(&r->stats);
	free(r->at);
	free(r->e);
}

static int
put_path(const struct run *r, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.path, err);

	if (!o)
		return -1;
	lt_out_printf(o, "at\tloss\ttop1\ttop5\n");
	for (size_t i = 0; i < r->n; i++) {
		const struct lt_evaluation *e = &r->e[i];
		lt_out_printf(o, "%.9g", r->at[i]);
		lt_out_number(o, e->loss);
		lt_out_number(o, 100.0 * (double)e->top1 / (double)e->n);
		lt_out_number(o, 100.0 * (double)e->top5 / (double)e->n);
		lt_out_printf(o, "\n");
	}
	return lt_out_commit(o, err);
}

static int
put_barrier(const struct run *r, struct lt_err *err)
{
	const struct lt_evaluation *a = &r->e[0], *b = &r->e[r->n - 1];
	struct lt_out *o = lt_out_open(opt.out, err);
	struct lt_barrier barrier;

	if (!o)
		return -1;
	lt_barrier_of(&barrier, r->at, r->e, r->n);
	lt_out_printf(o, "samples\tpoints\tloss_a\tloss_b\tloss_barrier\t"
			 "loss_at\ttop1_a\ttop1_b\terror_barrier\terror_at\n");
	lt_out_printf(o, "%zu\t%zu", a->n, r->n);
	const double cell[] = {a->loss, b->loss, barrier.loss, barrier.loss_at,
		100.0 * (double)a->top1 / (double)a->n,
		100.0 * (double)b->top1 / (double)b->n, barrier.error,
		barrier.error_at};
	for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
		lt_out_number(o, cell[i]);
	lt_out_printf(o, "\n");
	return lt_out_commit(o, err);
}

/* Put the names of both ends before a message about values. */
static int
of_the_line(char **file, struct lt_err *err)
{
	char *names = lt_asprintf("%s to %s", file[0], file[1]);

	if (err->status == LT_EDATA)
		lt_fail_prefix(err, names);
	free(names);
	return -1;
}

static int
measure(struct run *r, char **file, struct lt_err *err)
{
	if (open_all(r, file, err) < 0)
		return -1;
	const struct lt_line line = {.m = &r->m,
		.x = r->x,
		.a = &r->a.m,
		.b = &r->b.m,
		.eval = &r->eval.b,
		.stats = recomputes() ? &r->stats.b : NULL,
		.batch = opt.batch};
	r->e = lt_alloc(r->n, sizeof *r->e);
	for (size_t i = 0; i < r->n; i++)
		if (lt_line_at(&r->e[i], &line, r->at[i], err) < 0)
			return of_the_line(file, err);
	if (opt.path && put_path(r, err) < 0)
		return -1;
	return put_barrier(r, err);
}

/* The points of --at, between 0 and 1 and ascending, with both ends. */
static void
read_points(struct run *r)
{
	char *list = lt_strdup(opt.at), *save = NULL;
	size_t most = strlen(list) + 2;

	r->at = lt_alloc(most, sizeof *r->at);
	r->n = 1;
	for (char *w = strtok_r(list, ",", &save); w;
		w = strtok_r(NULL, ",", &save)) {
		double t;
		if (!lt_num_f64(w, &t) || t <= r->at[r->n - 1] || t >= 1)
			lt_cli_usage(&cmd,
				"--at: expected ascending numbers between 0 "
				"and 1, with commas between them, found '%s'",
				w);
		r->at[r->n++] = t;
	}
	r->at[r->n++] = 1;
	free(list);
}

static void
choose_points(struct run *r)
{
	if (opt.at) {
		if (lt_cli_given(&cmd, "points"))
			lt_cli_usage(
				&cmd, "--at and --points exclude each other");
		read_points(r);
		return;
	}
	if (opt.points < 2 || opt.points > MOST_POINTS)
		lt_cli_usage(&cmd, "--points: expected 2 to %d, found %d",
			MOST_POINTS, opt.points);
	r->n = (size_t)opt.points;
	r->at = lt_alloc(r->n, sizeof *r->at);
	for (size_t i = 0; i < r->n; i++)
		r->at[i] = (double)i / (double)(r->n - 1);
}

static void
claim_files(char **operand)
{
	struct lt_claims c = {0};

	lt_claim(&c, LT_CLAIM_IN, "A", operand[0]);
	lt_claim(&c, LT_CLAIM_IN, "B", operand[1]);
	lt_claim(&c, LT_CLAIM_IN, "--index", opt.index);
	lt_claim(&c, LT_CLAIM_IN, "--bn-index", opt.bn_index);
	lt_claim(&c, LT_CLAIM_IN, "--mask", opt.mask);
	lt_arch_claim(&c, LT_CLAIM_IN, "--net", opt.net);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_HELD, "--bn-data", opt.bn_data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_claim(&c, LT_CLAIM_SIDE, "--path", opt.path);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct run r = {.eval.data.fd = -1, .stats.data.fd = -1};
	struct lt_err err;

	lt_cli_wait_passively(argv);
	if (lt_cli_parse(&cmd, argc, argv) != 2)
		lt_cli_usage(&cmd, "expected two checkpoints");
	if (!opt.data)
		lt_cli_usage(&cmd, "--data FILE is needed");
	choose_points(&r);
	claim_files(argv);
	common.threads = lt_threads(common.threads);
	int bad = measure(&r, argv, &err);
	close_all(&r);
	return bad ? lt_cli_fail(&cmd, &err) : 0;
}
