/* The engine's life: made once for a graph and a batch size, run step by step.
 */
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/engine_int.h"

const char *const lt_compute_name[] = {"f32", "bf16"};

#define GRADIENT_SCALE 4096.0f

static size_t
max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void
allocate_tables(struct lt_engine *x)
{
	size_t n = (size_t)x->g->n;
	size_t widest = 1;

	x->value = lt_alloc(n, sizeof *x->value);
	x->stored = lt_alloc(n, sizeof *x->stored);
	x->relu_after = lt_alloc(n, sizeof *x->relu_after);
	x->readers = lt_alloc(n, sizeof *x->readers);
	x->wanted = lt_alloc(n, sizeof *x->wanted);
	x->format = lt_alloc(n, sizeof *x->format);
	x->tensor = lt_alloc(n, sizeof *x->tensor);
	x->step_bytes = lt_alloc(n, sizeof *x->step_bytes);
	x->kept_by = lt_alloc(n, sizeof *x->kept_by);
	x->layer = lt_alloc(n, sizeof *x->layer);
	x->layer_of = lt_alloc(n, sizeof *x->layer_of);
	x->bn = lt_alloc(n, sizeof *x->bn);
	x->bn_of = lt_alloc(n, sizeof *x->bn_of);
	for (size_t i = 0; i < n; i++) {
		x->layer_of[i] = x->bn_of[i] = -1;
		widest = max_size(widest, (size_t)x->g->node[i].c);
	}
	x->ones = lt_alloc(widest, sizeof(float));
	x->zeros = lt_alloc(widest, sizeof(float));
	for (size_t i = 0; i < widest; i++)
		x->ones[i] = 1;
	for (int i = 0; i < LT_LANES; i++)
		x->all_live[i] = 1;
}

static void
make_layers(struct lt_engine *x)
{
	for (int i = 0; i < x->g->n; i++) {
		const struct lt_node *n = &x->g->node[i];
		if (n->unused || !lt_op_row(n)->taps)
			continue;
		x->layer_of[i] = x->nlayer;
		layer_init(x, &x->layer[x->nlayer++], i);
	}
	for (int i = 0; i < x->nbn; i++) {
		struct norm *b = &x->bn[i];
		if (!b->by_conv)
			continue;
		/* If two norms read one convolution, one of them computes its
		 * own sums. */
		struct layer *l = &x->layer[x->layer_of[b->in]];
		if (l->norm < 0)
			l->norm = i;
		else
			b->by_conv = false;
	}
}

/* Make room for partial sums; the strips of every writer are known now. */
static void
allocate_sums(struct lt_engine *x)
{
	for (int i = 0; i < x->nbn; i++) {
		struct norm *b = &x->bn[i];
		b->strips =
			b->by_conv ? x->layer[x->layer_of[b->in]].strips : 1;
		b->back_strips = 1;
	}
	for (int i = 0; i < x->nstep; i++) {
		const struct back_step *s = &x->step[i];
		for (int j = 0; s->kind == BACK_LAYER && j < s->fin.nsums; j++)
			x->bn[s->fin.sums[j]].back_strips =
				x->layer[x->layer_of[s->node]].strips;
	}
	for (int i = 0; i < x->nbn; i++) {
		struct norm *b = &x->bn[i];
		size_t c = (size_t)x->g->node[b->node].c * x->max_shards;
		b->s1 = lt_alloc(c * b->strips, sizeof(float));
		b->s2 = lt_alloc(c * b->strips, sizeof(float));
		b->t1 = lt_alloc(c * b->back_strips, sizeof(float));
		b->t2 = lt_alloc(c * b->back_strips, sizeof(float));
	}
}

/* The values that a node's row keeps of every shard, or NULL. */
static float *
kept_by(const struct lt_engine *x, int node)
{
	const struct engine_row *row = engine_row(x, node);
	size_t shard = row->keeps && x->stored[node] ? row->keeps(x, node) : 0;

	return shard ? lt_alloc_aligned(
			       shard * (size_t)x->max_shards, sizeof(float))
		     : NULL;
}

static void
allocate_tensors(struct lt_engine *x)
{
	size_t shards = (size_t)x->max_shards;

	for (int i = 0; i < 2; i++)
		x->input[i] = lt_alloc_aligned(
			node_cells(x, 0) * shards, sizeof(float));
	x->tensor[0] = x->format[0] != LT_FORMAT_F32
			       ? lt_alloc_aligned(node_bytes(x, 0) * shards, 1)
			       : (char *)x->input[0];
	for (int i = 0; i < x->g->n; i++) {
		x->step_bytes[i] = node_bytes(x, i);
		x->kept_by[i] = kept_by(x, i);
	}
	if (x->opt.eval_only) {
		plan_eval_buffers(x);
		return;
	}
	for (int i = 1; i < x->g->n; i++)
		if (x->stored[i])
			x->tensor[i] =
				lt_alloc_scratch(node_bytes(x, i) * shards, 1);
	plan_backward(x);
	x->grad = lt_alloc_aligned(x->g->floats, sizeof(float));
}

static void
allocate_scratch(struct lt_engine *x)
{
	size_t shards = (size_t)x->max_shards, part = 0, bias = 0, scratch = 0;
	size_t u = 0;

	for (int i = 0; i < x->nlayer; i++) {
		const struct layer *l = &x->layer[i];
		size_t units = (shards + l->sg - 1) / l->sg * l->strips;
		scratch = max_size(scratch, conv_scratch(x, l));
		part = max_size(part, units * l->nw);
		if (tile_fits(x, l))
			part = max_size(part, units * tile_part(l));
		bias = max_size(bias, shards * l->strips * l->o);
		if (l->wino)
			u = max_size(u, max_size(lt_wino_floats(l->o, l->c),
						lt_wino_floats(l->c, l->o)));
	}
	for (int i = 0; i < x->g->n; i++)
		scratch = max_size(scratch, node_scratch(x, i));
	if (!x->opt.eval_only) {
		x->part = lt_alloc_scratch(part, sizeof(float));
		x->bias_part = lt_alloc_scratch(bias, sizeof(float));
		x->u = lt_alloc_scratch(u, sizeof(float));
	}
	x->tree = lt_alloc(shards, sizeof *x->tree);
	x->share = lt_alloc_aligned((size_t)x->threads, sizeof *x->share);
	x->scratch = lt_alloc((size_t)x->threads, sizeof *x->scratch);
	for (int i = 0; i < x->threads; i++)
		x->scratch[i] = lt_alloc_scratch(scratch, sizeof(float));
}

struct lt_engine *
lt_engine_new(
	struct lt_model *m, const struct lt_engine_opt *opt, struct lt_err *err)
{
	const char *why = NULL;
	const struct lt_kern *k = lt_kern_get(opt->kern, &why);

	if (!k) {
		lt_fail(err, LT_EUSAGE, "%s", why);
		return NULL;
	}
	struct lt_engine *x = lt_alloc(1, sizeof *x);
	x->m = m;
	x->g = m->g;
	x->k = k;
	x->opt = *opt;
	x->threads = opt->threads > 0 ? opt->threads : omp_get_max_threads();
	x->max_shards = (opt->batch + LT_LANES - 1) / LT_LANES;
	LT_BUG_ON(opt->half && opt->compute != LT_COMPUTE_F32);
	x->unscale = opt->half ? 1 / GRADIENT_SCALE : 1;
	allocate_tables(x);
	plan_values(x);
	make_layers(x);
	allocate_tensors(x);
	allocate_sums(x);
	allocate_scratch(x);
	lt_engine_set_mask(x, NULL);
	return x;
}

static void
norm_release(struct norm *b)
{
	float *all[] = {b->scale, b->shift, b->mean, b->inv, b->a, b->b, b->c0,
		b->s1, b->s2, b->t1, b->t2};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
}

void
lt_engine_free(struct lt_engine *x)
{
	if (!x)
		return;
	for (int i = 0; i < x->nlayer; i++)
		layer_release(&x->layer[i]);
	for (int i = 0; i < x->nbn; i++)
		norm_release(&x->bn[i]);
	for (int i = 0; i < x->g->n; i++) {
		if (i == 0 ? x->format[0] != LT_FORMAT_F32 : !x->opt.eval_only)
			free(x->tensor[i]);
		free(x->kept_by[i]);
	}
	for (int i = 0; i < x->nbuf; i++)
		free(x->buf[i].p);
	for (int i = 0; i < x->threads; i++)
		free(x->scratch[i]);
	void *all[] = {x->value, x->stored, x->relu_after, x->readers,
		x->wanted, x->format, x->step_bytes, x->logits, x->tensor,
		x->kept_by, x->layer, x->layer_of, x->bn, x->bn_of, x->step,
		x->buf, x->input[0], x->input[1], x->grad, x->moment[0],
		x->moment[1], x->part, x->bias_part, x->u, x->share, x->scratch,
		x->ones, x->zeros, x->tree, x->cost};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
	free(x);
}

static void
mask_moments(struct lt_engine *x, const struct layer *l)
{
	for (int k = 0; k < LT_MOMENTS; k++)
		for (size_t i = 0; x->moment[k] && i < l->nw; i++)
			if (!l->keep[i])
				x->moment[k][l->grad + i] = 0;
}

/* Count the weights of unused nodes, which no layer has but a mask may
 * cover. */
static void
count_unused(struct lt_engine *x, const struct lt_mask *mask)
{
	for (int i = 0; x->g->nunused && i < x->g->nparam; i++) {
		const struct lt_param *p = &x->g->param[i];
		const struct lt_mask_layer *l =
			mask ? lt_mask_find(mask, p->name) : NULL;
		if (!p->prunable || !x->g->node[p->node].unused)
			continue;
		x->total += p->count;
		x->kept += l ? lt_mask_layer_kept(l) : p->count;
	}
}

void
lt_engine_set_mask(struct lt_engine *x, const struct lt_mask *mask)
{
	x->kept = x->total = 0;
	for (int i = 0; i < x->nlayer; i++) {
		struct layer *l = &x->layer[i];
		int p = x->g->node[l->node].param[0];
		layer_set_mask(x, l,
			mask ? lt_mask_find(mask, x->g->param[p].name) : NULL);
		x->kept += l->kept;
		x->total += l->nw;
		if (l->masked)
			mask_moments(x, l);
		if (l->sparse) { /* its lists say it all */
			free(l->keep);
			l->keep = NULL;
		}
	}
	count_unused(x, mask);
	if (mask)
		lt_model_apply_mask(x->m, mask);
	if (x->grad)
		memset(x->grad, 0, x->g->floats * sizeof *x->grad);
	x->whole = false;
	x->dirty = true;
}

void
lt_engine_touch(struct lt_engine *x)
{
	x->dirty = true;
}

float *
lt_engine_input(struct lt_engine *x)
{
	return x->input[x->which];
}

float *
lt_engine_input_at(struct lt_engine *x, int which)
{
	return x->input[which];
}

void
lt_engine_use_input(struct lt_engine *x, int which)
{
	x->which = which;
	if (x->format[0] == LT_FORMAT_F32)
		x->tensor[0] = (char *)x->input[which];
}

/* Costs are in one array: two of every node, and then those of the engine. */
static size_t
cost_slot(const struct lt_engine *x, enum lt_cost_of part, int node)
{
	size_t nodes = 2 * (size_t)x->g->n;

	return part < LT_COST_REFRESH ? 2 * (size_t)node + part
				      : nodes + (part - LT_COST_REFRESH);
}

void
lt_engine_profile(struct lt_engine *x, bool on)
{
	size_t n = cost_slot(x, LT_COST_COUNT, 0);

	free(x->cost);
	x->cost = on ? lt_alloc(n, sizeof *x->cost) : NULL;
}

struct lt_cost
lt_engine_cost(const struct lt_engine *x, enum lt_cost_of part, int node)
{
	return x->cost ? x->cost[cost_slot(x, part, node)]
		       : (struct lt_cost){0};
}

double
lt_engine_watch(const struct lt_engine *x)
{
	return x->cost ? lt_clock() : 0;
}

/* Charge the time since a moment; returns the present moment. */
static double
charge(struct lt_engine *x, double since, enum lt_cost_of part, int node,
	uint64_t macs)
{
	x->macs += macs;
	if (!x->cost)
		return 0;
	struct lt_cost *c = &x->cost[cost_slot(x, part, node)];
	double now = lt_clock();
	c->seconds += now - since;
	c->calls++;
	c->macs += macs;
	return now;
}

void
lt_engine_charge(struct lt_engine *x, double since, enum lt_cost_of part)
{
	charge(x, since, part, 0, 0);
}

static void
refresh(struct lt_engine *x)
{
	if (!x->dirty && x->folded == !x->train)
		return;
	norms_refresh(x);
	for (int i = 0; i < x->nlayer; i++)
		layer_prepare(x, &x->layer[i]);
#pragma omp parallel num_threads(x->threads) default(none) shared(x)
	for (int i = 0; i < x->nlayer; i++)
		layer_refresh(x, &x->layer[i]);
	x->folded = !x->train;
	x->dirty = false;
}

/* An evaluation does not wait for statistics of the batch: each thread takes
 * some shards through the whole graph, and their tensors stay in its caches. */
#define EVAL_SHARDS 4

static void
evaluate_shards(struct lt_engine *x, int sh0, int n, float *scratch)
{
	for (int i = 1; i < x->g->n; i++) {
		int l = x->layer_of[i];
		if (l >= 0)
			conv_forward_shards(x, &x->layer[l], sh0, n, scratch);
		for (int s = sh0; l < 0 && s < sh0 + n; s++)
			node_forward_shard(x, i, s, scratch);
	}
}

/* True if it was done in this way.  It is not if that would leave threads
 * without work, or if the cost of each node is measured. */
static bool
evaluate(struct lt_engine *x)
{
	int per = x->shards / x->threads;

	if (x->train || x->cost || per < 1)
		return false;
	per = per < EVAL_SHARDS ? per : EVAL_SHARDS;
#pragma omp parallel for schedule(dynamic) \
	num_threads(x->threads) default(none) shared(x, per)
	for (int s = 0; s < x->shards; s += per)
		evaluate_shards(x, s, x->shards - s < per ? x->shards - s : per,
			x->scratch[omp_get_thread_num()]);
	for (int i = 0; i < x->nlayer; i++)
		x->macs +=
			(uint64_t)x->n *
			lt_graph_macs(x->g, x->layer[i].node, x->layer[i].kept);
	return true;
}

void
lt_engine_forward(struct lt_engine *x, int n, bool train, uint64_t iteration)
{
	LT_BUG_ON(n < 1 || n > x->opt.batch || (train && x->opt.eval_only));
	x->n = n;
	x->shards = (n + LT_LANES - 1) / LT_LANES;
	x->train = train;
	x->iteration = iteration;
	for (int i = 0; i < LT_LANES; i++)
		x->live[i] = (x->shards - 1) * LT_LANES + i < n;
	double t = lt_engine_watch(x);
	refresh(x);
	t = charge(x, t, LT_COST_REFRESH, 0, 0);
	input_narrow(x);
	t = charge(x, t, LT_COST_FORWARD, 0, 0);
	if (evaluate(x))
		return;
	for (int i = 1; i < x->g->n; i++) {
		int l = x->layer_of[i];
		uint64_t macs = 0;
		if (x->g->node[i].unused)
			continue;
		if (l < 0) {
			node_forward(x, i);
		} else {
			conv_forward(x, &x->layer[l]);
			macs = (uint64_t)n *
			       lt_graph_macs(x->g, i, x->layer[l].kept);
		}
		t = charge(x, t, LT_COST_FORWARD, i, macs);
	}
}

const float *
lt_engine_logits(const struct lt_engine *x)
{
	return (const float *)(const void *)
		x->tensor[x->value[x->g->output].root];
}

int
lt_engine_classes(const struct lt_engine *x)
{
	return x->g->node[x->g->output].c;
}

float *
lt_engine_dlogits(struct lt_engine *x)
{
	return (float *)(void *)x->buf[x->out_buf].p;
}

/* In half precision gradients are multiplied by a power of two, so that few of
 * them fall below its smallest numbers. */
static void
scale_gradient(struct lt_engine *x)
{
	float *g = lt_engine_dlogits(x);
	size_t n = (size_t)x->shards * lt_engine_classes(x) * LT_LANES;

	for (size_t i = 0; i < n; i++)
		g[i] *= GRADIENT_SCALE;
}

/* The multiply-adds of a layer's gradients: of its data, and of its weights. */
static uint64_t
gradient_macs(const struct lt_engine *x, const struct back_step *s)
{
	const struct layer *l = &x->layer[x->layer_of[s->node]];
	uint64_t one = 0;

	if (s->dst >= 0)
		one += lt_graph_macs(x->g, s->node, l->kept);
	if (s->weights)
		one += lt_graph_macs(x->g, s->node, x->whole ? l->nw : l->kept);
	return (uint64_t)x->n * one;
}

static void
backward(struct lt_engine *x, bool whole)
{
	LT_BUG_ON(!x->train);
	double t = lt_engine_watch(x);
	if (x->whole && !whole) /* where masked weights have gradients */
		memset(x->grad, 0, x->g->floats * sizeof *x->grad);
	x->whole = whole;
	if (x->opt.half)
		scale_gradient(x);
	for (int i = 0; i < x->nstep; i++) {
		const struct back_step *s = &x->step[i];
		uint64_t macs = 0;
		if (s->kind != BACK_LAYER) {
			step_backward(x, s);
		} else {
			conv_backward(x, &x->layer[x->layer_of[s->node]], s);
			macs = gradient_macs(x, s);
		}
		t = charge(x, t, LT_COST_BACKWARD, s->node, macs);
	}
}

void
lt_engine_backward(struct lt_engine *x)
{
	backward(x, false);
}

void
lt_engine_backward_whole(struct lt_engine *x)
{
	backward(x, true);
}

const float *
lt_engine_grad(const struct lt_engine *x)
{
	return x->grad;
}

void
lt_engine_pull_scales(struct lt_engine *x, float l1)
{
	for (int i = 0; i < x->g->nparam; i++) {
		const struct lt_param *p = &x->g->param[i];
		if (p->role != LT_ROLE_BN_GAMMA || x->g->node[p->node].unused)
			continue;
		const float *w = x->m->w + p->offset;
		float *g = x->grad + p->offset;
		for (size_t j = 0; j < p->count; j++)
			g[j] += l1 * (float)((w[j] > 0) - (w[j] < 0));
	}
}

float *
lt_engine_moment(struct lt_engine *x, int k)
{
	LT_BUG_ON(k < 0 || k >= LT_MOMENTS);
	if (!x->moment[k])
		x->moment[k] = lt_alloc_aligned(x->g->floats, sizeof(float));
	return x->moment[k];
}

#define UPDATE 1024 /* weights an item */

/* The work of a step on every slice. */
struct update {
	lt_update_fn *fn;
	const void *how;
};

/* Elements first on of a parameter; of a layer of lists, its kept ones: the
 * others, their moments and their gradients are and stay 0.  Whether they are
 * finite. */
static bool
update(struct lt_engine *x, const struct lt_param *p, const struct layer *l,
	size_t first, const struct update *u)
{
	size_t n = (l ? l->kept : p->count) - first;
	size_t at = p->offset + (l ? 0 : first);
	struct lt_slice s = {.w = x->m->w + at,
		.g = x->grad + at,
		.at = l ? l->wgrad->lidx + first : NULL,
		.n = n < UPDATE ? n : UPDATE,
		.scale = x->opt.scale ? x->opt.scale[p - x->g->param] : 1};

	for (int k = 0; k < LT_MOMENTS; k++)
		s.moment[k] = x->moment[k] ? x->moment[k] + at : NULL;
	return u->fn(x->k, &s, u->how);
}

/* The layer whose lists name the kept weights of parameter p, or NULL. */
static const struct layer *
kept_of(const struct lt_engine *x, const struct lt_param *p)
{
	for (int i = 0; i < x->nlayer; i++)
		if (x->layer[i].grad == p->offset && x->layer[i].sparse &&
			x->layer[i].masked)
			return &x->layer[i];
	return NULL;
}

void
lt_engine_step(
	struct lt_engine *x, int moments, lt_update_fn *fn, const void *how)
{
	LT_BUG_ON(x->whole);
	double t = lt_engine_watch(x);
	struct update u = {fn, how};
	bool finite = true;

	for (int k = 0; k < moments; k++)
		lt_engine_moment(x, k);
#pragma omp parallel num_threads(x->threads) default(none) shared(x, u) \
	reduction(&& : finite)
	for (int i = 0; i < x->g->nparam; i++) {
		const struct lt_param *p = &x->g->param[i];
		const struct layer *l = kept_of(x, p);
		bool still = !p->trainable || plan_frozen(x, i) ||
			     x->g->node[p->node].unused;
		size_t n = still ? 0 : l ? l->kept : p->count;
#pragma omp for schedule(static) nowait
		for (size_t at = 0; at < n; at += UPDATE)
			finite = update(x, p, l, at, &u) && finite;
	}
	x->spoilt |= !finite;
	charge(x, t, LT_COST_UPDATE, 0, 0);
	x->dirty = true;
}

bool
lt_engine_finite(
	const struct lt_engine *x, const char **of, const char **tensor)
{
	const struct lt_param *first = NULL;

	*of = *tensor = "";
	if (!x->spoilt)
		return true;
	for (int i = 0; !first && i < x->g->nparam; i++) {
		const struct lt_param *p = &x->g->param[i];
		if (!p->trainable &&
			!lt_num_finite(x->m->w + p->offset, p->count))
			first = p;
	}
	for (int i = x->g->nparam - 1; !first && i >= 0; i--) {
		const struct lt_param *p = &x->g->param[i];
		if (lt_num_finite(x->grad + p->offset, p->count))
			continue;
		first = p;
		*of = "the gradient of ";
	}
	for (int i = 0; !first && i < x->g->nparam; i++) {
		const struct lt_param *p = &x->g->param[i];
		if (!lt_num_finite(x->m->w + p->offset, p->count))
			first = p;
	}
	for (int i = 0; !first && i < LT_MOMENTS * x->g->nparam; i++) {
		const struct lt_param *p = &x->g->param[i / LT_MOMENTS];
		const float *m = x->moment[i % LT_MOMENTS];
		if (!m || lt_num_finite(m + p->offset, p->count))
			continue;
		first = p;
		*of = "a moment of ";
	}
	LT_BUG_ON(!first);
	*tensor = first->name;
	return false;
}

uint64_t
lt_engine_macs(const struct lt_engine *x)
{
	return x->macs;
}

double
lt_engine_density(const struct lt_engine *x)
{
	return x->total ? (double)x->kept / (double)x->total : 1;
}
