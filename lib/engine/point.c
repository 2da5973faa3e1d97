/* Functions of one value.  A ReLU is a part of how its input is read. */
#include "engine/engine_int.h"

static void
relu_plan(struct lt_engine *x, int node)
{
	int in = x->g->node[node].in[0];

	x->value[node] = x->value[in];
	x->relu_after[in] = plan_fused_relu(x, node);
	x->value[node].relu = !plan_fused_relu(x, node);
}

/* Reads the input as it is stored. */
static void
curve_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	size_t cells = plane_cells(x, node);
	struct lt_drain d = {
		c1 - c0, cells / LT_LANES, cells, cells, x->format[node]};
	struct lt_view view;
	const void *src = input_at(x, node, 0, shard, c0, &view);

	(void)scratch;
	x->k->curve[engine_row(x, node)->curve](
		tensor_at(x, node, shard, c0 * cells), src, &d, &view,
		x->g->node[node].slope);
}

/* Compute from the gradient as it is stored. */
static const float *
curve_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	enum lt_curve which = engine_row(x, s->node)->curve;
	size_t cells = plane_cells(x, s->node), at = c * cells;
	struct lt_drain d = {
		1, cells / LT_LANES, cells, cells, x->format[s->node]};
	struct lt_view view;
	const void *src = input_at(x, s->node, 0, shard, c, &view);

	if (lt_curve_of_output(which))
		src = tensor_at(x, s->node, shard, at);
	x->k->curve_back[which](t->own, buffer_at(x, s->g, s->node, shard, at),
		src, &d, &view, x->g->node[s->node].slope);
	return t->own;
}

const struct engine_row engine_RELU = {
	.plan = relu_plan, .rectifies = true, .plan_back = plan_same};

#define CURVE(key, of, f, slope) \
	const struct engine_row engine_##key = {.forward = curve_forward, \
		.back = curve_back, \
		.curve = LT_CURVE_##key};
LT_CURVES(CURVE)
