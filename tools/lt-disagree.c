/* lt-disagree: the samples on which two networks predict different classes. */
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/spent.h"
#include "file/predictions.h"
#include "run/evaluate.h"
#include "base/threads.h"
#include "net/arch.h"

static struct lt_common common;
static struct {
	const char *out, *data, *index, *mask_a, *mask_b, *net, *cost;
	int batch, compute;
	bool predictions;
} opt = {.out = "-"};

/* clang-format off */
static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", "-",
		"write the index list to FILE"},
	{'d', "data", LT_OPT_STR, &opt.data, "FILE", NULL,
		"compare on this data set"},
	{'i', "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"use only the samples of LIST"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"network of a checkpoint that contains none"},
	{0, "mask-a", LT_OPT_STR, &opt.mask_a, "FILE", NULL,
		"apply this mask to A"},
	{0, "mask-b", LT_OPT_STR, &opt.mask_b, "FILE", NULL,
		"apply this mask to B, or to A if there is no B"},
	{'b', "batch", LT_OPT_POS, &opt.batch, "N", "256",
		"process N images at a time"},
	{0, "predictions", LT_OPT_FLAG, &opt.predictions, NULL, NULL,
		"compare two tables of predictions that lt-eval wrote"},
	{0, "cost", LT_OPT_STR, &opt.cost, "FILE", NULL,
		"write images and multiply-adds to FILE, times to "
		"NAME.time.tsv"},
	{0, "compute", LT_OPT_CHOICE, &opt.compute, "f32|bf16", "f32",
		"multiply weights and activations in single precision or in "
		"bfloat16"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};
/* clang-format on */

static const struct lt_cmd cmd = {"lt-disagree", "[OPTION]... -d DATA A [B]",
	"List the samples that A and B, or A under two masks, classify "
	"differently.",
	.options = options};

static struct lt_spent spent;

/* Predict the classes of the samples of an index list by one network. */
struct side {
	const char *path, *mask_path;
	const struct lt_dataset *data;
	const struct lt_index *index;
	int *class; /* [index->n] */
	size_t n;
	bool again; /* the network of the side before, under another mask */
};

static void
each(void *arg, uint32_t index, int32_t label, const struct lt_outcome *o)
{
	struct side *s = arg;

	(void)index;
	(void)label;
	s->class[s->n++] = o->predicted;
}

static int
predict_with(struct side *s, struct lt_model *m, const struct lt_st *st,
	const struct lt_mask *mask, struct lt_err *err)
{
	struct lt_engine_opt xo = {.batch = opt.batch,
		.threads = common.threads,
		.compute = (enum lt_compute)opt.compute,
		.eval_only = true};
	struct lt_batch_opt b = {.data = s->data, .index = s->index};
	struct lt_evaluation e;

	if (lt_norm_from(&b.norm, st, s->path, s->data, err) < 0)
		return -1;
	char *note = s->again ? NULL : lt_norm_note(&b.norm, s->data, s->path);
	if (note)
		lt_cli_warn(&cmd, &common, "%s", note);
	free(note);
	struct lt_engine *x = lt_engine_new(m, &xo, err);
	if (!x)
		return -1;
	lt_engine_set_mask(x, mask);
	s->class = lt_alloc(s->index->n, sizeof *s->class);
	int bad = lt_evaluate(&e, x, &b, opt.batch, each, s, err);
	if (!bad)
		bad = lt_evaluate_finite(&e, s->path, err);
	spent.images += e.n;
	spent.macs += lt_engine_macs(x);
	lt_engine_free(x);
	return bad;
}

static int
predict(struct side *s, struct lt_err *err)
{
	struct lt_graph *g = NULL;
	struct lt_model m = {0};
	struct lt_st st = {0};
	struct lt_mask mask = {0};
	int bad = lt_model_open(&m, &g, &st, s->path, opt.net, 0, err);

	if (!bad)
		bad = lt_evaluate_fits(g, s->path, s->data, err);
	if (!bad && s->mask_path)
		bad = lt_model_read_mask(&mask, s->mask_path, g, s->path, err);
	if (!bad)
		bad = predict_with(
			s, &m, &st, s->mask_path ? &mask : NULL, err);
	lt_mask_release(&mask);
	lt_model_release(&m);
	lt_graph_free(g);
	lt_st_release(&st);
	return bad;
}

static int
from_networks(struct lt_index *differ, const char *a, const char *b,
	struct lt_err *err)
{
	struct lt_dataset d;
	struct lt_index ix = {0};

	if (lt_dataset_open(&d, opt.data, err) < 0)
		return -1;
	if ((size_t)opt.batch > d.n)
		opt.batch = (int)d.n;
	struct side s[2] = {{a, opt.mask_a, &d, &ix, NULL, 0, false},
		{b, opt.mask_b, &d, &ix, NULL, 0, a == b}};
	int bad = 0;
	if (!opt.index)
		lt_index_all(&ix, d.n);
	else
		bad = lt_index_read(&ix, opt.index, err) < 0 ||
		      lt_index_check(&ix, opt.index, d.n, opt.data, err) < 0;
	for (int i = 0; i < 2 && !bad; i++)
		bad = predict(&s[i], err);
	for (size_t i = 0; i < ix.n && !bad; i++)
		if (s[0].class[i] != s[1].class[i])
			lt_index_push(differ, ix.v[i]);
	free(s[0].class);
	free(s[1].class);
	lt_index_release(&ix);
	lt_dataset_close(&d);
	return bad ? -1 : 0;
}

static int
compare_tables(struct lt_index *differ, struct lt_predictions *a,
	struct lt_predictions *b, const char *path_a, const char *path_b,
	struct lt_err *err)
{
	struct lt_prediction p, q;

	for (;;) {
		int ra = lt_predictions_next(a, &p, err);
		int rb = ra < 0 ? -1 : lt_predictions_next(b, &q, err);
		if (ra < 0 || rb < 0)
			return -1;
		if (!ra && !rb)
			return 0;
		if (ra != rb || p.index != q.index)
			return lt_fail(err, LT_EDATA,
				"%s and %s have different samples: one has "
				"sample %u where the other %s",
				path_a, path_b, ra ? p.index : q.index,
				ra != rb ? "ends" : "has another one");
		if (p.predicted != q.predicted)
			lt_index_push(differ, p.index);
	}
}

static int
from_tables(struct lt_index *differ, const char *a, const char *b,
	struct lt_err *err)
{
	struct lt_predictions *p = lt_predictions_open(a, err);
	struct lt_predictions *q = p ? lt_predictions_open(b, err) : NULL;
	int bad = q ? compare_tables(differ, p, q, a, b, err) : -1;

	if (q)
		lt_predictions_close(q);
	if (p)
		lt_predictions_close(p);
	return bad;
}

static void
check_options(int n)
{
	lt_cli_needs(&cmd, "net batch", !opt.predictions, "no --predictions");
	if (opt.predictions) {
		if (n != 2)
			lt_cli_usage(&cmd, "expected two predictions tables");
		if (opt.data || opt.index || opt.mask_a || opt.mask_b ||
			opt.cost)
			lt_cli_usage(&cmd,
				"--predictions cannot be combined with a data "
				"set, an index list, a mask or --cost");
		return;
	}
	if (n != 1 && n != 2)
		lt_cli_usage(&cmd, "expected one or two checkpoints");
	if (n == 1 && !opt.mask_a && !opt.mask_b)
		lt_cli_usage(&cmd, "expected a second checkpoint or a mask: a "
				   "network agrees with itself");
	if (!opt.data)
		lt_cli_usage(&cmd, "--data FILE is needed");
}

static void
claim_files(char **operand, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, LT_CLAIM_IN, i ? "B" : "A", operand[i]);
	lt_claim(&c, LT_CLAIM_IN, "--index", opt.index);
	lt_claim(&c, LT_CLAIM_IN, "--mask-a", opt.mask_a);
	lt_claim(&c, LT_CLAIM_IN, "--mask-b", opt.mask_b);
	lt_arch_claim(&c, LT_CLAIM_IN, "--net", opt.net);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_spent_claim(&c, "--cost", "the times of --cost", opt.cost);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_index differ = {0};
	struct lt_err err;
	int n;

	lt_cli_wait_passively(argv);
	n = lt_cli_parse(&cmd, argc, argv);
	check_options(n);
	claim_files(argv, n);
	lt_spent_begin(&spent);
	common.threads = lt_threads(common.threads);
	int bad = opt.predictions
			  ? from_tables(&differ, argv[0], argv[1], &err)
			  : from_networks(&differ, argv[0], argv[n - 1], &err);
	lt_spent_end(&spent);
	if (!bad && opt.cost)
		bad = lt_spent_write(&spent, opt.cost, &err);
	if (!bad)
		bad = lt_index_write(&differ, opt.out, &err);
	lt_index_release(&differ);
	return bad ? lt_cli_fail(&cmd, &err) : 0;
}
