/* The least that a training step moves between memory and processor. */
#include "engine/engine_int.h"

/* Bytes of a node's tensor, or of a gradient of its shape, of this batch. */
static uint64_t
bytes_of(const struct lt_engine *x, int node)
{
	return (uint64_t)node_bytes(x, node) * (uint64_t)x->shards;
}

static uint64_t
forward_bytes(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	uint64_t sum = x->stored[node] ? bytes_of(x, node) : 0;

	for (int j = 0; x->stored[node] && j < n->nin; j++)
		sum += bytes_of(x, x->value[n->in[j]].root);
	return sum;
}

/* What completes a gradient reads, too: values that mask it and that batch
 * norms sum, each once. */
static uint64_t
finish_bytes(const struct lt_engine *x, const struct finish *f)
{
	int masked = f->mask >= 0 ? f->mask_v.root : -1;
	uint64_t sum = masked >= 0 ? bytes_of(x, masked) : 0;

	for (int i = 0; i < f->nsums; i++)
		if (x->bn[f->sums[i]].in != masked)
			sum += bytes_of(x, x->bn[f->sums[i]].in);
	return sum;
}

static uint64_t
backward_bytes(const struct lt_engine *x, const struct back_step *s)
{
	const struct lt_node *n = &x->g->node[s->node];
	bool own = s->kind == BACK_LAYER || s->kind == BACK_OWN;
	int to = own ? n->in[s->input] : s->node;
	uint64_t sum = finish_bytes(x, &s->fin) + bytes_of(x, s->node);

	if (own) /* what the forward pass read */
		sum += bytes_of(x, x->value[n->in[s->input]].root);
	if (s->lazy)
		sum += bytes_of(x, s->node);
	if (s->dst >= 0 || s->kind == BACK_FINISH)
		sum += bytes_of(x, to);
	if (s->add >= 0)
		sum += bytes_of(x, to);
	return s->kind == BACK_OWN && s->dst < 0 ? 0 : sum;
}

uint64_t
lt_engine_traffic(const struct lt_engine *x)
{
	uint64_t sum = 0;

	for (int i = 1; i < x->g->n; i++)
		if (!x->g->node[i].unused)
			sum += forward_bytes(x, i);
	for (int i = 0; x->train && i < x->nstep; i++)
		sum += backward_bytes(x, &x->step[i]);
	return sum;
}
