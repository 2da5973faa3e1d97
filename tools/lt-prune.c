/* lt-prune: the next mask from a checkpoint's weights. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/spent.h"
#include "base/threads.h"
#include "mask/maskfile.h"
#include "net/prunable.h"
#include "net/arch.h"
#include "net/reach.h"
#include "ticket/criteria.h"
#include "ticket/saliency.h"

static struct lt_common common;
static struct {
	const char *out, *mask, *like, *layers, *exclude, *net;
	const char *data, *index, *cost, *nm;
	double rate, sparsity, temperature;
	struct lt_pick method;
	int bn, steps, per_class, batch;
	bool from_zeros, list;
} opt = {.rate = 1, .method = {.name = lt_criterion_name}};

/* The row of --method; NULL: --from-zeros or --like. */
static const struct lt_criterion *criterion;
static struct lt_nm pattern; /* of --nm */
enum { BN_TRAIN, BN_EVAL };

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", NULL,
		"write the mask to FILE"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"network of a checkpoint that contains none"},
	{'m', "mask", LT_OPT_STR, &opt.mask, "FILE", NULL,
		"start from this mask; the new mask is nested in it"},
	{'r', "rate", LT_OPT_UNIT, &opt.rate, "X", NULL,
		"remove this share of the remaining weights, or units with a "
		"method that ranks units"},
	{'s', "sparsity", LT_OPT_UNIT, &opt.sparsity, "X", NULL,
		"remove weights (units) until this share of all that are "
		"covered is removed"},
	{0, "nm", LT_OPT_STR, &opt.nm, "N:M", NULL,
		"leave N of each M consecutive inputs; without --rate and "
		"--sparsity remove all others"},
	{0, "from-zeros", LT_OPT_FLAG, &opt.from_zeros, NULL, NULL,
		"remove exactly the weights that are 0"},
	{0, "like", LT_OPT_STR, &opt.like, "FILE", NULL,
		"keep as many weights of each layer as this mask, at random "
		"places"},
	{0, "method", LT_OPT_PICK, &opt.method, NULL, "magnitude",
		"criterion that scores the weights"},
	{0, "list-methods", LT_OPT_FLAG, &opt.list, NULL, NULL,
		"print a table of the methods and their requirements, and "
		"exit"},
	{0, "steps", LT_OPT_POS, &opt.steps, "N", "1",
		"remove in N steps of equal rate, with new scores in each; "
		"--list-methods shows other defaults"},
	{0, "layers", LT_OPT_STR, &opt.layers, "KINDS", "conv,linear",
		"kinds of layers to prune: conv, linear or both"},
	{0, "exclude", LT_OPT_STR, &opt.exclude, "NAMES", NULL,
		"leave out these layers: first, last or names, separated by "
		"commas"},
	{'d', "data", LT_OPT_STR, &opt.data, "FILE", NULL,
		"data set of methods that use samples"},
	{'i', "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"draw only from the samples of LIST"},
	{0, "samples-per-class", LT_OPT_POS, &opt.per_class, "N", "10",
		"draw N samples of each class"},
	{'b', "batch", LT_OPT_POS, &opt.batch, "N", "256",
		"process at most N samples at a time; fewer if memory would be "
		"short"},
	{0, "bn", LT_OPT_CHOICE, &opt.bn, "train|eval", "train",
		"statistics of batch norms: those of each batch (train) or the "
		"running ones (eval)"},
	{0, "temperature", LT_OPT_NONNEG, &opt.temperature, "T", "200",
		"divide the logits by T, in methods that have a temperature"},
	{0, "cost", LT_OPT_STR, &opt.cost, "FILE", NULL,
		"write images and multiply-adds to FILE, times to "
		"NAME.time.tsv"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-prune",
	"[OPTION]... (-r X | -s X | --nm N:M | --from-zeros | --like MASK) [-d "
	"DATA] -o "
	"FILE CHECKPOINT",
	"Prune CHECKPOINT: write the mask of the weights that are kept.",
	.options = options};

/* Print a row for each criterion; the workflows read this table. */
static int
list_methods(struct lt_err *err)
{
	const struct lt_criterion *c;

	printf("method\tscope\tsteps\tdata\tgradients\tseed\ttemperature\t"
	       "scores\n");
	for (size_t i = 0; (c = lt_criterion_at(i)); i++)
		printf("%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\n", c->name,
			lt_scope_name(c->scope), c->steps ? c->steps : 1,
			c->data, lt_criterion_gradients(c), c->seed,
			c->temperature, c->help);
	return fflush(stdout) || ferror(stdout)
		       ? lt_fail_errno(err, "standard output: cannot write")
		       : 0;
}

/* The input of pruning: the network of the checkpoint at path, and its n layers
 * that were chosen. */
struct pruned {
	const char *path;
	struct lt_model m;
	struct lt_prunable *layer;
	size_t n;
};

/* Check that the start mask fits and covers the layers that are pruned. */
static int
read_start(struct lt_mask *old, const struct pruned *p, struct lt_err *err)
{
	if (lt_model_read_mask(old, opt.mask, p->m.g, p->path, err) < 0)
		return -1;
	for (size_t i = 0; i < old->n; i++) {
		bool found = false;
		for (size_t j = 0; j < p->n; j++)
			found |= !strcmp(old->layer[i].name, p->layer[j].name);
		if (!found)
			return lt_fail(err, LT_EDATA,
				"%s: covers '%s', which --layers and --exclude "
				"leave out",
				opt.mask, old->layer[i].name);
	}
	return 0;
}

static int
open_samples(struct lt_samples *s, const struct lt_graph *g,
	const struct lt_st *st, const char *path, struct lt_err *err)
{
	struct lt_samples_from from = {
		opt.data, opt.index, opt.per_class, common.seed};

	if (lt_samples_open(s, &from, g, st, path, err) < 0)
		return -1;
	if (s->few)
		lt_cli_warn(&cmd, &common,
			"%s: %d of %d classes have fewer than %d samples",
			opt.index ? opt.index : opt.data, s->few,
			s->data.classes, opt.per_class);
	char *note = lt_norm_note(&s->norm, &s->data, path);
	if (note)
		lt_cli_warn(&cmd, &common, "%s", note);
	free(note);
	return 0;
}

/* Warn if the groups of --nm had nothing left to lose. */
static void
warn_full(const struct lt_mask *mask, const struct lt_mask *old)
{
	size_t spare = 0;

	for (size_t i = 0; i < mask->n && opt.nm; i++) {
		const struct lt_mask_layer *l = &mask->layer[i];
		struct lt_nm_count c;
		lt_nm_count(&c, pattern, l->ndim, l->shape, l->keep);
		spare += c.spare;
	}
	if (opt.nm && !spare && lt_mask_kept(mask) == lt_mask_kept(old))
		lt_cli_warn(&cmd, &common,
			"%s: every group of %d weights has at most %d left "
			"already, so no weight is removed",
			opt.mask, pattern.m, pattern.n);
}

static void
warn_empty(const struct lt_mask *mask, const struct lt_reach *r)
{
	for (size_t i = 0; i < mask->n; i++) {
		const struct lt_mask_layer *l = &mask->layer[i];
		if (!memchr(l->keep, 1, l->count))
			lt_cli_warn(&cmd, &common,
				"'%s': all %zu weights are removed", l->name,
				l->count);
	}
	/* Removed units are dead. */
	if (r->dead && !(criterion && criterion->unit))
		lt_cli_warn(&cmd, &common,
			"%zu of %zu units are dead: %zu do not depend on the "
			"input, %zu reach no logit; %zu of %zu kept weights "
			"have no effect",
			r->dead, r->units, r->no_input, r->no_output, r->idle,
			lt_mask_kept(mask));
}

/* Pairs of key and value that go into the mask. */
struct history {
	const char *word[32];
	char *text[16]; /* the values, owned */
	int n;
};

__attribute__((format(printf, 3, 4))) static void
note(struct history *h, const char *key, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	LT_BUG_ON(vasprintf(&h->text[h->n / 2], format, ap) < 0);
	va_end(ap);
	h->word[h->n] = key;
	h->word[h->n + 1] = h->text[h->n / 2];
	h->n += 2;
}

static int
write_mask(const struct lt_mask *mask, const struct lt_samples *s,
	const struct lt_reach *r, uint32_t checkpoint, uint32_t old,
	struct lt_err *err)
{
	bool by_rate = lt_cli_given(&cmd, "rate");
	struct history h = {.n = 0};

	note(&h, "method", "%s", mask->method);
	if (by_rate || lt_cli_given(&cmd, "sparsity"))
		note(&h, by_rate ? "rate" : "sparsity", "%.9g",
			by_rate ? opt.rate : opt.sparsity);
	if (opt.nm)
		note(&h, "nm", "%s", opt.nm);
	if (!opt.like)
		note(&h, "layers", "%s",
			opt.layers ? opt.layers : "conv,linear");
	note(&h, "checkpoint", "%08x", checkpoint);
	if (opt.exclude)
		note(&h, "exclude", "%s", opt.exclude);
	if (opt.steps)
		note(&h, "steps", "%d", opt.steps);
	if (s->drawn.n) {
		note(&h, "data", "%08x", s->data.crc);
		note(&h, "samples", "%zu", s->drawn.n);
	}
	if (opt.like || (criterion && criterion->seed))
		note(&h, "seed", "%" PRIu64, common.seed);
	if (opt.bn == BN_EVAL)
		note(&h, "bn", "eval");
	if (criterion && criterion->temperature)
		note(&h, "temperature", "%.9g", opt.temperature);
	note(&h, "dead_units", "%zu", r->dead);
	note(&h, "idle_weights", "%zu", r->idle);
	if (opt.mask || opt.like)
		note(&h, opt.mask ? "mask" : "like", "%08x", old);
	int bad = lt_mask_write(mask, opt.out, "lt-prune", h.word, err);
	for (int i = 0; i < h.n / 2; i++)
		free(h.text[i]);
	return bad;
}

/* Prune by the scores of the method; some methods need data for them. */
static int
score(struct lt_mask *mask, const struct pruned *p, const struct lt_samples *s,
	const struct lt_mask *old, struct lt_err *err)
{
	bool by_rate = !lt_cli_given(&cmd, "sparsity");
	struct lt_saliency_opt so = {.samples = s,
		.temperature = opt.temperature,
		.bn_eval = opt.bn == BN_EVAL,
		.batch = opt.batch,
		.threads = common.threads,
		.seed = common.seed};
	struct lt_criterion_opt o = {.by_rate = by_rate,
		.amount = by_rate ? opt.rate : opt.sparsity,
		.steps = opt.steps,
		.seed = common.seed,
		.nm = pattern,
		.model = &p->m};
	struct lt_spent spent;

	if (opt.from_zeros) {
		if (lt_prune_zeros(mask, p->layer, p->n, err) == 0)
			return 0;
		return lt_fail_prefix(err, p->path);
	}
	lt_spent_begin(&spent);
	if (lt_criterion_gradients(criterion) &&
		!(o.saliency = lt_saliency_new(criterion, &p->m, &so, err)))
		return -1;
	int bad = lt_criterion_prune(
		mask, criterion, p->layer, p->n, old, &o, err);
	if (bad)
		lt_fail_prefix(err, err->status == LT_EUSAGE && opt.mask
					    ? opt.mask
					    : p->path);
	if (o.saliency)
		lt_saliency_cost(o.saliency, &spent.images, &spent.macs);
	lt_saliency_free(o.saliency);
	lt_spent_end(&spent);
	if (!bad && opt.cost)
		bad = lt_spent_write(&spent, opt.cost, err);
	return bad;
}

static int
prune(const char *path, struct lt_err *err)
{
	struct lt_graph *g = NULL;
	struct pruned p = {.path = path};
	struct lt_st st = {0};
	struct lt_mask old = {0}, mask = {0};
	struct lt_reach r;
	struct lt_samples s = {.data = {.fd = -1}};
	uint32_t crc;
	int bad = -1;

	if (lt_model_open(&p.m, &g, &st, path, opt.net, 0, err) < 0)
		goto out;
	if (criterion && criterion->data &&
		open_samples(&s, g, &st, path, err) < 0)
		goto out;
	crc = st.crc;
	lt_st_release(&st); /* the model has the weights */
	p.layer = lt_prunable_of(&p.m, &p.n, opt.layers, opt.exclude, err);
	if (!p.layer || (opt.mask && read_start(&old, &p, err) < 0))
		goto out;
	if (opt.like) {
		if (lt_model_read_mask(&old, opt.like, g, path, err) < 0)
			goto out;
		lt_prune_like(&mask, &old, common.seed);
	} else if (score(&mask, &p, &s, opt.mask ? &old : NULL, err) < 0) {
		goto out;
	}
	if (opt.mask)
		warn_full(&mask, &old);
	lt_reach(&r, g, &mask);
	warn_empty(&mask, &r);
	bad = write_mask(&mask, &s, &r, crc, old.crc, err);
out:
	free(p.layer);
	lt_mask_release(&mask);
	lt_mask_release(&old);
	lt_model_release(&p.m);
	lt_graph_free(g);
	lt_st_release(&st);
	lt_samples_release(&s);
	return bad;
}

static void
check_output(void)
{
	if (!opt.out)
		lt_cli_usage(&cmd, "-o FILE is needed");
	if (!strcmp(opt.out, "-") && isatty(1))
		lt_cli_usage(&cmd, "a mask cannot be written to a terminal");
}

/* --from-zeros and --like score nothing, so they exclude the options of
 * scoring. */
static void
check_unscored(const char *option, const char *more)
{
	static const char *const no[] = {"mask", "nm", "method", "steps",
		"data", "index", "samples-per-class", "batch", "bn",
		"temperature", "cost"};

	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (lt_cli_given(&cmd, no[i]))
			lt_cli_usage(&cmd, "%s takes no --%s", option, no[i]);
	if (lt_cli_given(&cmd, more))
		lt_cli_usage(&cmd, "%s takes no --%s", option, more);
}

static bool
scores_samples(const struct lt_criterion *c)
{
	return c->data;
}

static bool
divides_logits(const struct lt_criterion *c)
{
	return c->temperature;
}

/* Refuse these options unless the method has this property. */
static void
needs(const char *names, bool (*has)(const struct lt_criterion *c))
{
	char *what = NULL;
	const struct lt_criterion *c;

	for (size_t i = 0; (c = lt_criterion_at(i)); i++)
		if (has(c)) {
			char *more =
				lt_asprintf("%s%s%s", what ? what : "--method ",
					what ? " or " : "", c->name);
			free(what);
			what = more;
		}
	lt_cli_needs(&cmd, names, has(criterion), what);
	free(what);
}

/* --nm leaves at least one weight of each group, so a method that decides how
 * many a layer loses cannot obey it. */
static void
check_pattern(void)
{
	if (opt.nm && !lt_nm_parse(&pattern, opt.nm))
		lt_cli_usage(&cmd,
			"--nm: expected N:M with 1 <= N < M <= %d, found '%s'",
			LT_NM_MOST, opt.nm);
	if (opt.nm && !lt_criterion_groups(criterion))
		lt_cli_usage(&cmd,
			criterion->unit
				? "--method %s ranks units, and --nm "
				  "ranks weights"
				: "--method %s decides how many weights "
				  "each layer keeps, and --nm does, too",
			criterion->name);
}

static void
check_options(int n)
{
	int amounts = lt_cli_given(&cmd, "rate") +
		      lt_cli_given(&cmd, "sparsity") + opt.from_zeros +
		      !!opt.like;

	if (n != 1)
		lt_cli_usage(&cmd, "expected one checkpoint, found %d", n);
	check_output();
	if (amounts != 1 && (amounts || !opt.nm))
		lt_cli_usage(&cmd, "expected one of --rate, --sparsity, "
				   "--from-zeros and --like, or --nm");
	if (opt.from_zeros) {
		check_unscored("--from-zeros", "seed");
		return;
	}
	if (opt.like) {
		check_unscored("--like", "layers");
		check_unscored("--like", "exclude");
		return;
	}
	criterion = lt_criterion_at(opt.method.i);
	if (criterion->unit && opt.steps > 1)
		lt_cli_usage(&cmd, "--method %s has one step", criterion->name);
	check_pattern();
	/* Methods have steps and batches of their own. */
	if (!lt_cli_given(&cmd, "steps"))
		opt.steps = 0;
	if (!lt_cli_given(&cmd, "batch"))
		opt.batch = 0;
	if (criterion->data && !opt.data)
		lt_cli_usage(
			&cmd, "--method %s needs --data FILE", criterion->name);
	needs("data index samples-per-class batch bn", scores_samples);
	needs("temperature", divides_logits);
	if (opt.temperature == 0)
		lt_cli_usage(&cmd, "--temperature: expected a number above 0");
	if (opt.cost && !strcmp(opt.cost, "-"))
		lt_cli_usage(&cmd, "--cost needs the name of a file");
}

static void
claim_files(const char *checkpoint)
{
	struct lt_claims c = {0};

	lt_claim(&c, LT_CLAIM_IN, "CHECKPOINT", checkpoint);
	lt_claim(&c, LT_CLAIM_IN, "--mask", opt.mask);
	lt_claim(&c, LT_CLAIM_IN, "--like", opt.like);
	lt_claim(&c, LT_CLAIM_IN, "--index", opt.index);
	lt_arch_claim(&c, LT_CLAIM_IN, "--net", opt.net);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_spent_claim(&c, "--cost", "the times of --cost", opt.cost);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;

	lt_cli_wait_passively(argv);
	int n = lt_cli_parse(&cmd, argc, argv), bad;
	if (opt.list && n > 0)
		lt_cli_usage(&cmd, "--list-methods takes no checkpoint");
	if (opt.list) {
		bad = list_methods(&err);
	} else {
		check_options(n);
		claim_files(argv[0]);
		common.threads = lt_threads(common.threads);
		bad = prune(argv[0], &err);
	}
	if (!bad)
		return 0;
	return lt_cli_fail(&cmd, &err);
}
