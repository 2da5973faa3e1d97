/* What is stored, how each value is read, and the backward pass as a list of
 * steps over gradient buffers. */
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

/* A relu that alone reads an addition is applied as the sum is stored. */
static bool
fused_relu(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	return n->op == LT_OP_RELU && x->g->node[n->in[0]].op == LT_OP_ADD &&
	       x->readers[n->in[0]] == 1;
}

static void
store(struct lt_engine *x, int node)
{
	x->stored[node] = true;
	x->value[node] = (struct value){node, -1, false};
}

static void
add_norm(struct lt_engine *x, int node, int slot)
{
	const struct lt_graph *g = x->g;
	struct norm *b = &x->bn[x->nbn];
	int in = g->node[node].in[0], c = g->node[node].c;

	/* A batch norm reads a plain tensor; anything else is stored first. */
	if (!value_plain(x->value[in]))
		store(x, in);
	b->node = node;
	b->slot = slot;
	b->in = x->value[in].root;
	b->by_conv = g->node[in].op == LT_OP_CONV;
	b->lazy = b->by_conv && x->readers[in] == 1;
	b->scale = lt_alloc((size_t)c, sizeof(float));
	b->shift = lt_alloc((size_t)c, sizeof(float));
	b->mean = lt_alloc((size_t)c, sizeof(float));
	b->inv = lt_alloc((size_t)c, sizeof(float));
	b->a = lt_alloc((size_t)c, sizeof(float));
	b->b = lt_alloc((size_t)c, sizeof(float));
	b->c0 = lt_alloc((size_t)c, sizeof(float));
	x->bn_of[node] = x->nbn;
	x->value[node] = (struct value){b->in, x->nbn++, false};
}

void
plan_values(struct lt_engine *x)
{
	const struct lt_graph *g = x->g;
	int bns = 0;

	count_readers(x);
	for (int i = 0; i < g->n; i++)
		x->half[i] = x->opt.half && g->node[i].h * g->node[i].w > 1;
	for (int i = 0; i < g->n; i++) {
		const struct lt_node *n = &g->node[i];
		int slot = bns;
		bns += n->op == LT_OP_BN;
		if (n->unused)
			continue;
		if (n->op == LT_OP_BN) {
			add_norm(x, i, slot);
		} else if (n->op == LT_OP_RELU) {
			x->value[i] = x->value[n->in[0]];
			x->relu_after[n->in[0]] = fused_relu(x, i);
			x->value[i].relu = !fused_relu(x, i);
		} else {
			store(x, i);
		}
	}
	if (!value_plain(x->value[g->output]))
		store(x, g->output);
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

/* Without a backward pass a tensor lives until its last reader.  Shards of a
 * buffer lie equally far apart for all tensors that it holds in turn: one
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

struct planner {
	struct lt_engine *x;
	int *g;	      /* [n] buffer of a node's gradient so far, or -1 */
	int *pending; /* [n] readers whose share has not come yet */
	bool *done;   /* [n] finished: masked, sums taken */
};

static struct back_step *
emit(struct lt_engine *x, enum back_kind kind, int node, int g)
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

static void
want_sums(struct planner *p, struct finish *f, int node)
{
	int bn = p->x->bn_of[node];

	if (bn >= 0 && !p->done[node] && f->nsums < MAXSUMS) {
		f->sums[f->nsums++] = bn;
		p->done[node] = true;
	}
}

/* What must be done to the complete gradient of node before it goes on. */
static void
collect(struct planner *p, struct finish *f, int node)
{
	const struct lt_engine *x = p->x;
	const struct lt_node *n = &x->g->node[node];

	if (n->op == LT_OP_RELU) {
		f->mask = node;
		f->mask_v = x->value[node];
		p->done[node] = true;
		if (x->readers[n->in[0]] != 1)
			return;
		node = n->in[0];
		n = &x->g->node[node];
	}
	if (n->op == LT_OP_BN)
		want_sums(p, f, node);
	if (n->op == LT_OP_ADD)
		for (int j = 0; j < n->nin; j++)
			if (x->readers[n->in[j]] == 1)
				want_sums(p, f, n->in[j]);
}

/* A buffer for a share of node's gradient that a kernel computes: s->dst, over
 * the partial sum s->add. */
static void
share(struct planner *p, struct back_step *s, int node)
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

/* The gradient in buf is also node's: no copy while it is the only share. */
static void
share_same(struct planner *p, int node, int buf)
{
	if (p->g[node] < 0) {
		p->g[node] = buf;
		p->x->buf[buf].refs++;
		p->pending[node]--;
		return;
	}
	share(p, emit(p->x, BACK_SUM, node, buf), node);
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
		struct back_step *s = emit(x, BACK_COPY, i, p->g[i]);
		s->dst = buffer_new(x, node_bytes(x, i));
		unref(p, s->g);
		p->g[i] = s->dst;
	}
	emit(x, BACK_FINISH, i, p->g[i])->fin = f;
}

static void
plan_layer(struct planner *p, int i, bool lazy)
{
	struct lt_engine *x = p->x;
	const struct lt_node *n = &x->g->node[i];
	struct back_step *s = emit(x, BACK_LAYER, i, p->g[i]);

	if (lazy) {
		s->lazy = true;
		s->norm = x->layer[x->layer_of[i]].norm;
	}
	if (n->in[0] != 0)
		share(p, s, n->in[0]);
}

static void
plan_norm(struct planner *p, int i, bool *lazy)
{
	struct lt_engine *x = p->x;
	int in = x->g->node[i].in[0];
	struct back_step *s = emit(x, BACK_NORM, i, p->g[i]);

	s->norm = x->bn_of[i];
	if (x->bn[s->norm].lazy) {
		lazy[in] = true;
		p->g[in] = p->g[i];
		x->buf[p->g[i]].refs++;
		p->pending[in]--;
	} else if (in != 0) {
		share(p, s, in);
	}
}

static enum back_kind
kind_of(enum lt_op op)
{
	switch (op) {
	case LT_OP_CONCAT:
		return BACK_SLICE;
	case LT_OP_DROPOUT:
		return BACK_SCALE;
	case LT_OP_SIGMOID:
	case LT_OP_SILU:
	case LT_OP_MUL:
	case LT_OP_DROPCONNECT:
		return BACK_GATE;
	default:
		return BACK_POOL;
	}
}

static void
plan_node(struct planner *p, int i, bool *lazy)
{
	struct lt_engine *x = p->x;
	const struct lt_node *n = &x->g->node[i];

	switch (n->op) {
	case LT_OP_CONV:
	case LT_OP_LINEAR:
		plan_layer(p, i, lazy[i]);
		break;
	case LT_OP_BN:
		plan_norm(p, i, lazy);
		break;
	case LT_OP_RELU:
	case LT_OP_ADD:
		for (int j = 0; j < n->nin; j++)
			if (n->in[j] != 0)
				share_same(p, n->in[j], p->g[i]);
		break;
	default:
		for (int j = 0; j < n->nin; j++) {
			if (n->in[j] == 0)
				continue;
			struct back_step *s =
				emit(x, kind_of(n->op), i, p->g[i]);
			s->input = j;
			share(p, s, n->in[j]);
		}
	}
}

void
plan_backward(struct lt_engine *x)
{
	size_t n = (size_t)x->g->n;
	struct planner p = {x, lt_alloc(n, sizeof(int)),
		lt_alloc(n, sizeof(int)), lt_alloc(n, sizeof(bool))};
	bool *lazy = lt_alloc(n, sizeof *lazy);

	for (int i = 0; i < x->g->n; i++) {
		p.g[i] = -1;
		p.pending[i] = x->readers[i];
	}
	x->out_buf = buffer_new(x, node_bytes(x, x->g->output));
	x->buf[x->out_buf].refs++; /* the caller writes it between passes */
	p.g[x->g->output] = x->out_buf;
	p.pending[x->g->output]--;
	for (int i = x->g->n - 1; i > 0; i--) {
		if (p.g[i] < 0)
			continue;
		finish_node(&p, i);
		plan_node(&p, i, lazy);
		unref(&p, p.g[i]);
	}
	buffers_allocate(x);
	free(p.g);
	free(p.pending);
	free(p.done);
	free(lazy);
}
