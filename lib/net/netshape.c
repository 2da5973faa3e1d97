/* Net text: the shapes of nodes and their parameters. */
#include <inttypes.h>
#include "base/mem.h"
#include "net/nettext.h"

/* The word of an attribute, as g of "g4", or the operator's. */
static int
word_of(const struct lt_net_reader *r, char letter)
{
	for (int i = 3; i < r->n; i++)
		if (r->word[i].s[0] == letter && r->word[i].s[1] >= '0' &&
			r->word[i].s[1] <= '9' &&
			lt_graph_find(r->g, r->word[i].s) < 0)
			return i;
	return 2;
}

static int
window_shape(const struct lt_net_reader *r, struct lt_node *n,
	const struct lt_node *in)
{
	if (n->k > in->h + 2 * n->pad || n->k > in->w + 2 * n->pad)
		return lt_net_fail(r, word_of(r, 'k'),
			"a window of %d does not fit %dx%d with "
			"padding %d",
			n->k, in->h, in->w, n->pad);
	if (n->op != LT_OP_CONV && 2 * n->pad > n->k)
		return lt_net_fail(r, word_of(r, 'p'),
			"padding %d is more than half of the window", n->pad);
	n->h = (in->h + 2 * n->pad - n->k) / n->stride + 1;
	n->w = (in->w + 2 * n->pad - n->k) / n->stride + 1;
	return 0;
}

static int
join_shape(const struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_node *a = &r->g->node[n->in[0]];
	uint64_t c = (uint64_t)a->c;

	for (int j = 1; j < n->nin; j++) {
		const struct lt_node *b = &r->g->node[n->in[j]];
		bool plane = (a->h == b->h && a->w == b->w) ||
			     (n->op == LT_OP_MUL && b->h == 1 && b->w == 1);
		bool same = plane && (n->op == LT_OP_CONCAT || a->c == b->c);
		if (!same)
			return lt_net_fail(r, 3 + j,
				"%s: '%s' is %dx%dx%d, '%s' is %dx%dx%d%s",
				lt_op_table[n->op].name, a->name, a->c, a->h,
				a->w, b->name, b->c, b->h, b->w,
				n->op == LT_OP_CONCAT ? ", expected the same "
							"rows and columns"
				: n->op == LT_OP_MUL
					? ", expected the same or Cx1x1"
					: ", expected the same");
		c += (uint64_t)b->c;
	}
	if (n->op != LT_OP_CONCAT)
		return 0;
	if (c > LT_NET_PIXELS)
		return lt_net_fail(
			r, 0, "more than %" PRIu64 " channels", LT_NET_PIXELS);
	n->c = (int)c;
	return 0;
}

static int
infer(const struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_node *in = &r->g->node[n->in[0]];
	int out = n->c;

	n->c = in->c;
	n->h = in->h;
	n->w = in->w;
	switch (n->op) {
	case LT_OP_CONV:
		n->c = out;
		if (in->c % n->groups || out % n->groups)
			return lt_net_fail(r, word_of(r, 'g'),
				"%d groups do not divide %d and %d "
				"channels",
				n->groups, in->c, out);
		return window_shape(r, n, in);
	case LT_OP_MAXPOOL:
	case LT_OP_AVGPOOL:
		return window_shape(r, n, in);
	case LT_OP_LINEAR:
		n->c = out;
		n->h = n->w = 1;
		return 0;
	case LT_OP_GAP:
		n->h = n->w = 1;
		return 0;
	case LT_OP_PADCH:
		if (out < in->c)
			return lt_net_fail(r, 4,
				"%d channels do not hold the "
				"input's %d",
				out, in->c);
		n->c = out;
		n->h = (in->h - 1) / n->stride + 1;
		n->w = (in->w - 1) / n->stride + 1;
		return 0;
	case LT_OP_ADAPTPOOL:
		n->h = n->w = n->k;
		return 0;
	case LT_OP_ADD:
	case LT_OP_MUL:
	case LT_OP_CONCAT:
		return join_shape(r, n);
	default:
		return 0;
	}
}

int
lt_net_shape(struct lt_net_reader *r, struct lt_node *n)
{
	if (infer(r, n) < 0)
		return -1;
	if ((uint64_t)n->c * (uint64_t)n->h > LT_NET_PIXELS / (uint64_t)n->w)
		return lt_net_fail(r, 0, "'%s' would be %dx%dx%d", r->word[0].s,
			n->c, n->h, n->w);
	r->values += (uint64_t)n->c * (uint64_t)n->h * (uint64_t)n->w;
	if (r->values > LT_NET_VALUES)
		return lt_net_fail(r, 0,
			"the outputs of the nodes up to '%s' are over %" PRIu64
			" values",
			r->word[0].s, LT_NET_VALUES);
	return 0;
}

static void
add_param(struct lt_net_reader *r, struct lt_node *n, int slot,
	enum lt_role role, const char *suffix, int ndim, const uint64_t *shape)
{
	struct lt_graph *g = r->g;

	lt_grow(&g->param, &r->param_cap, (size_t)g->nparam + 1,
		sizeof *g->param);
	struct lt_param *p = &g->param[g->nparam];
	*p = (struct lt_param){.name = lt_asprintf("%s.%s", n->name, suffix),
		.node = g->n,
		.role = role,
		.ndim = ndim,
		.count = 1,
		.offset = g->floats,
		.trainable = role != LT_ROLE_BN_MEAN && role != LT_ROLE_BN_VAR,
		.prunable = role == LT_ROLE_WEIGHT};
	for (int i = 0; i < ndim; i++) {
		p->shape[i] = shape[i];
		p->count *= shape[i];
	}
	g->floats += (p->count + 15) / 16 * 16;
	n->param[slot] = g->nparam++;
}

/* What a node's parameters take of lt_model.w, or a little more: each of up to
 * four is rounded up to 16. */
static uint64_t
floats_of(const struct lt_node *n, const uint64_t *conv, const uint64_t *lin)
{
	uint64_t c = (uint64_t)n->c;

	switch (n->op) {
	case LT_OP_CONV:
		return c * conv[1] * conv[2] * conv[3] + c + 64;
	case LT_OP_LINEAR:
		return c * lin[1] + c + 64;
	case LT_OP_BN:
		return 4 * c + 64;
	default:
		return 0;
	}
}

int
lt_net_params(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_node *in = &r->g->node[n->in[0]];
	uint64_t c = (uint64_t)n->c, k = (uint64_t)n->k;
	uint64_t conv[] = {c, (uint64_t)(in->c / n->groups), k, k};
	uint64_t lin[] = {
		c, (uint64_t)in->c * (uint64_t)in->h * (uint64_t)in->w};

	/* Without the bound of k the product could wrap. */
	if ((n->op == LT_OP_CONV && k > 4096) ||
		floats_of(n, conv, lin) > LT_NET_FLOATS - r->g->floats)
		return lt_net_fail(r, 0, "'%s' has too many weights", n->name);
	if (n->op == LT_OP_CONV)
		add_param(r, n, 0, LT_ROLE_WEIGHT, "weight", 4, conv);
	if (n->op == LT_OP_LINEAR)
		add_param(r, n, 0, LT_ROLE_WEIGHT, "weight", 2, lin);
	if (n->bias)
		add_param(r, n, 1, LT_ROLE_BIAS, "bias", 1, &c);
	if (n->op == LT_OP_BN) {
		add_param(r, n, 0, LT_ROLE_BN_GAMMA, "weight", 1, &c);
		add_param(r, n, 1, LT_ROLE_BN_BETA, "bias", 1, &c);
		add_param(r, n, 2, LT_ROLE_BN_MEAN, "running_mean", 1, &c);
		add_param(r, n, 3, LT_ROLE_BN_VAR, "running_var", 1, &c);
		r->g->nbn++;
	}
	return 0;
}
