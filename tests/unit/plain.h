/* A chain of nodes, node i reading node i - 1, computed plainly in double
 * precision, forward and backward; and how far float32 may be off from it.
 *
 *	struct plain p;
 *	plain_init(&p, graph, images, model.w);
 *	fill p.a[0]; plain_forward(&p); // chooses betas and running means, in w
 *	fill p.da[last]; plain_backward(&p); // p.dw
 *	plain_release(&p);
 */
#ifndef LT_TESTS_PLAIN_H
#define LT_TESTS_PLAIN_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/mem.h"
#include "net/graph.h"

struct plain {
	const struct lt_graph *g;
	int n;
	double *w, *dw;	    /* as lt_model.w */
	double **a, **da;   /* [node][image][channel][row][column] */
	double *mean, *inv; /* of batch norms, where gamma is in w */
};

static size_t
volume(const struct lt_node *n)
{
	return (size_t)n->c * n->h * n->w;
}

static size_t
offset(const struct plain *p, int i, int which)
{
	return p->g->param[p->g->node[i].param[which]].offset;
}

/* One tap over one plane: y += w x, or backward dx += w dy, *dw += x dy. */
static void
tap(const struct lt_node *n, const struct lt_node *in, int r, int s, double w,
	double *dw, const double *x, double *dx, double *y)
{
	double sum = 0;

	for (int i = 0; i < n->h * n->w; i++) {
		int v = i / n->w * n->stride - n->pad + r * n->dilation;
		int u = i % n->w * n->stride - n->pad + s * n->dilation;
		if (v < 0 || v >= in->h || u < 0 || u >= in->w)
			continue;
		if (!dw) {
			y[i] += w * x[v * in->w + u];
			continue;
		}
		sum += y[i] * x[v * in->w + u];
		dx[v * in->w + u] += w * y[i];
	}
	if (dw)
		*dw += sum;
}

static void
conv(struct plain *p, int i, bool back)
{
	const struct lt_node *n = &p->g->node[i], *in = n - 1;
	int cg = in->c / n->groups, og = n->c / n->groups, kk = n->k * n->k;
	size_t at = offset(p, i, 0), vi = volume(in), vo = volume(n);

	for (size_t t = 0; t < (size_t)p->n * n->c * cg * kk; t++) {
		size_t image = t / ((size_t)n->c * cg * kk);
		size_t j = t % ((size_t)n->c * cg * kk);
		int o = (int)j / (cg * kk);
		int c = o / og * cg + (int)j / kk % cg;
		size_t x = image * vi + (size_t)c * in->h * in->w;
		size_t y = image * vo + (size_t)o * n->h * n->w;
		tap(n, in, (int)j % kk / n->k, (int)j % n->k, p->w[at + j],
			back ? &p->dw[at + j] : NULL, p->a[i - 1] + x,
			p->da[i - 1] + x, (back ? p->da : p->a)[i] + y);
	}
}

static void
linear(struct plain *p, int i, bool back)
{
	const struct lt_node *n = &p->g->node[i];
	size_t v = volume(n - 1), at = offset(p, i, 0);

	for (int t = 0; t < p->n * n->c; t++) {
		const double *w = p->w + at + t % n->c * v;
		double *dw = p->dw + at + t % n->c * v;
		const double *x = p->a[i - 1] + t / n->c * v;
		double *dx = p->da[i - 1] + t / n->c * v;
		for (size_t j = 0; j < v && !back; j++)
			p->a[i][t] += w[j] * x[j];
		for (size_t j = 0; j < v && back; j++) {
			dw[j] += p->da[i][t] * x[j];
			dx[j] += p->da[i][t] * w[j];
		}
	}
}

static void
bias(struct plain *p, int i, bool back)
{
	const struct lt_node *n = &p->g->node[i];
	size_t px = (size_t)n->h * n->w, at = offset(p, i, 1);

	for (size_t j = 0; j < p->n * volume(n); j++)
		if (back)
			p->dw[at + j / px % n->c] += p->da[i][j];
		else
			p->a[i][j] += p->w[at + j / px % n->c];
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The middle of the widest gap among values within 1 of 0. */
static double
clear_zero(double *v, size_t n)
{
	double at = 0.5, width = 0;

	qsort(v, n, sizeof *v, ascending);
	for (size_t i = 1; i < n; i++)
		if (v[i - 1] > -1 && v[i] < 1 && v[i] - v[i - 1] > width) {
			width = v[i] - v[i - 1];
			at = v[i - 1] + width / 2;
		}
	return at;
}

/* Batch statistics.  Two parameters are chosen here, for this batch: beta, and
 * the running mean, which the engine's sums of squares start from: as far off
 * as it is while training. */
static void
norm(struct plain *p, int i)
{
	const struct lt_node *n = &p->g->node[i];
	size_t px = (size_t)n->h * n->w, count = px * p->n, v = volume(n);
	double *x = lt_alloc(count, sizeof *x);

	for (int c = 0; c < n->c; c++) {
		double m = 0, q = 0, gamma = p->w[offset(p, i, 0) + c];
		double *beta = &p->w[offset(p, i, 1) + c];
		for (size_t j = 0; j < count; j++) {
			x[j] = p->a[i - 1][j / px * v + c * px + j % px];
			m += x[j] / (double)count;
		}
		for (size_t j = 0; j < count; j++)
			q += (x[j] - m) * (x[j] - m) / (double)count;
		double inv = 1 / sqrt(q + (double)n->eps);
		for (size_t j = 0; j < count; j++)
			x[j] = (x[j] - m) * inv;
		p->w[offset(p, i, 2) + c] =
			(double)(float)(m + (c % 3 - 1) / inv);
		*beta = (double)(float)(-gamma * clear_zero(x, count));
		for (size_t j = 0; j < count; j++) {
			size_t at = j / px * v + c * px + j % px;
			p->a[i][at] =
				(p->a[i - 1][at] - m) * inv * gamma + *beta;
		}
		p->mean[offset(p, i, 0) + c] = m;
		p->inv[offset(p, i, 0) + c] = inv;
	}
	free(x);
}

/* Ioffe & Szegedy 2015, by dL/dmean and dL/dvar. */
static void
norm_back(struct plain *p, int i)
{
	const struct lt_node *n = &p->g->node[i];
	size_t px = (size_t)n->h * n->w, count = px * p->n, v = volume(n);

	for (int c = 0; c < n->c; c++) {
		double m = p->mean[offset(p, i, 0) + c];
		double inv = p->inv[offset(p, i, 0) + c];
		double gamma = p->w[offset(p, i, 0) + c], db = 0, dg = 0;
		for (size_t j = 0; j < count; j++) {
			size_t at = j / px * v + c * px + j % px;
			db += p->da[i][at];
			dg += p->da[i][at] * (p->a[i - 1][at] - m) * inv;
		}
		for (size_t j = 0; j < count; j++) {
			size_t at = j / px * v + c * px + j % px;
			double hat = (p->a[i - 1][at] - m) * inv;
			p->da[i - 1][at] =
				gamma * inv *
				(p->da[i][at] -
					(db + hat * dg) / (double)count);
		}
		p->dw[offset(p, i, 0) + c] = dg;
		p->dw[offset(p, i, 1) + c] = db;
	}
}

static void
pointwise(struct plain *p, int i, bool back)
{
	const struct lt_node *n = &p->g->node[i];
	size_t px = (size_t)n[-1].h * n[-1].w;

	for (size_t j = 0; j < p->n * volume(n - 1); j++) {
		double *x = &p->a[i - 1][j], *dx = &p->da[i - 1][j];
		if (n->op == LT_OP_GAP && back)
			*dx = p->da[i][j / px] / (double)px;
		else if (n->op == LT_OP_GAP)
			p->a[i][j / px] += *x / (double)px;
		else if (back)
			*dx = *x > 0 ? p->da[i][j] : 0;
		else
			p->a[i][j] = *x > 0 ? *x : 0;
	}
}

static void
plain_node(struct plain *p, int i, bool back)
{
	const struct lt_node *n = &p->g->node[i];

	if (n->op == LT_OP_BN && back)
		norm_back(p, i);
	else if (n->op == LT_OP_BN)
		norm(p, i);
	else if (n->op == LT_OP_CONV)
		conv(p, i, back);
	else if (n->op == LT_OP_LINEAR)
		linear(p, i, back);
	else
		pointwise(p, i, back);
	if (n->bias)
		bias(p, i, back);
}

static void
plain_init(struct plain *p, const struct lt_graph *g, int n, const float *w)
{
	*p = (struct plain){.g = g, .n = n};
	p->w = lt_alloc(g->floats, sizeof *p->w);
	p->dw = lt_alloc(g->floats, sizeof *p->dw);
	p->mean = lt_alloc(g->floats, sizeof *p->mean);
	p->inv = lt_alloc(g->floats, sizeof *p->inv);
	p->a = lt_alloc((size_t)g->n, sizeof *p->a);
	p->da = lt_alloc((size_t)g->n, sizeof *p->da);
	for (size_t i = 0; i < g->floats; i++)
		p->w[i] = (double)w[i];
	for (int i = 0; i < g->n; i++) {
		p->a[i] = lt_alloc(n * volume(&g->node[i]), sizeof **p->a);
		p->da[i] = lt_alloc(n * volume(&g->node[i]), sizeof **p->da);
	}
}

static void
plain_release(struct plain *p)
{
	for (int i = 0; i < p->g->n; i++) {
		free(p->a[i]);
		free(p->da[i]);
	}
	free(p->a);
	free(p->da);
	free(p->w);
	free(p->dw);
	free(p->mean);
	free(p->inv);
}

static void
plain_forward(struct plain *p)
{
	for (int i = 1; i < p->g->n; i++)
		plain_node(p, i, false);
}

static void
plain_backward(struct plain *p)
{
	for (int i = p->g->n - 1; i > 0; i--)
		plain_node(p, i, true);
}

/* ---- magnitudes --------------------------------------------------------- */

static double
biggest(const double *v, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs(v[i]));
	return most;
}

/* The largest root of a channel's squares (power 2) or sum of its absolute
 * values (1); [image][channel][px]. */
static double
norm_of(const double *v, int images, int channels, size_t px, int power)
{
	double most = 0;

	for (int c = 0; c < channels; c++) {
		double sum = 0;
		for (size_t j = 0; j < images * px; j++)
			sum += pow(
				fabs(v[(j / px * channels + c) * px + j % px]),
				power);
		most = fmax(most, power == 2 ? sqrt(sum) : sum);
	}
	return most;
}

/* The most that a sum of absolute values in node i comes to; Winograd's
 * transforms need eight bits more. */
static double
bound(const struct plain *p, int i)
{
	const struct lt_node *n = &p->g->node[i], *in = n - 1;
	size_t px = (size_t)n->h * n->w;

	if (n->op != LT_OP_CONV && n->op != LT_OP_LINEAR)
		return 0;
	const struct lt_param *q = &p->g->param[n->param[0]];
	size_t fan = q->count / (size_t)n->c;
	size_t back = n->op == LT_OP_CONV
			      ? (size_t)(n->c / n->groups * n->k * n->k)
			      : (size_t)n->c;
	double x = biggest(p->a[i - 1], p->n * volume(in));
	double dy = biggest(p->da[i], p->n * volume(n));
	double l1 = norm_of(p->w + q->offset, 1, n->c, fan, 1);
	double most = fmax((l1 + 2) * x, (double)back * dy);

	if (n->k == 3 && n->stride == 1)
		most *= 256;
	return fmax(most, x * norm_of(p->da[i], p->n, n->c, px, 1));
}

/* The largest |mean / deviation| (which 0) or |gamma / deviation| (1). */
static double
steepest(const struct plain *p, int i, int which)
{
	size_t at = offset(p, i, 0);
	double most = 0;

	for (int c = 0; c < p->g->node[i].c; c++)
		most = fmax(most, fabs((which ? p->w : p->mean)[at + c] *
					  p->inv[at + c]));
	return most;
}

/* How rounding in a batch's values grows where batch norms take off a mean. */
static double
cancellation(const struct plain *p)
{
	double all = 1;

	for (int i = 1; i < p->g->n; i++)
		if (p->g->node[i].op == LT_OP_BN)
			all *= 1 + steepest(p, i, 0);
	return all;
}

/* The largest norm of a channel that node i reads; of a global average, before
 * values cancel in it. */
static double
reach(const struct plain *p, int i)
{
	const struct lt_node *n = &p->g->node[i - 1];
	bool gap = n->op == LT_OP_GAP;
	size_t px = gap ? (size_t)n[-1].h * n[-1].w : (size_t)n->h * n->w;
	double all = norm_of(p->a[gap ? i - 2 : i - 1], p->n, n->c, px, 2);

	return gap ? all / sqrt((double)px) : all;
}

/* The same of the gradient, before batch norms take most of it away: e at node
 * i, roughly what this is at node i - 1. */
static double
passed(const struct plain *p, int i, double e)
{
	const struct lt_node *n = &p->g->node[i];

	if (n->op == LT_OP_GAP)
		return e / sqrt((double)n[-1].h * n[-1].w);
	if (n->op == LT_OP_RELU)
		return e;
	if (n->op == LT_OP_BN)
		return e * steepest(p, i, 1);
	const struct lt_param *q = &p->g->param[n->param[0]];
	return e * norm_of(p->w + q->offset, 1, 1, q->count, 2) /
	       sqrt((double)n[-1].c);
}

#endif
