#include "ticket/criteria.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "ticket/lamp.h"
#include "ticket/saliency.h"
#include "ticket/saliency_int.h"

/* Each layer draws from a stream of its own, by its name. */
static void
draw(float *v, const struct lt_prunable *p, uint64_t seed)
{
	struct lt_rng r;

	lt_rng_init(&r, seed, LT_STREAM_PRUNE, lt_rng_hash(p->name), 0);
	for (size_t i = 0; i < p->count; i++)
		v[i] = lt_rng_f32(&r);
}

/* clang-format off */
static const struct lt_criterion criteria[] = {
	{.name = "magnitude",
		.help = "|w|, over the network"},
	{.name = "magnitude-layer",
		.help = "|w|, within each layer",
		.scope = LT_SCOPE_LAYER},
	{.name = "erk",
		.help = "|w|, with a quota for each layer by its dimensions",
		.scope = LT_SCOPE_ERK},
	{.name = "lamp",
		.help = "w^2 over the sum of squares not smaller in the layer",
		.scope = LT_SCOPE_SHARE, .share = lt_lamp_share},
	{.name = "random",
		.help = "random numbers, over the network",
		.seed = true, .sizes = draw},
	{.name = "random-layer",
		.help = "random numbers, within each layer",
		.scope = LT_SCOPE_LAYER, .seed = true, .sizes = draw},
	{.name = "snip",
		.help = "|w dL/dw|, L the loss on samples",
		.data = true, .seed = true,
		.train = &lt_snip, .eval = &lt_snip_eval},
	{.name = "force",
		.help = "|w dL/dw| of removed weights too, which can return",
		.steps = 60, .data = true, .seed = true, .returns = true,
		.train = &lt_force, .eval = &lt_force_eval},
	{.name = "grasp",
		.help = "w (H g), gradient and Hessian of the loss on samples",
		.data = true, .seed = true, .temperature = true,
		.train = &lt_grasp, .eval = &lt_grasp},
	{.name = "synflow",
		.help = "|w dR/dw|, R the flow through absolute weights",
		.steps = 100,
		.train = &lt_synflow, .eval = &lt_synflow},
	{.name = "bn-scale",
		.help = "units: |scale| of batch norms, over the network",
		.unit = lt_unit_bn_scale},
	{.name = "filter-norm",
		.help = "units: sum of |w| of filters, within each layer",
		.scope = LT_SCOPE_LAYER, .unit = lt_unit_filter_norm},
};
/* clang-format on */

const struct lt_criterion *
lt_criterion_at(size_t i)
{
	return i < sizeof criteria / sizeof *criteria ? &criteria[i] : NULL;
}

const char *
lt_criterion_name(size_t i)
{
	const struct lt_criterion *c = lt_criterion_at(i);

	return c ? c->name : NULL;
}

const struct lt_criterion *
lt_criterion_find(const char *name)
{
	const struct lt_criterion *c;

	for (size_t i = 0; (c = lt_criterion_at(i)); i++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

bool
lt_criterion_gradients(const struct lt_criterion *c)
{
	return c->train;
}

bool
lt_criterion_groups(const struct lt_criterion *c)
{
	return !c->unit &&
	       (c->scope == LT_SCOPE_NETWORK || c->scope == LT_SCOPE_LAYER);
}

/* A copy of the layers whose weights are the numbers that sizes gives them. */
static struct lt_prunable *
sized(const struct lt_criterion *c, const struct lt_prunable *layer, size_t n,
	uint64_t seed)
{
	struct lt_prunable *p = lt_memdup(layer, n * sizeof *p);

	for (size_t i = 0; i < n; i++) {
		float *v = lt_alloc_scratch(p[i].count, sizeof *v);
		c->sizes(v, &layer[i], seed);
		p[i].w = v;
	}
	return p;
}

static int
prune_units(struct lt_mask *out, const struct lt_criterion *c,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *old,
	const struct lt_criterion_opt *opt, struct lt_err *err)
{
	struct lt_unit_prune_opt o = {.method = c->name,
		.score = c->unit,
		.by_rate = opt->by_rate,
		.amount = opt->amount,
		.by_layer = c->scope == LT_SCOPE_LAYER};

	return lt_unit_prune(out, opt->model, layer, n, old, &o, err);
}

int
lt_criterion_prune(struct lt_mask *out, const struct lt_criterion *c,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *old,
	const struct lt_criterion_opt *opt, struct lt_err *err)
{
	struct lt_prune_opt o = {.method = c->name,
		.by_rate = opt->by_rate,
		.amount = opt->amount,
		.scope = c->scope,
		.share = c->share,
		.steps = opt->steps ? opt->steps : c->steps,
		.returns = c->returns,
		.nm = opt->nm};

	if (c->unit)
		return prune_units(out, c, layer, n, old, opt, err);
	if (lt_criterion_gradients(c)) {
		o.score = lt_saliency_score;
		o.arg = opt->saliency;
	}
	if (!c->sizes)
		return lt_prune(out, layer, n, old, &o, err);
	struct lt_prunable *p = sized(c, layer, n, opt->seed);
	int bad = lt_prune(out, p, n, old, &o, err);
	for (size_t i = 0; i < n; i++)
		free((float *)p[i].w);
	free(p);
	return bad;
}
