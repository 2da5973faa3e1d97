/* Net text: the shapes of nodes and their parameters. */
#include <inttypes.h>
#include "base/mem.h"
#include "net/nettext.h"

int
lt_net_word_of(const struct lt_net_reader *r, char letter)
{
	for (int i = 3; i < r->n; i++)
		if (r->word[i].s[0] == letter && r->word[i].s[1] >= '0' &&
			r->word[i].s[1] <= '9' &&
			lt_graph_find(r->g, r->word[i].s) < 0)
			return i;
	return 2;
}

int
lt_net_window(const struct lt_net_reader *r, struct lt_node *n)
{
	int h = n->h + 2 * n->pad, w = n->w + 2 * n->pad;

	if (n->k > h || n->k > w)
		return lt_net_fail(r, lt_net_word_of(r, 'k'),
			"a window of %d does not fit %dx%d with padding %d",
			n->k, n->h, n->w, n->pad);
	n->h = (h - n->k) / n->stride + 1;
	n->w = (w - n->k) / n->stride + 1;
	return 0;
}

int
lt_net_shape(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_op_row *row = lt_op_row(n);
	const struct lt_node *in = &r->g->node[n->in[0]];
	int out = n->c;

	n->c = in->c;
	n->h = in->h;
	n->w = in->w;
	if (row->shape && row->shape(r, n, out) < 0)
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
add_param(struct lt_net_reader *r, struct lt_node *n,
	const struct lt_param_shape *s)
{
	struct lt_graph *g = r->g;
	enum lt_role role = s->role;

	lt_grow(&g->param, &r->param_cap, (size_t)g->nparam + 1,
		sizeof *g->param);
	struct lt_param *p = &g->param[g->nparam];
	*p = (struct lt_param){.name = lt_asprintf("%s.%s", n->name, s->suffix),
		.node = g->n,
		.role = role,
		.ndim = s->ndim,
		.count = 1,
		.offset = g->floats,
		.trainable = role != LT_ROLE_BN_MEAN && role != LT_ROLE_BN_VAR,
		.prunable = role == LT_ROLE_WEIGHT};
	for (int i = 0; i < s->ndim; i++) {
		p->shape[i] = s->shape[i];
		p->count *= s->shape[i];
	}
	g->floats += (p->count + 15) / 16 * 16;
	n->param[s->slot] = g->nparam++;
}

/* The size of a parameter in lt_model.w; more than there can be when it is too
 * large, so that no product wraps. */
static uint64_t
floats_of(const struct lt_param_shape *p)
{
	uint64_t count = 1;

	for (int i = 0; i < p->ndim; i++) {
		if (count > LT_NET_FLOATS / p->shape[i])
			return LT_NET_FLOATS + 1;
		count *= p->shape[i];
	}
	return (count + 15) / 16 * 16;
}

int
lt_net_params(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_op_row *row = lt_op_row(n);
	struct lt_param_shape p[LT_NODE_PARAMS];
	int count = row->params ? row->params(r->g, n, p) : 0;
	uint64_t floats = 0;

	for (int i = 0; i < count; i++)
		floats += floats_of(&p[i]);
	if (count < 0 || floats >= LT_NET_FLOATS - r->g->floats)
		return lt_net_fail(r, 0, "'%s' has too many weights", n->name);
	for (int i = 0; i < count; i++)
		add_param(r, n, &p[i]);
	r->g->nbn += row->tracked;
	return 0;
}
