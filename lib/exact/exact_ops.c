/* The table of operators, and the walk over the channels of a node. */
#include "exact/exact_row.h"

const struct exact_row exact_INPUT = {0};

#define ROW(key, row) [LT_OP_##key] = &exact_##key,
static const struct exact_row *const rows[LT_OP_COUNT] = {LT_OP_LIST(ROW)};
#undef ROW

/* Different channels of a node use different channels of its inputs, so threads
 * never write to the same place.  An exception is a node that is concatenated
 * to itself. */
static void
each_channel(struct lt_exact *x, int node, pass_fn *fn)
{
	const struct lt_node *n = &x->g->node[node];
	const struct exact_row *row = rows[n->op];
	size_t step = lt_exact_plane(x, node);
	int threads = row->alone ? 1 : x->threads;

#pragma omp parallel for schedule(static) num_threads(threads)
	for (int c = 0; c < n->c; c++) {
		size_t at = (size_t)c * step;
		struct pass p = {x, row, n, node, c,
			(size_t)x->n * (size_t)n->h * (size_t)n->w,
			x->a[node] + at, x->d[node] ? x->d[node] + at : NULL,
			x->held[node] ? x->held[node] + at : NULL};
		fn(&p);
	}
}

void
exact_op(struct lt_exact *x, int node)
{
	const struct exact_row *row = rows[x->g->node[node].op];

	if (row->whole)
		row->whole(x, node);
	else
		each_channel(x, node, row->forward);
}

void
exact_op_back(struct lt_exact *x, int node)
{
	const struct exact_row *row = rows[x->g->node[node].op];

	if (row->whole)
		row->whole_back(x, node);
	else
		each_channel(x, node, row->back);
}

bool
exact_op_kinks(const struct lt_node *n)
{
	return rows[n->op]->hold != NULL;
}

void
exact_op_hold(struct lt_exact *x, int node)
{
	each_channel(x, node, rows[x->g->node[node].op]->hold);
}
