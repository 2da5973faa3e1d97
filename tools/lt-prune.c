/* lt-prune: the next mask from a checkpoint's weights. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cli.h"
#include "base/mem.h"
#include "mask/criteria.h"
#include "net/model.h"

static struct lt_common common;
static struct {
	const char *out, *mask, *method, *layers, *exclude, *net;
	double rate, sparsity;
} opt = {.method = "magnitude"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", NULL,
		"write the mask to FILE"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"the network of a checkpoint that carries none"},
	{'m', "mask", LT_OPT_STR, &opt.mask, "FILE", NULL,
		"start from this mask; the new one is nested in it"},
	{'r', "rate", LT_OPT_UNIT, &opt.rate, "X", NULL,
		"remove this share of the remaining weights"},
	{'s', "sparsity", LT_OPT_UNIT, &opt.sparsity, "X", NULL,
		"remove until this share of all covered weights is gone"},
	{0, "method", LT_OPT_STR, &opt.method, "NAME", "magnitude",
		"magnitude, magnitude-layer, erk, lamp, random or "
		"random-layer"},
	{0, "layers", LT_OPT_STR, &opt.layers, "KINDS", "conv,linear",
		"kinds of layers to prune: conv, linear or both"},
	{0, "exclude", LT_OPT_STR, &opt.exclude, "NAMES", NULL,
		"leave out first, last or named layers (comma-separated)"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-prune",
	"[OPTION]... (-r X | -s X) -o FILE CHECKPOINT",
	"Prune CHECKPOINT: write the mask of the weights that stay.", options};

/* The layers chosen, in net-text order; *n of them. */
static struct lt_prunable *
choose(const struct lt_model *m, size_t *n, struct lt_err *err)
{
	size_t all = 0, used = 0;
	struct lt_prunable *p = lt_alloc((size_t)m->g->nparam, sizeof *p);
	bool *use = lt_alloc((size_t)m->g->nparam, sizeof *use);

	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *q = &m->g->param[i];
		if (q->prunable)
			p[all++] = (struct lt_prunable){q->name, q->ndim,
				q->shape, q->count, m->w + q->offset};
	}
	int bad = lt_prune_choose(use, p, all, opt.layers, opt.exclude, err);
	for (size_t i = 0; i < all; i++)
		if (use[i])
			p[used++] = p[i];
	*n = used;
	free(use);
	if (!bad)
		return p;
	free(p);
	return NULL;
}

/* The start mask must fit, and what it masks must be what we prune. */
static int
read_start(struct lt_mask *old, const struct lt_model *m, const char *model,
	const struct lt_prunable *p, size_t n, struct lt_err *err)
{
	if (lt_mask_read(old, opt.mask, err) < 0 ||
		lt_model_check_mask(m->g, old, opt.mask, model, err) < 0)
		return -1;
	for (size_t i = 0; i < old->n; i++) {
		bool found = false;
		for (size_t j = 0; j < n; j++)
			found |= !strcmp(old->layer[i].name, p[j].name);
		if (!found)
			return lt_fail(err, LT_EDATA,
				"%s: covers '%s', which --layers and --exclude "
				"leave out",
				opt.mask, old->layer[i].name);
	}
	return 0;
}

static void
warn_empty(const struct lt_mask *mask)
{
	for (size_t i = 0; i < mask->n; i++) {
		const struct lt_mask_layer *l = &mask->layer[i];
		if (!memchr(l->keep, 1, l->count))
			lt_cli_warn(&cmd, &common,
				"'%s' has lost all its %zu weights", l->name,
				l->count);
	}
}

static int
write_mask(const struct lt_mask *mask, uint32_t checkpoint, uint32_t old,
	struct lt_err *err)
{
	char seed[24], amount[32], in[16], start[16];
	bool by_rate = lt_cli_given(&cmd, "rate");
	const char *history[24] = {"method", opt.method,
		by_rate ? "rate" : "sparsity", amount, "layers",
		opt.layers ? opt.layers : "conv,linear", "checkpoint", in};
	int k = 8;

	snprintf(seed, sizeof seed, "%llu", (unsigned long long)common.seed);
	snprintf(amount, sizeof amount, "%.9g",
		by_rate ? opt.rate : opt.sparsity);
	snprintf(in, sizeof in, "%08x", checkpoint);
	snprintf(start, sizeof start, "%08x", old);
	if (opt.exclude) {
		history[k++] = "exclude";
		history[k++] = opt.exclude;
	}
	if (!strncmp(opt.method, "random", 6)) {
		history[k++] = "seed";
		history[k++] = seed;
	}
	if (opt.mask) {
		history[k++] = "mask";
		history[k++] = start;
	}
	return lt_mask_write(mask, opt.out, "lt-prune", history, err);
}

static int
prune(const char *path, struct lt_err *err)
{
	struct lt_graph *g = NULL;
	struct lt_model m = {0};
	struct lt_st st = {0};
	struct lt_mask old = {0}, mask = {0};
	struct lt_prunable *p = NULL;
	bool by_rate = lt_cli_given(&cmd, "rate");
	struct lt_prune_opt o = {.method = opt.method,
		.by_rate = by_rate,
		.amount = by_rate ? opt.rate : opt.sparsity,
		.seed = common.seed};
	uint32_t crc;
	size_t n;
	int bad = -1;

	if (lt_model_open(&m, &g, &st, path, opt.net, err) < 0)
		goto out;
	crc = st.crc;
	lt_st_release(&st); /* the model has the weights */
	p = choose(&m, &n, err);
	if (!p || (opt.mask && read_start(&old, &m, path, p, n, err) < 0))
		goto out;
	if (lt_prune(&mask, p, n, opt.mask ? &old : NULL, &o, err) < 0) {
		lt_fail_prefix(err, err->status == LT_EUSAGE ? opt.mask : path);
		goto out;
	}
	warn_empty(&mask);
	bad = write_mask(&mask, crc, old.crc, err);
out:
	free(p);
	lt_mask_release(&mask);
	lt_mask_release(&old);
	lt_model_release(&m);
	lt_graph_free(g);
	lt_st_release(&st);
	return bad;
}

static void
check_options(int n)
{
	size_t i = 0;

	if (n != 1)
		lt_cli_usage(&cmd, "expected one checkpoint, found %d", n);
	if (lt_cli_given(&cmd, "rate") == lt_cli_given(&cmd, "sparsity"))
		lt_cli_usage(&cmd, "give one of --rate and --sparsity");
	while (lt_prune_method(i) && strcmp(lt_prune_method(i), opt.method))
		i++;
	if (!lt_prune_method(i))
		lt_cli_usage(&cmd,
			"--method: expected magnitude, magnitude-layer, erk, "
			"lamp, random or random-layer, found '%s'",
			opt.method);
	if (!opt.out)
		lt_cli_usage(&cmd, "-o FILE is needed");
	if (!strcmp(opt.out, "-") && isatty(1))
		lt_cli_usage(&cmd, "a mask is not for a terminal");
}

int
main(int argc, char **argv)
{
	struct lt_err err;

	check_options(lt_cli_parse(&cmd, argc, argv));
	if (prune(argv[0], &err) == 0)
		return 0;
	if (err.status == LT_EUSAGE)
		lt_cli_usage(&cmd, "%s", err.msg);
	return lt_cli_fail(&cmd, &err);
}
