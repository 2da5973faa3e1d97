/* Every operator but convolution, linear and batch norm, forward and backward,
 * channel by channel. */
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "engine/engine_int.h"

/* ---- forward ------------------------------------------------------------ */

/* A pool's geometry; a global average is one window over the plane. */
static struct lt_pool
pool_of(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	const struct lt_node *in = &x->g->node[n->in[0]];
	struct lt_pool p = {
		in->c, in->h, in->w, n->h, n->w, n->k, n->stride, n->pad, 0};

	if (n->op == LT_OP_GAP) {
		p.k = p.stride = in->h > in->w ? in->h : in->w;
		p.share = 1.0f / (float)(in->h * in->w);
	} else if (n->op == LT_OP_AVGPOOL) {
		p.share = 1.0f / (float)(n->k * n->k);
	}
	return p;
}

static void
dropout_factors(struct lt_engine *x, int node, int shard)
{
	const struct lt_node *n = &x->g->node[node];
	size_t px = node_cells(x, node) / LT_LANES;
	float *f = x->drop[node] + (size_t)shard * px * LT_LANES;
	float keep = 1.0f / (1.0f - n->rate);
	struct lt_rng r;

	for (int i = 0; i < LT_LANES; i++) {
		uint64_t place = (uint64_t)shard * LT_LANES + (uint64_t)i;
		lt_rng_init(&r, x->opt.seed, LT_STREAM_DROPOUT, x->iteration,
			(uint64_t)node << 32 | place);
		for (size_t p = 0; p < px; p++)
			f[p * LT_LANES + i] =
				lt_rng_f32(&r) < n->rate ? 0 : keep;
	}
}

/* A maximum, an average or a subsample of one channel. */
static void
pool_plane(const struct lt_engine *x, int node, float *dst, const float *src)
{
	static const struct lt_view plain = {NULL, NULL, false};
	struct lt_pool p = pool_of(x, node);

	p.c = 1;
	if (x->g->node[node].op == LT_OP_MAXPOOL)
		x->k->maxpool(dst, src, &p, &plain);
	else if (x->g->node[node].op == LT_OP_PADCH)
		x->k->subsample(dst, src, &p, &plain);
	else if (x->g->node[node].op == LT_OP_ADAPTPOOL)
		x->k->adaptpool(dst, src, &p, &plain);
	else
		x->k->avgpool(dst, src, &p, &plain);
}

/* Which channel of which input makes channel c of a concatenation, or of a
 * padding by zero channels on both sides (-1: a zero one). */
static int
input_channel(const struct lt_engine *x, int node, int c, int *input)
{
	const struct lt_node *n = &x->g->node[node];

	*input = 0;
	if (n->op == LT_OP_PADCH) {
		int in = x->g->node[n->in[0]].c;
		c -= (n->c - in) / 2;
		return c < in ? c : -1;
	}
	while (n->op == LT_OP_CONCAT && c >= x->g->node[n->in[*input]].c)
		c -= x->g->node[n->in[(*input)++]].c;
	return c;
}

/* How a node that is stored reads an input: a bn or relu whose reader needs a
 * plain tensor does its own work. */
static struct value
input_value(const struct lt_engine *x, int node, int input)
{
	const struct lt_node *n = &x->g->node[node];
	struct value v = x->value[n->in[input]];

	if (n->op == LT_OP_BN)
		v.bn = x->bn_of[node];
	if (n->op == LT_OP_RELU)
		v.relu = true;
	return v;
}

static void
add_plane(struct lt_engine *x, int node, int shard, int c, float *s)
{
	const struct lt_node *n = &x->g->node[node];
	size_t cells = plane_cells(x, node);
	struct value v[2] = {x->value[n->in[0]], x->value[n->in[1]]};
	struct lt_view view[2];
	const void *p[2];
	struct lt_drain d = {1, cells / LT_LANES, cells, cells, x->half[node]};

	for (int i = 0; i < 2; i++) {
		view[i] = value_view(x, v[i]);
		view[i].scale += view[i].scale ? c : 0;
		view[i].shift += view[i].scale ? c : 0;
		p[i] = tensor_at(x, v[i].root, shard, c * cells);
	}
	if (x->half[v[0].root] == d.half && x->half[v[1].root] == d.half) {
		x->k->add(tensor_at(x, node, shard, c * cells), p[0], p[1], &d,
			&view[0], &view[1], x->relu_after[node]);
		return;
	}
	struct lt_view plain = {NULL, NULL, false};
	d.half = false;
	x->k->add(s, widen(x, v[0].root, p[0], &view[0], s),
		widen(x, v[1].root, p[1], &view[1], s + cells), &d, &plain,
		&plain, x->relu_after[node]);
	write_plane(x, node, shard, c, s);
}

static bool
pools(enum lt_op op)
{
	return op == LT_OP_MAXPOOL || op == LT_OP_AVGPOOL || op == LT_OP_GAP ||
	       op == LT_OP_ADAPTPOOL || op == LT_OP_PADCH;
}

static void
forward_channels(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *s)
{
	int node = *(const int *)what, input;
	const struct lt_node *n = &x->g->node[node];
	float *tmp = s + node_scratch(x, node) / 3;
	size_t cells = plane_cells(x, node);

	if (node_gates(x, node) && c0 < c1) {
		gate_channels(x, node, shard, c0, c1, s);
		return;
	}
	for (int c = c0; c < c1; c++) {
		if (n->op == LT_OP_ADD) {
			add_plane(x, node, shard, c, s);
			continue;
		}
		float *dst = plane_place(x, node, shard, c, tmp);
		int from = input_channel(x, node, c, &input);
		if (from < 0) {
			memset(dst, 0, cells * sizeof *dst);
			write_plane(x, node, shard, c, dst);
			continue;
		}
		const float *src = read_plane(
			x, input_value(x, node, input), shard, from, s);
		if (pools(n->op)) {
			pool_plane(x, node, dst, src);
			src = dst;
		} else if (n->op == LT_OP_DROPOUT && x->train) {
			x->k->mul(dst, src,
				x->drop[node] +
					((size_t)shard * n->c + c) * cells,
				cells);
			src = dst;
		}
		write_plane(x, node, shard, c, src);
	}
}

void
node_forward_shard(struct lt_engine *x, int node, int shard, float *scratch)
{
	if (x->stored[node])
		forward_channels(
			x, &node, shard, 0, x->g->node[node].c, scratch);
}

void
node_forward(struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	int bn = x->bn_of[node];

	if (bn >= 0 && x->train)
		norm_train(x, &x->bn[bn]);
	if (!x->stored[node])
		return;
	if (n->op == LT_OP_DROPOUT && x->train) {
#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, node)
		for (int i = 0; i < x->shards; i++)
			dropout_factors(x, node, i);
	}
	gate_factors(x, node);
	each_channels(x, n->c, forward_channels, &node);
}

static void
narrow_channels(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *s)
{
	size_t cells = plane_cells(x, 0);

	(void)s;
	for (int c = c0; c < c1; c++)
		write_plane(x, 0, shard, c,
			(const float *)what + (size_t)shard * node_cells(x, 0) +
				c * cells);
}

/* The input as a tensor, where that is not of float32. */
void
input_narrow(struct lt_engine *x)
{
	if (x->half[0])
		each_channels(x, x->g->c, narrow_channels, x->input[x->which]);
}

/* ---- backward ------------------------------------------------------------ */

/* Channel c of the gradient that a pool, a padding or a subsample passes to its
 * input, from that of its own output. */
static void
pool_back_plane(const struct lt_engine *x, int node, int shard, int c,
	float *dx, const float *g, float *tmp)
{
	static const struct lt_view plain = {NULL, NULL, false};
	const struct lt_node *n = &x->g->node[node];
	struct lt_pool p = pool_of(x, node);

	p.c = 1;
	memset(dx, 0, plane_cells(x, n->in[0]) * sizeof *dx);
	if (n->op == LT_OP_MAXPOOL)
		x->k->maxpool_back(dx, g,
			read_plane(x, x->value[n->in[0]], shard, c, tmp), &p,
			&plain);
	else if (n->op == LT_OP_PADCH)
		x->k->subsample_back(dx, g, &p);
	else if (n->op == LT_OP_ADAPTPOOL)
		x->k->adaptpool_back(dx, g, &p);
	else
		x->k->avgpool_back(dx, g, &p);
}

/* The channel of a node's output that channel c of an input went to. */
static int
output_channel(const struct lt_engine *x, const struct back_step *s, int c)
{
	const struct lt_node *n = &x->g->node[s->node];

	if (n->op == LT_OP_PADCH)
		c += (n->c - x->g->node[n->in[0]].c) / 2;
	for (int j = 0; s->kind == BACK_SLICE && j < s->input; j++)
		c += x->g->node[n->in[j]].c;
	return c;
}

/* The node whose gradient the step writes. */
static int
step_target(const struct lt_engine *x, const struct back_step *s)
{
	bool same = s->kind == BACK_COPY || s->kind == BACK_SUM ||
		    s->kind == BACK_FINISH;

	return same ? s->node : x->g->node[s->node].in[s->input];
}

static void
backward_channels(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *scratch)
{
	const struct back_step *s = what;
	size_t most = node_scratch(x, s->node) / 3;
	float *tmp = scratch + most, *own = scratch + 2 * most;
	int node = step_target(x, s);
	size_t cells = plane_cells(x, node);

	for (int c = c0; c < c1; c++) {
		const float *src = scratch;
		int from = output_channel(x, s, c);
		if (s->kind == BACK_NORM)
			norm_plane(x, s, shard, c, scratch);
		else if (s->kind != BACK_GATE)
			src = read_gradient(
				x, s->g, s->node, shard, from, scratch);
		if (s->kind == BACK_POOL) {
			pool_back_plane(x, s->node, shard, c, own, src, tmp);
			src = own;
		} else if (s->kind == BACK_GATE) {
			gate_back_plane(x, s, shard, c, own, scratch, tmp);
			src = own;
		} else if (s->kind == BACK_SCALE) {
			size_t at = ((size_t)shard * x->g->node[node].c + c) *
				    cells;
			x->k->mul(tmp, src, x->drop[s->node] + at, cells);
			src = tmp;
		}
		struct drain_to to = {.node = node,
			.dst = s->kind == BACK_FINISH ? s->g : s->dst,
			.add = s->add,
			.shard = shard,
			.c0 = c,
			.c = 1,
			.npx = cells / LT_LANES,
			.src_ch = cells,
			.strips = 1};
		drain_gradient(x, &s->fin, &to, src);
	}
}

void
step_backward(struct lt_engine *x, const struct back_step *s)
{
	if (s->kind == BACK_NORM) {
		norm_backward(x, s);
		if (s->dst < 0)
			return;
	}
	each_channels(x, x->g->node[step_target(x, s)].c, backward_channels, s);
}
