/* Operators that read windows of their input, in double precision. */
#include <math.h>
#include <string.h>
#include "exact/exact_row.h"

static int
over(int a, int b)
{
	return (a + b - 1) / b;
}

/* K x K pixels, cut to the plane. */
static void
square(const struct lt_node *n, const struct lt_node *in, int k, int y, int x,
	struct window *v)
{
	v->h0 = y * n->stride - n->pad;
	v->w0 = x * n->stride - n->pad;
	v->h1 = v->h0 + k < in->h ? v->h0 + k : in->h;
	v->w1 = v->w0 + k < in->w ? v->w0 + k : in->w;
	v->h0 = v->h0 > 0 ? v->h0 : 0;
	v->w0 = v->w0 > 0 ? v->w0 : 0;
}

static void
max_window(const struct lt_node *n, const struct lt_node *in, int y, int x,
	struct window *v)
{
	square(n, in, n->k, y, x, v);
}

/* Padding counts. */
static void
avg_window(const struct lt_node *n, const struct lt_node *in, int y, int x,
	struct window *v)
{
	square(n, in, n->k, y, x, v);
	v->share = 1.0 / (n->k * n->k);
}

static void
pixel_window(const struct lt_node *n, const struct lt_node *in, int y, int x,
	struct window *v)
{
	square(n, in, 1, y, x, v);
	v->share = 1;
}

static void
plane_window(const struct lt_node *n, const struct lt_node *in, int y, int x,
	struct window *v)
{
	(void)n, (void)y, (void)x;
	v->share = 1.0 / (in->h * in->w);
}

static void
adapt_window(const struct lt_node *n, const struct lt_node *in, int y, int x,
	struct window *v)
{
	v->h0 = y * in->h / n->k;
	v->h1 = over((y + 1) * in->h, n->k);
	v->w0 = x * in->w / n->k;
	v->w1 = over((x + 1) * in->w, n->k);
	v->share = 1.0 / ((v->h1 - v->h0) * (v->w1 - v->w0));
}

static struct window
window_of(const struct pass *p, size_t i)
{
	const struct lt_node *n = p->n, *in = &p->x->g->node[n->in[0]];
	int x = (int)(i % (size_t)n->w), y = (int)(i / (size_t)n->w);
	size_t image = i / (size_t)(n->h * n->w);
	struct window v = {
		0, in->h, 0, in->w, in->w, 1, image * (size_t)(in->h * in->w)};

	p->row->window(n, in, y % n->h, x, &v);
	return v;
}

static size_t
pixel(const struct window *v, int h, int w)
{
	return v->base + (size_t)h * (size_t)v->w + (size_t)w;
}

static bool
beats(double a, double b)
{
	return a > b || (isnan(a) && !isnan(b));
}

/* The maximum is the first of the greatest values, as in PyTorch, or the first
 * NaN. */
static size_t
greatest(const struct window *v, const double *in)
{
	size_t best = pixel(v, v->h0, v->w0);

	for (int h = v->h0; h < v->h1; h++)
		for (int w = v->w0; w < v->w1; w++)
			if (beats(in[pixel(v, h, w)], in[best]))
				best = pixel(v, h, w);
	return best;
}

static size_t
maximum(const struct pass *p, const double *in, size_t i)
{
	struct window v = window_of(p, i);

	return p->held ? p->held[i] : greatest(&v, in);
}

static void
maxpool(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (size_t i = 0; i < p->px; i++)
		p->y[i] = in[maximum(p, in, i)];
}

static void
maxpool_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c);

	for (size_t i = 0; dx && i < p->px; i++)
		dx[maximum(p, in, i)] += p->dy[i];
}

static void
maxpool_hold(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (size_t i = 0; i < p->px; i++) {
		struct window v = window_of(p, i);
		p->held[i] = (uint32_t)greatest(&v, in);
	}
}

/* Channel from of the input. */
static void
mean(const struct pass *p, int from)
{
	const double *in = plane(p, p->x->a, 0, from);

	for (size_t i = 0; i < p->px; i++) {
		struct window v = window_of(p, i);
		p->y[i] = 0;
		for (int h = v.h0; h < v.h1; h++)
			for (int w = v.w0; w < v.w1; w++)
				p->y[i] += in[pixel(&v, h, w)];
		p->y[i] *= v.share;
	}
}

static void
mean_back(const struct pass *p, int from)
{
	double *dx = plane(p, p->x->d, 0, from);

	for (size_t i = 0; dx && i < p->px; i++) {
		struct window v = window_of(p, i);
		for (int h = v.h0; h < v.h1; h++)
			for (int w = v.w0; w < v.w1; w++)
				dx[pixel(&v, h, w)] += p->dy[i] * v.share;
	}
}

static void
avgpool(const struct pass *p)
{
	mean(p, p->c);
}

static void
avgpool_back(const struct pass *p)
{
	mean_back(p, p->c);
}

/* The input's channel, which may be none. */
static int
padded_channel(const struct pass *p)
{
	int in = p->x->g->node[p->n->in[0]].c, c = p->c - (p->n->c - in) / 2;

	return c < in ? c : -1;
}

static void
padch(const struct pass *p)
{
	int c = padded_channel(p);

	if (c >= 0)
		mean(p, c);
	else
		memset(p->y, 0, p->px * sizeof *p->y);
}

static void
padch_back(const struct pass *p)
{
	int c = padded_channel(p);

	if (c >= 0)
		mean_back(p, c);
}

#define MEAN(name) .forward = avgpool, .back = avgpool_back, .window = name

const struct exact_row exact_MAXPOOL = {
	PASS(maxpool), .hold = maxpool_hold, .window = max_window};
const struct exact_row exact_AVGPOOL = {MEAN(avg_window)};
const struct exact_row exact_GAP = {MEAN(plane_window)};
const struct exact_row exact_ADAPTPOOL = {MEAN(adapt_window)};
const struct exact_row exact_PADCH = {PASS(padch), .window = pixel_window};
