/* Computing convolution and linear layers.  Each layer and direction is one
 * parallel region.  An item of work is a strip of a group of shards and, if
 * there are more threads than strips, a part of the output channels.  Shapes
 * alone fix the order of every sum. */
#include <omp.h>
#include <string.h>
#include "base/mem.h"
#include "engine/engine_int.h"
#include "kern/tile.h"

static int
min_int(int a, int b)
{
	return a < b ? a : b;
}

static size_t
max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* ---- scratch: floats of a thread ---------------------------------------- */

static size_t
stage_floats(const struct lt_stage *s)
{
	return (size_t)s->c * s->nrows * s->wp * LT_LANES;
}

static size_t
source_floats(const struct layer *l)
{
	return l->direct ? 0 : stage_floats(&l->src) * l->sg;
}

static size_t
output_floats(const struct layer *l)
{
	return (size_t)(l->per * (l->o / l->groups)) * l->rows * l->ow *
	       LT_LANES * l->sg;
}

static size_t
input_floats(const struct layer *l)
{
	return (size_t)(l->per * (l->c / l->groups)) * l->back_rows *
	       l->stride * l->w * LT_LANES * l->sg;
}

/* In a backward pass the strip of the input's gradient overwrites the staged
 * source, which is not needed any more. */
static size_t
first_floats(const struct lt_engine *x, const struct layer *l)
{
	size_t source = l->tiles ? tile_source_floats(x, l) : source_floats(l);

	return x->opt.eval_only ? source : max_size(source, input_floats(l));
}

/* A sum over pixels of a strip of sg shards: all but where it reads. */
static struct lt_wgrad_job
sums_job(const struct layer *l)
{
	size_t line = (size_t)l->src.wp * LT_LANES;
	size_t row = (size_t)l->dy.wp * LT_LANES;
	bool flat = l->flat > 1; /* a feature is a channel of one pixel */

	return (struct lt_wgrad_job){.x_row = (size_t)l->stride * line,
		.x_px = (size_t)l->stride * LT_LANES,
		.c = l->src.c * l->flat,
		.x_ch = flat ? LT_LANES : (size_t)l->src.nrows * line,
		.x_line = flat ? LT_LANES : line,
		.dy_sh = stage_floats(&l->dy),
		.dy_ch = (size_t)l->dy.nrows * row,
		.dy_row = row,
		.dy_px = LT_LANES,
		.n_out = l->o,
		.shards = l->sg,
		.rows = l->rows,
		.cols = l->ow};
}

static size_t
sums_floats(const struct lt_engine *x, const struct layer *l)
{
	struct lt_wgrad_job j = sums_job(l);

	return (engine_bf16(x) ? lt_wgrad_bf16_scratch(&j)
			       : lt_wgrad_scratch(l->o, l->fwd.n)) +
	       (size_t)l->o;
}

static size_t
dy_floats(const struct layer *l)
{
	return l->tiles ? tile_dy_floats(l) : stage_floats(&l->dy) * l->sg;
}

/* Of the layer as it is computed now. */
static size_t
scratch_now(const struct lt_engine *x, const struct layer *l)
{
	size_t forward = output_floats(l), backward = 0;

	if (l->wino)
		forward += lt_wino_scratch(l->o, l->c);
	if (!x->opt.eval_only) {
		size_t then = l->wino ? lt_wino_scratch(l->c, l->o) : 0;
		backward = dy_floats(l) + max_size(sums_floats(x, l), then);
	}
	return first_floats(x, l) + max_size(forward, backward) + LT_LANES;
}

size_t
conv_scratch(const struct lt_engine *x, const struct layer *l)
{
	struct layer other = *l; /* under another mask */

	other.tiles = tile_fits(x, l) && !l->tiles;
	return max_size(tile_refresh_floats(l),
		max_size(scratch_now(x, l), scratch_now(x, &other)));
}

/* ---- items --------------------------------------------------------------- */

static int
groups_of(const struct lt_engine *x, const struct layer *l)
{
	return (x->shards + l->sg - 1) / l->sg;
}

static struct item
item_of(const struct lt_engine *x, const struct layer *l, int i, int parts)
{
	int group = i / parts / l->strips;

	return (struct item){group * l->sg,
		min_int(l->sg, x->shards - group * l->sg),
		i / parts % l->strips, i % parts, parts};
}

/* The number of parts of a strip: one for every layer.per groups; in a layer
 * without groups, as many as threads need. */
static int
parts_of(const struct lt_engine *x, const struct layer *l, int strips)
{
	if (l->groups > 1)
		return (l->groups + l->per - 1) / l->per;
	return channel_parts(x, strips, l->o);
}

/* Channels o0 .. o1 - 1 of an item's n, on the layer's one side or other. */
static void
item_channels(
	const struct layer *l, const struct item *t, int n, int *o0, int *o1)
{
	if (l->groups > 1) {
		int each = n / l->groups;
		*o0 = t->part * l->per * each;
		*o1 = min_int(*o0 + l->per * each, n);
		return;
	}
	*o0 = part_begin(t->part, t->parts, n);
	*o1 = part_begin(t->part + 1, t->parts, n);
	if (l->tiles) { /* whole ones; then a part may have none */
		*o0 = *o0 == n ? n : *o0 / LT_TILE * LT_TILE;
		*o1 = *o1 == n ? n : *o1 / LT_TILE * LT_TILE;
	}
}

/* The channels that are staged of n: all of them, or those of an item's groups.
 */
static int
staged_channels(const struct layer *l, const struct item *t, int n, int *c)
{
	int c0 = 0, c1;

	if (l->groups > 1) {
		item_channels(l, t, n, &c0, &c1);
		*c = c1 - c0;
	}
	return c0;
}

/* Where the taps of the strip's first output start, in the staged strip or in
 * the tensor itself; and the distance from shard to shard. */
static const float *
source(const struct lt_engine *x, const struct layer *l, const struct item *t,
	float *scratch, size_t *shard)
{
	int root = l->v.root, row0 = t->strip * l->rows * l->stride;
	struct lt_view view = value_view(x, l->v);
	struct lt_stage s = l->src;
	int c0 = staged_channels(l, t, l->c, &s.c);
	size_t at = (size_t)c0 * l->h * l->w * LT_LANES;

	if (l->direct) {
		*shard = x->step_bytes[root] / sizeof(float);
		at += (size_t)row0 * l->w * LT_LANES;
		return (const float *)(const void *)tensor_at(
			x, root, t->sh0, at);
	}
	*shard = stage_floats(&l->src);
	s.row0 = row0 - l->pad;
	if (view.scale) {
		view.scale += c0;
		view.shift += c0;
	}
	for (int i = 0; i < t->n; i++)
		x->k->stage(scratch + (size_t)i * *shard,
			tensor_at(x, root, t->sh0 + i, at), &s, &view);
	return scratch;
}

/* Channels o0 .. o1 - 1 of one sum over taps; j->dst is o0's place. */
static void
sum_taps(const struct lt_engine *x, const struct layer *l,
	const struct terms *t, struct lt_conv_job *j, int o0, int o1,
	float *scratch)
{
	bool back = t != &l->fwd;

	if (j->bias)
		j->bias += o0;
	j->n_out = o1 - o0;
	if (layer_wino(l)) {
		const struct lt_stage *s = back ? &l->dy : &l->src;
		int c = back ? l->o : l->c;
		size_t ch = (size_t)(l->direct && !back ? l->h : s->nrows) *
			    s->wp * LT_LANES;
		x->k->conv_wino(j,
			(l->u ? l->u : x->u) +
				lt_wino_floats(o0, c), /* of whole blocks */
			c, ch, scratch);
	} else if (l->sparse && t->chain)
		x->k->conv_sparse_bf16(
			j, t->ptr + o0, t->loff, t->lbegins, t->val);
	else if (l->sparse)
		x->k->conv_sparse(j, t->ptr + o0, t->loff, t->val);
	else if (t->chain)
		x->k->conv_dense_bf16(j, t->packed + (size_t)o0 * t->n, t->off,
			t->begins, t->n);
	else
		x->k->conv_dense(
			j, t->packed + (size_t)o0 * t->n, t->off, t->n);
}

/* Transform the weights of all outputs, shared among the threads of a
 * region. */
static void
wino_transform(struct lt_engine *x, const struct layer *l, bool back)
{
	int n = back ? l->c : l->o, c = back ? l->o : l->c;
	size_t row = (size_t)l->c * 9, o_step = back ? 9 : row;

	if (!layer_wino(l) || l->u)
		return;
#pragma omp for schedule(static)
	for (int o = 0; o < n; o += LT_OB)
		x->k->wino_weights(x->u + lt_wino_floats(o, c),
			l->weight + (size_t)o * o_step, min_int(LT_OB, n - o),
			c, o_step, back ? row : 9, back);
}

/* ---- forward --------------------------------------------------------------
 */

/* Drain the strip of one shard into the tensor, and take the batch norm's
 * sums. */
static void
drain_output(const struct lt_engine *x, const struct layer *l, int shard,
	int strip, const struct lt_drain *d, int o0, const float *src)
{
	size_t ch = (size_t)l->oh * l->ow * LT_LANES;
	size_t row = (size_t)strip * l->rows * l->ow * LT_LANES;
	void *y = tensor_at(x, l->node, shard, (size_t)o0 * ch + row);

	if (l->norm < 0 || !x->train) {
		x->k->drain(y, src, d, NULL);
		return;
	}
	const struct norm *b = &x->bn[l->norm];
	const struct lt_node *n = &x->g->node[b->node];
	size_t at = ((size_t)shard * b->strips + strip) * l->o + o0;
	struct lt_bn_sums sums = {
		.k = x->m->w + x->g->param[n->param[2]].offset + o0,
		.live = shard == x->shards - 1 ? x->live : NULL,
		.s1 = b->s1 + at,
		.s2 = b->s2 + at};
	x->k->drain(y, src, d, &sums);
}

static void
forward_item(struct lt_engine *x, struct layer *l, const struct item *t,
	float *scratch)
{
	int rows = min_int(l->rows, l->oh - t->strip * l->rows), o0, o1;
	size_t row = (size_t)l->ow * LT_LANES, ch = row * rows;
	float *out = scratch + first_floats(x, l);
	bool folded = l->norm >= 0 && x->bn[l->norm].folded;

	item_channels(l, t, l->o, &o0, &o1);
	struct lt_conv_job j = {.dst = out,
		.dst_sh = ch * (o1 - o0),
		.dst_ch = ch,
		.dst_row = row,
		.dst_px = LT_LANES,
		.src_row = (size_t)l->stride * l->src.wp * LT_LANES,
		.src_px = (size_t)l->stride * LT_LANES,
		.shards = t->n,
		.rows = rows,
		.cols = l->ow,
		.bias = folded ? l->fold_b : l->bias};
	struct lt_drain d = {.c = o1 - o0,
		.npx = (size_t)rows * l->ow,
		.src_ch = ch,
		.ch = row * l->oh,
		.format = x->format[l->node]};
	if (o0 == o1)
		return;
	if (l->tiles) {
		struct lt_stage s = tile_source(l);
		tile_stage_source(x, l, t, scratch);
		tile_taps(x, &l->fwd, &j, &s, scratch, 0, o0, o1);
	} else {
		j.src = source(x, l, t, scratch, &j.src_sh);
		sum_taps(x, l, &l->fwd, &j, o0, o1, out + output_floats(l));
	}
	for (int i = 0; i < t->n; i++)
		drain_output(
			x, l, t->sh0 + i, t->strip, &d, o0, out + i * j.dst_sh);
}

void
conv_forward(struct lt_engine *x, struct layer *l)
{
	int strips = groups_of(x, l) * l->strips;
	int parts = parts_of(x, l, strips);

	items_begin(x, strips * parts);
#pragma omp parallel num_threads(x->threads) default(none) shared(x, l, parts)
	{
		wino_transform(x, l, false);
		for (int i; (i = items_next(x)) >= 0;) {
			struct item t = item_of(x, l, i, parts);
			forward_item(
				x, l, &t, x->scratch[omp_get_thread_num()]);
		}
	}
}

/* The same for shards sh0 .. sh0 + n - 1, by one thread. */
void
conv_forward_shards(
	struct lt_engine *x, struct layer *l, int sh0, int n, float *scratch)
{
	int parts = l->groups > 1 ? parts_of(x, l, 1) : 1;

	for (int at = 0; at < n; at += l->sg)
		for (int i = 0; i < l->strips * parts; i++) {
			struct item t = {sh0 + at, min_int(l->sg, n - at),
				i / parts, i % parts, parts};
			forward_item(x, l, &t, scratch);
		}
}

/* ---- backward -------------------------------------------------------------
 */

/* Stage the strip's rows of dy from the gradient that the step reads. */
static void
stage_dy(const struct lt_engine *x, const struct layer *l,
	const struct back_step *s, const struct item *t, float *dst)
{
	struct lt_stage st = l->dy;
	int o0 = staged_channels(l, t, l->o, &st.c);
	size_t at = (size_t)o0 * l->oh * l->ow * LT_LANES;

	st.row0 = dy_first(l, t->strip);
	for (int i = 0; i < t->n; i++, dst += stage_floats(&l->dy)) {
		int shard = t->sh0 + i;
		const void *g = buffer_at(x, s->g, l->node, shard, at);
		if (s->lazy) {
			const struct norm *b = &x->bn[s->norm];
			struct lt_bn_back bn = {
				b->a + o0, b->b + o0, b->c0 + o0, b->mean + o0};
			x->k->stage_bn_back(dst, g,
				tensor_at(x, l->node, shard, at), &st, &bn,
				live_at(x, shard));
		} else {
			struct lt_view plain = {NULL, NULL, false};
			x->k->stage(dst, g, &st, &plain);
		}
	}
}

/* The bias's gradient: sums of dy over the strip's pixels.  Zero columns add
 * nothing. */
static void
bias_item(struct lt_engine *x, const struct layer *l, const struct item *t,
	const struct lt_wgrad_job *j, int o0)
{
	struct lt_drain d = {.c = j->n_out,
		.npx = (size_t)j->rows * l->dy.wp,
		.src_ch = j->dy_ch};

	d.npx -= (size_t)l->dy.left; /* dy begins behind them */
	for (int i = 0; i < t->n; i++) {
		size_t at = (size_t)(t->sh0 + i) * l->strips + t->strip;
		struct lt_drain_back b = {.t1 = x->bias_part + at * l->o + o0};
		x->k->drain_back(NULL, j->dy + i * j->dy_sh, &d, &b);
	}
}

/* The outputs of j, from o0 on, of one sum over pixels.  Without lists, groups
 * follow each other: the dense kernels know one group. */
static void
sum_pixels(const struct lt_engine *x, const struct layer *l,
	const struct lt_wgrad_job *j, float *part, int o0, float *acc)
{
	const struct terms *t = l->wgrad;
	struct lt_wgrad_job one = *j;

	if (layer_lists_gradients(x, l)) {
		(engine_bf16(x) ? x->k->wgrad_sparse_bf16 : x->k->wgrad_sparse)(
			part, j, t->ptr + o0, t->loff, acc);
		return;
	}
	if (l->groups > 1) {
		one.n_out = t->gout;
		one.c = l->c / l->groups;
	}
	for (int o = 0; o < j->n_out; o += one.n_out) {
		(engine_bf16(x) ? x->k->wgrad_dense_bf16 : x->k->wgrad_dense)(
			part + (size_t)(o0 + o) * t->n, &one, t->off, t->n,
			acc);
		one.x += t->goff;
		one.dy += (size_t)one.n_out * j->dy_ch;
	}
}

/* Where the units' sums over pixels go, one after the other.  Of a single unit,
 * they are the gradient. */
static float *
unit_sums(const struct lt_engine *x, const struct layer *l)
{
	bool single = groups_of(x, l) * l->strips == 1;

	return single && !layer_lists_gradients(x, l) ? x->grad + l->grad
						      : x->part;
}

/* The gradient of the weights of some outputs over one strip. */
static void
weight_item(struct lt_engine *x, struct layer *l, const struct item *t,
	float *scratch, const float *dy, float *acc)
{
	int h0 = t->strip * l->rows, o0, o1;
	size_t unit = (size_t)(t->sh0 / l->sg) * l->strips + t->strip;
	float *part = unit_sums(x, l) +
		      unit * (layer_lists_gradients(x, l) ? l->kept : l->nw);

	item_channels(l, t, l->o, &o0, &o1);
	struct lt_wgrad_job j = sums_job(l);
	j.n_out = o1 - o0;
	j.shards = t->n;
	j.rows = min_int(l->rows, l->oh - h0);
	if (l->groups > 1)
		staged_channels(l, t, l->c, &j.c);
	j.x = source(x, l, t, scratch, &j.x_sh);
	j.dy = dy + (size_t)(l->groups > 1 ? 0 : o0) * j.dy_ch +
	       (size_t)(h0 - dy_first(l, t->strip)) * j.dy_row +
	       (size_t)l->dy.left * LT_LANES;
	sum_pixels(x, l, &j, part, o0, acc);
	if (l->bias)
		bias_item(x, l, t, &j, o0);
}

/* Rows of the input's gradient, for some channels. */
static void
data_item(struct lt_engine *x, struct layer *l, const struct back_step *s,
	const struct item *t, float *out, const float *dy, float *scratch)
{
	int r0 = t->strip * l->back_rows, st = l->stride, c0, c1;
	int rows = min_int(l->h - r0 * st, l->back_rows * st);
	size_t row = (size_t)l->w * LT_LANES, ch = rows * row;

	item_channels(l, t, l->c / l->flat, &c0, &c1);
	c0 *= l->flat;
	c1 *= l->flat;
	if (rows <= 0 || c0 == c1)
		return;
	size_t first = (size_t)(r0 + l->lo - dy_first(l, t->strip)) * l->dy.wp;
	struct lt_conv_job j = {.dst_sh = ch * (c1 - c0),
		.dst_ch = ch,
		.dst_row = (size_t)st * row,
		.dst_px = (size_t)st * LT_LANES,
		.src = dy + first * LT_LANES,
		.src_sh = stage_floats(&l->dy),
		.src_row = (size_t)l->dy.wp * LT_LANES,
		.src_px = LT_LANES,
		.shards = t->n};
	for (int p = 0; p < st * st; p++) {
		int ph = p / st, pw = p % st;
		j.dst = out + ph * row + (size_t)pw * LT_LANES;
		j.rows = (rows - ph + st - 1) / st;
		j.cols = (l->w - pw + st - 1) / st;
		if (j.rows <= 0 || j.cols <= 0)
			continue;
		if (l->tiles)
			tile_taps(
				x, &l->back[p], &j, &l->dy, dy, first, c0, c1);
		else
			sum_taps(x, l, &l->back[p], &j, c0, c1, scratch);
	}
	struct drain_to to = {l->in, s->dst, s->add, 0, c0 / l->flat,
		(c1 - c0) / l->flat, (size_t)r0 * st * l->w,
		(size_t)rows * l->w * l->flat, ch * l->flat, t->strip,
		l->strips};
	for (int i = 0; i < t->n; i++) {
		to.shard = t->sh0 + i;
		drain_gradient(x, &s->fin, &to, out + i * j.dst_sh);
	}
}

static void
backward_item(struct lt_engine *x, struct layer *l, const struct back_step *s,
	const struct item *t, float *scratch)
{
	float *dy = scratch + first_floats(x, l);
	float *acc = dy + dy_floats(l);

	if (l->tiles) {
		int o0, o1;
		item_channels(l, t, l->o, &o0, &o1);
		tile_stage_dy(x, l, s, t, dy, o0, o1);
		if (s->weights && o0 < o1)
			tile_weights(x, l, t, scratch, dy, o0, o1);
	} else {
		stage_dy(x, l, s, t, dy);
		if (s->weights)
			weight_item(x, l, t, scratch, dy, acc);
	}
	if (s->dst >= 0)
		data_item(x, l, s, t, scratch, dy, acc);
}

/* Sum the gradients of weights first .. end of the list (or of the tensor) over
 * all units and store them; masked ones stay 0, unless they are wanted. */
static void
gather(struct lt_engine *x, const struct layer *l, int units, size_t first,
	size_t end)
{
	bool lists = layer_lists_gradients(x, l);
	size_t stride = lists ? l->kept : l->nw;
	float *part = unit_sums(x, l) + first, *grad = x->grad + l->grad;
	float *sum = lists ? part : grad + first, unscale = x->unscale;

	x->k->tree_sum(sum, part, stride, units, end - first);
	if (lists)
		for (size_t i = first; i < end; i++)
			grad[l->wgrad->lidx[i]] = x->part[i] * unscale;
	else if (l->keep && !x->whole)
		for (size_t i = first; i < end; i++)
			grad[i] = l->keep[i] ? grad[i] * unscale : 0;
	else if (unscale != 1)
		for (size_t i = first; i < end; i++)
			grad[i] *= unscale;
}

/* Sum the bias's gradient over strips, ascending, and then over shards by the
 * tree.
 */
static void
bias_gradient(struct lt_engine *x, struct layer *l)
{
	float *grad = x->grad + l->bias_grad;

	for (int s = 0; s < x->shards; s++) {
		float *b = x->bias_part + (size_t)s * l->strips * l->o;
		for (int i = 1; i < l->strips; i++)
			x->k->sum(b, b, b + (size_t)i * l->o, (size_t)l->o);
	}
	x->k->tree_sum(grad, x->bias_part, (size_t)l->strips * l->o, x->shards,
		(size_t)l->o);
	for (int o = 0; o < l->o; o++)
		grad[o] *= x->unscale;
}

#define GATHER 4096 /* weights an item */

void
conv_backward(struct lt_engine *x, struct layer *l, const struct back_step *s)
{
	int units = groups_of(x, l) * l->strips;
	int parts = parts_of(x, l, units);
	size_t n = l->tiles			 ? tile_part(l)
		   : layer_lists_gradients(x, l) ? l->kept
						 : l->nw;
	int gathers = s->weights ? (int)((n + GATHER - 1) / GATHER) : 0;

	items_begin(x, units * parts);
#pragma omp parallel num_threads(x->threads) default(none) \
	shared(x, l, s, units, parts, n, gathers)
	{
		float *scratch = x->scratch[omp_get_thread_num()];
		if (s->dst >= 0)
			wino_transform(x, l, true);
		for (int i; (i = items_next(x)) >= 0;) {
			struct item t = item_of(x, l, i, parts);
			backward_item(x, l, s, &t, scratch);
		}
#pragma omp barrier
#pragma omp for schedule(static)
		for (int i = 0; i < gathers; i++) {
			size_t end = ((size_t)i + 1) * GATHER;
			(l->tiles ? tile_gather : gather)(x, l, units,
				(size_t)i * GATHER, end < n ? end : n);
		}
	}
	if (s->weights && l->bias)
		bias_gradient(x, l);
}
