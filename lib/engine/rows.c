/* The engine's table of operators. */
#include "engine/engine_int.h"

#define CURVE(key, of, f, slope) \
	[LT_OP_##key] = {.forward = curve_forward, \
		.back = curve_back, \
		.curve = LT_CURVE_##key},

static const struct engine_row rows[LT_OP_COUNT] = {
	LT_CURVES(CURVE)[LT_OP_CONV] = {.plan_back = layer_plan_back,
		.sums = true},
	[LT_OP_LINEAR] = {.plan_back = layer_plan_back},
	[LT_OP_BN] = {.plan = norm_plan,
		.finish = plan_sums,
		.plan_back = norm_plan_back,
		.prepare = norm_prepare,
		.prepare_back = norm_backward,
		.back = norm_back},
	[LT_OP_RELU] = {.plan = relu_plan,
		.rectifies = true,
		.plan_back = plan_same},
	[LT_OP_MAXPOOL] = {.forward = maxpool_forward, .back = maxpool_back},
	[LT_OP_AVGPOOL] = {.forward = avgpool_forward, .back = avgpool_back},
	[LT_OP_GAP] = {.forward = gap_forward, .back = gap_back},
	[LT_OP_ADAPTPOOL] = {.forward = adaptpool_forward,
		.back = adaptpool_back},
	[LT_OP_ADD] = {.stores_relu = true,
		.finish = add_finish,
		.plan_back = plan_same,
		.forward = add_forward},
	[LT_OP_MUL] = {.forward = mul_forward, .back = mul_back},
	[LT_OP_CONCAT] = {.forward = concat_forward, .back = concat_back},
	[LT_OP_PADCH] = {.forward = padch_forward, .back = padch_back},
	[LT_OP_DROPOUT] = {.keeps = dropout_keeps,
		.begin = dropout_begin,
		.forward = dropout_forward,
		.back = dropout_back},
	[LT_OP_DROPCONNECT] = {.keeps = dropconnect_keeps,
		.begin = dropconnect_begin,
		.forward = dropconnect_forward,
		.back = dropconnect_back},
};

const struct engine_row *
engine_row(const struct lt_engine *x, int node)
{
	return &rows[x->g->node[node].op];
}
