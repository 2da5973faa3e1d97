/* Normalizations. */
#include "net/nettext.h"

/* Give each channel a scale and a shift, in slots 0 and 1. */
static int
scale_and_shift(const struct lt_node *n, struct lt_param_shape *p)
{
	uint64_t c = (uint64_t)n->c;

	p[0] = (struct lt_param_shape){LT_ROLE_BN_GAMMA, "weight", 0, 1, {c}};
	p[1] = (struct lt_param_shape){LT_ROLE_BN_BETA, "bias", 1, 1, {c}};
	return 2;
}

static int
bn_params(const struct lt_graph *g, const struct lt_node *n,
	struct lt_param_shape *p)
{
	uint64_t c = (uint64_t)n->c;
	int count = n->plain ? 0 : scale_and_shift(n, p);

	(void)g;
	p[count++] = (struct lt_param_shape){
		LT_ROLE_BN_MEAN, "running_mean", 2, 1, {c}};
	p[count++] = (struct lt_param_shape){
		LT_ROLE_BN_VAR, "running_var", 3, 1, {c}};
	return count;
}

const struct lt_op_row lt_op_bn = {
	.name = "bn",
	.attributes = "IN [eps=E] [momentum=M] [plain]",
	.help = "batch normalization, E 1e-05, M 0.1",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_REAL(eps, 1e-5f, 1e-12), ATTR_REAL(momentum, 0.1f, 0),
		ATTR_FLAG(plain)},
	.params = bn_params,
	.tracked = true,
};

static int
groupnorm_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)out;
	if (n->c % n->groups)
		return lt_net_fail(r, lt_net_word_of(r, 'g'),
			"%d groups do not divide %d channels", n->groups, n->c);
	return 0;
}

static int
groupnorm_params(const struct lt_graph *g, const struct lt_node *n,
	struct lt_param_shape *p)
{
	(void)g;
	return n->plain ? 0 : scale_and_shift(n, p);
}

const struct lt_op_row lt_op_groupnorm = {
	.name = "groupnorm",
	.attributes = "IN gG [eps=E] [plain]",
	.help = "each image's G groups of channels normalized, E 1e-05",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_GROUPS(LT_PRESET_NONE), ATTR_REAL(eps, 1e-5f, 1e-12),
		ATTR_FLAG(plain)},
	.shape = groupnorm_shape,
	.params = groupnorm_params,
	.mixes = true,
};
