/* Operators that multiply: sigmoid, silu, mul, dropconnect. */
#include "base/rng.h"
#include "engine/engine_int.h"

static const struct lt_view plain = {NULL, NULL, false};

static bool
drops(const struct lt_engine *x, int node)
{
	return x->g->node[node].op == LT_OP_DROPCONNECT && x->train;
}

bool
node_gates(const struct lt_engine *x, int node)
{
	enum lt_op op = x->g->node[node].op;

	return op == LT_OP_SIGMOID || op == LT_OP_SILU || op == LT_OP_MUL ||
	       drops(x, node);
}

/* A mul's B is one pixel, spread over A's plane. */
static bool
spreads(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	return n->op == LT_OP_MUL &&
	       plane_cells(x, n->in[1]) < plane_cells(x, node);
}

/* Which images of the batch go on, scaled so that their mean stays. */
void
gate_factors(struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	float keep = 1.0f / (1.0f - n->rate);
	struct lt_rng r;

	for (int i = 0; drops(x, node) && i < x->shards * LT_LANES; i++) {
		lt_rng_init(&r, x->opt.seed, LT_STREAM_DROPOUT, x->iteration,
			(uint64_t)node << 32 | (uint64_t)i);
		x->drop[node][i] = lt_rng_f32(&r) < n->rate ? 0 : keep;
	}
}

static const void *
input_at(const struct lt_engine *x, int node, int input, int shard, int c,
	struct lt_view *view)
{
	struct value v = x->value[x->g->node[node].in[input]];

	*view = value_view(x, v);
	view->scale += view->scale ? c : 0;
	view->shift += view->scale ? c : 0;
	return tensor_at(x, v.root, shard, c * plane_cells(x, v.root));
}

/* Channels c0 to c1 - 1 of mul's A, each times its pixel of B. */
static void
spread_channels(struct lt_engine *x, int node, int shard, int c0, int c1,
	struct lt_drain d, float *tmp)
{
	struct value b = x->value[x->g->node[node].in[1]];
	struct lt_view view;

	d.c = 1;
	for (int c = c0; c < c1; c++) {
		const void *src = input_at(x, node, 0, shard, c, &view);
		x->k->spread(tensor_at(x, node, shard, c * d.ch), src,
			read_plane(x, b, shard, c, tmp), 0, &d, &view);
	}
}

void
gate_channels(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	const struct lt_node *n = &x->g->node[node];
	size_t cells = plane_cells(x, node);
	struct lt_drain d = {
		c1 - c0, cells / LT_LANES, cells, cells, x->half[node]};
	struct lt_view va, vb;
	const void *a = input_at(x, node, 0, shard, c0, &va);
	void *dst = tensor_at(x, node, shard, c0 * cells);

	if (spreads(x, node))
		spread_channels(x, node, shard, c0, c1, d, scratch);
	else if (n->op == LT_OP_MUL)
		x->k->product(dst, a, input_at(x, node, 1, shard, c0, &vb), &d,
			&va, &vb);
	else if (n->op == LT_OP_SIGMOID)
		x->k->sigmoid(dst, a, &d, &va);
	else if (n->op == LT_OP_SILU)
		x->k->silu(dst, a, &d, &va);
	else
		x->k->spread(dst, a, x->drop[node] + (size_t)shard * LT_LANES,
			0, &d, &va);
}

/* From the gradient as it is stored. */
static void
curve_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, float *dx)
{
	size_t cells = plane_cells(x, s->node), at = c * cells;
	struct lt_drain d = {
		1, cells / LT_LANES, cells, cells, x->half[s->node]};
	const void *g = buffer_at(x, s->g, s->node, shard, at);
	struct lt_view view;
	const void *src = input_at(x, s->node, 0, shard, c, &view);

	if (x->g->node[s->node].op == LT_OP_SILU)
		x->k->silu_back(dx, g, src, &d, &view);
	else
		x->k->sigmoid_back(dx, g, tensor_at(x, s->node, shard, at), &d);
}

/* Channel c of the gradient that a gate passes to an input; scratch is for what
 * is not float32. */
void
gate_back_plane(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, float *dx, float *scratch, float *tmp)
{
	const struct lt_node *n = &x->g->node[s->node];
	size_t cells = plane_cells(x, s->node), px = cells / LT_LANES;
	struct lt_drain d = {1, px, cells, cells, false};

	if (n->op == LT_OP_SILU || n->op == LT_OP_SIGMOID) {
		curve_back(x, s, shard, c, dx);
		return;
	}
	const float *g = read_gradient(x, s->g, s->node, shard, c, scratch);
	if (n->op == LT_OP_DROPCONNECT) {
		x->k->spread(dx, g, x->drop[s->node] + (size_t)shard * LT_LANES,
			0, &d, &plain);
		return;
	}
	const float *v =
		read_plane(x, x->value[n->in[1 - s->input]], shard, c, tmp);
	if (!spreads(x, s->node))
		x->k->mul(dx, g, v, cells);
	else if (s->input == 0)
		x->k->spread(dx, g, v, 0, &d, &plain);
	else
		x->k->dot(dx, g, v, px);
}
