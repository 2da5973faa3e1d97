#include "net/head.h"

#include <stdlib.h>
#include <string.h>

/* The layer whose outputs reach the logits through nodes without parameters; -1
 * if there is none. */
static int
head_of(const struct lt_graph *g)
{
	int node = g->output;

	while (!lt_op_row(&g->node[node])->taps) {
		const struct lt_node *n = &g->node[node];
		if (n->nin != 1 || lt_op_row(n)->params)
			return -1;
		node = n->in[0];
	}
	return node;
}

/* The first parameter that has another shape in b, other than those of head; or
 * -1. */
static int
first_change(const struct lt_graph *a, const struct lt_graph *b, int head)
{
	for (int i = 0; i < a->nparam; i++) {
		const struct lt_param *p = &a->param[i], *q = &b->param[i];
		if (p->node != head &&
			(p->ndim != q->ndim ||
				memcmp(p->shape, q->shape,
					(size_t)p->ndim * sizeof *p->shape)))
			return i;
	}
	return -1;
}

/* The text of g for the new task. */
static char *
text_for(const struct lt_graph *g, int head, const struct lt_head *to,
	struct lt_err *err)
{
	struct lt_graph *copy = lt_graph_parse(g->text, g->name, err);

	if (!copy)
		return NULL;
	if (to->classes)
		copy->node[head].c = to->classes;
	if (to->c) {
		copy->c = to->c;
		copy->h = to->h;
		copy->w = to->w;
	}
	char *text = lt_graph_text(copy);
	lt_graph_free(copy);
	return text;
}

struct lt_graph *
lt_head_graph(
	const struct lt_graph *g, const struct lt_head *to, struct lt_err *err)
{
	int head = to->classes ? head_of(g) : -1;
	int classes = to->classes ? to->classes : g->node[g->output].c;

	if (to->classes && head < 0) {
		lt_fail(err, LT_EDATA,
			"network %s: expected a convolution or linear layer "
			"that makes the logits, found none",
			g->name);
		return NULL;
	}
	char *text = text_for(g, head, to, err);
	struct lt_graph *new = text ? lt_graph_parse(text, g->name, err) : NULL;
	free(text);
	if (!new)
		return NULL;
	int other = first_change(g, new, head);
	if (other < 0 && new->node[new->output].c == classes)
		return new;
	lt_fail(err, LT_EDATA,
		"network %s: %d classes and images of %dx%dx%d change the "
		"shape of '%s', not only that of the last layer; "
		"expected images like those of its training, %dx%dx%d",
		g->name, classes, new->c, new->h, new->w,
		other < 0 ? g->node[g->output].name : g->param[other].name,
		g->c, g->h, g->w);
	lt_graph_free(new);
	return NULL;
}

void
lt_head_fill(struct lt_model *m, const struct lt_model *old,
	const struct lt_head *to)
{
	int head = to->classes ? head_of(old->g) : -1;

	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *p = &m->g->param[i];
		if (p->node != head)
			memcpy(m->w + p->offset,
				old->w + old->g->param[i].offset,
				p->count * sizeof *m->w);
	}
	for (int i = 0; i < m->g->nbn; i++)
		m->batches[i] = old->batches[i];
}
