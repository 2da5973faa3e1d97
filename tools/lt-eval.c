/* lt-eval: loss and accuracy of a network. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/spent.h"
#include "file/predictions.h"
#include "run/evaluate.h"
#include "base/threads.h"
#include "net/arch.h"

static struct lt_common common;
static struct {
	const char *out, *data, *index, *mask, *predictions, *net, *mean, *std,
		*cost;
	int batch;
	bool per_class, confusion, any;
} opt = {.out = "-", .batch = 256};

/* clang-format off */
static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", "-",
		"write the table to FILE"},
	{'d', "data", LT_OPT_STR, &opt.data, "FILE", NULL,
		"evaluate on this data set"},
	{'i', "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"use only the samples of LIST"},
	{'m', "mask", LT_OPT_STR, &opt.mask, "FILE", NULL, "apply this mask"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"network of a checkpoint that contains none"},
	{0, "mean", LT_OPT_STR, &opt.mean, "LIST", NULL,
		"normalize by these means (default: CHECKPOINT's, else the "
		"data set's)"},
	{0, "std", LT_OPT_STR, &opt.std, "LIST", NULL,
		"normalize by these standard deviations"},
	{'b', "batch", LT_OPT_POS, &opt.batch, "N", "256",
		"process N images at a time"},
	{0, "per-class", LT_OPT_FLAG, &opt.per_class, NULL, NULL,
		"write a row for each class"},
	{0, "confusion", LT_OPT_FLAG, &opt.confusion, NULL, NULL,
		"write the confusion matrix"},
	{0, "predictions", LT_OPT_STR, &opt.predictions, "FILE", NULL,
		"write a row for each sample"},
	{0, "cost", LT_OPT_STR, &opt.cost, "FILE", NULL,
		"write images and multiply-adds to FILE, times to "
		"NAME.time.tsv"},
	{0, "allow-nonfinite", LT_OPT_FLAG, &opt.any, NULL, NULL,
		"evaluate a network even if it has diverged"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};
/* clang-format on */

static const struct lt_cmd cmd = {"lt-eval", "[OPTION]... -d DATA CHECKPOINT",
	"Evaluate CHECKPOINT: loss, top-1 and top-5 accuracy in percent.",
	.options = options};

struct run {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_st st;
	struct lt_mask mask;
	struct lt_dataset data;
	struct lt_index index;
	struct lt_engine *x;
	struct lt_out *predictions;
	size_t classes;
	uint64_t *count; /* [label][predicted]; the last column: none */
	double *loss;	 /* [label] */
	size_t *top5;	 /* [label] */
	struct lt_spent spent;
};

static uint64_t *
count_at(const struct run *r, size_t label)
{
	return r->count + label * (r->classes + 1);
}

static void
each(void *arg, uint32_t index, int32_t label, const struct lt_outcome *o)
{
	struct run *r = arg;
	size_t to = o->predicted < 0 ? r->classes : (size_t)o->predicted;
	struct lt_prediction p = {index, (uint32_t)label,
		o->predicted < 0 ? LT_PREDICTED_NONE : (uint32_t)o->predicted,
		(float)o->loss, (float)o->entropy, (float)o->margin};

	count_at(r, (size_t)label)[to]++;
	r->loss[label] += o->loss;
	r->top5[label] += o->rank < 5;
	if (r->predictions)
		lt_predictions_row(r->predictions, &p);
}

static int
open_all(struct run *r, const char *path, struct lt_err *err)
{
	if (lt_model_open(&r->m, &r->g, &r->st, path, opt.net,
		    opt.any ? LT_MODEL_ANY : 0, err) < 0 ||
		lt_dataset_open(&r->data, opt.data, err) < 0 ||
		lt_evaluate_fits(r->g, path, &r->data, err) < 0)
		return -1;
	if (!opt.index)
		lt_index_all(&r->index, r->data.n);
	else if (lt_index_read(&r->index, opt.index, err) < 0 ||
		 lt_index_check(
			 &r->index, opt.index, r->data.n, opt.data, err) < 0)
		return -1;
	if (!r->index.n)
		return lt_fail(err, LT_EDATA, "%s: no samples to evaluate",
			opt.index ? opt.index : opt.data);
	if (opt.mask &&
		lt_model_read_mask(&r->mask, opt.mask, r->g, path, err) < 0)
		return -1;
	if ((size_t)opt.batch > r->index.n)
		opt.batch = (int)r->index.n;
	struct lt_engine_opt x = {.batch = opt.batch,
		.threads = common.threads,
		.eval_only = true};
	r->x = lt_engine_new(&r->m, &x, err);
	if (!r->x)
		return -1;
	lt_engine_set_mask(r->x, opt.mask ? &r->mask : NULL);
	r->classes = (size_t)r->g->node[r->g->output].c;
	r->count = lt_alloc(r->classes * (r->classes + 1), sizeof *r->count);
	r->loss = lt_alloc(r->classes, sizeof *r->loss);
	r->top5 = lt_alloc(r->classes, sizeof *r->top5);
	return 0;
}

static void
close_all(struct run *r)
{
	lt_out_abandon(r->predictions);
	lt_engine_free(r->x);
	lt_model_release(&r->m);
	lt_graph_free(r->g);
	lt_st_release(&r->st);
	lt_mask_release(&r->mask);
	lt_index_release(&r->index);
	lt_dataset_close(&r->data);
	free(r->count);
	free(r->loss);
	free(r->top5);
}

static uint64_t
of_class(const struct run *r, size_t label)
{
	uint64_t n = 0;

	for (size_t i = 0; i <= r->classes; i++)
		n += count_at(r, label)[i];
	return n;
}

static const char *
class_name(const struct run *r, size_t c)
{
	return c < (size_t)r->data.classes ? r->data.class_name[c] : "";
}

/* Loss and shares of n samples, to the end of the line. */
static void
put_results(
	struct lt_out *o, double loss, uint64_t top1, uint64_t top5, uint64_t n)
{
	lt_out_number(o, loss);
	lt_out_number(o, 100.0 * (double)top1 / (double)n);
	lt_out_number(o, 100.0 * (double)top5 / (double)n);
	lt_out_printf(o, "\n");
}

static void
put_classes(const struct run *r, struct lt_out *o)
{
	lt_out_printf(o, "class\tname\tsamples\tloss\ttop1\ttop5\n");
	for (size_t c = 0; c < r->classes; c++) {
		uint64_t n = of_class(r, c);
		lt_out_printf(o, "%zu\t", c);
		lt_out_text(o, class_name(r, c));
		lt_out_printf(o, "\t%" PRIu64, n);
		if (n)
			put_results(o, r->loss[c] / (double)n,
				count_at(r, c)[c], r->top5[c], n);
		else
			lt_out_printf(o, "\tNaN\tNaN\tNaN\n");
	}
}

static void
put_confusion(const struct run *r, struct lt_out *o)
{
	lt_out_printf(o, "label");
	for (size_t c = 0; c < r->classes; c++)
		lt_out_printf(o, "\t%zu", c);
	lt_out_printf(o, "%s\n", opt.any ? "\tnone" : "");
	for (size_t c = 0; c < r->classes; c++) {
		lt_out_printf(o, "%zu", c);
		for (size_t i = 0; i < r->classes + opt.any; i++)
			lt_out_printf(o, "\t%" PRIu64, count_at(r, c)[i]);
		lt_out_printf(o, "\n");
	}
}

static int
put_table(
	const struct run *r, const struct lt_evaluation *e, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.out, err);

	if (!o)
		return -1;
	if (opt.confusion) {
		put_confusion(r, o);
	} else if (opt.per_class) {
		put_classes(r, o);
	} else {
		lt_out_printf(o, "samples\tloss\ttop1\ttop5\n%zu", e->n);
		put_results(o, e->loss, e->top1, e->top5, e->n);
	}
	return lt_out_commit(o, err);
}

/* Normalize as the checkpoint or the data say, unless --mean and --std say
 * otherwise. */
static int
normalize(
	struct run *r, struct lt_norm *nm, const char *path, struct lt_err *err)
{
	if (lt_norm_from(nm, &r->st, path, &r->data, err) < 0)
		return -1;
	if (lt_norm_set(nm, opt.mean, opt.std, r->data.c, err) < 0)
		return -1;
	char *note = lt_norm_note(nm, &r->data, path);
	if (note)
		lt_cli_warn(&cmd, &common, "%s", note);
	free(note);
	return 0;
}

static int
evaluate(struct run *r, const char *path, struct lt_err *err)
{
	struct lt_evaluation e;

	if (open_all(r, path, err) < 0)
		return -1;
	struct lt_batch_opt b = {.data = &r->data, .index = &r->index};
	if (normalize(r, &b.norm, path, err) < 0)
		return -1;
	if (opt.predictions) {
		r->predictions = lt_out_open(opt.predictions, err);
		if (!r->predictions)
			return -1;
		lt_predictions_header(r->predictions);
	}
	if (lt_evaluate(&e, r->x, &b, opt.batch, each, r, err) < 0 ||
		(!opt.any && lt_evaluate_finite(&e, path, err) < 0))
		return -1;
	if (r->predictions) {
		struct lt_out *o = r->predictions;
		r->predictions = NULL;
		if (lt_out_commit(o, err) < 0)
			return -1;
	}
	r->spent.images = e.n;
	r->spent.macs = lt_engine_macs(r->x);
	lt_spent_end(&r->spent);
	if (opt.cost && lt_spent_write(&r->spent, opt.cost, err) < 0)
		return -1;
	return put_table(r, &e, err);
}

static void
check_options(void)
{
	if (!opt.data)
		lt_cli_usage(&cmd, "--data FILE is needed");
	if (opt.per_class && opt.confusion)
		lt_cli_usage(
			&cmd, "--per-class and --confusion exclude each other");
}

static void
claim_files(const char *checkpoint)
{
	struct lt_claims c = {0};

	lt_claim(&c, LT_CLAIM_IN, "CHECKPOINT", checkpoint);
	lt_claim(&c, LT_CLAIM_IN, "--index", opt.index);
	lt_claim(&c, LT_CLAIM_IN, "--mask", opt.mask);
	lt_arch_claim(&c, LT_CLAIM_IN, "--net", opt.net);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_claim(&c, LT_CLAIM_SIDE, "--predictions", opt.predictions);
	lt_spent_claim(&c, "--cost", "the times of --cost", opt.cost);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct run r = {.data.fd = -1};
	struct lt_err err;

	lt_cli_wait_passively(argv);
	if (lt_cli_parse(&cmd, argc, argv) != 1)
		lt_cli_usage(&cmd, "expected one checkpoint");
	check_options();
	claim_files(argv[0]);
	lt_spent_begin(&r.spent);
	common.threads = lt_threads(common.threads);
	int bad = evaluate(&r, argv[0], &err);
	close_all(&r);
	return bad ? lt_cli_fail(&cmd, &err) : 0;
}
