/* Layers: a convolution and a matrix product. */
#include "net/nettext.h"

/* K x K must fit in an int. */
#define MOST_K 4096

static int
conv_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	if (n->c % n->groups || out % n->groups)
		return lt_net_fail(r, lt_net_word_of(r, 'g'),
			"%d groups do not divide %d and %d channels", n->groups,
			n->c, out);
	n->c = out;
	/* The taps span as a window of so many pixels would. */
	struct lt_node span = *n;
	if (n->dilation > MOST_K)
		return lt_net_fail(r, lt_net_word_of(r, 'd'),
			"taps %d apart, expected at most %d", n->dilation,
			MOST_K);
	span.k = n->k <= MOST_K ? (n->k - 1) * n->dilation + 1 : n->k;
	int bad = lt_net_window(r, &span);
	n->h = span.h;
	n->w = span.w;
	return bad;
}

static int
conv_params(const struct lt_graph *g, const struct lt_node *n,
	struct lt_param_shape *p)
{
	uint64_t in = (uint64_t)(g->node[n->in[0]].c / n->groups);
	uint64_t c = (uint64_t)n->c, k = (uint64_t)n->k;

	if (n->k > MOST_K)
		return -1;
	p[0] = (struct lt_param_shape){
		LT_ROLE_WEIGHT, "weight", 0, 4, {c, in, k, k}};
	p[1] = (struct lt_param_shape){LT_ROLE_BIAS, "bias", 1, 1, {c}};
	return n->bias ? 2 : 1;
}

static int
conv_taps(const struct lt_graph *g, const struct lt_node *n)
{
	(void)g;
	return n->k * n->k;
}

const struct lt_op_row lt_op_conv = {
	.name = "conv",
	.attributes = "IN OUT kK [sS] [pP] [gG] [dD] [bias]",
	.help = "convolution, K x K taps, stride S (1), padding P (0), G "
		"groups (1), taps D pixels apart (1)",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_OUT, ATTR_K, ATTR_STRIDE(1), ATTR_PAD, ATTR_GROUPS(1),
		{LT_ATTR_LETTER, "d", offsetof(struct lt_node, dilation), 1, 1},

		ATTR_FLAG(bias)},
	.shape = conv_shape,
	.params = conv_params,
	.taps = conv_taps,
};

static int
linear_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)r;
	n->c = out;
	n->h = n->w = 1;
	return 0;
}

static int
linear_params(const struct lt_graph *g, const struct lt_node *n,
	struct lt_param_shape *p)
{
	const struct lt_node *in = &g->node[n->in[0]];
	uint64_t values = (uint64_t)in->c * (uint64_t)in->h * (uint64_t)in->w;
	uint64_t c = (uint64_t)n->c;

	p[0] = (struct lt_param_shape){
		LT_ROLE_WEIGHT, "weight", 0, 2, {c, values}};
	p[1] = (struct lt_param_shape){LT_ROLE_BIAS, "bias", 1, 1, {c}};
	return n->bias ? 2 : 1;
}

static int
linear_taps(const struct lt_graph *g, const struct lt_node *n)
{
	const struct lt_node *in = &g->node[n->in[0]];

	return in->h * in->w;
}

const struct lt_op_row lt_op_linear = {
	.name = "linear",
	.attributes = "IN OUT [bias]",
	.help = "matrix product over the flattened input",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_OUT, ATTR_FLAG(bias)},
	.shape = linear_shape,
	.params = linear_params,
	.taps = linear_taps,
	.flattens = true,
};
