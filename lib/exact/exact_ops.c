/* The operators in double precision, channel by channel, with the table of rows
 * at the end.  Layers are in exact_conv.c.  Backward functions add to the
 * gradients that are there already. */
#include <math.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "exact/exact_int.h"

struct row;

/* The computation of one channel of a node. */
struct pass {
	struct lt_exact *x;
	const struct row *row;
	const struct lt_node *n;
	int node, c; /* c: of the node's own channels */
	size_t px;   /* of all images, of the node */
	double *y, *dy;
	uint32_t *held; /* NULL: choose */
};

typedef void pass_fn(const struct pass *p);

/* The pixels of its input that an output pixel reads: rows h0 to h1 - 1 and
 * columns w0 to w1 - 1 of the image that begins at base. */
struct window {
	int h0, h1, w0, w1, w;
	double share; /* of each value in a mean */
	size_t base;
};

/* How an operator is computed. */
struct row {
	pass_fn *forward, *back; /* a channel */
	pass_fn *hold; /* writes p->held; NULL: the function has no kinks */
	/* NULL, or instead of these: the node, by threads of its own. */
	void (*whole)(struct lt_exact *x, int node);
	void (*whole_back)(struct lt_exact *x, int node);
	/* For a function of one value: the number of the piece on which x lies,
	 * if it has kinks; y; and what dy adds to dx. */
	uint32_t (*piece)(double x);
	double (*value)(const struct lt_node *n, double x, uint32_t piece);
	double (*chain)(const struct lt_node *n, double dy, double x, double y,
		uint32_t piece);
	/* For an operator that reads windows: cuts v, which is the whole plane,
	 * to the window of row y and column x. */
	void (*window)(const struct lt_node *n, const struct lt_node *in, int y,
		int x, struct window *v);
	bool alone; /* one thread computes it, because a channel may be read
		       twice */
};

static double *
plane(const struct pass *p, double **v, int input, int c)
{
	int in = p->n->in[input];

	return v[in] ? v[in] + (size_t)c * lt_exact_plane(p->x, in) : NULL;
}

static size_t
pixels(const struct pass *p, int node)
{
	const struct lt_node *n = &p->x->g->node[node];

	return (size_t)p->x->n * (size_t)n->h * (size_t)n->w;
}

/* Copy the input: for dropout, and as a part of other operators. */
static void
copy(const struct pass *p)
{
	memcpy(p->y, plane(p, p->x->a, 0, p->c), p->px * sizeof *p->y);
}

static void
add_to(double *dx, const double *dy, size_t n)
{
	for (size_t i = 0; dx && i < n; i++)
		dx[i] += dy[i];
}

static void
copy_back(const struct pass *p)
{
	add_to(plane(p, p->x->d, 0, p->c), p->dy, p->px);
}

/* ---- batch norm (Ioffe & Szegedy 2015) ----------------------------------- */

static double *
norm_param(const struct pass *p, double *w, int which)
{
	return w + p->x->g->param[p->n->param[which]].offset + p->c;
}

/* The channel's scale (0) or shift (1). */
static double
scale_of(const struct pass *p, int which)
{
	return p->n->plain ? which == 0 : *norm_param(p, p->x->w, which);
}

static void
norm(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *w = p->x->w, mean = 0, var = 0;

	for (size_t i = 0; p->x->train && i < p->px; i++)
		mean += in[i];
	mean /= (double)p->px;
	for (size_t i = 0; p->x->train && i < p->px; i++)
		var += (in[i] - mean) * (in[i] - mean);
	var /= (double)p->px;
	if (!p->x->train) {
		mean = *norm_param(p, w, 2);
		var = *norm_param(p, w, 3);
	}
	double inv = 1 / sqrt(var + (double)p->n->eps);
	for (size_t i = 0; i < p->px; i++)
		p->y[i] =
			(in[i] - mean) * inv * scale_of(p, 0) + scale_of(p, 1);
	*norm_param(p, p->x->mean, 2) = mean;
	*norm_param(p, p->x->inv, 2) = inv;
}

static void
norm_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c);
	double mean = *norm_param(p, p->x->mean, 2), dbeta = 0, dgamma = 0;
	double inv = *norm_param(p, p->x->inv, 2);
	double by = scale_of(p, 0) * inv;
	double count = (double)p->px;

	for (size_t i = 0; i < p->px; i++) {
		dbeta += p->dy[i];
		dgamma += p->dy[i] * (in[i] - mean) * inv;
	}
	if (!p->n->plain) {
		*norm_param(p, p->x->dw, 0) = dgamma;
		*norm_param(p, p->x->dw, 1) = dbeta;
	}
	if (!p->x->train)
		dbeta = dgamma = 0;
	for (size_t i = 0; dx && i < p->px; i++)
		dx[i] += by * (p->dy[i] - dbeta / count -
				      (in[i] - mean) * inv * dgamma / count);
}

/* ---- group norm (Wu & He 2018) ------------------------------------------- */

/* The group of one image that channel p->c belongs to: its channels of the
 * input, and what they have in common. */
struct group {
	int c0, c1;
	size_t at, px; /* the image's first pixel of a channel, and how many */
	double mean, inv;
};

static double
group_param(const struct pass *p, int which, int c)
{
	if (p->n->plain)
		return which == 0;
	return p->x->w[p->x->g->param[p->n->param[which]].offset + (size_t)c];
}

static struct group
group_of(const struct pass *p, int image)
{
	int per = p->n->c / p->n->groups, first = p->c / per * per;
	size_t px = (size_t)p->n->h * (size_t)p->n->w;
	struct group g = {first, first + per, (size_t)image * px, px, 0, 0};
	double count = (double)per * (double)px, var = 0;

	for (int c = g.c0; c < g.c1; c++)
		for (size_t i = g.at; i < g.at + px; i++)
			g.mean += plane(p, p->x->a, 0, c)[i] / count;
	for (int c = g.c0; c < g.c1; c++)
		for (size_t i = g.at; i < g.at + px; i++) {
			double d = plane(p, p->x->a, 0, c)[i] - g.mean;
			var += d * d / count;
		}
	g.inv = 1 / sqrt(var + (double)p->n->eps);
	return g;
}

static void
groupnorm(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (int image = 0; image < p->x->n; image++) {
		struct group g = group_of(p, image);
		for (size_t i = g.at; i < g.at + g.px; i++)
			p->y[i] = (in[i] - g.mean) * g.inv *
					  group_param(p, 0, p->c) +
				  group_param(p, 1, p->c);
	}
}

/* The means over the group of dy gamma, and of that times the normalized
 * input. */
static void
group_means(const struct pass *p, const struct group *g, double *m, double *mx)
{
	size_t step = lt_exact_plane(p->x, p->node);
	double count = (double)(g->c1 - g->c0) * (double)g->px;

	*m = *mx = 0;
	for (int c = g->c0; c < g->c1; c++)
		for (size_t i = g->at; i < g->at + g->px; i++) {
			double dy = p->x->d[p->node][(size_t)c * step + i] *
				    group_param(p, 0, c);
			double v = plane(p, p->x->a, 0, c)[i];
			*m += dy / count;
			*mx += dy * (v - g->mean) * g->inv / count;
		}
}

static void
groupnorm_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c), dgamma = 0, dbeta = 0, m, mx;

	for (int image = 0; image < p->x->n; image++) {
		struct group g = group_of(p, image);
		group_means(p, &g, &m, &mx);
		for (size_t i = g.at; i < g.at + g.px; i++) {
			double hat = (in[i] - g.mean) * g.inv;
			dbeta += p->dy[i];
			dgamma += p->dy[i] * hat;
			if (dx)
				dx[i] += g.inv *
					 (p->dy[i] * group_param(p, 0, p->c) -
						 m - hat * mx);
		}
	}
	if (p->n->plain)
		return;
	*norm_param(p, p->x->dw, 0) = dgamma;
	*norm_param(p, p->x->dw, 1) = dbeta;
}

/* ---- functions of one value ---------------------------------------------- */

static double
logistic(double v)
{
	return 1 / (1 + lt_exp(-v));
}

static uint32_t
piece_of(const struct pass *p, double x, size_t i)
{
	return p->held ? p->held[i] : p->row->piece ? p->row->piece(x) : 0;
}

static void
curve(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (size_t i = 0; i < p->px; i++)
		p->y[i] = p->row->value(p->n, in[i], piece_of(p, in[i], i));
}

static void
curve_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c);

	for (size_t i = 0; dx && i < p->px; i++)
		dx[i] += p->row->chain(
			p->n, p->dy[i], in[i], p->y[i], piece_of(p, in[i], i));
}

static void
curve_hold(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (size_t i = 0; i < p->px; i++)
		p->held[i] = p->row->piece(in[i]);
}

#define VALUE(name) \
	static double name(const struct lt_node *n, double x, uint32_t piece)
#define CHAIN(name) \
	static double name(const struct lt_node *n, double dy, double x, \
		double y, uint32_t piece)

/* A NaN passes. */
static uint32_t
relu_piece(double x)
{
	return !(x <= 0);
}

VALUE(relu)
{
	(void)n;
	return piece ? x : 0;
}

CHAIN(relu_chain)
{
	(void)n, (void)x, (void)y;
	return piece ? dy : 0;
}

VALUE(sigmoid)
{
	(void)n, (void)piece;
	return logistic(x);
}

CHAIN(sigmoid_chain)
{
	(void)n, (void)x, (void)piece;
	return dy * y * (1 - y);
}

VALUE(silu)
{
	(void)n, (void)piece;
	return x * logistic(x);
}

CHAIN(silu_chain)
{
	double s = logistic(x);

	(void)n, (void)y, (void)piece;
	return dy * s * (1 + x * (1 - s));
}

static uint32_t
relu6_piece(double x)
{
	return x <= 0 ? 0 : x >= 6 ? 2 : 1;
}

VALUE(relu6)
{
	(void)n;
	return piece == 0 ? 0 : piece == 1 ? x : 6;
}

CHAIN(relu6_chain)
{
	(void)n, (void)x, (void)y;
	return piece == 1 ? dy : 0;
}

VALUE(leakyrelu)
{
	return piece ? x : x * (double)n->slope;
}

CHAIN(leakyrelu_chain)
{
	(void)x, (void)y;
	return piece ? dy : dy * (double)n->slope;
}

/* Compute erf by its series, whose terms all have one sign: 2 / sqrt(pi)
 * exp(-x^2) times the sum of 2^k x^(2k+1) / (1 3 5 ... (2k+1)). */
static double
error_function(double x)
{
	double term = x, sum = x;

	if (fabs(x) > 6)
		return x > 0 ? 1 : -1;
	for (int k = 1; fabs(term) > 1e-18 * fabs(sum); k++) {
		term *= 2 * x * x / (2 * k + 1);
		sum += term;
	}
	return 0x1.20dd750429b6dp+0 * sum * lt_exp(-x * x);
}

static double
normal_cdf(double x)
{
	return 0.5 * (1 + error_function(x * 0x1.6a09e667f3bcdp-1));
}

VALUE(gelu)
{
	(void)n, (void)piece;
	return x * normal_cdf(x);
}

CHAIN(gelu_chain)
{
	double density = 0x1.9884533d43651p-2 * lt_exp(-0.5 * x * x);

	(void)n, (void)y, (void)piece;
	return dy * (normal_cdf(x) + x * density);
}

VALUE(tangent)
{
	(void)n, (void)piece;
	return 1 - 2 / (lt_exp(2 * x) + 1);
}

CHAIN(tangent_chain)
{
	(void)n, (void)x, (void)piece;
	return dy * (1 - y * y);
}

static uint32_t
hardswish_piece(double x)
{
	return x <= -3 ? 0 : x >= 3 ? 2 : 1;
}

VALUE(hardswish)
{
	(void)n;
	return piece == 0 ? 0 : piece == 1 ? x * (x + 3) / 6 : x;
}

CHAIN(hardswish_chain)
{
	(void)n, (void)y;
	return piece == 0 ? 0 : piece == 1 ? dy * (x / 3 + 0.5) : dy;
}

/* ---- several inputs ------------------------------------------------------ */

static void
add(const struct pass *p)
{
	copy(p);
	add_to(p->y, plane(p, p->x->a, 1, p->c), p->px);
}

static void
add_back(const struct pass *p)
{
	for (int j = 0; j < 2; j++)
		add_to(plane(p, p->x->d, j, p->c), p->dy, p->px);
}

/* How many values of the first factor share one value of the second. */
static size_t
share(const struct pass *p)
{
	return p->px / pixels(p, p->n->in[1]);
}

static void
mul(const struct pass *p)
{
	const double *a = plane(p, p->x->a, 0, p->c);
	const double *b = plane(p, p->x->a, 1, p->c);
	size_t per = share(p);

	for (size_t i = 0; i < p->px; i++)
		p->y[i] = a[i] * b[i / per];
}

static void
mul_back(const struct pass *p)
{
	const double *a = plane(p, p->x->a, 0, p->c);
	const double *b = plane(p, p->x->a, 1, p->c);
	double *da = plane(p, p->x->d, 0, p->c);
	double *db = plane(p, p->x->d, 1, p->c);
	size_t per = share(p);

	for (size_t i = 0; da && i < p->px; i++)
		da[i] += p->dy[i] * b[i / per];
	for (size_t i = 0; db && i < p->px; i++)
		db[i / per] += p->dy[i] * a[i];
}

/* The input that channel *c of a concatenation comes from; *c <- its channel
 * there. */
static int
part_of(const struct pass *p, int *c)
{
	int j = 0;

	for (*c = p->c; *c >= p->x->g->node[p->n->in[j]].c; j++)
		*c -= p->x->g->node[p->n->in[j]].c;
	return j;
}

static void
concat(const struct pass *p)
{
	int c, j = part_of(p, &c);

	memcpy(p->y, plane(p, p->x->a, j, c), p->px * sizeof *p->y);
}

static void
concat_back(const struct pass *p)
{
	int c, j = part_of(p, &c);

	add_to(plane(p, p->x->d, j, c), p->dy, p->px);
}

/* ---- windows ------------------------------------------------------------- */

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

/* ---- the table ----------------------------------------------------------- */

#define PASS(name) .forward = name, .back = name##_back
#define CURVE(name) \
	.forward = curve, .back = curve_back, .value = name, \
	.chain = name##_chain
#define KINKED(name) CURVE(name), .hold = curve_hold, .piece = name##_piece
#define MEAN(name) .forward = avgpool, .back = avgpool_back, .window = name

static const struct row rows[LT_OP_COUNT] = {
	[LT_OP_CONV] = {.whole = exact_conv, .whole_back = exact_conv_back},
	[LT_OP_LINEAR] = {.whole = exact_conv, .whole_back = exact_conv_back},
	[LT_OP_BN] = {PASS(norm)},
	[LT_OP_GROUPNORM] = {PASS(groupnorm)},
	[LT_OP_RELU] = {KINKED(relu)},
	[LT_OP_SIGMOID] = {CURVE(sigmoid)},
	[LT_OP_SILU] = {CURVE(silu)},
	[LT_OP_RELU6] = {KINKED(relu6)},
	[LT_OP_LEAKYRELU] = {CURVE(leakyrelu), .hold = curve_hold,
		.piece = relu_piece},
	[LT_OP_GELU] = {CURVE(gelu)},
	[LT_OP_TANH] = {CURVE(tangent)},
	[LT_OP_HARDSWISH] = {KINKED(hardswish)},
	[LT_OP_MAXPOOL] = {PASS(maxpool), .hold = maxpool_hold,
		.window = max_window},
	[LT_OP_AVGPOOL] = {MEAN(avg_window)},
	[LT_OP_GAP] = {MEAN(plane_window)},
	[LT_OP_ADAPTPOOL] = {MEAN(adapt_window)},
	[LT_OP_ADD] = {PASS(add)},
	[LT_OP_MUL] = {PASS(mul)},
	[LT_OP_CONCAT] = {PASS(concat), .alone = true},
	[LT_OP_PADCH] = {PASS(padch), .window = pixel_window},
	[LT_OP_DROPOUT] = {PASS(copy)},
	[LT_OP_DROPCONNECT] = {PASS(copy)},
};

/* Different channels of a node use different channels of its inputs, so threads
 * never write to the same place.  An exception is a node that is concatenated
 * to itself. */
static void
each_channel(struct lt_exact *x, int node, pass_fn *fn)
{
	const struct lt_node *n = &x->g->node[node];
	const struct row *row = &rows[n->op];
	size_t step = lt_exact_plane(x, node);
	int threads = row->alone ? 1 : x->threads;

#pragma omp parallel for schedule(static) num_threads(threads)
	for (int c = 0; c < n->c; c++) {
		size_t at = (size_t)c * step;
		struct pass p = {x, row, n, node, c,
			(size_t)x->n * (size_t)n->h * (size_t)n->w,
			x->a[node] + at, x->d[node] ? x->d[node] + at : NULL,
			x->held[node] ? x->held[node] + at : NULL};
		fn(&p);
	}
}

void
exact_op(struct lt_exact *x, int node)
{
	const struct row *row = &rows[x->g->node[node].op];

	if (row->whole)
		row->whole(x, node);
	else
		each_channel(x, node, row->forward);
}

void
exact_op_back(struct lt_exact *x, int node)
{
	const struct row *row = &rows[x->g->node[node].op];

	if (row->whole)
		row->whole_back(x, node);
	else
		each_channel(x, node, row->back);
}

bool
exact_op_kinks(const struct lt_node *n)
{
	return rows[n->op].hold != NULL;
}

void
exact_op_hold(struct lt_exact *x, int node)
{
	each_channel(x, node, rows[x->g->node[node].op].hold);
}
