/* Every operator but convolution and linear, forward and backward, and the
 * finishing of gradients. */
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

static void
norm_standalone_sums(struct lt_exec *x, struct norm *b)
{
	const struct lt_node *n = &x->g->node[b->node];
	size_t px = (size_t)n->h * n->w;
	const float *k = norm_param(x, b, 2);

#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, b, n, px, k)
	for (int s = 0; s < x->shards; s++)
		x->k->bn_sums(b->s1 + (size_t)s * n->c,
			b->s2 + (size_t)s * n->c,
			x->tensor[b->in] + (size_t)s * n->c * px * LT_LANES,
			px * LT_LANES, n->c, px, k, live_at(x, s));
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
		norm_standalone_sums(x, b);
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

static void
norm_eval(struct lt_exec *x, struct norm *b)
{
	const float *mean = norm_param(x, b, 2), *var = norm_param(x, b, 3);

	for (int c = 0; c < x->g->node[b->node].c; c++)
		norm_view(x, b, c, (double)mean[c], (double)var[c]);
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
		dbeta[c] = (float)t1;
		dgamma[c] = (float)(t2 * inv);
		b->a[c] = (float)a;
		b->b[c] = (float)(-a * inv * inv * t2 / count);
		b->c0[c] = (float)(-a * t1 / count);
	}
}

/* dy where it cannot be made on staging: written out, with what was there. */
static void
norm_explicit(struct lt_exec *x, const struct back_step *s, int shard)
{
	const struct norm *b = &x->bn[s->norm];
	const struct lt_node *n = &x->g->node[b->node];
	size_t floats = node_floats(x, b->node);
	struct lt_stage st = {n->c, n->h, n->w, 0, n->h, 0, n->w};
	struct lt_bn_back bn = {b->a, b->b, b->c0, b->mean};
	float *dst = buffer_at(x, s->dst, floats, shard);
	float *tmp = s->add < 0 ? dst : x->part + (size_t)shard * floats;

	x->k->stage_bn_back(tmp, buffer_at(x, s->g, floats, shard),
		x->tensor[b->in] + (size_t)shard * floats, &st, &bn,
		live_at(x, shard));
	if (s->add >= 0)
		x->k->sum(
			dst, tmp, buffer_at(x, s->add, floats, shard), floats);
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
	size_t px = node_floats(x, node) / LT_LANES;
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

/* Channels of each input one after the other. */
static void
concat_forward(struct lt_exec *x, int node, int shard, float *dst)
{
	const struct lt_node *n = &x->g->node[node];
	size_t ch = (size_t)n->h * n->w * LT_LANES;

	for (int j = 0; j < n->nin; j++) {
		struct lt_view v = value_view(x, x->value[n->in[j]]);
		int c = x->g->node[n->in[j]].c;
		x->k->apply(dst, ch, value_at(x, x->value[n->in[j]], shard), ch,
			c, (size_t)n->h * n->w, &v);
		dst += (size_t)c * ch;
	}
}

/* Zero channels on both sides of every stride-th pixel. */
static void
padch_forward(struct lt_exec *x, int node, int shard, float *dst)
{
	const struct lt_node *n = &x->g->node[node];
	struct lt_view v = value_view(x, x->value[n->in[0]]);
	struct lt_pool p = pool_of(x, node);
	size_t before = (size_t)(n->c - p.c) / 2;
	size_t ch = (size_t)n->h * n->w * LT_LANES;

	memset(dst, 0, node_floats(x, node) * sizeof *dst);
	x->k->subsample(dst + before * ch,
		value_at(x, x->value[n->in[0]], shard), &p, &v);
}

/* A bn or relu whose reader needs a plain tensor, and dropout's input. */
static void
copy_forward(struct lt_exec *x, int node, int shard, float *dst)
{
	const struct lt_node *n = &x->g->node[node];
	struct value v = x->value[n->in[0]];
	size_t px = (size_t)n->h * n->w;

	if (n->op == LT_OP_BN)
		v.bn = x->bn_of[node];
	if (n->op == LT_OP_RELU)
		v.relu = true;
	struct lt_view view = value_view(x, v);
	x->k->apply(dst, px * LT_LANES, value_at(x, v, shard), px * LT_LANES,
		n->c, px, &view);
}

static void
shard_forward(struct lt_exec *x, int node, int shard)
{
	const struct lt_node *n = &x->g->node[node];
	size_t floats = node_floats(x, node);
	float *dst = x->tensor[node] + (size_t)shard * floats;
	struct lt_pool p = pool_of(x, node);
	struct value a = x->value[n->in[0]], b = x->value[n->in[n->nin - 1]];
	struct lt_view va = value_view(x, a), vb = value_view(x, b);
	const float *src = value_at(x, a, shard);

	switch (n->op) {
	case LT_OP_ADD:
		x->k->add(dst, src, value_at(x, b, shard),
			(size_t)n->h * n->w * LT_LANES, n->c,
			(size_t)n->h * n->w, &va, &vb, x->relu_after[node]);
		break;
	case LT_OP_MAXPOOL:
		x->k->maxpool(dst, src, &p, &va);
		break;
	case LT_OP_AVGPOOL:
	case LT_OP_GAP:
		x->k->avgpool(dst, src, &p, &va);
		break;
	case LT_OP_CONCAT:
		concat_forward(x, node, shard, dst);
		break;
	case LT_OP_PADCH:
		padch_forward(x, node, shard, dst);
		break;
	case LT_OP_BN:
	case LT_OP_RELU:
		copy_forward(x, node, shard, dst);
		break;
	case LT_OP_DROPOUT:
		copy_forward(x, node, shard, dst);
		if (x->train && n->rate > 0) {
			dropout_factors(x, node, shard);
			x->k->mul(dst, dst,
				x->drop[node] + (size_t)shard * floats, floats);
		}
		break;
	default:
		LT_BUG_ON(n->op != LT_OP_INPUT);
	}
}

void
node_forward(struct lt_exec *x, int node)
{
	int bn = x->bn_of[node];

	if (bn >= 0 && x->train)
		norm_train(x, &x->bn[bn]);
	else if (bn >= 0)
		norm_eval(x, &x->bn[bn]);
	if (!x->stored[node])
		return;
#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, node)
	for (int s = 0; s < x->shards; s++)
		shard_forward(x, node, s);
}

/* ---- backward ----------------------------------------------------------- */

void
finish_rows(struct lt_exec *x, const struct finish *f, float *g, int shard,
	int row0, int nrows, int strip, int strips)
{
	if (f->mask >= 0) {
		const struct lt_node *n = &x->g->node[f->mask];
		struct lt_view v = value_view(x, f->mask_v);
		size_t ch = (size_t)n->h * n->w * LT_LANES;
		size_t at = (size_t)row0 * n->w * LT_LANES;
		/* A stored value is looked at as it is. */
		x->k->relu_back(g + at, value_at(x, f->mask_v, shard) + at, ch,
			n->c, (size_t)nrows * n->w, &v);
	}
	for (int i = 0; i < f->nsums; i++) {
		const struct norm *b = &x->bn[f->sums[i]];
		const struct lt_node *n = &x->g->node[b->node];
		size_t ch = (size_t)n->h * n->w * LT_LANES;
		size_t at = (size_t)row0 * n->w * LT_LANES;
		size_t to = ((size_t)shard * strips + strip) * n->c;
		x->k->bn_back_sums(b->t1 + to, b->t2 + to, g + at,
			x->tensor[b->in] + (size_t)shard * n->c * ch + at, ch,
			n->c, (size_t)nrows * n->w, b->mean);
	}
}

/* The share of one input of a node that is no layer: dx += f(g). */
static void
pool_backward(struct lt_exec *x, const struct back_step *s, float *dx,
	const float *g, int shard)
{
	const struct lt_node *n = &x->g->node[s->node];
	struct lt_pool p = pool_of(x, s->node);
	struct lt_view v = value_view(x, x->value[n->in[0]]);

	if (n->op == LT_OP_MAXPOOL)
		x->k->maxpool_back(
			dx, g, value_at(x, x->value[n->in[0]], shard), &p, &v);
	else if (n->op == LT_OP_PADCH)
		x->k->subsample_back(dx,
			g + (size_t)(n->c - p.c) / 2 * n->h * n->w * LT_LANES,
			&p);
	else
		x->k->avgpool_back(dx, g, &p);
}

static void
slice_backward(struct lt_exec *x, const struct back_step *s, float *dx,
	const float *g, size_t floats)
{
	const struct lt_node *n = &x->g->node[s->node];

	for (int j = 0; j < s->input; j++)
		g += node_floats(x, n->in[j]);
	x->k->sum(dx, dx, g, floats);
}

static void
shard_backward(struct lt_exec *x, const struct back_step *s, int shard)
{
	const struct lt_node *n = &x->g->node[s->node];
	size_t floats = node_floats(x, s->node);
	const float *g = buffer_at(x, s->g, floats, shard);

	if (s->kind == BACK_FINISH) {
		finish_rows(x, &s->fin, buffer_at(x, s->g, floats, shard),
			shard, 0, n->h, 0, 1);
		return;
	}
	if (s->kind == BACK_COPY || s->kind == BACK_SUM) {
		float *dst = buffer_at(x, s->dst, floats, shard);
		if (s->kind == BACK_COPY)
			memcpy(dst, g, floats * sizeof *dst);
		else
			x->k->sum(dst, buffer_at(x, s->add, floats, shard), g,
				floats);
		return;
	}
	size_t in = node_floats(x, n->in[s->input]);
	float *dx = buffer_at(x, s->dst, in, shard);
	if (s->kind == BACK_SCALE) {
		float *t = x->part + (size_t)shard * floats;
		x->k->mul(t, g, x->drop[s->node] + (size_t)shard * floats,
			floats);
		g = t;
	}
	if (s->add < 0)
		memset(dx, 0, in * sizeof *dx);
	else if (s->add != s->dst)
		memcpy(dx, buffer_at(x, s->add, in, shard), in * sizeof *dx);
	if (s->kind == BACK_POOL)
		pool_backward(x, s, dx, g, shard);
	else if (s->kind == BACK_SCALE)
		x->k->sum(dx, dx, g, floats);
	else
		slice_backward(x, s, dx, g, in);
}

void
step_backward(struct lt_exec *x, const struct back_step *s)
{
	if (s->kind == BACK_NORM) {
		norm_backward(x, s);
		if (s->dst < 0)
			return;
	}
#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, s)
	for (int i = 0; i < x->shards; i++) {
		if (s->kind == BACK_NORM)
			norm_explicit(x, s, i);
		else
			shard_backward(x, s, i);
	}
}
