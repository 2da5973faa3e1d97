/* lt-eval: loss and accuracy of a network. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/answer.h"
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/spent.h"
#include "file/predictions.h"
#include "run/evaluate.h"
#include "run/recalibrate.h"
#include "base/threads.h"
#include "net/arch.h"
#include "ticket/grand.h"

static struct lt_common common;
static struct {
	const char *out, *data, *index, *mask, *predictions, *net, *mean, *std,
		*cost, *bn_data, *bn_index, *bn_output;
	int batch, compute;
	bool per_class, confusion, grand, any, json;
} opt = {.out = "-"};

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
	{0, "bn-data", LT_OPT_STR, &opt.bn_data, "FILE", NULL,
		"recompute the statistics of batch norms on this data set"},
	{0, "bn-index", LT_OPT_STR, &opt.bn_index, "LIST", NULL,
		"recompute them on the samples of LIST"},
	{0, "bn-output", LT_OPT_STR, &opt.bn_output, "FILE", NULL,
		"write the checkpoint with these statistics to FILE"},
	{'b', "batch", LT_OPT_POS, &opt.batch, "N", "256",
		"process N images at a time"},
	{0, "per-class", LT_OPT_FLAG, &opt.per_class, NULL, NULL,
		"write a row for each class"},
	{0, "confusion", LT_OPT_FLAG, &opt.confusion, NULL, NULL,
		"write the confusion matrix"},
	{0, "json", LT_OPT_FLAG, &opt.json, NULL, NULL,
		"write a JSON object instead of a table"},
	{0, "predictions", LT_OPT_STR, &opt.predictions, "FILE", NULL,
		"write a row for each sample"},
	{0, "grand", LT_OPT_FLAG, &opt.grand, NULL, NULL,
		"with --predictions, compute the norm of each sample's "
		"gradient, slowly"},
	{0, "cost", LT_OPT_STR, &opt.cost, "FILE", NULL,
		"write images and multiply-adds to FILE, times to "
		"NAME.time.tsv"},
	{0, "allow-nonfinite", LT_OPT_FLAG, &opt.any, NULL, NULL,
		"evaluate a network even if it has diverged"},
	{0, "compute", LT_OPT_CHOICE, &opt.compute, "f32|bf16", "f32",
		"multiply weights and activations in single precision or in "
		"bfloat16"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};
/* clang-format on */

static const struct lt_cmd cmd = {"lt-eval", "[OPTION]... -d DATA CHECKPOINT",
	"Evaluate CHECKPOINT: loss, top-1 and top-5 accuracy in percent.",
	.options = options};

/* Some samples of a data set. */
struct samples {
	struct lt_dataset data;
	struct lt_index index;
};

struct run {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_st st;
	struct lt_mask mask;
	struct samples eval, stats;
	struct lt_engine *x;
	struct lt_out *predictions;
	size_t classes;
	uint64_t *count; /* [label][predicted]; the last column: none */
	double *loss;	 /* [label] */
	size_t *top5;	 /* [label] */
	double *grand;	 /* [index.n], or NULL */
	size_t done;	 /* samples that have their row */
	uint64_t macs;	 /* of gradients */
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
		(float)o->loss, (float)o->entropy, (float)o->margin,
		(float)o->el2n, r->grand ? (float)r->grand[r->done] : 0};

	count_at(r, (size_t)label)[to]++;
	r->loss[label] += o->loss;
	r->top5[label] += o->rank < 5;
	if (r->predictions)
		lt_predictions_row(r->predictions, &p, opt.grand);
	r->done++;
}

/* Open the samples of a list in a data set; index NULL: all of them. */
static int
open_samples(struct samples *s, const struct run *r, const char *data,
	const char *index, const char *path, struct lt_err *err)
{
	if (lt_dataset_open(&s->data, data, err) < 0 ||
		lt_evaluate_fits(r->g, path, &s->data, err) < 0)
		return -1;
	if (!index)
		lt_index_all(&s->index, s->data.n);
	else if (lt_index_read(&s->index, index, err) < 0 ||
		 lt_index_check(&s->index, index, s->data.n, data, err) < 0)
		return -1;
	if (s->index.n)
		return 0;
	return lt_fail(err, LT_EDATA, "%s: no samples to evaluate",
		index ? index : data);
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

static const char *
stats_data(void)
{
	return opt.bn_data ? opt.bn_data : opt.data;
}

static int
open_stats(struct run *r, const char *path, struct lt_err *err)
{
	if (!r->g->nbn)
		return lt_fail(err, LT_EDATA,
			"%s: the network %s has no batch norm whose statistics "
			"could be recomputed",
			path, r->g->name);
	return open_samples(
		&r->stats, r, stats_data(), opt.bn_index, path, err);
}

static int
open_all(struct run *r, const char *path, struct lt_err *err)
{
	if (lt_model_open(&r->m, &r->g, &r->st, path, opt.net,
		    opt.any ? LT_MODEL_ANY : 0, err) < 0 ||
		open_samples(&r->eval, r, opt.data, opt.index, path, err) < 0)
		return -1;
	if (recomputes() && open_stats(r, path, err) < 0)
		return -1;
	if (opt.mask &&
		lt_model_read_mask(&r->mask, opt.mask, r->g, path, err) < 0)
		return -1;
	size_t most = r->eval.index.n > r->stats.index.n ? r->eval.index.n
							 : r->stats.index.n;
	if ((size_t)opt.batch > most)
		opt.batch = (int)most;
	struct lt_engine_opt x = {.batch = opt.batch,
		.threads = common.threads,
		.compute = (enum lt_compute)opt.compute,
		.eval_only = !recomputes(),
		.average = true,
		.seed = common.seed};
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
	release_samples(&r->eval);
	release_samples(&r->stats);
	free(r->count);
	free(r->loss);
	free(r->top5);
	free(r->grand);
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
	return c < (size_t)r->eval.data.classes ? r->eval.data.class_name[c]
						: "";
}

/* Loss and shares of n samples. */
static void
put_results(struct lt_answer *a, double loss, uint64_t top1, uint64_t top5,
	uint64_t n)
{
	lt_answer_number(a, "loss", loss);
	lt_answer_number(a, "top1", 100.0 * (double)top1 / (double)n);
	lt_answer_number(a, "top5", 100.0 * (double)top5 / (double)n);
}

/* A class without samples has neither: 0 / 0 is NaN. */
static void
put_classes(const struct run *r, struct lt_answer *a)
{
	lt_answer_table(a, "class\tname\tsamples\tloss\ttop1\ttop5");
	for (size_t c = 0; c < r->classes; c++) {
		uint64_t n = of_class(r, c);
		lt_answer_count(a, "class", c);
		lt_answer_text(a, "name", class_name(r, c));
		lt_answer_count(a, "samples", n);
		put_results(a, r->loss[c] / (double)n, count_at(r, c)[c],
			r->top5[c], n);
		lt_answer_row(a);
	}
}

/* The header of the confusion matrix: "label", the classes, and "none" for what
 * has no prediction. */
static char *
confusion_columns(const struct run *r)
{
	char *columns = lt_strdup("label");

	for (size_t c = 0; c < r->classes + opt.any; c++) {
		char *more = c < r->classes ? lt_asprintf("%s\t%zu", columns, c)
					    : lt_asprintf("%s\tnone", columns);
		free(columns);
		columns = more;
	}
	return columns;
}

static void
put_confusion(const struct run *r, struct lt_answer *a)
{
	char *columns = confusion_columns(r), name[24];

	lt_answer_table(a, columns);
	for (size_t c = 0; c < r->classes; c++) {
		lt_answer_count(a, "label", c);
		for (size_t i = 0; i < r->classes + opt.any; i++) {
			snprintf(name, sizeof name, "%zu", i);
			lt_answer_count(a, i < r->classes ? name : "none",
				count_at(r, c)[i]);
		}
		lt_answer_row(a);
	}
	free(columns);
}

static void
put_all(const struct lt_evaluation *e, struct lt_answer *a)
{
	/* In JSON the row is the object. */
	if (!a->json)
		lt_answer_table(a, "samples\tloss\ttop1\ttop5");
	lt_answer_count(a, "samples", e->n);
	put_results(a, e->loss, e->top1, e->top5, e->n);
	if (!a->json)
		lt_answer_row(a);
}

static int
put_table(
	const struct run *r, const struct lt_evaluation *e, struct lt_err *err)
{
	struct lt_answer a = {
		.out = lt_out_open(opt.out, err), .json = opt.json};

	if (!a.out)
		return -1;
	if (opt.confusion)
		put_confusion(r, &a);
	else if (opt.per_class)
		put_classes(r, &a);
	else
		put_all(e, &a);
	lt_answer_end(&a);
	return lt_out_commit(a.out, err);
}

/* Normalize as the checkpoint or the data say, unless --mean and --std say
 * otherwise. */
static int
normalize(
	struct run *r, struct lt_norm *nm, const char *path, struct lt_err *err)
{
	if (lt_norm_from(nm, &r->st, path, &r->eval.data, err) < 0)
		return -1;
	if (lt_norm_set(nm, opt.mean, opt.std, r->eval.data.c, err) < 0)
		return -1;
	char *note = lt_norm_note(nm, &r->eval.data, path);
	if (note)
		lt_cli_warn(&cmd, &common, "%s", note);
	free(note);
	return 0;
}

static void
put_history(struct lt_st *st, const struct run *r)
{
	char from[16], data[16], index[16], mask[16], batch[16], seed[24];
	const char *compute = lt_compute_name[opt.compute];
	const char *history[] = {"checkpoint", from, "bn-data", data,
		"bn-index", index, "batch", batch, "seed", seed, "compute",
		compute, opt.mask ? "mask" : NULL, mask, NULL};

	snprintf(from, sizeof from, "%08x", r->st.crc);
	snprintf(data, sizeof data, "%08x", r->stats.data.crc);
	snprintf(index, sizeof index, "%08x", lt_index_crc(&r->stats.index));
	snprintf(mask, sizeof mask, "%08x", r->mask.crc);
	snprintf(batch, sizeof batch, "%d", opt.batch);
	snprintf(seed, sizeof seed, "%" PRIu64, common.seed);
	lt_st_history(st, "lt-eval", history);
}

/* The engine has set the weights that the mask removes to 0. */
static int
write_model(const struct run *r, const struct lt_norm *nm, struct lt_err *err)
{
	static const char *const same[] = {
		"lt.epoch", "lt.iteration", "lt.seed", "lt.history"};
	struct lt_st st = {0};
	char *mean = lt_stats_text(nm->mean, r->g->c);
	char *std = lt_stats_text(nm->std, r->g->c);

	lt_model_to_st(&r->m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", r->g->text);
	lt_st_set_meta(&st, "lt.mean", mean);
	lt_st_set_meta(&st, "lt.std", std);
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		const char *v = lt_st_meta(&r->st, same[i]);
		if (v)
			lt_st_set_meta(&st, same[i], v);
	}
	put_history(&st, r);
	int bad = lt_st_write(&st, opt.bn_output, err);
	lt_st_release(&st);
	free(mean);
	free(std);
	return bad;
}

/* Give batch norms the statistics of the samples for them. */
static int
recompute(struct run *r, const struct lt_batch_opt *eval, struct lt_err *err)
{
	struct lt_batch_opt b = *eval;

	b.data = &r->stats.data;
	b.index = &r->stats.index;
	b.seed = common.seed;
	r->spent.images += lt_recalibrate_samples(&b, opt.batch);
	return lt_recalibrate(&r->m, r->x, &b, opt.batch, err);
}

/* The engine has set the weights that the mask removes to 0. */
static int
gradients(struct run *r, const struct lt_batch_opt *b, struct lt_err *err)
{
	r->grand = lt_alloc(r->eval.index.n, sizeof *r->grand);
	return lt_grand(r->grand, &r->macs, &r->m, b, common.threads, err);
}

static int
evaluate(struct run *r, const char *path, struct lt_err *err)
{
	struct lt_evaluation e;

	if (open_all(r, path, err) < 0)
		return -1;
	struct lt_batch_opt b = {
		.data = &r->eval.data, .index = &r->eval.index};
	if (normalize(r, &b.norm, path, err) < 0 ||
		(recomputes() && recompute(r, &b, err) < 0))
		return -1;
	if (opt.predictions) {
		r->predictions = lt_out_open(opt.predictions, err);
		if (!r->predictions)
			return -1;
		lt_predictions_header(r->predictions, opt.grand);
	}
	if (opt.grand && gradients(r, &b, err) < 0)
		return -1;
	if (lt_evaluate(&e, r->x, &b, opt.batch, each, r, err) < 0 ||
		(!opt.any && lt_evaluate_finite(&e, path, err) < 0))
		return -1;
	if (r->predictions) {
		struct lt_out *o = r->predictions;
		r->predictions = NULL;
		if (lt_out_commit(o, err) < 0)
			return -1;
	}
	if (opt.bn_output && write_model(r, &b.norm, err) < 0)
		return -1;
	r->spent.images += opt.grand ? 2 * e.n : e.n;
	r->spent.macs = lt_engine_macs(r->x) + r->macs;
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
	lt_cli_needs(&cmd, "grand", opt.predictions, "--predictions FILE");
	lt_cli_needs(
		&cmd, "bn-output", recomputes(), "--bn-data or --bn-index");
	if (opt.bn_output && opt.any)
		lt_cli_usage(&cmd,
			"--bn-output and --allow-nonfinite exclude each other");
	if (opt.bn_output && !strcmp(opt.bn_output, "-") && isatty(1))
		lt_cli_usage(
			&cmd, "a checkpoint cannot be written to a terminal");
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
	lt_claim(&c, LT_CLAIM_IN, "--bn-index", opt.bn_index);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_HELD, "--bn-data", opt.bn_data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_claim(&c, LT_CLAIM_OUT, "--bn-output", opt.bn_output);
	lt_claim(&c, LT_CLAIM_SIDE, "--predictions", opt.predictions);
	lt_spent_claim(&c, "--cost", "the times of --cost", opt.cost);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct run r = {.eval.data.fd = -1, .stats.data.fd = -1};
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
