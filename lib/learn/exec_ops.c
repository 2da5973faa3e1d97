/* Every operator but convolution and linear, forward and backward, and the
 * finishing of gradients.  They go channel by channel: a plane is read as
 * float32, from where it is or widened into scratch, and drained. */
#include <math.h>
#include <omp.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "learn/exec_int.h"

/* ---- batch norm --------------------------------------------------------- */

/* Sum of part[shard][strip][channel]: strips ascending, then the shards' tree;
 * in double, d of shards doubles is scratch. */
static double
reduce(const float *part, int shards, int strips, int c, int channel, double *d)
{
	for (int s = 0; s < shards; s++) {
		d[s] = 0;
		for (int i = 0; i < strips; i++)
			d[s] += (double)
				part[((size_t)s * strips + i) * c + channel];
	}
	for (int step = 1; step < shards; step *= 2)
		for (int s = 0; s + step < shards; s += 2 * step)
			d[s] += d[s + step];
	return d[0];
}

static const float *
norm_param(const struct lt_exec *x, const struct norm *b, int which)
{
	const struct lt_node *n = &x->g->node[b->node];

	return x->m->w + x->g->param[n->param[which]].offset;
}

/* ---- planes -------------------------------------------------------------- */

int
channel_parts(const struct lt_exec *x, int items, int channels)
{
	int parts = (x->threads + items - 1) / items;
	int most = (channels + 2 * LT_OB - 1) / (2 * LT_OB);

	return parts < most ? parts : most;
}

int
part_begin(int part, int parts, int channels)
{
	int blocks = (channels + LT_OB - 1) / LT_OB;
	int at = (int)((int64_t)blocks * part / parts) * LT_OB;

	return at < channels ? at : channels;
}

static size_t
plane_cells(const struct lt_exec *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	return (size_t)n->h * n->w * LT_LANES;
}

/* Three planes of this operator's largest node. */
size_t
node_scratch(const struct lt_exec *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	size_t most = plane_cells(x, node);

	for (int j = 0; j < n->nin; j++)
		if (plane_cells(x, n->in[j]) > most)
			most = plane_cells(x, n->in[j]);
	return 3 * most;
}

/* One channel's plane of cells at p of a format. */
static const float *
widen(const struct lt_exec *x, int node, const void *p, const struct lt_view *v,
	float *tmp)
{
	const struct lt_node *n = &x->g->node[node];
	struct lt_stage s = {1, n->h, n->w, 0, n->h, 0, n->w, x->half[node]};

	if (!s.half && !v->scale && !v->relu)
		return p;
	x->k->stage(tmp, p, &s, v);
	return tmp;
}

/* Channel c of a value. */
static const float *
read_plane(
	const struct lt_exec *x, struct value v, int shard, int c, float *tmp)
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
static const float *
read_gradient(const struct lt_exec *x, int buf, int node, int shard, int c,
	float *tmp)
{
	struct lt_view plain = {NULL, NULL, false};

	return widen(x, node,
		buffer_at(x, buf, node, shard, c * plane_cells(x, node)),
		&plain, tmp);
}

/* Where channel c of a node's tensor is computed: in place, or in tmp, from
 * where write_plane takes it. */
static float *
plane_place(const struct lt_exec *x, int node, int shard, int c, float *tmp)
{
	if (x->half[node])
		return tmp;
	return (float *)(void *)tensor_at(
		x, node, shard, c * plane_cells(x, node));
}

static void
write_plane(
	const struct lt_exec *x, int node, int shard, int c, const float *src)
{
	size_t cells = plane_cells(x, node);
	void *dst = tensor_at(x, node, shard, c * cells);
	struct lt_drain d = {1, cells / LT_LANES, cells, cells, x->half[node]};

	if (dst != (const void *)src)
		x->k->drain(dst, src, &d, NULL);
}

/* fn(x, what, shard, first channel, last + 1, scratch) of all channels, in
 * parallel. */
typedef void channels_fn(struct lt_exec *x, const void *what, int shard, int c0,
	int c1, float *s);

static void
each_channels(
	struct lt_exec *x, int channels, channels_fn *fn, const void *what)
{
	int parts = channel_parts(x, x->shards, channels);
	int items = x->shards * parts;

#pragma omp parallel for schedule(static) num_threads(x->threads) default( \
	none) shared(x, channels, fn, what, parts, items)
	for (int i = 0; i < items; i++)
		fn(x, what, i / parts, part_begin(i % parts, parts, channels),
			part_begin(i % parts + 1, parts, channels),
			x->scratch[omp_get_thread_num()]);
}

/* ---- batch norm's statistics --------------------------------------------- */

static void
standalone_sums(struct lt_exec *x, const void *what, int shard, int c0, int c1,
	float *tmp)
{
	const struct norm *b = what;
	const struct lt_node *n = &x->g->node[b->node];
	size_t cells = plane_cells(x, b->node), at = (size_t)shard * n->c;
	struct lt_drain d = {1, cells / LT_LANES, cells, cells, x->half[b->in]};

	for (int c = c0; c < c1; c++) {
		struct lt_bn_sums sums = {norm_param(x, b, 2) + c,
			live_at(x, shard), b->s1 + at + c, b->s2 + at + c};
		x->k->drain(NULL,
			read_plane(x, (struct value){b->in, -1, false}, shard,
				c, tmp),
			&d, &sums);
	}
}

/* Scale and shift from mean and variance of channel c. */
static void
norm_view(
	const struct lt_exec *x, struct norm *b, int c, double mean, double var)
{
	double eps = (double)x->g->node[b->node].eps;
	double inv = 1 / sqrt(var + eps);
	double scale = (double)norm_param(x, b, 0)[c] * inv;

	b->mean[c] = (float)mean;
	b->inv[c] = (float)inv;
	b->scale[c] = (float)scale;
	b->shift[c] = (float)((double)norm_param(x, b, 1)[c] - mean * scale);
}

/* Batch statistics from the sums of y - K, K the running mean; the running
 * variance takes the unbiased one, as PyTorch's does. */
static void
norm_train(struct lt_exec *x, struct norm *b)
{
	const struct lt_node *n = &x->g->node[b->node];
	float *run_mean = (float *)norm_param(x, b, 2);
	float *run_var = (float *)norm_param(x, b, 3);
	double count = (double)x->n * n->h * n->w;
	double mom = (double)n->momentum;

	if (!b->by_conv)
		each_channels(x, n->c, standalone_sums, b);
	for (int c = 0; c < n->c; c++) {
		double m1 =
			reduce(b->s1, x->shards, b->strips, n->c, c, x->tree);
		double m2 =
			reduce(b->s2, x->shards, b->strips, n->c, c, x->tree);
		m1 /= count;
		m2 = m2 / count - m1 * m1;
		double mean = (double)run_mean[c] + m1, var = m2 > 0 ? m2 : 0;
		double unbiased = count > 1 ? var * count / (count - 1) : var;
		norm_view(x, b, c, mean, var);
		run_mean[c] =
			(float)((1 - mom) * (double)run_mean[c] + mom * mean);
		run_var[c] = (float)((1 - mom) * (double)run_var[c] +
				     mom * unbiased);
	}
	x->m->batches[b->slot]++;
}

/* dgamma, dbeta, and the three coefficients of dy (Ioffe & Szegedy 2015):
 * dy = gamma inv (g - dbeta/N - (y - mean) inv dgamma/N). */
static void
norm_backward(struct lt_exec *x, const struct back_step *s)
{
	struct norm *b = &x->bn[s->norm];
	const struct lt_node *n = &x->g->node[b->node];
	float *dgamma = x->grad + x->g->param[n->param[0]].offset;
	float *dbeta = x->grad + x->g->param[n->param[1]].offset;
	double count = (double)x->n * n->h * n->w;

	for (int c = 0; c < n->c; c++) {
		double t1 = reduce(
			b->t1, x->shards, b->back_strips, n->c, c, x->tree);
		double t2 = reduce(
			b->t2, x->shards, b->back_strips, n->c, c, x->tree);
		double inv = (double)b->inv[c];
		double a = (double)norm_param(x, b, 0)[c] * inv;
		dbeta[c] = (float)t1 * x->unscale;
		dgamma[c] = (float)(t2 * inv) * x->unscale;
		b->a[c] = (float)a;
		b->b[c] = (float)(-a * inv * inv * t2 / count);
		b->c0[c] = (float)(-a * t1 / count);
	}
}

/* ---- forward ------------------------------------------------------------ */

/* A pool's geometry; a global average is one window over the plane. */
static struct lt_pool
pool_of(const struct lt_exec *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	const struct lt_node *in = &x->g->node[n->in[0]];
	struct lt_pool p = {
		in->c, in->h, in->w, n->h, n->w, n->k, n->stride, n->pad, 0};

	if (n->op == LT_OP_GAP) {
		p.k = p.stride = in->h > in->w ? in->h : in->w;
		p.share = 1.0f / (float)(in->h * in->w);
	} else if (n->op == LT_OP_AVGPOOL) {
		p.share = 1.0f / (float)(n->k * n->k);
	}
	return p;
}

static void
dropout_factors(struct lt_exec *x, int node, int shard)
{
	const struct lt_node *n = &x->g->node[node];
	size_t px = node_cells(x, node) / LT_LANES;
	float *f = x->drop[node] + (size_t)shard * px * LT_LANES;
	float keep = 1.0f / (1.0f - n->rate);
	struct lt_rng r;

	for (int i = 0; i < LT_LANES; i++) {
		uint64_t place = (uint64_t)shard * LT_LANES + (uint64_t)i;
		lt_rng_init(&r, x->opt.seed, LT_STREAM_DROPOUT, x->iteration,
			(uint64_t)node << 32 | place);
		for (size_t p = 0; p < px; p++)
			f[p * LT_LANES + i] =
				lt_rng_f32(&r) < n->rate ? 0 : keep;
	}
}

/* A maximum, an average or a subsample of one channel. */
static void
pool_plane(const struct lt_exec *x, int node, float *dst, const float *src)
{
	static const struct lt_view plain = {NULL, NULL, false};
	struct lt_pool p = pool_of(x, node);

	p.c = 1;
	if (x->g->node[node].op == LT_OP_MAXPOOL)
		x->k->maxpool(dst, src, &p, &plain);
	else if (x->g->node[node].op == LT_OP_PADCH)
		x->k->subsample(dst, src, &p, &plain);
	else
		x->k->avgpool(dst, src, &p, &plain);
}

/* Which channel of which input makes channel c of a concatenation, or of a
 * padding by zero channels on both sides (-1: a zero one). */
static int
input_channel(const struct lt_exec *x, int node, int c, int *input)
{
	const struct lt_node *n = &x->g->node[node];

	*input = 0;
	if (n->op == LT_OP_PADCH) {
		int in = x->g->node[n->in[0]].c;
		c -= (n->c - in) / 2;
		return c < in ? c : -1;
	}
	while (n->op == LT_OP_CONCAT && c >= x->g->node[n->in[*input]].c)
		c -= x->g->node[n->in[(*input)++]].c;
	return c;
}

/* How a node that is stored reads an input: a bn or relu whose reader needs a
 * plain tensor does its own work. */
static struct value
input_value(const struct lt_exec *x, int node, int input)
{
	const struct lt_node *n = &x->g->node[node];
	struct value v = x->value[n->in[input]];

	if (n->op == LT_OP_BN)
		v.bn = x->bn_of[node];
	if (n->op == LT_OP_RELU)
		v.relu = true;
	return v;
}

static void
add_plane(struct lt_exec *x, int node, int shard, int c, float *s)
{
	const struct lt_node *n = &x->g->node[node];
	size_t cells = plane_cells(x, node);
	struct value v[2] = {x->value[n->in[0]], x->value[n->in[1]]};
	struct lt_view view[2];
	const void *p[2];
	struct lt_drain d = {1, cells / LT_LANES, cells, cells, x->half[node]};

	for (int i = 0; i < 2; i++) {
		view[i] = value_view(x, v[i]);
		view[i].scale += view[i].scale ? c : 0;
		view[i].shift += view[i].scale ? c : 0;
		p[i] = tensor_at(x, v[i].root, shard, c * cells);
	}
	if (x->half[v[0].root] == d.half && x->half[v[1].root] == d.half) {
		x->k->add(tensor_at(x, node, shard, c * cells), p[0], p[1], &d,
			&view[0], &view[1], x->relu_after[node]);
		return;
	}
	struct lt_view plain = {NULL, NULL, false};
	d.half = false;
	x->k->add(s, widen(x, v[0].root, p[0], &view[0], s),
		widen(x, v[1].root, p[1], &view[1], s + cells), &d, &plain,
		&plain, x->relu_after[node]);
	write_plane(x, node, shard, c, s);
}

static void
forward_channels(struct lt_exec *x, const void *what, int shard, int c0, int c1,
	float *s)
{
	int node = *(const int *)what, input;
	const struct lt_node *n = &x->g->node[node];
	float *tmp = s + node_scratch(x, node) / 3;
	size_t cells = plane_cells(x, node);

	for (int c = c0; c < c1; c++) {
		if (n->op == LT_OP_ADD) {
			add_plane(x, node, shard, c, s);
			continue;
		}
		float *dst = plane_place(x, node, shard, c, tmp);
		int from = input_channel(x, node, c, &input);
		if (from < 0) {
			memset(dst, 0, cells * sizeof *dst);
			write_plane(x, node, shard, c, dst);
			continue;
		}
		const float *src = read_plane(
			x, input_value(x, node, input), shard, from, s);
		if (n->op == LT_OP_MAXPOOL || n->op == LT_OP_AVGPOOL ||
			n->op == LT_OP_GAP || n->op == LT_OP_PADCH) {
			pool_plane(x, node, dst, src);
			src = dst;
		} else if (n->op == LT_OP_DROPOUT && x->train && n->rate > 0) {
			x->k->mul(dst, src,
				x->drop[node] +
					((size_t)shard * n->c + c) * cells,
				cells);
			src = dst;
		}
		write_plane(x, node, shard, c, src);
	}
}

void
node_forward(struct lt_exec *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	int bn = x->bn_of[node];

	if (bn >= 0 && x->train)
		norm_train(x, &x->bn[bn]);
	if (!x->stored[node])
		return;
	if (n->op == LT_OP_DROPOUT && x->train && n->rate > 0) {
#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, node)
		for (int i = 0; i < x->shards; i++)
			dropout_factors(x, node, i);
	}
	each_channels(x, n->c, forward_channels, &node);
}

static void
narrow_channels(struct lt_exec *x, const void *what, int shard, int c0, int c1,
	float *s)
{
	size_t cells = plane_cells(x, 0);

	(void)s;
	for (int c = c0; c < c1; c++)
		write_plane(x, 0, shard, c,
			(const float *)what + (size_t)shard * node_cells(x, 0) +
				c * cells);
}

/* The input as a tensor, where that is not of float32. */
void
input_narrow(struct lt_exec *x)
{
	if (x->half[0])
		each_channels(x, x->g->c, narrow_channels, x->input[x->which]);
}

/* Before an evaluation: what the running statistics make of each batch norm,
 * and which are folded into the convolutions before them. */
void
norms_refresh(struct lt_exec *x)
{
	for (int i = 0; i < x->nbn; i++) {
		struct norm *b = &x->bn[i];
		const float *mean = norm_param(x, b, 2);
		const float *var = norm_param(x, b, 3);
		b->folded = !x->train && b->lazy;
		for (int c = 0; !x->train && c < x->g->node[b->node].c; c++)
			norm_view(x, b, c, (double)mean[c], (double)var[c]);
	}
}

/* ---- backward ------------------------------------------------------------ */

void
drain_gradient(const struct lt_exec *x, const struct finish *f,
	const struct drain_to *to, const float *src)
{
	const struct lt_node *n = &x->g->node[to->node];
	size_t ch = plane_cells(x, to->node);
	size_t at = to->c0 * ch + to->px0 * LT_LANES;
	size_t sum =
		((size_t)to->shard * to->strips + to->strip) * n->c + to->c0;
	struct lt_drain d = {to->c, to->npx, to->src_ch, ch, x->half[to->node]};
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

/* Channel c of the gradient that a pool, a padding or a subsample passes to its
 * input, from that of its own output. */
static void
pool_back_plane(const struct lt_exec *x, int node, int shard, int c, float *dx,
	const float *g, float *tmp)
{
	static const struct lt_view plain = {NULL, NULL, false};
	const struct lt_node *n = &x->g->node[node];
	struct lt_pool p = pool_of(x, node);

	p.c = 1;
	memset(dx, 0, plane_cells(x, n->in[0]) * sizeof *dx);
	if (n->op == LT_OP_MAXPOOL)
		x->k->maxpool_back(dx, g,
			read_plane(x, x->value[n->in[0]], shard, c, tmp), &p,
			&plain);
	else if (n->op == LT_OP_PADCH)
		x->k->subsample_back(dx, g, &p);
	else
		x->k->avgpool_back(dx, g, &p);
}

/* The channel of a node's output that channel c of an input went to. */
static int
output_channel(const struct lt_exec *x, const struct back_step *s, int c)
{
	const struct lt_node *n = &x->g->node[s->node];

	if (n->op == LT_OP_PADCH)
		c += (n->c - x->g->node[n->in[0]].c) / 2;
	for (int j = 0; s->kind == BACK_SLICE && j < s->input; j++)
		c += x->g->node[n->in[j]].c;
	return c;
}

/* dy of a batch norm where it cannot be made on the convolution's staging. */
static void
norm_plane(const struct lt_exec *x, const struct back_step *s, int shard, int c,
	float *dst)
{
	const struct norm *b = &x->bn[s->norm];
	const struct lt_node *n = &x->g->node[b->node];
	size_t at = c * plane_cells(x, b->node);
	struct lt_stage st = {
		1, n->h, n->w, 0, n->h, 0, n->w, x->half[b->node]};
	struct lt_bn_back bn = {b->a + c, b->b + c, b->c0 + c, b->mean + c};

	x->k->stage_bn_back(dst, buffer_at(x, s->g, b->node, shard, at),
		tensor_at(x, b->in, shard, at), &st, &bn, live_at(x, shard));
}

/* The node whose gradient the step writes. */
static int
step_target(const struct lt_exec *x, const struct back_step *s)
{
	bool same = s->kind == BACK_COPY || s->kind == BACK_SUM ||
		    s->kind == BACK_FINISH;

	return same ? s->node : x->g->node[s->node].in[s->input];
}

static void
backward_channels(struct lt_exec *x, const void *what, int shard, int c0,
	int c1, float *scratch)
{
	const struct back_step *s = what;
	size_t most = node_scratch(x, s->node) / 3;
	float *tmp = scratch + most, *own = scratch + 2 * most;
	int node = step_target(x, s);
	size_t cells = plane_cells(x, node);

	for (int c = c0; c < c1; c++) {
		const float *src = scratch;
		int from = output_channel(x, s, c);
		if (s->kind == BACK_NORM)
			norm_plane(x, s, shard, c, scratch);
		else
			src = read_gradient(
				x, s->g, s->node, shard, from, scratch);
		if (s->kind == BACK_POOL) {
			pool_back_plane(x, s->node, shard, c, own, src, tmp);
			src = own;
		} else if (s->kind == BACK_SCALE) {
			size_t at = ((size_t)shard * x->g->node[node].c + c) *
				    cells;
			x->k->mul(tmp, src, x->drop[s->node] + at, cells);
			src = tmp;
		}
		struct drain_to to = {.node = node,
			.dst = s->kind == BACK_FINISH ? s->g : s->dst,
			.add = s->add,
			.shard = shard,
			.c0 = c,
			.c = 1,
			.npx = cells / LT_LANES,
			.src_ch = cells,
			.strips = 1};
		drain_gradient(x, &s->fin, &to, src);
	}
}

void
step_backward(struct lt_exec *x, const struct back_step *s)
{
	if (s->kind == BACK_NORM) {
		norm_backward(x, s);
		if (s->dst < 0)
			return;
	}
	each_channels(x, x->g->node[step_target(x, s)].c, backward_channels, s);
}
