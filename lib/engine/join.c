/* Operators that join inputs or move channels. */
#include <string.h>
#include "engine/engine_int.h"

static const struct lt_view plain = {NULL, NULL, false};

/* ---- add ---- */

/* Inputs that no other node reads share the sum's gradient. */
static void
add_finish(struct planner *p, struct finish *f, int node)
{
	const struct lt_node *n = &p->x->g->node[node];

	for (int j = 0; j < n->nin; j++)
		if (p->x->readers[n->in[j]] == 1)
			plan_sums(p, f, n->in[j]);
}

static void
add_plane(struct lt_engine *x, int node, int shard, int c, float *s)
{
	const struct lt_node *n = &x->g->node[node];
	size_t cells = plane_cells(x, node);
	struct value v[2] = {x->value[n->in[0]], x->value[n->in[1]]};
	struct lt_view view[2];
	const void *p[2];
	struct lt_drain d = {
		1, cells / LT_LANES, cells, cells, x->format[node]};

	for (int i = 0; i < 2; i++) {
		view[i] = value_view(x, v[i]);
		view[i].scale += view[i].scale ? c : 0;
		view[i].shift += view[i].scale ? c : 0;
		p[i] = tensor_at(x, v[i].root, shard, c * cells);
	}
	if (x->format[v[0].root] == d.format &&
		x->format[v[1].root] == d.format) {
		x->k->add(tensor_at(x, node, shard, c * cells), p[0], p[1], &d,
			&view[0], &view[1], x->relu_after[node]);
		return;
	}
	d.format = LT_FORMAT_F32;
	x->k->add(s, widen(x, v[0].root, p[0], &view[0], s),
		widen(x, v[1].root, p[1], &view[1], s + cells), &d, &plain,
		&plain, x->relu_after[node]);
	write_plane(x, node, shard, c, s);
}

static void
add_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	for (int c = c0; c < c1; c++)
		add_plane(x, node, shard, c, scratch);
}

/* ---- mul ---- */

/* B is one pixel, spread over A's plane. */
static bool
spreads(const struct lt_engine *x, int node)
{
	return plane_cells(x, x->g->node[node].in[1]) < plane_cells(x, node);
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

static void
mul_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	size_t cells = plane_cells(x, node);
	struct lt_drain d = {
		c1 - c0, cells / LT_LANES, cells, cells, x->format[node]};
	struct lt_view va, vb;

	if (spreads(x, node)) {
		spread_channels(x, node, shard, c0, c1, d, scratch);
		return;
	}
	const void *a = input_at(x, node, 0, shard, c0, &va);
	const void *b = input_at(x, node, 1, shard, c0, &vb);
	x->k->product(
		tensor_at(x, node, shard, c0 * cells), a, b, &d, &va, &vb);
}

static const float *
mul_back(const struct lt_engine *x, const struct back_step *s, int shard, int c,
	const struct planes *t)
{
	const struct lt_node *n = &x->g->node[s->node];
	size_t cells = plane_cells(x, s->node), px = cells / LT_LANES;
	struct lt_drain d = {1, px, cells, cells, LT_FORMAT_F32};
	const float *g = read_gradient(x, s->g, s->node, shard, c, t->a);
	const float *v =
		read_plane(x, x->value[n->in[1 - s->input]], shard, c, t->tmp);

	if (!spreads(x, s->node))
		x->k->mul(t->own, g, v, cells);
	else if (s->input == 0)
		x->k->spread(t->own, g, v, 0, &d, &plain);
	else
		x->k->dot(t->own, g, v, px);
	return t->own;
}

/* ---- channels that move ---- */

/* Where channel c of input j is among the node's own. */
static int
place(const struct lt_engine *x, int node, int j)
{
	const struct lt_node *n = &x->g->node[node];

	return lt_op_row(n)->place(x->g, n, j);
}

static void
concat_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	const struct lt_node *n = &x->g->node[node];

	for (int c = c0, j = 0; c < c1; c++) {
		while (c - place(x, node, j) >= x->g->node[n->in[j]].c)
			j++;
		write_plane(x, node, shard, c,
			read_plane(x, input_value(x, node, j), shard,
				c - place(x, node, j), scratch));
	}
}

static const float *
concat_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	return read_gradient(
		x, s->g, s->node, shard, c + place(x, s->node, s->input), t->a);
}

/* Every S-th pixel of a channel. */
static struct lt_pool
subsample_of(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	const struct lt_node *in = &x->g->node[n->in[0]];

	return (struct lt_pool){
		1, in->h, in->w, n->h, n->w, 1, n->stride, 0, 0};
}

static void
padch_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	struct planes t = planes_of(x, node, scratch);
	struct lt_pool p = subsample_of(x, node);
	int channels = x->g->node[x->g->node[node].in[0]].c;

	for (int c = c0; c < c1; c++) {
		float *dst = plane_place(x, node, shard, c, t.tmp);
		int from = c - place(x, node, 0);
		if (from < 0 || from >= channels)
			memset(dst, 0, plane_cells(x, node) * sizeof *dst);
		else
			x->k->subsample(dst,
				read_plane(x, input_value(x, node, 0), shard,
					from, t.a),
				&p, &plain);
		write_plane(x, node, shard, c, dst);
	}
}

static const float *
padch_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	const float *g = concat_back(x, s, shard, c, t);
	struct lt_pool p = subsample_of(x, s->node);

	memset(t->own, 0,
		plane_cells(x, x->g->node[s->node].in[0]) * sizeof *t->own);
	x->k->subsample_back(t->own, g, &p);
	return t->own;
}

const struct engine_row engine_ADD = {.stores_relu = true,
	.finish = add_finish,
	.plan_back = plan_same,
	.forward = add_forward};
const struct engine_row engine_MUL = {.forward = mul_forward, .back = mul_back};
const struct engine_row engine_CONCAT = {
	.forward = concat_forward, .back = concat_back};
const struct engine_row engine_PADCH = {
	.forward = padch_forward, .back = padch_back};
