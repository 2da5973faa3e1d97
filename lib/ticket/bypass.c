#include "ticket/bypass.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

struct plan {
	const struct lt_graph *g;
	const struct lt_model *m;
	const struct lt_mask *mask;
	const struct lt_paths *paths;
	struct lt_exact *x;
	int *instead;	 /* [g->n] the node that is read instead of this one */
	double **shift;	 /* [g->n] NULL, or what the node's biases take up */
	bool *depthwise; /* [g->n] the sum becomes a convolution of instead,
			    whose biases are shift */
	bool *needed;	 /* [g->n] */
	int *now;	 /* [g->n] its place among the needed nodes */
};

/* The node lies on a path from the input to a logit. */
static bool
lives(const struct plan *p, int node)
{
	for (int c = 0; c < p->g->node[node].c; c++)
		if (p->paths->down[node][c] && p->paths->up[node][c])
			return true;
	return false;
}

/* A logit depends on what the node makes of its inputs.  Constants count, so a
 * node that does not live can do so. */
static bool
matters(const struct plan *p, int node)
{
	const struct lt_node *n = &p->g->node[node];
	const uint8_t *up = p->paths->up[node];

	if (!lt_op_row(n)->taps)
		return memchr(up, 1, (size_t)n->c);
	const struct lt_param *q = &p->g->param[n->param[0]];
	const struct lt_mask_layer *l = lt_mask_find(p->mask, q->name);
	size_t per = q->count / (size_t)n->c;
	for (int c = 0; c < n->c; c++)
		if (up[c] && (!l || memchr(l->keep + (size_t)c * per, 1, per)))
			return true;
	return false;
}

/* How often nodes read this one; mattering: only those that matter. */
static int
count_readers(const struct plan *p, int node, bool mattering)
{
	int readers = 0;

	for (int i = 1; i < p->g->n; i++)
		for (int j = 0; j < p->g->node[i].nin; j++)
			readers += p->g->node[i].in[j] == node &&
				   (!mattering || matters(p, i));
	return readers;
}

/* One value in each channel, the same for every image, or NULL. */
static double *
constants(const struct plan *p, int node)
{
	const struct lt_node *n = &p->g->node[node];
	double *value = lt_alloc((size_t)n->c, sizeof *value);

	for (int c = 0; c < n->c; c++) {
		const double *v = lt_exact_values(p->x, node) +
				  (size_t)c * lt_exact_plane(p->x, node);
		bool same = !p->paths->down[node][c];
		for (int i = 1; i < n->h * n->w && same; i++)
			same = v[i] == v[0];
		if (!same) {
			free(value);
			return NULL;
		}
		value[c] = v[0];
	}
	return value;
}

static bool
all_zero(const double *v, int n)
{
	for (int i = 0; i < n; i++)
		if (v[i] != 0)
			return false;
	return true;
}

/* The node has a parameter that is added to its channels. */
static bool
has_shift(const struct lt_graph *g, int node)
{
	int p = g->node[node].param[1];

	return p >= 0 && (g->param[p].role == LT_ROLE_BIAS ||
				 g->param[p].role == LT_ROLE_BN_BETA);
}

/* The sum does without a term that only adds these values. */
static void
bypass(struct plan *p, int sum, int other, double *value)
{
	bool output = sum == p->g->output;

	p->instead[sum] = other;
	if (!output && all_zero(value, p->g->node[sum].c)) {
		free(value);
	} else if (!output && p->instead[other] == other &&
		   has_shift(p->g, other) && !p->shift[other] &&
		   count_readers(p, other, true) == 1) {
		p->shift[other] = value;
	} else {
		p->depthwise[sum] = true;
		p->shift[sum] = value;
	}
}

/* Look for a term of a sum that is a branch by itself. */
static bool
try_sum(struct plan *p, int sum)
{
	const struct lt_node *n = &p->g->node[sum];

	for (int j = 0; j < n->nin; j++) {
		double *value;
		if (lives(p, n->in[j]) || count_readers(p, n->in[j], false) > 1)
			continue;
		value = constants(p, n->in[j]);
		if (!value)
			continue;
		bypass(p, sum, n->in[1 - j], value);
		return true;
	}
	return false;
}

static int
resolve(const struct plan *p, int node)
{
	while (p->instead[node] != node && !p->depthwise[node])
		node = p->instead[node];
	return node;
}

/* The inputs of a node in the new network; returns how many. */
static int
inputs(const struct plan *p, int node, int in[LT_NODE_MAXIN])
{
	const struct lt_node *n = &p->g->node[node];

	if (p->depthwise[node]) {
		in[0] = resolve(p, p->instead[node]);
		return 1;
	}
	for (int j = 0; j < n->nin; j++)
		in[j] = resolve(p, n->in[j]);
	return n->nin;
}

/* What leads to the output, and unused nodes with what leads to them. */
static void
find_needed(struct plan *p)
{
	int in[LT_NODE_MAXIN], places = 0;

	p->needed[0] = p->needed[resolve(p, p->g->output)] = true;
	for (int i = p->g->n - 1; i > 0; i--) {
		p->needed[i] |= p->g->node[i].unused;
		for (int j = p->needed[i] ? inputs(p, i, in) : 0; j-- > 0;)
			p->needed[in[j]] = true;
	}
	for (int i = 0; i < p->g->n; i++)
		p->now[i] = p->needed[i] ? places++ : -1;
}

/* The operator of a layer whose window moves over its input. */
static enum lt_op
convolution(void)
{
	enum lt_op op = 0;

	while (!lt_op_rows[op]->taps || lt_op_rows[op]->flattens)
		op++;
	return op;
}

static void
make_depthwise(struct lt_node *n)
{
	n->op = convolution();
	n->k = n->stride = n->dilation = 1;
	n->pad = 0;
	n->groups = n->c;
	n->bias = true;
}

static struct lt_graph *
make_graph(const struct plan *p)
{
	struct lt_graph shell = *p->g;
	struct lt_err err;
	int in[LT_NODE_MAXIN];

	shell.n = 0;
	shell.node = lt_alloc((size_t)p->g->n, sizeof *shell.node);
	for (int i = 0; i < p->g->n; i++) {
		if (!p->needed[i])
			continue;
		struct lt_node *n = &shell.node[shell.n++];
		*n = p->g->node[i];
		n->nin = inputs(p, i, in);
		for (int j = 0; j < n->nin; j++)
			n->in[j] = p->now[in[j]];
		if (p->depthwise[i])
			make_depthwise(n);
	}
	shell.output = p->now[resolve(p, p->g->output)];
	char *text = lt_graph_text(&shell);
	struct lt_graph *g = lt_graph_parse(text, "the shorter network", &err);
	LT_BUG_ON(!g);
	free(text);
	free(shell.node);
	return g;
}

static void
fill_depthwise(struct lt_bypass *b, int node, const double *bias)
{
	const struct lt_node *n = &b->g->node[node];
	float *w = b->m.w + b->g->param[n->param[0]].offset;
	float *to = b->m.w + b->g->param[n->param[1]].offset;

	for (int c = 0; c < n->c; c++) {
		w[c] = 1;
		to[c] = (float)bias[c];
	}
}

static void
copy_node(struct lt_bypass *b, const struct plan *p, int node)
{
	const struct lt_node *old = &p->g->node[node];
	const struct lt_node *new = &b->g->node[p->now[node]];

	for (int j = 0; j < LT_NODE_PARAMS; j++) {
		if (old->param[j] < 0)
			continue;
		const struct lt_param *q = &p->g->param[old->param[j]];
		float *to = b->m.w + b->g->param[new->param[j]].offset;
		memcpy(to, p->m->w + q->offset, q->count * sizeof *to);
		for (int c = 0; j == 1 && p->shift[node] && c < old->c; c++)
			to[c] = (float)((double)to[c] + p->shift[node][c]);
	}
}

static void
build(struct lt_bypass *b, const struct plan *p, const struct lt_mask *mask)
{
	int64_t *from = p->m->batches, *to;

	lt_model_init(&b->m, b->g);
	to = b->m.batches;
	for (int i = 1; i < p->g->n; i++) {
		bool tracked = lt_op_row(&p->g->node[i])->tracked;
		if (p->needed[i] && tracked)
			*to++ = *from;
		from += tracked;
		if (p->needed[i] && p->depthwise[i])
			fill_depthwise(b, p->now[i], p->shift[i]);
		else if (p->needed[i])
			copy_node(b, p, i);
	}
	for (size_t i = 0; i < mask->n; i++) {
		const struct lt_mask_layer *l = &mask->layer[i];
		if (lt_graph_find_param(b->g, l->name) < 0)
			continue;
		memcpy(lt_mask_add(&b->mask, l->name, l->ndim, l->shape)->keep,
			l->keep, l->count);
	}
	lt_mask_count(&b->mask);
}

static void
release(struct plan *p)
{
	for (int i = 0; i < p->g->n; i++)
		free(p->shift[i]);
	free(p->shift);
	free(p->instead);
	free(p->depthwise);
	free(p->needed);
	free(p->now);
}

bool
lt_bypass(struct lt_bypass *b, const struct lt_model *m,
	const struct lt_mask *mask, const struct lt_paths *paths,
	struct lt_exact *x)
{
	size_t n = (size_t)m->g->n;
	struct plan p = {
		.g = m->g, .m = m, .mask = mask, .paths = paths, .x = x};
	bool any = false;

	*b = (struct lt_bypass){0};
	p.instead = lt_alloc(n, sizeof *p.instead);
	p.shift = lt_alloc(n, sizeof *p.shift);
	p.depthwise = lt_alloc(n, sizeof *p.depthwise);
	p.needed = lt_alloc(n, sizeof *p.needed);
	p.now = lt_alloc(n, sizeof *p.now);
	for (int i = 0; i < m->g->n; i++)
		p.instead[i] = i;
	for (int i = 1; i < m->g->n; i++)
		if (lt_op_row(&m->g->node[i])->sums && lives(&p, i))
			any |= try_sum(&p, i);
	if (any) {
		find_needed(&p);
		b->g = make_graph(&p);
		build(b, &p, mask);
	}
	release(&p);
	return any;
}

void
lt_bypass_release(struct lt_bypass *b)
{
	lt_mask_release(&b->mask);
	lt_model_release(&b->m);
	lt_graph_free(b->g);
	*b = (struct lt_bypass){0};
}
