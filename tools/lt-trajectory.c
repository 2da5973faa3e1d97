/* lt-trajectory: lengths of the images of arcs under a network. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/out.h"
#include "run/evaluate.h"
#include "base/threads.h"
#include "net/arch.h"
#include "ticket/trajectory.h"

static struct lt_common common;
static struct {
	const char *out, *data, *index, *mask, *net, *path;
	int arcs, points, batch, plane, projection;
	bool layers, exact, each;
} opt = {.out = "-"};

/* clang-format off */
static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", "-",
		"write the table to FILE"},
	{'d', "data", LT_OPT_STR, &opt.data, "FILE", NULL,
		"draw arcs between samples of this data set"},
	{'i', "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"draw arcs only between the samples of LIST"},
	{'m', "mask", LT_OPT_STR, &opt.mask, "FILE", NULL, "apply this mask"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"network of a checkpoint that contains none"},
	{0, "arcs", LT_OPT_POS, &opt.arcs, "N", "10", "number of arcs"},
	{0, "points", LT_OPT_POS, &opt.points, "N", "256",
		"number of points on an arc"},
	{0, "plane", LT_OPT_CHOICE, &opt.plane, "samples|random", "samples",
		"arcs between two samples, or circles in random planes"},
	{0, "projection", LT_OPT_CHOICE, &opt.projection, "random|none",
		"random",
		"measure the output in a random plane, or in all its "
		"dimensions"},
	{0, "layers", LT_OPT_FLAG, &opt.layers, NULL, NULL,
		"write a row for each node of the network, the input first"},
	{0, "exact", LT_OPT_FLAG, &opt.exact, NULL, NULL,
		"compute in double precision, as --layers does"},
	{0, "each", LT_OPT_FLAG, &opt.each, NULL, NULL,
		"write a row for each arc"},
	{0, "path", LT_OPT_STR, &opt.path, "FILE", NULL,
		"write the projected points"},
	{'b', "batch", LT_OPT_POS, &opt.batch, "N", "256",
		"process N points at a time"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};
/* clang-format on */

static const struct lt_cmd cmd = {"lt-trajectory",
	"[OPTION]... -d DATA CHECKPOINT...",
	"Measure the trajectory length of each CHECKPOINT: the length of the "
	"images of\narcs through its input space.",
	.options = options};

/* The resources that are open while a network is measured. */
struct run {
	struct lt_dataset data;
	struct lt_index index;
	struct lt_out *table, *path;
	struct lt_graph *g;
	struct lt_model m;
	struct lt_st st;
	struct lt_mask mask;
	struct lt_arcs arcs;
};

static void
put_lengths(struct lt_out *o, const char *file, const char *node,
	const double *length)
{
	double mean = 0, square = 0;

	if (opt.each) {
		for (int i = 0; i < opt.arcs; i++) {
			lt_out_text(o, file);
			lt_out_printf(o, "\t%s\t%d", node, i);
			lt_out_number(o, length[i]);
			lt_out_printf(o, "\n");
		}
		return;
	}
	for (int i = 0; i < opt.arcs; i++)
		mean += length[i];
	mean /= opt.arcs;
	for (int i = 0; i < opt.arcs; i++)
		square += (length[i] - mean) * (length[i] - mean);
	lt_out_text(o, file);
	lt_out_printf(o, "\t%s\t%d\t%d", node, opt.arcs, opt.points);
	lt_out_number(o, mean);
	lt_out_number(o, opt.arcs > 1 ? sqrt(square / (opt.arcs - 1)) : NAN);
	lt_out_printf(o, "\n");
}

static void
put_path(struct lt_out *o, const char *file, const char *node,
	const double *path)
{
	for (int i = 0; i < opt.arcs; i++)
		for (int j = 0; j < opt.points; j++, path += 2) {
			lt_out_text(o, file);
			lt_out_printf(o, "\t%s\t%d", node, i);
			lt_out_number(o, j / (double)(opt.points - 1));
			lt_out_number(o, path[0]);
			lt_out_number(o, path[1]);
			lt_out_printf(o, "\n");
		}
}

static int
make_arcs(struct run *r, const char *file, struct lt_err *err)
{
	struct lt_norm norm;
	size_t size = (size_t)r->g->c * (size_t)r->g->h * (size_t)r->g->w;

	if (opt.plane && size < 2)
		return lt_fail(err, LT_EDATA,
			"%s: its input is a single value, so there is no plane "
			"of inputs",
			file);
	if (opt.plane) {
		lt_arcs_circles(&r->arcs, opt.arcs, size, common.seed);
		return 0;
	}
	if (lt_evaluate_fits(r->g, file, &r->data, err) < 0 ||
		lt_norm_from(&norm, &r->st, file, &r->data, err) < 0)
		return -1;
	char *note = lt_norm_note(&norm, &r->data, file);
	if (note)
		lt_cli_warn(&cmd, &common, "%s", note);
	free(note);
	return lt_arcs_between(&r->arcs, opt.arcs, &r->data, &r->index, &norm,
		common.seed, err);
}

static int
check_lengths(const struct run *r, const struct lt_trajectory *t, int n,
	const char *file, struct lt_err *err)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < opt.arcs; j++)
			if (!isfinite(t[i].length[j]))
				return lt_fail(err, LT_EDATA,
					"%s: the values of node '%s' are not "
					"finite on arc %d",
					file, r->g->node[t[i].node].name, j);
	return 0;
}

static int
measure(struct run *r, const char *file, struct lt_err *err)
{
	struct lt_trajectory_opt o = {.points = opt.points,
		.project = !opt.projection,
		.layers = opt.layers,
		.exact = opt.exact,
		.batch = opt.batch,
		.threads = common.threads,
		.seed = common.seed};
	struct lt_trajectory *t;
	int n;

	if (lt_model_open(&r->m, &r->g, &r->st, file, opt.net, 0, err) < 0)
		return -1;
	if (opt.mask &&
		lt_model_read_mask(&r->mask, opt.mask, r->g, file, err) < 0)
		return -1;
	if (make_arcs(r, file, err) < 0 ||
		lt_trajectories(&t, &n, &r->m, opt.mask ? &r->mask : NULL,
			&r->arcs, &o, err) < 0)
		return -1;
	int bad = check_lengths(r, t, n, file, err);
	for (int i = 0; i < n && !bad; i++) {
		const char *node = r->g->node[t[i].node].name;
		put_lengths(r->table, file, node, t[i].length);
		if (r->path && t[i].path)
			put_path(r->path, file, node, t[i].path);
	}
	lt_trajectories_free(t, n);
	return bad;
}

/* Measure one network after the other; each closes what the one before it had
 * open. */
static void
next(struct run *r)
{
	lt_arcs_release(&r->arcs);
	lt_mask_release(&r->mask);
	lt_model_release(&r->m);
	lt_graph_free(r->g);
	lt_st_release(&r->st);
	r->g = NULL;
}

static int
open_data(struct run *r, struct lt_err *err)
{
	if (lt_dataset_open(&r->data, opt.data, err) < 0)
		return -1;
	if (!opt.index)
		lt_index_all(&r->index, r->data.n);
	else if (lt_index_read(&r->index, opt.index, err) < 0 ||
		 lt_index_check(
			 &r->index, opt.index, r->data.n, opt.data, err) < 0)
		return -1;
	if (r->index.n > 1)
		return 0;
	return lt_fail(err, LT_EDATA, "%s: an arc needs two samples",
		opt.index ? opt.index : opt.data);
}

static int
run(struct run *r, char **file, int n, struct lt_err *err)
{
	if (!opt.plane && open_data(r, err) < 0)
		return -1;
	r->table = lt_out_open(opt.out, err);
	if (!r->table)
		return -1;
	if (opt.path) {
		r->path = lt_out_open(opt.path, err);
		if (!r->path)
			return -1;
		lt_out_printf(r->path, "checkpoint\tnode\tarc\tt\tx\ty\n");
	}
	lt_out_printf(r->table, "checkpoint\tnode\t%s\n",
		opt.each ? "arc\tlength" : "arcs\tpoints\tlength\tlength_std");
	for (int i = 0; i < n; i++) {
		int bad = measure(r, file[i], err);
		next(r);
		if (bad)
			return -1;
	}
	struct lt_out *path = r->path, *table = r->table;
	r->path = NULL;
	if (path && lt_out_commit(path, err) < 0)
		return -1;
	r->table = NULL;
	return lt_out_commit(table, err);
}

static void
check_options(int n)
{
	if (n < 1)
		lt_cli_usage(&cmd, "expected checkpoints");
	if (!opt.data && !opt.plane)
		lt_cli_usage(&cmd, "--data FILE is needed for arcs between "
				   "samples");
	if (opt.plane && (opt.data || opt.index))
		lt_cli_usage(&cmd, "--plane random takes no data and no index");
	if (opt.points < 2)
		lt_cli_usage(&cmd, "--points: expected at least 2");
	if (opt.path && opt.projection)
		lt_cli_usage(&cmd, "--path needs the projection to a plane");
}

static void
claim_files(char **operand, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, LT_CLAIM_IN, "CHECKPOINT", operand[i]);
	lt_claim(&c, LT_CLAIM_IN, "--index", opt.index);
	lt_claim(&c, LT_CLAIM_IN, "--mask", opt.mask);
	lt_arch_claim(&c, LT_CLAIM_IN, "--net", opt.net);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_claim(&c, LT_CLAIM_SIDE, "--path", opt.path);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct run r = {.data = {.fd = -1}};
	struct lt_err err;
	int n;

	lt_cli_wait_passively(argv);
	n = lt_cli_parse(&cmd, argc, argv);
	check_options(n);
	claim_files(argv, n);
	/* A reader that goes away must not leave the part of --path behind. */
	signal(SIGPIPE, SIG_IGN);
	common.threads = lt_threads(common.threads);
	int bad = run(&r, argv, n, &err);
	lt_out_abandon(r.path);
	lt_out_abandon(r.table);
	lt_index_release(&r.index);
	lt_dataset_close(&r.data);
	return bad ? lt_cli_fail(&cmd, &err) : 0;
}
