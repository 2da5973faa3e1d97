/* Normalizations. */
#include "net/nettext.h"

static int
bn_params(const struct lt_graph *g, const struct lt_node *n,
	struct lt_param_shape *p)
{
	uint64_t c = (uint64_t)n->c;

	(void)g;
	p[0] = (struct lt_param_shape){LT_ROLE_BN_GAMMA, "weight", 0, 1, {c}};
	p[1] = (struct lt_param_shape){LT_ROLE_BN_BETA, "bias", 1, 1, {c}};
	p[2] = (struct lt_param_shape){
		LT_ROLE_BN_MEAN, "running_mean", 2, 1, {c}};
	p[3] = (struct lt_param_shape){
		LT_ROLE_BN_VAR, "running_var", 3, 1, {c}};
	return 4;
}

const struct lt_op_row lt_op_bn = {
	.name = "bn",
	.attributes = "IN [eps=E] [momentum=M]",
	.help = "batch normalization, E 1e-05, M 0.1",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_REAL(eps, 1e-5f, 1e-12), ATTR_REAL(momentum, 0.1f, 0)},
	.params = bn_params,
	.tracked = true,
};
