/* Convolution and linear layers at work.  A layer and direction is one parallel
 * region over shard x strip items; every sum's order is fixed by shapes. */
#include <omp.h>
#include <string.h>
#include "base/mem.h"
#include "learn/exec_int.h"

static int
min_int(int a, int b)
{
	return a < b ? a : b;
}

/* Floats of one thread's scratch: a staged source, a staged gradient, the
 * accumulators of one block. */
static size_t
source_floats(const struct layer *l)
{
	return l->direct ? 0
			 : (size_t)l->c * l->in_rows * l->in_cols * LT_LANES;
}

static size_t
dy_floats(const struct layer *l)
{
	size_t back = (size_t)l->o * (l->back_rows + l->span - 1) * l->dy_cols;
	size_t own = (size_t)l->o * l->rows * l->ow;

	return (back > own ? back : own) * LT_LANES;
}

size_t
conv_scratch(const struct lt_exec *x, const struct layer *l)
{
	bool linear = x->g->node[l->node].op == LT_OP_LINEAR;
	/* An accumulator is a vector; a linear layer has a sum a shard. */
	size_t width = linear ? (size_t)x->max_shards : LT_LANES;

	if (x->opt.eval_only)
		return source_floats(l) + LT_LANES;
	return source_floats(l) + dy_floats(l) + l->block_most * width +
	       (size_t)l->o + LT_LANES;
}

/* Where the taps of output row h0 start: staged, or in the tensor itself. */
static const float *
source(const struct lt_exec *x, const struct layer *l, int shard, int h0,
	float *scratch)
{
	const float *src = value_at(x, l->v, shard);
	struct lt_view view = value_view(x, l->v);
	struct lt_stage s = {l->c, l->h, l->w, h0 * l->stride - l->pad,
		l->in_rows, l->pad, l->in_cols};

	if (l->direct)
		return src + (size_t)h0 * l->stride * l->w * LT_LANES;
	x->k->stage(scratch, src, &s, &view);
	return scratch;
}

/* Channels o0 .. o1 of one sum over taps. */
static void
sum_taps(const struct lt_exec *x, const struct layer *l, const struct terms *t,
	struct lt_conv_job *j, int o0, int o1)
{
	j->dst += (size_t)o0 * j->dst_ch;
	if (j->add)
		j->add += (size_t)o0 * j->dst_ch;
	if (j->bias)
		j->bias += o0;
	j->n_out = o1 - o0;
	if (l->sparse)
		x->k->conv_sparse(j, t->ptr + o0, t->loff, t->val);
	else
		x->k->conv_dense(
			j, t->packed + (size_t)o0 * t->n, t->off, t->n);
}

static void
forward_item(struct lt_exec *x, struct layer *l, int shard, int strip, int o0,
	int o1, float *scratch)
{
	int h0 = strip * l->rows, rows = min_int(l->rows, l->oh - h0);
	size_t ch = (size_t)l->oh * l->ow * LT_LANES;
	float *y = x->tensor[l->node] + (size_t)shard * l->o * ch +
		   (size_t)h0 * l->ow * LT_LANES;
	struct lt_conv_job j = {.dst = y,
		.dst_ch = ch,
		.dst_row = (size_t)l->ow * LT_LANES,
		.dst_px = LT_LANES,
		.src = source(x, l, shard, h0, scratch),
		.src_row = (size_t)l->stride * l->in_cols * LT_LANES,
		.src_px = (size_t)l->stride * LT_LANES,
		.rows = rows,
		.cols = l->ow,
		.bias = l->bias};

	sum_taps(x, l, &l->fwd, &j, o0, o1);
	if (l->norm < 0 || !x->train)
		return;
	const struct norm *b = &x->bn[l->norm];
	const struct lt_node *n = &x->g->node[b->node];
	const float *k = x->m->w + x->g->param[n->param[2]].offset;
	size_t at = ((size_t)shard * b->strips + strip) * l->o + o0;
	x->k->bn_sums(b->s1 + at, b->s2 + at, y + (size_t)o0 * ch, ch, o1 - o0,
		(size_t)rows * l->ow, k + o0, live_at(x, shard));
}

/* Parts of the output channels, where items are fewer than threads. */
static int
channel_parts(const struct lt_exec *x, int items, int channels)
{
	int parts = (x->threads + items - 1) / items;
	int most = (channels + 2 * LT_OB - 1) / (2 * LT_OB);

	return parts < most ? parts : most;
}

static int
part_begin(int part, int parts, int channels)
{
	int blocks = (channels + LT_OB - 1) / LT_OB;

	return min_int((int)((int64_t)blocks * part / parts) * LT_OB, channels);
}

void
conv_forward(struct lt_exec *x, struct layer *l)
{
	int parts = channel_parts(x, x->shards * l->strips, l->o);
	int items = x->shards * l->strips * parts;

#pragma omp parallel for schedule(dynamic) \
	num_threads(x->threads) default(none) shared(x, l, parts, items)
	for (int i = 0; i < items; i++) {
		int part = i % parts, strip = i / parts % l->strips;
		forward_item(x, l, i / parts / l->strips, strip,
			part_begin(part, parts, l->o),
			part_begin(part + 1, parts, l->o),
			x->scratch[omp_get_thread_num()]);
	}
}

/* dy of rows row0 .. row0 + nrows, made from the gradient that the step reads;
 * left zero columns before. */
static void
stage_dy(const struct lt_exec *x, const struct layer *l,
	const struct back_step *s, float *dst, int shard,
	const struct lt_stage *st)
{
	size_t floats = node_floats(x, l->node);
	const float *g = buffer_at(x, s->g, floats, shard);

	if (s->lazy) {
		const struct norm *b = &x->bn[s->norm];
		struct lt_bn_back bn = {b->a, b->b, b->c0, b->mean};
		x->k->stage_bn_back(dst, g,
			x->tensor[l->node] + (size_t)shard * floats, st, &bn,
			live_at(x, shard));
	} else {
		struct lt_view plain = {NULL, NULL, false};
		x->k->stage(dst, g, st, &plain);
	}
}

/* Weights of one shard and block: the chain runs over all strips. */
static void
weight_item(struct lt_exec *x, struct layer *l, const struct back_step *s,
	int shard, int block, float *scratch)
{
	int o0 = l->block[block], o1 = l->block[block + 1];
	float *xs = scratch, *dy = xs + source_floats(l);
	float *acc = dy + dy_floats(l), *sums = acc + l->block_most * LT_LANES;
	int32_t first = l->sparse ? l->fwd.ptr[o0] : o0 * l->fwd.n;
	int32_t end = l->sparse ? l->fwd.ptr[o1] : o1 * l->fwd.n;
	size_t stride = l->sparse ? l->kept : l->nw;

	memset(acc, 0, (size_t)(end - first) * LT_LANES * sizeof *acc);
	for (int strip = 0; strip < l->strips; strip++) {
		int h0 = strip * l->rows, rows = min_int(l->rows, l->oh - h0);
		struct lt_stage st = {l->o, l->oh, l->ow, h0, rows, 0, l->ow};
		size_t ch = (size_t)rows * l->ow * LT_LANES;
		stage_dy(x, l, s, dy, shard, &st);
		struct lt_wgrad_job j = {.x = source(x, l, shard, h0, xs),
			.x_row = (size_t)l->stride * l->in_cols * LT_LANES,
			.x_px = (size_t)l->stride * LT_LANES,
			.dy = dy + (size_t)o0 * ch,
			.dy_ch = ch,
			.dy_row = (size_t)l->ow * LT_LANES,
			.dy_px = LT_LANES,
			.n_out = o1 - o0,
			.rows = rows,
			.cols = l->ow};
		if (l->sparse)
			x->k->wgrad_sparse(acc - (size_t)first * LT_LANES, &j,
				l->fwd.ptr + o0, l->fwd.loff);
		else
			x->k->wgrad_dense(acc, &j, l->fwd.off, l->fwd.n);
		if (l->bias) {
			float *b = x->bias_part +
				   ((size_t)shard * l->strips + strip) * l->o;
			x->k->bn_back_sums(b + o0, sums, j.dy, j.dy, ch,
				o1 - o0, (size_t)rows * l->ow, x->zeros);
		}
	}
	x->k->lane_sum(x->part + (size_t)shard * stride + first, acc,
		(size_t)(end - first));
}

/* Rows of the input's gradient. */
static void
data_item(struct lt_exec *x, struct layer *l, const struct back_step *s,
	int shard, int strip, float *scratch)
{
	int r0 = strip * l->back_rows, st = l->stride;
	float *dy = scratch + source_floats(l);
	size_t floats = (size_t)l->c * l->h * l->w * LT_LANES;
	float *dx = buffer_at(x, s->dst, floats, shard);
	const float *add =
		s->add < 0 ? NULL : buffer_at(x, s->add, floats, shard);
	struct lt_stage g = {l->o, l->oh, l->ow, r0 + l->lo,
		l->back_rows + l->span - 1, -l->lo, l->dy_cols};
	int end = min_int(l->h, (r0 + l->back_rows) * st);

	stage_dy(x, l, s, dy, shard, &g);
	for (int p = 0; p < st * st; p++) {
		int ph = p / st, pw = p % st;
		int rows = (end - r0 * st - ph + st - 1) / st;
		int cols = (l->w - pw + st - 1) / st;
		size_t at = ((size_t)(r0 * st + ph) * l->w + pw) * LT_LANES;
		if (rows <= 0 || cols <= 0)
			continue;
		struct lt_conv_job j = {.dst = dx + at,
			.dst_ch = (size_t)l->h * l->w * LT_LANES,
			.dst_row = (size_t)st * l->w * LT_LANES,
			.dst_px = (size_t)st * LT_LANES,
			.add = add ? add + at : NULL,
			.src = dy,
			.src_row = (size_t)l->dy_cols * LT_LANES,
			.src_px = LT_LANES,
			.rows = rows,
			.cols = cols};
		sum_taps(x, l, &l->back[p], &j, 0, l->c);
	}
	finish_rows(x, &s->fin, dx, shard, r0 * st, end - r0 * st, strip,
		l->back_strips);
}

/* Weights first .. end of the list (or of the tensor): over the shards, then to
 * their places; what is masked stays 0. */
static void
gather(struct lt_exec *x, struct layer *l, size_t first, size_t end)
{
	size_t stride = l->sparse ? l->kept : l->nw;
	float *sum = x->part + first, *grad = x->grad + l->grad;

	x->k->tree_sum(sum, sum, stride, x->shards, end - first);
	if (l->sparse) {
		for (size_t i = first; i < end; i++)
			grad[l->fwd.lidx[i]] = x->part[i];
	} else {
		for (size_t i = first; i < end; i++)
			grad[i] = l->keep && !l->keep[i] ? 0 : x->part[i];
	}
}

/* Strips ascending, then shards by the tree. */
static void
bias_gradient(struct lt_exec *x, struct layer *l, int strips)
{
	for (int s = 0; s < x->shards; s++) {
		float *b = x->bias_part + (size_t)s * strips * l->o;
		for (int i = 1; i < strips; i++)
			x->k->sum(b, b, b + (size_t)i * l->o, (size_t)l->o);
	}
	x->k->tree_sum(x->grad + l->bias_grad, x->bias_part,
		(size_t)strips * l->o, x->shards, (size_t)l->o);
}

#define GATHER 4096 /* weights an item */

void
conv_backward(struct lt_exec *x, struct layer *l, const struct back_step *s)
{
	int per = l->nblock + (s->dst >= 0 ? l->back_strips : 0);
	int items = x->shards * per;
	size_t n = l->sparse ? l->kept : l->nw;
	int gathers = (int)((n + GATHER - 1) / GATHER);

#pragma omp parallel num_threads(x->threads) default(none) \
	shared(x, l, s, per, items, n, gathers)
	{
		float *scratch = x->scratch[omp_get_thread_num()];
#pragma omp for schedule(dynamic)
		for (int i = 0; i < items; i++) {
			int shard = i / per, j = i % per;
			if (j < l->nblock)
				weight_item(x, l, s, shard, j, scratch);
			else
				data_item(
					x, l, s, shard, j - l->nblock, scratch);
		}
#pragma omp for schedule(static)
		for (int i = 0; i < gathers; i++) {
			size_t end = ((size_t)i + 1) * GATHER;
			gather(x, l, (size_t)i * GATHER, end < n ? end : n);
		}
	}
	if (l->bias)
		bias_gradient(x, l, l->strips);
}

/* ---- linear layers: the shards of the batch are the pixels -------------- */

/* The flattened input of all shards, features * LT_LANES floats apart. */
static float *
linear_source(const struct lt_exec *x, const struct layer *l)
{
	return l->direct ? x->tensor[l->v.root] : x->part;
}

static void
linear_stage(struct lt_exec *x, const struct layer *l, int shard)
{
	const struct lt_node *in = &x->g->node[l->in];
	struct lt_view view = value_view(x, l->v);
	size_t ch = (size_t)in->h * in->w * LT_LANES;

	x->k->apply(x->part + (size_t)shard * l->c * LT_LANES, ch,
		value_at(x, l->v, shard), ch, in->c, (size_t)in->h * in->w,
		&view);
}

void
linear_forward(struct lt_exec *x, struct layer *l)
{
	int parts = channel_parts(x, 1, l->o);

#pragma omp parallel num_threads(x->threads) default(none) shared(x, l, parts)
	{
		if (!l->direct) {
#pragma omp for schedule(static)
			for (int s = 0; s < x->shards; s++)
				linear_stage(x, l, s);
		}
#pragma omp for schedule(static)
		for (int p = 0; p < parts; p++) {
			struct lt_conv_job j = {.dst = x->tensor[l->node],
				.dst_ch = LT_LANES,
				.dst_px = (size_t)l->o * LT_LANES,
				.src = linear_source(x, l),
				.src_px = (size_t)l->c * LT_LANES,
				.rows = 1,
				.cols = x->shards,
				.bias = l->bias};
			sum_taps(x, l, &l->fwd, &j, part_begin(p, parts, l->o),
				part_begin(p + 1, parts, l->o));
		}
	}
}

/* Weights of one block of outputs: shard by shard, then the tree. */
static void
linear_weights(struct lt_exec *x, struct layer *l, const struct back_step *s,
	int block, float *part)
{
	int o0 = l->block[block], o1 = l->block[block + 1];
	size_t first =
		l->sparse ? (size_t)l->fwd.ptr[o0] : (size_t)o0 * l->fwd.n;
	size_t n =
		(l->sparse ? (size_t)l->fwd.ptr[o1] : (size_t)o1 * l->fwd.n) -
		first;
	float *grad = x->grad + l->grad;

	for (int shard = 0; shard < x->shards; shard++) {
		struct lt_wgrad_job j = {.x = linear_source(x, l) +
					      (size_t)shard * l->c * LT_LANES,
			.dy = buffer_at(
				      x, s->g, (size_t)l->o * LT_LANES, shard) +
			      (size_t)o0 * LT_LANES,
			.dy_ch = LT_LANES,
			.n_out = o1 - o0,
			.rows = 1,
			.cols = 1};
		float *dst = part + (size_t)shard * n;
		if (l->sparse)
			x->k->outer_sparse(
				dst - first, &j, l->fwd.ptr + o0, l->fwd.loff);
		else
			x->k->outer_dense(dst, &j, l->fwd.off, l->fwd.n);
	}
	x->k->tree_sum(part, part, n, x->shards, n);
	for (size_t i = 0; i < n; i++) {
		if (l->sparse)
			grad[l->fwd.lidx[first + i]] = part[i];
		else
			grad[first + i] =
				l->keep && !l->keep[first + i] ? 0 : part[i];
	}
}

static void
linear_bias(struct lt_exec *x, struct layer *l, const struct back_step *s)
{
	float *unused = x->bias_part + (size_t)x->max_shards * l->o;

	for (int shard = 0; shard < x->shards; shard++) {
		const float *dy =
			buffer_at(x, s->g, (size_t)l->o * LT_LANES, shard);
		x->k->bn_back_sums(x->bias_part + (size_t)shard * l->o, unused,
			dy, dy, LT_LANES, l->o, 1, x->zeros);
	}
	bias_gradient(x, l, 1);
}

void
linear_backward(struct lt_exec *x, struct layer *l, const struct back_step *s)
{
	int parts = s->dst < 0 ? 0 : channel_parts(x, 1, l->c);
	int items = l->nblock + parts;

#pragma omp parallel num_threads(x->threads) default(none) \
	shared(x, l, s, parts, items)
	{
		float *scratch = x->scratch[omp_get_thread_num()];
		if (!l->direct) {
#pragma omp for schedule(static)
			for (int i = 0; i < x->shards; i++)
				linear_stage(x, l, i);
		}
#pragma omp for schedule(dynamic)
		for (int i = 0; i < items; i++) {
			if (i < l->nblock) {
				linear_weights(x, l, s, i, scratch);
				continue;
			}
			int p = i - l->nblock;
			struct lt_conv_job j = {.dst = x->buf[s->dst].p,
				.dst_ch = LT_LANES,
				.dst_px = (size_t)l->c * LT_LANES,
				.add = s->add < 0 ? NULL : x->buf[s->add].p,
				.src = x->buf[s->g].p,
				.src_px = (size_t)l->o * LT_LANES,
				.rows = 1,
				.cols = x->shards};
			sum_taps(x, l, &l->back[0], &j,
				part_begin(p, parts, l->c),
				part_begin(p + 1, parts, l->c));
		}
	}
	if (l->bias)
		linear_bias(x, l, s);
}
