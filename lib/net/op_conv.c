/* Layers: a convolution and a matrix product. */
#include <limits.h>
#include "net/nettext.h"

/* K x K must fit in an int. */
#define MOST_K 4096

/* The largest size of a strip of the input or of the output's gradient, padding
 * included: offsets in it, times the lanes of a shard, must fit in an int. */
#define MOST_STAGED ((uint64_t)1 << 26)

/* c channels of the input's h x w, wider by so much on all sides together. */
static uint64_t
staged(int c, const struct lt_node *n, int wider)
{
	return (uint64_t)c * (uint64_t)(n->h + wider) *
	       (uint64_t)(n->w + wider);
}

/* The taps lie in a window of (K - 1) dilation + 1 rows. */
static int
conv_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	struct lt_node window = *n;
	int64_t span = (int64_t)(n->k - 1) * n->dilation + 1;

	if (n->c % n->groups || out % n->groups)
		return lt_net_fail(r, lt_net_word_of(r, 'g'),
			"%d groups do not divide %d and %d channels", n->groups,
			n->c, out);
	window.k = span < INT_MAX ? (int)span : INT_MAX;
	if (lt_net_window(r, &window) < 0)
		return -1;
	/* Too many weights or values have messages of their own. */
	double weights = (double)out * (n->c / n->groups) * n->k * n->k;
	double values = (double)out * window.h * window.w;
	if (weights < (double)LT_NET_FLOATS &&
		values <= (double)LT_NET_PIXELS &&
		(staged(n->c, n, 2 * n->pad) > MOST_STAGED ||
			staged(out, n, window.k - 1) > MOST_STAGED))
		return lt_net_fail(r, 0, "'%s' reaches too far beyond %dx%dx%d",
			r->word[0].s, n->c, n->h, n->w);
	n->c = out;
	n->h = window.h;
	n->w = window.w;
	return 0;
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
