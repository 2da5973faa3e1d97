/* This plans what is stored, how each value is read, and the backward pass as a
 * list of steps over gradient buffers. */
#include <stdlib.h>
#include "base/mem.h"
#include "engine/engine_int.h"

static void
count_readers(struct lt_engine *x)
{
	const struct lt_graph *g = x->g;

	for (int i = 1; i < g->n; i++)
		for (int j = 0; !g->node[i].unused && j < g->node[i].nin; j++)
			x->readers[g->node[i].in[j]]++;
	x->readers[g->output]++;
}

bool
plan_fused_relu(const struct lt_engine *x, int node)
{
	int in = x->g->node[node].in[0];

	return engine_row(x, in)->stores_relu && x->readers[in] == 1;
}

void
plan_store(struct lt_engine *x, int node)
{
	x->stored[node] = true;
	x->value[node] = (struct value){node, -1, false};
}

bool
plan_frozen(const struct lt_engine *x, int param)
{
	return x->opt.scale && x->opt.scale[param] == 0;
}

/* A gradient is needed where a parameter at or before the node is trained.  An
 * engine without frozen parameters computes those of all nodes but the images.
 */
static void
find_wanted(struct lt_engine *x)
{
	const struct lt_graph *g = x->g;

	for (int i = 1; i < g->n; i++)
		x->wanted[i] = !x->opt.scale;
	for (int i = 0; i < g->nparam; i++)
		if (g->param[i].trainable && !plan_frozen(x, i))
			x->wanted[g->param[i].node] = true;
	for (int i = 1; i < g->n; i++)
		for (int j = 0; j < g->node[i].nin; j++)
			x->wanted[i] |= x->wanted[g->node[i].in[j]];
}

void
plan_values(struct lt_engine *x)
{
	const struct lt_graph *g = x->g;

	enum lt_format stored = engine_bf16(x) ? LT_FORMAT_BF16
				: x->opt.half  ? LT_FORMAT_F16
					       : LT_FORMAT_F32;

	count_readers(x);
	find_wanted(x);
	for (int i = 0; i < g->n; i++)
		x->format[i] = g->node[i].h * g->node[i].w > 1 ? stored
							       : LT_FORMAT_F32;
	for (int i = 0; i < g->n; i++) {
		const struct engine_row *row = engine_row(x, i);
		if (!g->node[i].unused)
			(row->plan ? row->plan : plan_store)(x, i);
	}
	if (!value_plain(x->value[g->output]))
		plan_store(x, g->output);
}

/* The last node that reads root's tensor. */
static int
last_reader(const struct lt_engine *x, int root)
{
	int last = root;

	for (int i = root; i < x->g->n; i++)
		for (int j = 0; j < x->g->node[i].nin; j++)
			if (!x->g->node[i].unused &&
				x->value[x->g->node[i].in[j]].root == root)
				last = i;
	return root == x->value[x->g->output].root ? x->g->n : last;
}

/* Prefer the smallest buffer that fits, else the largest, which then grows. */
static bool
better(size_t size, size_t best, size_t want)
{
	if ((size >= want) != (best >= want))
		return size >= want;
	return size >= want ? size < best : size > best;
}

static int
buffer_new(struct lt_engine *x, size_t shard)
{
	int best = -1;

	for (int i = 0; i < x->nbuf; i++)
		if (!x->buf[i].refs &&
			(best < 0 || better(x->buf[i].shard, x->buf[best].shard,
					     shard)))
			best = i;
	if (best < 0) {
		best = x->nbuf++;
		x->buf = lt_realloc(x->buf, (size_t)x->nbuf, sizeof *x->buf);
		x->buf[best] = (struct buffer){0, 0, NULL};
	}
	if (x->buf[best].shard < shard)
		x->buf[best].shard = shard;
	x->buf[best].refs = 1;
	return best;
}

static void
buffers_allocate(struct lt_engine *x)
{
	for (int i = 0; i < x->nbuf; i++)
		x->buf[i].p = lt_alloc_scratch(
			x->buf[i].shard * (size_t)x->max_shards, 1);
}

/* Without a backward pass a tensor lives until its last reader.  A buffer keeps
 * one distance between shards for all tensors that use it in turn, because one
 * thread may be further on in the graph than another. */
void
plan_eval_buffers(struct lt_engine *x)
{
	int n = x->g->n;
	int *buf = lt_alloc((size_t)n, sizeof *buf);

	for (int i = 1; i < n; i++) {
		if (!x->stored[i])
			continue;
		buf[i] = buffer_new(x, node_bytes(x, i));
		for (int j = 1; j <= i; j++)
			if (x->stored[j] && last_reader(x, j) == i)
				x->buf[buf[j]].refs = 0;
	}
	buffers_allocate(x);
	for (int i = 1; i < n; i++) {
		if (!x->stored[i])
			continue;
		x->tensor[i] = x->buf[buf[i]].p;
		x->step_bytes[i] = x->buf[buf[i]].shard;
	}
	int out = x->value[x->g->output].root;
	x->logits =
		lt_alloc_aligned(node_bytes(x, out) * (size_t)x->max_shards, 1);
	x->tensor[out] = x->logits;
	x->step_bytes[out] = node_bytes(x, out);
	free(buf);
}

/* ---- the backward pass ------------------------------------------------- */

struct back_step *
plan_emit(struct lt_engine *x, enum back_kind kind, int node, int g)
{
	x->step = lt_realloc(x->step, (size_t)x->nstep + 1, sizeof *x->step);
	struct back_step *s = &x->step[x->nstep++];
	*s = (struct back_step){.kind = kind,
		.node = node,
		.g = g,
		.dst = -1,
		.add = -1,
		.norm = -1,
		.fin = {.mask = -1}};
	return s;
}

static void
unref(struct planner *p, int buf)
{
	if (buf >= 0)
		p->x->buf[buf].refs--;
}

void
plan_sums(struct planner *p, struct finish *f, int node)
{
	int bn = p->x->bn_of[node];

	if (bn >= 0 && p->x->wanted[node] && !p->done[node] &&
		f->nsums < MAXSUMS) {
		f->sums[f->nsums++] = bn;
		p->done[node] = true;
	}
}

/* Set what must happen to the complete gradient of node before others read
 * it. */
static void
collect(struct planner *p, struct finish *f, int node)
{
	const struct lt_engine *x = p->x;

	if (engine_row(x, node)->rectifies) {
		f->mask = node;
		f->mask_v = x->value[node];
		p->done[node] = true;
		node = x->g->node[node].in[0];
		if (x->readers[node] != 1)
			return;
	}
	if (engine_row(x, node)->finish)
		engine_row(x, node)->finish(p, f, node);
}

void
plan_share(struct planner *p, struct back_step *s, int node)
{
	struct lt_engine *x = p->x;
	int old = p->g[node];

	s->add = old;
	if (old >= 0 && x->buf[old].refs == 1) {
		s->dst = old;
	} else {
		s->dst = buffer_new(x, node_bytes(x, node));
		unref(p, old);
	}
	p->g[node] = s->dst;
	if (--p->pending[node] == 0)
		collect(p, &s->fin, node);
}

/* The gradient in buf is also a share of node's.  While it is the only share,
 * it is not copied. */
static void
share_same(struct planner *p, int node, int buf)
{
	if (p->g[node] < 0) {
		p->g[node] = buf;
		p->x->buf[buf].refs++;
		p->pending[node]--;
		return;
	}
	plan_share(p, plan_emit(p->x, BACK_SUM, node, buf), node);
}

static void
finish_node(struct planner *p, int i)
{
	struct lt_engine *x = p->x;
	struct finish f = {.mask = -1};

	if (!p->done[i])
		collect(p, &f, i);
	if (f.mask < 0 && !f.nsums)
		return;
	if (f.mask >= 0 && x->buf[p->g[i]].refs > 1) {
		struct back_step *s = plan_emit(x, BACK_COPY, i, p->g[i]);
		s->dst = buffer_new(x, node_bytes(x, i));
		unref(p, s->g);
		p->g[i] = s->dst;
	}
	plan_emit(x, BACK_FINISH, i, p->g[i])->fin = f;
}

void
plan_same(struct planner *p, int node)
{
	const struct lt_node *n = &p->x->g->node[node];

	for (int j = 0; j < n->nin; j++)
		if (p->x->wanted[n->in[j]])
			share_same(p, n->in[j], p->g[node]);
}

/* A step for each input whose gradient is needed. */
static void
plan_own(struct planner *p, int node)
{
	const struct lt_node *n = &p->x->g->node[node];

	for (int j = 0; j < n->nin; j++) {
		if (!p->x->wanted[n->in[j]])
			continue;
		struct back_step *s =
			plan_emit(p->x, BACK_OWN, node, p->g[node]);
		s->input = j;
		plan_share(p, s, n->in[j]);
	}
}

static void
plan_node(struct planner *p, int node)
{
	const struct engine_row *row = engine_row(p->x, node);

	(row->plan_back ? row->plan_back : plan_own)(p, node);
}

void
plan_backward(struct lt_engine *x)
{
	size_t n = (size_t)x->g->n;
	struct planner p = {x, lt_alloc(n, sizeof(int)),
		lt_alloc(n, sizeof(int)), lt_alloc(n, sizeof(bool)),
		lt_alloc(n, sizeof(bool))};

	for (int i = 0; i < x->g->n; i++) {
		p.g[i] = -1;
		p.pending[i] = x->readers[i];
	}
	x->out_buf = buffer_new(x, node_bytes(x, x->g->output));
	x->buf[x->out_buf].refs++; /* the caller writes it between passes */
	p.g[x->g->output] = x->out_buf;
	p.pending[x->g->output]--;
	for (int i = x->g->n - 1; i > 0; i--) {
		if (p.g[i] < 0 || !x->wanted[i])
			continue;
		finish_node(&p, i);
		plan_node(&p, i);
		unref(&p, p.g[i]);
	}
	buffers_allocate(x);
	free(p.g);
	free(p.pending);
	free(p.done);
	free(p.lazy);
}
