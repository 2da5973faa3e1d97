/* The kernels in plain scalar C: the definition that every other variant is
 * compared with, bit by bit, and what runs where there is no AVX2.  One
 * obvious loop nest a function; nothing here is tuned.
 */
#include <math.h>
#include <string.h>

#include "kern/gate.h"
#include "kern/kern_cell.h"
#include "kern/wino.h"

/* ---- staging and draining ---- */

/* Where lane 0 of staged pixel (r, x) is in the source; false: nowhere. */
static bool
staged_pixel(size_t *at, const struct lt_stage *s, int c, int r, int x)
{
	int row = s->row0 + r, col = x - s->left;
	if (row < 0 || row >= s->h || col < 0 || col >= s->w)
		return false;
	*at = (((size_t)c * s->h + row) * s->w + col) * N;
	return true;
}

static void
stage(float *dst, const void *src, const struct lt_stage *s,
	const struct lt_view *view)
{
	size_t at = 0;
	for (int c = 0; c < s->c; c++)
		for (int r = 0; r < s->nrows; r++)
			for (int x = 0; x < s->wp; x++, dst += N) {
				bool in = staged_pixel(&at, s, c, r, x);
				for (int i = 0; i < N; i++) {
					dst[i] = in ? seen(cell(src, s->format,
								   at + i),
							      view, c)
						    : 0.0f;
					if (s->rounds)
						dst[i] = bf16(dst[i]);
				}
			}
}

static void
stage_bn_back(float *dst, const void *g, const void *y,
	const struct lt_stage *s, const struct lt_bn_back *bn,
	const float *live)
{
	size_t at = 0;
	for (int c = 0; c < s->c; c++)
		for (int r = 0; r < s->nrows; r++)
			for (int x = 0; x < s->wp; x++, dst += N) {
				bool in = staged_pixel(&at, s, c, r, x);
				for (int i = 0; i < N; i++) {
					dst[i] = 0.0f;
					if (!in || live[i] == 0.0f)
						continue;
					float e =
						fmaf(cell(g, s->format, at + i),
							bn->a[c], bn->c0[c]);
					dst[i] = fmaf(
						cell(y, s->format, at + i) -
							bn->mean[c],
						bn->b[c], e);
					if (s->rounds)
						dst[i] = bf16(dst[i]);
				}
			}
}

static void
drain(void *dst, const float *src, const struct lt_drain *d,
	const struct lt_bn_sums *sums)
{
	for (int c = 0; c < d->c; c++) {
		float a[N] = {0}, b[N] = {0};
		for (size_t i = 0; i < d->npx * N; i++) {
			float v = src[c * d->src_ch + i];
			if (dst)
				put(dst, d->format, c * d->ch + i, v);
			if (!sums)
				continue;
			v = rounded(v, d->format) - sums->k[c];
			if (sums->live)
				v *= sums->live[i % N];
			a[i % N] += v;
			b[i % N] = fmaf(v, v, b[i % N]);
		}
		if (!sums)
			continue;
		sums->s1[c] = lanes(a);
		sums->s2[c] = lanes(b);
	}
}

static void
drain_back(void *dst, const float *src, const struct lt_drain *d,
	const struct lt_drain_back *b)
{
	for (int c = 0; c < d->c; c++) {
		float s[N] = {0}, t[N] = {0};
		for (size_t i = 0; i < d->npx * N; i++) {
			size_t at = c * d->ch + i;
			float g = src[c * d->src_ch + i];
			if (b->add)
				g += cell(b->add, d->format, at);
			if (b->v && seen(cell(b->v, d->format, at), &b->view,
					    c) <= 0.0f)
				g = 0.0f;
			if (dst)
				put(dst, d->format, at, g);
			g = rounded(g, d->format);
			s[i % N] += g;
			if (b->y)
				t[i % N] = fmaf(g,
					cell(b->y, d->format, at) - b->mean[c],
					t[i % N]);
		}
		if (b->t1)
			b->t1[c] = lanes(s);
		if (b->t1 && b->y)
			b->t2[c] = lanes(t);
	}
}

/* ---- sums over taps and over pixels ---- */

/* n terms of a channel: weights, stride apart, offsets and, in the bf16 mode,
 * how they begin. */
struct terms {
	const float *wt;
	size_t stride;
	const int32_t *off;
	const uint8_t *begins;
	int n;
};

/* One output pixel of channel o. */
static void
conv_pixel(const struct lt_conv_job *j, int o, const float *src, float *dst,
	const struct terms *terms)
{
	for (int i = 0; i < N; i++) {
		float acc = 0.0f;
		for (int t = 0; t < terms->n; t++)
			acc = fmaf(terms->wt[t * terms->stride],
				src[terms->off[t] + i], acc);
		acc += 0.0f;
		dst[i] = j->bias ? acc + j->bias[o] : acc;
	}
}

typedef void pixel_fn(const struct lt_conv_job *j, int o, const float *src,
	float *dst, const struct terms *terms);

static void
conv_channel(const struct lt_conv_job *j, int o, const struct terms *terms,
	pixel_fn *fn)
{
	for (int p = 0; p < j->shards; p++)
		for (int h = 0; h < j->rows; h++)
			for (int w = 0; w < j->cols; w++)
				fn(j, o,
					j->src + p * j->src_sh +
						h * j->src_row + w * j->src_px,
					j->dst + p * j->dst_sh + o * j->dst_ch +
						h * j->dst_row + w * j->dst_px,
					terms);
}

static void
conv_dense(const struct lt_conv_job *j, const float *packed, const int32_t *off,
	int terms)
{
	for (int o = 0; o < j->n_out; o++)
		conv_channel(j, o,
			&(const struct terms){
				packed + (size_t)(o / LT_OB) * terms * LT_OB +
					o % LT_OB,
				LT_OB, off, NULL, terms},
			conv_pixel);
}

static void
conv_sparse(const struct lt_conv_job *j, const int32_t *ptr, const int32_t *off,
	const float *val)
{
	for (int o = 0; o < j->n_out; o++)
		conv_channel(j, o,
			&(const struct terms){val + ptr[o], 1, off + ptr[o],
				NULL, ptr[o + 1] - ptr[o]},
			conv_pixel);
}

/* The gradient of one weight: channel o of dy, x moved by off. */
static float
wgrad_term(const struct lt_wgrad_job *j, int o, int32_t off)
{
	float acc[N] = {0};
	for (int p = 0; p < j->shards; p++)
		for (int h = 0; h < j->rows; h++)
			for (int w = 0; w < j->cols; w++) {
				const float *d = j->dy + p * j->dy_sh +
						 o * j->dy_ch + h * j->dy_row +
						 w * j->dy_px;
				const float *x = j->x + p * j->x_sh +
						 h * j->x_row + w * j->x_px;
				for (int i = 0; i < N; i++)
					acc[i] = fmaf(d[i], x[off + i], acc[i]);
			}
	return lanes(acc);
}

static void
wgrad_dense(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *acc)
{
	(void)acc;
	for (int o = 0; o < j->n_out; o++)
		for (int t = 0; t < terms; t++)
			*dst++ = wgrad_term(j, o, off[t]);
}

static void
wgrad_sparse(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *acc)
{
	(void)acc;
	for (int o = 0; o < j->n_out; o++)
		for (int k = ptr[o]; k < ptr[o + 1]; k++)
			dst[k] = wgrad_term(j, o, off[k]);
}

/* ---- the sums of the bf16 mode ---- */

/* The sum of a block's chains joins the sum of all. */
static void
end_block(float *sum, float chain[2])
{
	*sum = add_fz(*sum, add_fz(chain[0], chain[1]));
	chain[0] = chain[1] = 0.0f;
}

static void
conv_pixel_bf16(const struct lt_conv_job *j, int o, const float *src,
	float *dst, const struct terms *terms)
{
	for (int i = 0; i < N; i++) {
		float sum = 0.0f, chain[2] = {0.0f, 0.0f};
		int odd = 0;
		for (int t = 0; t < terms->n; t++) {
			if (terms->begins[t] == LT_BLOCK)
				end_block(&sum, chain);
			if (terms->begins[t] != LT_GOES_ON)
				odd = terms->begins[t] == LT_ODD;
			chain[odd] = fma_fz(terms->wt[t * terms->stride],
				src[terms->off[t] + i], chain[odd]);
		}
		end_block(&sum, chain);
		sum = add_fz(sum, 0.0f);
		dst[i] = j->bias ? add_fz(sum, j->bias[o]) : sum;
	}
}

static void
conv_dense_bf16(const struct lt_conv_job *j, const float *packed,
	const int32_t *off, const uint8_t *begins, int terms)
{
	for (int o = 0; o < j->n_out; o++)
		conv_channel(j, o,
			&(const struct terms){
				packed + (size_t)(o / LT_OB) * terms * LT_OB +
					o % LT_OB,
				LT_OB, off, begins, terms},
			conv_pixel_bf16);
}

static void
conv_sparse_bf16(const struct lt_conv_job *j, const int32_t *ptr,
	const int32_t *off, const uint8_t *begins, const float *val)
{
	for (int o = 0; o < j->n_out; o++)
		conv_channel(j, o,
			&(const struct terms){val + ptr[o], 1, off + ptr[o],
				begins + ptr[o], ptr[o + 1] - ptr[o]},
			conv_pixel_bf16);
}

/* The block of columns w and w + 1. */
static void
pair_bf16(float chain[2], const struct lt_wgrad_job *j, int w, const float *dy,
	const float *x)
{
	for (int q = w; q < w + 2 && q < j->cols; q++)
		for (int i = 0; i < N; i++)
			chain[i % 2] = fma_fz(dy[q * j->dy_px + i],
				x[q * j->x_px + i], chain[i % 2]);
}

static float
wgrad_term_bf16(const struct lt_wgrad_job *j, int o, int32_t off)
{
	float sum = 0.0f, chain[2] = {0.0f, 0.0f};
	for (int p = 0; p < j->shards; p++)
		for (int h = 0; h < j->rows; h++)
			for (int w = 0; w < j->cols; w += 2) {
				pair_bf16(chain, j, w,
					j->dy + p * j->dy_sh + o * j->dy_ch +
						h * j->dy_row,
					j->x + p * j->x_sh + off +
						h * j->x_row);
				end_block(&sum, chain);
			}
	return add_fz(sum, 0.0f);
}

static void
wgrad_dense_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *scratch)
{
	(void)scratch;
	for (int o = 0; o < j->n_out; o++)
		for (int t = 0; t < terms; t++)
			*dst++ = wgrad_term_bf16(j, o, off[t]);
}

static void
wgrad_sparse_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *scratch)
{
	(void)scratch;
	for (int o = 0; o < j->n_out; o++)
		for (int k = ptr[o]; k < ptr[o + 1]; k++)
			dst[k] = wgrad_term_bf16(j, o, off[k]);
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
add(void *dst, const void *a, const void *b, const struct lt_drain *d,
	const struct lt_view *va, const struct lt_view *vb, bool rectify)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = c * d->ch; i < c * d->ch + d->npx * N; i++) {
			float v = seen(cell(a, d->format, i), va, c) +
				  seen(cell(b, d->format, i), vb, c);
			put(dst, d->format, i, rectify ? relu(v) : v);
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

/* True if a, which comes after b, is the new maximum. */
static bool
beats(float a, float b)
{
	return a > b || (isnan(a) && !isnan(b));
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
			if (beats(seen(src[at], view, c),
				    seen(src[best], view, c)))
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

/* A window's mean, and its gradient. */
static void
avg_pixel(float *dst, const float *src, const struct lt_pool *p,
	const struct window *win, float share, const struct lt_view *view,
	int c)
{
	float acc[N] = {0};
	for (int h = win->h0; h < win->h1; h++)
		for (int w = win->w0; w < win->w1; w++)
			for (int i = 0; i < N; i++)
				acc[i] += seen(
					src[pixel(p, c, h, w) + i], view, c);
	for (int i = 0; i < N; i++)
		dst[i] = acc[i] * share;
}

static void
avg_pixel_back(float *dx, const float *dy, const struct lt_pool *p,
	const struct window *win, float share, int c)
{
	for (int h = win->h0; h < win->h1; h++)
		for (int w = win->w0; w < win->w1; w++)
			for (int i = 0; i < N; i++)
				dx[pixel(p, c, h, w) + i] += dy[i] * share;
}

static void
avgpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++, dst += N) {
			struct window win = window_of(p, o / p->ow, o % p->ow);
			avg_pixel(dst, src, p, &win, p->share, view, c);
		}
}

static void
avgpool_back(float *dx, const float *dy, const struct lt_pool *p)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++, dy += N) {
			struct window win = window_of(p, o / p->ow, o % p->ow);
			avg_pixel_back(dx, dy, p, &win, p->share, c);
		}
}

/* The bounds of an adaptive average: floor and ceiling of even shares. */
static struct window
share_of(const struct lt_pool *p, int oh, int ow)
{
	return (struct window){.h0 = oh * p->h / p->oh,
		.h1 = ((oh + 1) * p->h + p->oh - 1) / p->oh,
		.w0 = ow * p->w / p->ow,
		.w1 = ((ow + 1) * p->w + p->ow - 1) / p->ow};
}

static float
share_factor(const struct window *w)
{
	return 1.0f / (float)((w->h1 - w->h0) * (w->w1 - w->w0));
}

static void
adaptpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++, dst += N) {
			struct window win = share_of(p, o / p->ow, o % p->ow);
			avg_pixel(
				dst, src, p, &win, share_factor(&win), view, c);
		}
}

static void
adaptpool_back(float *dx, const float *dy, const struct lt_pool *p)
{
	for (int c = 0; c < p->c; c++)
		for (int o = 0; o < p->oh * p->ow; o++, dy += N) {
			struct window win = share_of(p, o / p->ow, o % p->ow);
			avg_pixel_back(dx, dy, p, &win, share_factor(&win), c);
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
pack(float *dst, const float *w, const uint32_t *at, int n, size_t step,
	int outs, bool rounds)
{
	for (int t = 0; t < n; t++)
		for (int b = 0; b < LT_OB; b++) {
			float x = b < outs ? w[at[t] + (size_t)b * step] : 0;
			dst[t * LT_OB + b] =
				rounds ? lt_bf16_get(lt_bf16_put(x)) : x;
		}
}

/* Whether the weight is finite. */
static bool
sgd_one(float *w, float *m, float g, float lr, float mu, float decay,
	bool nesterov)
{
	float d = fmaf(decay, *w, g);
	*m = fmaf(mu, *m, d);
	*w = fmaf(-lr, nesterov ? fmaf(mu, *m, d) : *m, *w);
	return isfinite(*w);
}

static bool
sgd(float *w, float *m, const float *g, size_t n, float lr, float mu,
	float decay, bool nesterov)
{
	bool finite = true;

	for (size_t i = 0; i < n; i++)
		finite &= sgd_one(w + i, m + i, g[i], lr, mu, decay, nesterov);
	return finite;
}

static bool
sgd_kept(float *w, float *m, const float *g, const uint32_t *at, size_t n,
	float lr, float mu, float decay, bool nesterov)
{
	bool finite = true;

	for (size_t i = 0; i < n; i++)
		finite &= sgd_one(w + at[i], m + at[i], g[at[i]], lr, mu, decay,
			nesterov);
	return finite;
}

static float
burn(int steps)
{
	float acc[LT_BURN_CHAINS];

	for (int i = 0; i < LT_BURN_CHAINS; i++)
		acc[i] = (float)i;
	for (long n = 0; n < (long)steps * N; n++)
		for (int i = 0; i < LT_BURN_CHAINS; i++)
			acc[i] = fmaf(acc[i], 0.5f, 0.25f);
	for (int i = 1; i < LT_BURN_CHAINS; i++)
		acc[0] += acc[i];
	return acc[0];
}

const struct lt_kern lt_kern_ref = {
	.name = "ref",
	.stage = stage,
	.stage_bn_back = stage_bn_back,
	.conv_dense = conv_dense,
	.conv_sparse = conv_sparse,
	.conv_dense_bf16 = conv_dense_bf16,
	.conv_sparse_bf16 = conv_sparse_bf16,
	.wgrad_dense_bf16 = wgrad_dense_bf16,
	.wgrad_sparse_bf16 = wgrad_sparse_bf16,
	.wino_weights = lt_wino_weights,
	.conv_wino = lt_wino_conv,
	.wgrad_dense = wgrad_dense,
	.wgrad_sparse = wgrad_sparse,
	.tree_sum = tree_sum,
	.drain = drain,
	.drain_back = drain_back,
	.add = add,
	.sum = sum,
	.mul = mul,
	.curve = lt_gate_curve,
	.curve_back = lt_gate_curve_back,
	.product = lt_gate_product,
	.spread = lt_gate_spread,
	.dot = lt_gate_dot,
	.maxpool = maxpool,
	.maxpool_back = maxpool_back,
	.avgpool = avgpool,
	.avgpool_back = avgpool_back,
	.adaptpool = adaptpool,
	.adaptpool_back = adaptpool_back,
	.subsample = subsample,
	.subsample_back = subsample_back,
	.pack = pack,
	.sgd = sgd,
	.sgd_kept = sgd_kept,
	.burn = burn,
};
