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

/* Do all parameters but those of the head have one shape in both graphs? */
static bool
only_head_changes(const struct lt_graph *a, const struct lt_graph *b, int head)
{
	for (int i = 0; i < a->nparam; i++) {
		const struct lt_param *p = &a->param[i], *q = &b->param[i];
		if (p->node != head &&
			(p->ndim != q->ndim ||
				memcmp(p->shape, q->shape,
					(size_t)p->ndim * sizeof *p->shape)))
			return false;
	}
	return true;
}

struct lt_graph *
lt_head_graph(const struct lt_graph *g, int classes, struct lt_err *err)
{
	struct lt_graph *copy = lt_graph_parse(g->text, g->name, err);
	int head = head_of(g);

	if (!copy)
		return NULL;
	if (head < 0) {
		lt_fail(err, LT_EDATA,
			"network %s: expected a convolution or linear layer "
			"that makes the logits, found none",
			g->name);
		lt_graph_free(copy);
		return NULL;
	}
	copy->node[head].c = classes;
	char *text = lt_graph_text(copy);
	lt_graph_free(copy);
	struct lt_graph *new = lt_graph_parse(text, g->name, err);
	free(text);
	if (!new || (new->node[new->output].c ==
			    classes &&only_head_changes(g, new, head)))
		return new;
	lt_fail(err, LT_EDATA,
		"network %s: other parameters than those of '%s' depend on the "
		"number of classes",
		g->name, g->node[head].name);
	lt_graph_free(new);
	return NULL;
}

void
lt_head_fill(struct lt_model *m, const struct lt_model *old)
{
	int head = head_of(old->g);

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
