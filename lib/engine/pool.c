/* Pools: windows of one channel. */
#include <string.h>
#include "engine/engine_int.h"

static const struct lt_view plain = {NULL, NULL, false};

/* The geometry of one channel; share is a mean's factor. */
static struct lt_pool
pool_of(const struct lt_engine *x, int node, float share)
{
	const struct lt_node *n = &x->g->node[node];
	const struct lt_node *in = &x->g->node[n->in[0]];

	return (struct lt_pool){
		1, in->h, in->w, n->h, n->w, n->k, n->stride, n->pad, share};
}

static struct lt_pool
avgpool_of(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	return pool_of(x, node, 1.0f / (float)(n->k * n->k));
}

/* A global average is one window over the plane. */
static struct lt_pool
gap_of(const struct lt_engine *x, int node)
{
	const struct lt_node *in = &x->g->node[x->g->node[node].in[0]];
	struct lt_pool p = pool_of(x, node, 1.0f / (float)(in->h * in->w));

	p.k = p.stride = in->h > in->w ? in->h : in->w;
	return p;
}

typedef void pool_kern(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view);

static void
pool_channels(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch, const struct lt_pool *p, pool_kern *kern)
{
	struct planes t = planes_of(x, node, scratch);

	for (int c = c0; c < c1; c++) {
		float *dst = plane_place(x, node, shard, c, t.tmp);
		kern(dst, read_plane(x, input_value(x, node, 0), shard, c, t.a),
			p, &plain);
		write_plane(x, node, shard, c, dst);
	}
}

static void
maxpool_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	struct lt_pool p = pool_of(x, node, 0);

	pool_channels(x, node, shard, c0, c1, scratch, &p, x->k->maxpool);
}

static void
avgpool_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	struct lt_pool p = avgpool_of(x, node);

	pool_channels(x, node, shard, c0, c1, scratch, &p, x->k->avgpool);
}

static void
gap_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	struct lt_pool p = gap_of(x, node);

	pool_channels(x, node, shard, c0, c1, scratch, &p, x->k->avgpool);
}

static void
adaptpool_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	struct lt_pool p = pool_of(x, node, 0);

	pool_channels(x, node, shard, c0, c1, scratch, &p, x->k->adaptpool);
}

/* Channel c of the gradient of the output; the input's is set to 0. */
static const float *
begin_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	int in = x->g->node[s->node].in[0];

	memset(t->own, 0, plane_cells(x, in) * sizeof *t->own);
	return read_gradient(x, s->g, s->node, shard, c, t->a);
}

static const float *
maxpool_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	const float *g = begin_back(x, s, shard, c, t);
	struct lt_pool p = pool_of(x, s->node, 0);

	x->k->maxpool_back(t->own, g,
		read_plane(x, x->value[x->g->node[s->node].in[0]], shard, c,
			t->tmp),
		&p, &plain);
	return t->own;
}

static const float *
avgpool_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	const float *g = begin_back(x, s, shard, c, t);
	struct lt_pool p = avgpool_of(x, s->node);

	x->k->avgpool_back(t->own, g, &p);
	return t->own;
}

static const float *
gap_back(const struct lt_engine *x, const struct back_step *s, int shard, int c,
	const struct planes *t)
{
	const float *g = begin_back(x, s, shard, c, t);
	struct lt_pool p = gap_of(x, s->node);

	x->k->avgpool_back(t->own, g, &p);
	return t->own;
}

static const float *
adaptpool_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	const float *g = begin_back(x, s, shard, c, t);
	struct lt_pool p = pool_of(x, s->node, 0);

	x->k->adaptpool_back(t->own, g, &p);
	return t->own;
}

const struct engine_row engine_MAXPOOL = {
	.forward = maxpool_forward, .back = maxpool_back};
const struct engine_row engine_AVGPOOL = {
	.forward = avgpool_forward, .back = avgpool_back};
const struct engine_row engine_GAP = {.forward = gap_forward, .back = gap_back};
const struct engine_row engine_ADAPTPOOL = {
	.forward = adaptpool_forward, .back = adaptpool_back};
