/* Any network evaluated naively in double precision, forward, as in training:
 *
 *	struct ref r = {graph, w, a, n}; // all the caller's, a[0] filled
 *	sum = ref_run(&r, cost);
 */
#ifndef LT_TESTS_REF_H
#define LT_TESTS_REF_H

#include <math.h>
#include <string.h>
#include "base/rng.h"
#include "net/graph.h"

/* Of dropout. */
#define REF_SEED 7
#define REF_ITERATION 5

struct ref {
	const struct lt_graph *g;
	double *w;  /* as lt_model.w */
	double **a; /* [node][n][c*h*w] */
	int n;
	const bool *still; /* [node] batch norms that use running statistics, or
			      NULL */
};

static size_t
volume(const struct lt_node *n)
{
	return (size_t)n->c * n->h * n->w;
}

static const double *
weights(const struct ref *r, const struct lt_node *n, int which)
{
	return r->w + r->g->param[n->param[which]].offset;
}

/* Sum over the taps of output o at row y and column x, one group's channels. */
static double
ref_taps(const struct lt_node *n, const struct lt_node *in, const double *w,
	const double *src, int y, int x)
{
	double s = 0;

	for (int c = 0; c < in->c / n->groups; c++)
		for (int i = 0; i < n->k; i++)
			for (int j = 0; j < n->k; j++, w++) {
				int v = y * n->stride - n->pad +
					i * n->dilation;
				int u = x * n->stride - n->pad +
					j * n->dilation;
				if (v >= 0 && v < in->h && u >= 0 && u < in->w)
					s += *w *
					     src[(c * in->h + v) * in->w + u];
			}
	return s;
}

static void
ref_conv(const struct ref *r, const struct lt_node *n, const struct lt_node *in,
	const double *src, double *dst)
{
	int cg = in->c / n->groups, og = n->c / n->groups;

	for (int o = 0; o < n->c; o++) {
		const double *w = weights(r, n, 0) + o * cg * n->k * n->k;
		const double *from = src + o / og * cg * in->h * in->w;
		double bias = n->bias ? weights(r, n, 1)[o] : 0;
		for (int y = 0; y < n->h; y++)
			for (int x = 0; x < n->w; x++)
				*dst++ = bias + ref_taps(n, in, w, from, y, x);
	}
}

static void
ref_pool(const struct lt_node *n, const struct lt_node *in, const double *src,
	double *dst)
{
	bool gap = n->op == LT_OP_GAP, max = n->op == LT_OP_MAXPOOL;
	int kh = gap ? in->h : n->k, kw = gap ? in->w : n->k;

	for (int c = 0; c < n->c; c++)
		for (int y = 0; y < n->h; y++)
			for (int x = 0; x < n->w; x++) {
				double s = max ? -INFINITY : 0;
				for (int i = 0; i < kh * kw; i++) {
					int v = y * n->stride - n->pad + i / kw;
					int u = x * n->stride - n->pad + i % kw;
					if (gap)
						v = i / kw, u = i % kw;
					if (v < 0 || v >= in->h || u < 0 ||
						u >= in->w)
						continue;
					double e = src[(c * in->h + v) * in->w +
						       u];
					s = !max ? s + e : e > s ? e : s;
				}
				*dst++ = max ? s : s / (kh * kw);
			}
}

/* mean and var of the batch, and the running ones after it. */
static void
ref_bn(const struct ref *r, const struct lt_node *n, const double *src,
	double *dst, double *mean_out, double *var_out)
{
	size_t px = (size_t)n->h * n->w, v = volume(n);
	double count = (double)(px * r->n);

	for (int c = 0; c < n->c; c++) {
		double m = 0, q = 0;
		for (size_t i = 0; i < px * r->n; i++)
			m += src[i / px * v + c * px + i % px];
		m /= count;
		for (size_t i = 0; i < px * r->n; i++)
			q += pow(src[i / px * v + c * px + i % px] - m, 2);
		q /= count;
		if (r->still && r->still[n - r->g->node]) {
			m = weights(r, n, 2)[c];
			q = weights(r, n, 3)[c];
		}
		for (size_t i = 0; i < px * r->n; i++) {
			size_t at = i / px * v + c * px + i % px;
			dst[at] = (src[at] - m) / sqrt(q + n->eps);
			if (!n->plain)
				dst[at] = dst[at] * weights(r, n, 0)[c] +
					  weights(r, n, 1)[c];
		}
		mean_out[c] = m;
		var_out[c] = q * count / (count - 1);
	}
}

static void
ref_dropout(const struct ref *r, int node, int image, const double *src,
	double *dst)
{
	const struct lt_node *n = &r->g->node[node];
	struct lt_rng g;

	lt_rng_init(&g, REF_SEED, LT_STREAM_DROPOUT, REF_ITERATION,
		(uint64_t)node << 32 | (uint64_t)image);
	for (size_t i = 0; i < volume(n); i++)
		dst[i] = lt_rng_f32(&g) < n->rate ? 0 : src[i] / (1 - n->rate);
}

static void
ref_dropconnect(const struct ref *r, int node, int image, const double *src,
	double *dst)
{
	const struct lt_node *n = &r->g->node[node];
	struct lt_rng g;

	lt_rng_init(&g, REF_SEED, LT_STREAM_DROPOUT, REF_ITERATION,
		(uint64_t)node << 32 | (uint64_t)image);
	bool drop = lt_rng_f32(&g) < n->rate;
	for (size_t i = 0; i < volume(n); i++)
		dst[i] = drop ? 0 : src[i] / (1 - n->rate);
}

static void
ref_adaptpool(const struct lt_node *n, const struct lt_node *in,
	const double *src, double *dst)
{
	for (int c = 0; c < n->c; c++, src += in->h * in->w)
		for (int o = 0; o < n->k * n->k; o++) {
			int y = o / n->k, x = o % n->k;
			double s = 0;
			int count = 0;
			for (int i = 0; i < in->h * in->w; i++) {
				int v = i / in->w, u = i % in->w;
				/* windows meet in what is not whole */
				if (v * n->k > y * in->h - n->k &&
					v * n->k < (y + 1) * in->h &&
					u * n->k > x * in->w - n->k &&
					u * n->k < (x + 1) * in->w) {
					s += src[i];
					count++;
				}
			}
			*dst++ = s / count;
		}
}

static void
ref_groupnorm(const struct ref *r, const struct lt_node *n, const double *src,
	double *dst)
{
	size_t size = volume(n) / n->groups, px = (size_t)n->h * n->w;

	for (size_t at = 0; at < volume(n); at += size) {
		double m = 0, q = 0;
		for (size_t i = at; i < at + size; i++)
			m += src[i] / size;
		for (size_t i = at; i < at + size; i++)
			q += pow(src[i] - m, 2) / size;
		for (size_t i = at; i < at + size; i++) {
			dst[i] = (src[i] - m) / sqrt(q + n->eps);
			if (!n->plain)
				dst[i] = dst[i] * weights(r, n, 0)[i / px] +
					 weights(r, n, 1)[i / px];
		}
	}
}

/* A function of one value. */
static double
ref_curve(const struct lt_node *n, double x)
{
	switch (n->op) {
	case LT_OP_RELU:
		return x > 0 ? x : 0;
	case LT_OP_SIGMOID:
		return 1 / (1 + exp(-x));
	case LT_OP_SILU:
		return x / (1 + exp(-x));
	case LT_OP_RELU6:
		return x < 0 ? 0 : x > 6 ? 6 : x;
	case LT_OP_LEAKYRELU:
		return x > 0 ? x : x * (double)n->slope;
	case LT_OP_GELU:
		return x * erfc(-x / sqrt(2)) / 2;
	case LT_OP_TANH:
		return tanh(x);
	case LT_OP_HARDSWISH:
		return x * (x < -3 ? 0 : x > 3 ? 1 : (x + 3) / 6);
	default:
		return NAN;
	}
}

static void
ref_simple(const struct ref *r, int node, int image)
{
	const struct lt_node *n = &r->g->node[node];
	const struct lt_node *in = &r->g->node[n->in[0]];
	size_t vi = volume(in), vo = volume(n), at = 0;
	const double *src = r->a[n->in[0]] + image * vi;
	double *dst = r->a[node] + image * vo;

	switch (n->op) {
	case LT_OP_CONV:
		ref_conv(r, n, in, src, dst);
		break;
	case LT_OP_LINEAR:
		for (int o = 0; o < n->c; o++) {
			dst[o] = n->bias ? weights(r, n, 1)[o] : 0;
			for (size_t i = 0; i < vi; i++)
				dst[o] += weights(r, n, 0)[o * vi + i] * src[i];
		}
		break;
	case LT_OP_RELU:
	case LT_OP_SIGMOID:
	case LT_OP_SILU:
	case LT_OP_RELU6:
	case LT_OP_LEAKYRELU:
	case LT_OP_GELU:
	case LT_OP_TANH:
	case LT_OP_HARDSWISH:
		for (size_t i = 0; i < vo; i++)
			dst[i] = ref_curve(n, src[i]);
		break;
	case LT_OP_GROUPNORM:
		ref_groupnorm(r, n, src, dst);
		break;
	case LT_OP_ADD:
		for (size_t i = 0; i < vo; i++)
			dst[i] = src[i] + r->a[n->in[1]][image * vo + i];
		break;
	case LT_OP_CONCAT:
		for (int j = 0; j < n->nin; j++) {
			size_t v = volume(&r->g->node[n->in[j]]);
			memcpy(dst + at, r->a[n->in[j]] + image * v,
				v * sizeof *dst);
			at += v;
		}
		break;
	case LT_OP_PADCH:
		memset(dst, 0, vo * sizeof *dst);
		for (int c = 0; c < in->c; c++)
			for (int i = 0; i < n->h * n->w; i++)
				dst[((n->c - in->c) / 2 + c) * n->h * n->w +
					i] =
					src[(c * in->h + i / n->w * n->stride) *
							in->w +
						i % n->w * n->stride];
		break;
	case LT_OP_MUL: {
		const struct lt_node *b = &r->g->node[n->in[1]];
		size_t per = vo / volume(b);
		for (size_t i = 0; i < vo; i++)
			dst[i] = src[i] *
				 r->a[n->in[1]][image * volume(b) + i / per];
		break;
	}
	case LT_OP_DROPCONNECT:
		ref_dropconnect(r, node, image, src, dst);
		break;
	case LT_OP_ADAPTPOOL:
		ref_adaptpool(n, in, src, dst);
		break;
	case LT_OP_DROPOUT:
		ref_dropout(r, node, image, src, dst);
		break;
	default:
		ref_pool(n, in, src, dst);
	}
}

static double ref_stats[2][64][64]; /* mean, var by node and channel */

/* Sum of r_i times logit i, all images; the nodes before first are as they
 * were computed last. */
static double
ref_from(const struct ref *r, const double *cost, int first)
{
	double sum = 0;
	size_t classes = (size_t)r->g->node[r->g->output].c;

	for (int i = first; i < r->g->n; i++) {
		const struct lt_node *n = &r->g->node[i];
		if (n->unused)
			continue;
		if (n->op == LT_OP_BN)
			ref_bn(r, n, r->a[n->in[0]], r->a[i], ref_stats[0][i],
				ref_stats[1][i]);
		else
			for (int j = 0; j < r->n; j++)
				ref_simple(r, i, j);
	}
	for (size_t i = 0; i < classes * r->n; i++)
		sum += cost[i] * r->a[r->g->output][i];
	return sum;
}

static double
ref_run(const struct ref *r, const double *cost)
{
	return ref_from(r, cost, 1);
}

#endif
