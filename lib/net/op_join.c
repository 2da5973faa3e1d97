/* Operators that join inputs or move channels. */
#include <inttypes.h>
#include "net/nettext.h"

/* Inputs j from 1 on fit the first one; expected says how in a message. */
static int
check_inputs(const struct lt_net_reader *r, const struct lt_node *n,
	bool (*fits)(const struct lt_node *a, const struct lt_node *b),
	const char *expected)
{
	const struct lt_node *a = &r->g->node[n->in[0]];

	for (int j = 1; j < n->nin; j++) {
		const struct lt_node *b = &r->g->node[n->in[j]];
		if (!fits(a, b))
			return lt_net_fail(r, 3 + j,
				"%s: '%s' is %dx%dx%d, '%s' is %dx%dx%d, "
				"expected the same%s",
				lt_op_row(n)->name, a->name, a->c, a->h, a->w,
				b->name, b->c, b->h, b->w, expected);
	}
	return 0;
}

static bool
same_plane(const struct lt_node *a, const struct lt_node *b)
{
	return a->h == b->h && a->w == b->w;
}

static bool
same_shape(const struct lt_node *a, const struct lt_node *b)
{
	return same_plane(a, b) && a->c == b->c;
}

static bool
same_or_pixel(const struct lt_node *a, const struct lt_node *b)
{
	return a->c == b->c && (same_plane(a, b) || (b->h == 1 && b->w == 1));
}

static int
add_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)out;
	return check_inputs(r, n, same_shape, "");
}

const struct lt_op_row lt_op_add = {
	.name = "add",
	.attributes = "A B",
	.help = "sum of two of the same shape",
	.least_in = 2,
	.most_in = 2,
	.shape = add_shape,
	.sums = true,
};

static int
mul_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	(void)out;
	return check_inputs(r, n, same_or_pixel, " or Cx1x1");
}

const struct lt_op_row lt_op_mul = {
	.name = "mul",
	.attributes = "A B",
	.help = "product of two of the same shape, or B is Cx1x1",
	.least_in = 2,
	.most_in = 2,
	.shape = mul_shape,
};

static int
concat_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	uint64_t c = 0;

	(void)out;
	if (check_inputs(r, n, same_plane, " rows and columns") < 0)
		return -1;
	for (int j = 0; j < n->nin; j++)
		c += (uint64_t)r->g->node[n->in[j]].c;
	if (c > LT_NET_PIXELS)
		return lt_net_fail(
			r, 0, "more than %" PRIu64 " channels", LT_NET_PIXELS);
	n->c = (int)c;
	return 0;
}

static int
concat_place(const struct lt_graph *g, const struct lt_node *n, int j)
{
	int at = 0;

	for (int i = 0; i < j; i++)
		at += g->node[n->in[i]].c;
	return at;
}

const struct lt_op_row lt_op_concat = {
	.name = "concat",
	.attributes = "A B...",
	.help = "channels one after the other",
	.least_in = 2,
	.most_in = LT_NODE_MAXIN,
	.shape = concat_shape,
	.place = concat_place,
};

static int
padch_shape(const struct lt_net_reader *r, struct lt_node *n, int out)
{
	if (out < n->c)
		return lt_net_fail(r, 4,
			"%d channels do not hold the input's %d", out, n->c);
	n->c = out;
	n->h = (n->h - 1) / n->stride + 1;
	n->w = (n->w - 1) / n->stride + 1;
	return 0;
}

static int
padch_place(const struct lt_graph *g, const struct lt_node *n, int j)
{
	return (n->c - g->node[n->in[j]].c) / 2;
}

const struct lt_op_row lt_op_padch = {
	.name = "padch",
	.attributes = "IN OUT [sS]",
	.help = "every S-th pixel, zero channels on both sides",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_OUT, ATTR_STRIDE(1)},
	.shape = padch_shape,
	.place = padch_place,
};
