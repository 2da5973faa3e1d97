/* The kernels in plain scalar C: the definition that every other variant is
 * compared with, bit by bit, and what runs where there is no AVX2.  One
 * obvious loop nest a function; nothing here is tuned.
 */
#include <math.h>
#include <string.h>

#include "kern/kern.h"

#define N LT_LANES

static float
relu(float x)
{
	return x > 0.0f ? x : 0.0f;
}

/* One value as its consumer sees it. */
static float
seen(float x, const struct lt_view *v, int c)
{
	if (v->scale)
		x = fmaf(x, v->scale[c], v->shift[c]);
	return v->relu ? relu(x) : x;
}

static float
lanes(const float *v)
{
	float t[N];
	memcpy(t, v, sizeof t);
	for (int d = N / 2; d > 0; d /= 2)
		for (int i = 0; i < d; i++)
			t[i] += t[i + d];
	return t[0];
}

/* The source pixel of staged pixel (r, x), or NULL where there is none. */
static const float *
staged_pixel(const float *src, const struct lt_stage *s, int c, int r, int x)
{
	int row = s->row0 + r, col = x - s->left;
	if (row < 0 || row >= s->h || col < 0 || col >= s->w)
		return NULL;
	return src + (((size_t)c * s->h + row) * s->w + col) * N;
}

static void
stage(float *dst, const float *src, const struct lt_stage *s,
	const struct lt_view *view)
{
	for (int c = 0; c < s->c; c++)
		for (int r = 0; r < s->nrows; r++)
			for (int x = 0; x < s->wp; x++, dst += N) {
				const float *p = staged_pixel(src, s, c, r, x);
				for (int i = 0; i < N; i++)
					dst[i] = p ? seen(p[i], view, c) : 0.0f;
			}
}

static void
stage_bn_back(float *dst, const float *g, const float *y,
	const struct lt_stage *s, const struct lt_bn_back *bn,
	const float *live)
{
	for (int c = 0; c < s->c; c++)
		for (int r = 0; r < s->nrows; r++)
			for (int x = 0; x < s->wp; x++, dst += N) {
				const float *p = staged_pixel(g, s, c, r, x);
				const float *q = staged_pixel(y, s, c, r, x);
				for (int i = 0; i < N; i++)
					dst[i] =
						!p || live[i] == 0.0f
							? 0.0f
							: fmaf(q[i] - bn->mean[c],
								  bn->b[c],
								  fmaf(p[i],
									  bn->a[c],
									  bn->c0[c]));
			}
}

/* One output pixel of channel o: n terms, stride apart in wt. */
static void
conv_pixel(const struct lt_conv_job *j, int o, int h, int w, const float *wt,
	size_t stride, const int32_t *off, int n)
{
	const float *src = j->src + h * j->src_row + w * j->src_px;
	size_t at = o * j->dst_ch + h * j->dst_row + w * j->dst_px;
	for (int i = 0; i < N; i++) {
		float acc = 0.0f;
		for (int t = 0; t < n; t++)
			acc = fmaf(wt[t * stride], src[off[t] + i], acc);
		acc += 0.0f;
		if (j->bias)
			acc += j->bias[o];
		if (j->add)
			acc += j->add[at + i];
		j->dst[at + i] = acc;
	}
}

static void
conv_dense(const struct lt_conv_job *j, const float *packed, const int32_t *off,
	int terms)
{
	for (int o = 0; o < j->n_out; o++) {
		const float *wt = packed + (size_t)(o / LT_OB) * terms * LT_OB +
				  o % LT_OB;
		for (int h = 0; h < j->rows; h++)
			for (int w = 0; w < j->cols; w++)
				conv_pixel(j, o, h, w, wt, LT_OB, off, terms);
	}
}

static void
conv_sparse(const struct lt_conv_job *j, const int32_t *ptr, const int32_t *off,
	const float *val)
{
	for (int o = 0; o < j->n_out; o++)
		for (int h = 0; h < j->rows; h++)
			for (int w = 0; w < j->cols; w++)
				conv_pixel(j, o, h, w, val + ptr[o], 1,
					off + ptr[o], ptr[o + 1] - ptr[o]);
}

/* The chain over pixels of one weight: channel o of dy, x moved by off. */
static void
wgrad_term(float *acc, const struct lt_wgrad_job *j, int o, int32_t off)
{
	for (int h = 0; h < j->rows; h++)
		for (int w = 0; w < j->cols; w++) {
			const float *d = j->dy + o * j->dy_ch + h * j->dy_row +
					 w * j->dy_px;
			const float *x = j->x + h * j->x_row + w * j->x_px;
			for (int i = 0; i < N; i++)
				acc[i] = fmaf(d[i], x[off + i], acc[i]);
		}
}

static void
wgrad_dense(
	float *acc, const struct lt_wgrad_job *j, const int32_t *off, int terms)
{
	for (int o = 0; o < j->n_out; o++)
		for (int t = 0; t < terms; t++, acc += N)
			wgrad_term(acc, j, o, off[t]);
}

static void
wgrad_sparse(float *acc, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off)
{
	for (int o = 0; o < j->n_out; o++)
		for (int k = ptr[o]; k < ptr[o + 1]; k++)
			wgrad_term(acc + (size_t)k * N, j, o, off[k]);
}

static float
outer_term(const struct lt_wgrad_job *j, int o, int32_t off)
{
	float v[N];
	for (int i = 0; i < N; i++)
		v[i] = j->dy[o * j->dy_ch + i] * j->x[off + i];
	return lanes(v);
}

static void
outer_dense(
	float *dst, const struct lt_wgrad_job *j, const int32_t *off, int terms)
{
	for (int o = 0; o < j->n_out; o++)
		for (int t = 0; t < terms; t++)
			*dst++ = outer_term(j, o, off[t]);
}

static void
outer_sparse(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off)
{
	for (int o = 0; o < j->n_out; o++)
		for (int k = ptr[o]; k < ptr[o + 1]; k++)
			dst[k] = outer_term(j, o, off[k]);
}

static void
lane_sum(float *dst, const float *acc, size_t n)
{
	for (size_t i = 0; i < n; i++)
		dst[i] = lanes(acc + i * N);
}

static void
tree_sum(float *dst, float *part, size_t stride, int parts, size_t n)
{
	for (int d = 1; d < parts; d *= 2)
		for (int s = 0; s + d < parts; s += 2 * d)
			for (size_t i = 0; i < n; i++)
				part[s * stride + i] +=
					part[(s + d) * stride + i];
	if (dst != part)
		memcpy(dst, part, n * sizeof *dst);
}

static void
bn_sums(float *s1, float *s2, const float *y, size_t ch, int c, size_t npx,
	const float *k, const float *live)
{
	for (int o = 0; o < c; o++) {
		float a[N] = {0}, b[N] = {0};
		for (size_t i = 0; i < npx * N; i++) {
			float d = y[o * ch + i] - k[o];
			if (live)
				d *= live[i % N];
			a[i % N] += d;
			b[i % N] = fmaf(d, d, b[i % N]);
		}
		s1[o] = lanes(a);
		s2[o] = lanes(b);
	}
}

static void
bn_back_sums(float *t1, float *t2, const float *g, const float *y, size_t ch,
	int c, size_t npx, const float *mean)
{
	for (int o = 0; o < c; o++) {
		float a[N] = {0}, b[N] = {0};
		for (size_t i = 0; i < npx * N; i++) {
			float gv = g[o * ch + i], d = y[o * ch + i] - mean[o];
			a[i % N] += gv;
			b[i % N] = fmaf(gv, d, b[i % N]);
		}
		t1[o] = lanes(a);
		t2[o] = lanes(b);
	}
}

static void
relu_back(float *g, const float *v, size_t ch, int c, size_t npx,
	const struct lt_view *view)
{
	for (int o = 0; o < c; o++)
		for (size_t i = o * ch; i < o * ch + npx * N; i++)
			g[i] = seen(v[i], view, o) > 0.0f ? g[i] : 0.0f;
}

static void
apply(float *dst, size_t dst_ch, const float *a, size_t a_ch, int c, size_t npx,
	const struct lt_view *view)
{
	for (int o = 0; o < c; o++)
		for (size_t i = 0; i < npx * N; i++)
			dst[o * dst_ch + i] = seen(a[o * a_ch + i], view, o);
}

static void
add(float *dst, const float *a, const float *b, size_t ch, int c, size_t npx,
	const struct lt_view *va, const struct lt_view *vb, bool rectify)
{
	for (int o = 0; o < c; o++)
		for (size_t i = o * ch; i < o * ch + npx * N; i++) {
			float v = seen(a[i], va, o) + seen(b[i], vb, o);
			dst[i] = rectify ? relu(v) : v;
		}
}

static void
sum(float *dst, const float *a, const float *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		dst[i] = a[i] + b[i];
}

static void
mul(float *dst, const float *a, const float *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		dst[i] = a[i] * b[i];
}

/* The pixels of output (oh, ow)'s window that lie inside the plane. */
struct window {
	int h0, h1, w0, w1;
};

static struct window
window_of(const struct lt_pool *p, int oh, int ow)
{
	int h = oh * p->stride - p->pad, w = ow * p->stride - p->pad;
	return (struct window){.h0 = h < 0 ? 0 : h,
		.h1 = h + p->k > p->h ? p->h : h + p->k,
		.w0 = w < 0 ? 0 : w,
		.w1 = w + p->k > p->w ? p->w : w + p->k};
}

static size_t
pixel(const struct lt_pool *p, int c, int h, int w)
{
	return (((size_t)c * p->h + h) * p->w + w) * N;
}

/* Index of the first of a window's greatest values in lane i of channel c. */
static size_t
first_max(const float *src, const struct lt_pool *p, const struct window *win,
	const struct lt_view *view, int c, int i)
{
	size_t best = pixel(p, c, win->h0, win->w0) + i;
	for (int h = win->h0; h < win->h1; h++)
		for (int w = win->w0; w < win->w1; w++) {
			size_t at = pixel(p, c, h, w) + i;
			if (seen(src[at], view, c) > seen(src[best], view, c))
				best = at;
		}
	return best;
}

static void
maxpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	for (int c = 0; c < p->c; c++)
		for (int oh = 0; oh < p->oh; oh++)
			for (int ow = 0; ow < p->ow; ow++) {
				struct window win = window_of(p, oh, ow);
				for (int i = 0; i < N; i++)
					*dst++ =
						seen(src[first_max(src, p, &win,
							     view, c, i)],
							view, c);
			}
}

static void
maxpool_back(float *dx, const float *dy, const float *src,
	const struct lt_pool *p, const struct lt_view *view)
{
	for (int c = 0; c < p->c; c++)
		for (int oh = 0; oh < p->oh; oh++)
			for (int ow = 0; ow < p->ow; ow++) {
				struct window win = window_of(p, oh, ow);
				for (int i = 0; i < N; i++)
					dx[first_max(src, p, &win, view, c,
						i)] += *dy++;
			}
}

static void
avgpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++, dst += N) {
			struct window win = window_of(p, o / p->ow, o % p->ow);
			float acc[N] = {0};
			for (int h = win.h0; h < win.h1; h++)
				for (int w = win.w0; w < win.w1; w++)
					for (int i = 0; i < N; i++)
						acc[i] += seen(
							src[pixel(p, c, h, w) +
								i],
							view, c);
			for (int i = 0; i < N; i++)
				dst[i] = acc[i] * p->share;
		}
}

static void
avgpool_back(float *dx, const float *dy, const struct lt_pool *p)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++, dy += N) {
			struct window win = window_of(p, o / p->ow, o % p->ow);
			for (int h = win.h0; h < win.h1; h++)
				for (int w = win.w0; w < win.w1; w++)
					for (int i = 0; i < N; i++)
						dx[pixel(p, c, h, w) + i] +=
							dy[i] * p->share;
		}
}

static void
subsample(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++) {
			const float *s =
				src + pixel(p, c, o / p->ow * p->stride,
					      o % p->ow * p->stride);
			for (int i = 0; i < N; i++)
				*dst++ = seen(s[i], view, c);
		}
}

static void
subsample_back(float *dx, const float *dy, const struct lt_pool *p)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++) {
			float *d = dx + pixel(p, c, o / p->ow * p->stride,
						o % p->ow * p->stride);
			for (int i = 0; i < N; i++)
				d[i] += *dy++;
		}
}

static void
sgd(float *w, float *m, const float *g, size_t n, float lr, float mu,
	float decay, bool nesterov)
{
	for (size_t i = 0; i < n; i++) {
		float d = fmaf(decay, w[i], g[i]);
		m[i] = fmaf(mu, m[i], d);
		w[i] = fmaf(-lr, nesterov ? fmaf(mu, m[i], d) : m[i], w[i]);
	}
}

const struct lt_kern lt_kern_ref = {
	.name = "ref",
	.stage = stage,
	.stage_bn_back = stage_bn_back,
	.conv_dense = conv_dense,
	.conv_sparse = conv_sparse,
	.wgrad_dense = wgrad_dense,
	.wgrad_sparse = wgrad_sparse,
	.outer_dense = outer_dense,
	.outer_sparse = outer_sparse,
	.lane_sum = lane_sum,
	.tree_sum = tree_sum,
	.bn_sums = bn_sums,
	.bn_back_sums = bn_back_sums,
	.relu_back = relu_back,
	.apply = apply,
	.add = add,
	.sum = sum,
	.mul = mul,
	.maxpool = maxpool,
	.maxpool_back = maxpool_back,
	.avgpool = avgpool,
	.avgpool_back = avgpool_back,
	.subsample = subsample,
	.subsample_back = subsample_back,
	.sgd = sgd,
};
