/* A network in double precision: the memory of its values, and the order in
 * which nodes are computed. */
#include "exact/exact.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exact/exact_int.h"

size_t
lt_exact_plane(const struct lt_exact *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	size_t px = (size_t)x->n * (size_t)n->h * (size_t)n->w;

	return (px + EXACT_ROUND - 1) / EXACT_ROUND * EXACT_ROUND;
}

static double *
new_values(const struct lt_exact *x, int node)
{
	return lt_alloc_aligned(
		(size_t)x->g->node[node].c * lt_exact_plane(x, node),
		sizeof(double));
}

struct lt_exact *
lt_exact_new(const struct lt_graph *g, int n, int threads)
{
	struct lt_exact *x = lt_alloc(1, sizeof *x);
	size_t most = 0;

	x->g = g;
	x->n = n;
	x->threads = threads > 0 ? threads : omp_get_max_threads();
	x->w = lt_alloc_aligned(g->floats, sizeof *x->w);
	x->dw = lt_alloc_aligned(g->floats, sizeof *x->dw);
	x->mean = lt_alloc(g->floats, sizeof *x->mean);
	x->inv = lt_alloc(g->floats, sizeof *x->inv);
	x->a = lt_alloc((size_t)g->n, sizeof *x->a);
	x->d = lt_alloc((size_t)g->n, sizeof *x->d);
	for (int i = 0; i < g->n; i++) {
		size_t need = exact_conv_scratch(x, i);
		most = most > need ? most : need;
		if (!g->node[i].unused)
			x->a[i] = new_values(x, i);
	}
	x->held = lt_alloc((size_t)g->n, sizeof *x->held);
	x->dlogits = new_values(x, g->output);
	x->scratch = lt_alloc((size_t)x->threads, sizeof *x->scratch);
	for (int i = 0; i < x->threads; i++)
		x->scratch[i] = lt_alloc_aligned(most, sizeof **x->scratch);
	return x;
}

void
lt_exact_free(struct lt_exact *x)
{
	if (!x)
		return;
	for (int i = 0; i < x->g->n; i++) {
		free(x->a[i]);
		free(x->d[i]);
		free(x->held[i]);
	}
	for (int i = 0; i < x->threads; i++)
		free(x->scratch[i]);
	void *all[] = {x->w, x->dw, x->mean, x->inv, x->a, x->d, x->held,
		x->dlogits, x->scratch};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
	free(x);
}

double *
lt_exact_weights(struct lt_exact *x)
{
	return x->w;
}

double *
lt_exact_input(struct lt_exact *x)
{
	return x->a[0];
}

double *
lt_exact_values(struct lt_exact *x, int node)
{
	return x->a[node];
}

const double *
lt_exact_logits(const struct lt_exact *x)
{
	return x->a[x->g->output];
}

double *
lt_exact_dlogits(struct lt_exact *x)
{
	return x->dlogits;
}

const double *
lt_exact_grad(const struct lt_exact *x)
{
	return x->dw;
}

uint64_t
lt_exact_macs(const struct lt_exact *x)
{
	return x->macs;
}

void
lt_exact_hold(struct lt_exact *x, bool on)
{
	for (int i = 1; i < x->g->n; i++) {
		const struct lt_node *n = &x->g->node[i];
		free(x->held[i]);
		x->held[i] = NULL;
		if (!on || n->unused || !exact_op_kinks(n))
			continue;
		x->held[i] = lt_alloc(
			(size_t)n->c * lt_exact_plane(x, i), sizeof **x->held);
		exact_op_hold(x, i);
	}
}

void
lt_exact_dense(struct lt_exact *x, bool on)
{
	x->dense = on;
}

/* Multiply-adds of a layer's weights that are not 0, or of all. */
static uint64_t
macs_of(const struct lt_exact *x, int node, bool all)
{
	const struct lt_param *p = &x->g->param[x->g->node[node].param[0]];
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		kept += all || x->w[p->offset + i] != 0;
	return (uint64_t)x->n * lt_graph_macs(x->g, node, kept);
}

void
lt_exact_forward(struct lt_exact *x, bool train)
{
	x->train = train;
	for (int i = 1; i < x->g->n; i++) {
		const struct lt_node *n = &x->g->node[i];
		if (n->unused)
			continue;
		exact_op(x, i);
		if (lt_op_row(n)->taps)
			x->macs += macs_of(x, i, false);
	}
}

/* Nodes are visited in descending order.  A gradient has memory from the first
 * reader that adds to it until its own node is visited. */
void
lt_exact_backward(struct lt_exact *x)
{
	int out = x->g->output;

	memset(x->dw, 0, x->g->floats * sizeof *x->dw);
	x->d[out] = new_values(x, out);
	memcpy(x->d[out], x->dlogits,
		(size_t)x->g->node[out].c * lt_exact_plane(x, out) *
			sizeof **x->d);
	for (int i = x->g->n - 1; i > 0; i--) {
		const struct lt_node *n = &x->g->node[i];
		if (!x->d[i])
			continue;
		for (int j = 0; j < n->nin; j++)
			if (n->in[j] && !x->d[n->in[j]])
				x->d[n->in[j]] = new_values(x, n->in[j]);
		exact_op_back(x, i);
		if (lt_op_row(n)->taps)
			x->macs += macs_of(x, i, x->dense) +
				   (n->in[0] ? macs_of(x, i, false) : 0);
		free(x->d[i]);
		x->d[i] = NULL;
	}
}
