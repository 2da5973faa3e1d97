/* The operators use these functions: planes of channels, read as float32 from
 * where they are or widened into scratch, and drained; loops over shards and
 * channels; the finishing of gradients. */
#include <omp.h>
#include "engine/engine_int.h"

int
channel_parts(const struct lt_engine *x, int items, int channels)
{
	int parts = (x->threads + items - 1) / items;
	int most = (channels + LT_OB - 1) / LT_OB;

	return parts < most ? parts : most;
}

int
part_begin(int part, int parts, int channels)
{
	int blocks = (channels + LT_OB - 1) / LT_OB;
	int at = (int)((int64_t)blocks * part / parts) * LT_OB;

	return at < channels ? at : channels;
}

size_t
plane_cells(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	return (size_t)n->h * n->w * LT_LANES;
}

/* Three planes of this operator's largest node. */
size_t
node_scratch(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	size_t most = plane_cells(x, node);

	for (int j = 0; j < n->nin; j++)
		if (plane_cells(x, n->in[j]) > most)
			most = plane_cells(x, n->in[j]);
	return 3 * most;
}

struct planes
planes_of(const struct lt_engine *x, int node, float *scratch)
{
	size_t most = node_scratch(x, node) / 3;

	return (struct planes){scratch, scratch + most, scratch + 2 * most};
}

struct value
input_value(const struct lt_engine *x, int node, int input)
{
	struct value v = x->value[x->g->node[node].in[input]];

	if (x->bn_of[node] >= 0)
		v.bn = x->bn_of[node];
	v.relu |= engine_row(x, node)->rectifies;
	return v;
}

const void *
input_at(const struct lt_engine *x, int node, int input, int shard, int c,
	struct lt_view *view)
{
	struct value v = x->value[x->g->node[node].in[input]];

	*view = value_view(x, v);
	view->scale += view->scale ? c : 0;
	view->shift += view->scale ? c : 0;
	return tensor_at(x, v.root, shard, c * plane_cells(x, v.root));
}

/* One channel's plane of cells at p of a format. */
const float *
widen(const struct lt_engine *x, int node, const void *p,
	const struct lt_view *v, float *tmp)
{
	const struct lt_node *n = &x->g->node[node];
	struct lt_stage s = {
		1, n->h, n->w, 0, n->h, 0, n->w, x->format[node], false};

	if (s.format == LT_FORMAT_F32 && !v->scale && !v->relu)
		return p;
	x->k->stage(tmp, p, &s, v);
	return tmp;
}

/* Channel c of a value. */
const float *
read_plane(
	const struct lt_engine *x, struct value v, int shard, int c, float *tmp)
{
	struct lt_view view = value_view(x, v);

	if (view.scale) {
		view.scale += c;
		view.shift += c;
	}
	return widen(x, v.root,
		tensor_at(x, v.root, shard, c * plane_cells(x, v.root)), &view,
		tmp);
}

/* Channel c of a node's gradient. */
const float *
read_gradient(const struct lt_engine *x, int buf, int node, int shard, int c,
	float *tmp)
{
	struct lt_view plain = {NULL, NULL, false};

	return widen(x, node,
		buffer_at(x, buf, node, shard, c * plane_cells(x, node)),
		&plain, tmp);
}

/* Where channel c of a node's tensor is computed: in place, or in tmp, from
 * where write_plane takes it. */
float *
plane_place(const struct lt_engine *x, int node, int shard, int c, float *tmp)
{
	if (x->format[node] != LT_FORMAT_F32)
		return tmp;
	return (float *)(void *)tensor_at(
		x, node, shard, c * plane_cells(x, node));
}

void
write_plane(
	const struct lt_engine *x, int node, int shard, int c, const float *src)
{
	size_t cells = plane_cells(x, node);
	void *dst = tensor_at(x, node, shard, c * cells);
	struct lt_drain d = {
		1, cells / LT_LANES, cells, cells, x->format[node]};

	if (dst != (const void *)src)
		x->k->drain(dst, src, &d, NULL);
}

/* Each thread has the same shards in all regions, whose data may still be in
 * its caches; it visits them up in one region and down in the next, which so
 * begins with the latest. */
void
items_begin(struct lt_engine *x, int items)
{
	x->down = !x->down;
	for (int t = 0; t < x->threads; t++) {
		int first = (int)((int64_t)items * t / x->threads);
		int end = (int)((int64_t)items * (t + 1) / x->threads);
		x->share[t] = (struct share){first, end - first, 0, {0}};
	}
}

/* The thread's own items, and then what others have not come to. */
int
items_next(struct lt_engine *x)
{
	int own = omp_get_thread_num(), i;

	for (int k = 0; k < x->threads; k++) {
		struct share *s = &x->share[(own + k) % x->threads];
#pragma omp atomic capture
		i = s->taken++;
		if (i < s->n)
			return s->first + (x->down ? s->n - 1 - i : i);
	}
	return -1;
}

void
each_channels(
	struct lt_engine *x, int channels, channels_fn *fn, const void *what)
{
	int parts = channel_parts(x, x->shards, channels);

	items_begin(x, x->shards * parts);
#pragma omp parallel num_threads(x->threads) default(none) \
	shared(x, channels, fn, what, parts)
	for (int i; (i = items_next(x)) >= 0;)
		fn(x, what, i / parts, part_begin(i % parts, parts, channels),
			part_begin(i % parts + 1, parts, channels),
			x->scratch[omp_get_thread_num()]);
}

/* fn of all shards, in parallel. */
void
each_shard(struct lt_engine *x, begin_fn *fn, int node)
{
#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, fn, node)
	for (int i = 0; i < x->shards; i++)
		fn(x, node, i, x->scratch[omp_get_thread_num()]);
}

void
drain_gradient(const struct lt_engine *x, const struct finish *f,
	const struct drain_to *to, const float *src)
{
	const struct lt_node *n = &x->g->node[to->node];
	size_t ch = plane_cells(x, to->node);
	size_t at = to->c0 * ch + to->px0 * LT_LANES;
	size_t sum =
		((size_t)to->shard * to->strips + to->strip) * n->c + to->c0;
	struct lt_drain d = {
		to->c, to->npx, to->src_ch, ch, x->format[to->node]};
	struct lt_drain_back b = {
		.add = to->add < 0 ? NULL
				   : buffer_at(x, to->add, to->node, to->shard,
					     at)};

	if (f->mask >= 0) {
		b.v = tensor_at(x, f->mask_v.root, to->shard, at);
		b.view = value_view(x, f->mask_v);
		b.view.scale += b.view.scale ? to->c0 : 0;
		b.view.shift += b.view.scale ? to->c0 : 0;
	}
	/* The first norm's sums come with the store, which may overwrite what
	 * is added: it is last. */
	for (int i = f->nsums - 1; i >= 0; i--) {
		const struct norm *m = &x->bn[f->sums[i]];
		b.y = tensor_at(x, m->in, to->shard, at);
		b.mean = m->mean + to->c0;
		b.t1 = m->t1 + sum;
		b.t2 = m->t2 + sum;
		if (i > 0)
			x->k->drain_back(NULL, src, &d, &b);
	}
	x->k->drain_back(
		buffer_at(x, to->dst, to->node, to->shard, at), src, &d, &b);
}
