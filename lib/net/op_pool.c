/* Pools: each output is a maximum or a mean over a window of its channel. */
#include "net/nettext.h"

static int
pool_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)out;
	int bad = lt_net_window(r, n);
	if (!bad && 2 * n->pad > n->k)
		bad = lt_net_fail(r, lt_net_word_of(r, 'p'),
			"padding %d is more than half of the window", n->pad);
	return bad;
}

#define POOL(row, about) \
	const struct lt_op_row lt_op_##row = {.name = #row, \
		.attributes = "IN kK [sS] [pP]", \
		.help = about, \
		.least_in = 1, \
		.most_in = 1, \
		.attr = {ATTR_K, ATTR_STRIDE(LT_PRESET_K), ATTR_PAD}, \
		.shape = pool_shape}

POOL(maxpool, "largest of each window, stride S (K)");
POOL(avgpool, "mean of each window, padding counted, stride S (K)");

static int
gap_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)r, (void)out;
	n->h = n->w = 1;
	return 0;
}

const struct lt_op_row lt_op_gap = {
	.name = "gap",
	.attributes = "IN",
	.help = "mean of each channel's plane",
	.least_in = 1,
	.most_in = 1,
	.shape = gap_shape,
};

static int
adaptpool_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)r, (void)out;
	n->h = n->w = n->k;
	return 0;
}

const struct lt_op_row lt_op_adaptpool = {
	.name = "adaptpool",
	.attributes = "IN kK",
	.help = "mean of each of K x K windows, as equal as can be",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_K},
	.shape = adaptpool_shape,
};
