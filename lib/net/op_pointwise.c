/* Functions of one value. */
#include "net/nettext.h"

#define POINTWISE(row, about) \
	const struct lt_op_row lt_op_##row = {.name = #row, \
		.attributes = "IN", \
		.help = about, \
		.least_in = 1, \
		.most_in = 1}

POINTWISE(relu, "max(x, 0)");
POINTWISE(sigmoid, "logistic function, 1 / (1 + exp(-x))");
POINTWISE(silu, "x sigmoid(x), also called swish");
POINTWISE(relu6, "x cut to 0 to 6, min(max(x, 0), 6)");

const struct lt_op_row lt_op_leakyrelu = {
	.name = "leakyrelu",
	.attributes = "IN [slope=A]",
	.help = "x where x > 0, else A x, A 0.01",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_REAL(slope, 0.01f, 0)},
};
POINTWISE(gelu, "x times the normal distribution function of x");
POINTWISE(tanh, "hyperbolic tangent");
POINTWISE(hardswish, "x relu6(x + 3) / 6");
