/* The numerical kernels: one table of functions per instruction set.
 *
 *	const struct lt_kern *k = lt_kern_get(NULL, &why); // LT_KERN, or best
 *	k->conv_dense(&job, packed, off, terms);
 *
 * A kernel works on one shard (sixteen images, LT_LANES) or one strip of it,
 * is serial, allocates nothing, knows no file, network or thread, returns void
 * and cannot fail.  All variants (kern_ref scalar; kern_v3 AVX2+FMA; kern_v4
 * AVX-512) give the same bits for finite data, because every result is defined
 * below down to the order of its additions; kern_ref is the definition.
 *
 * Layout: an activation is [channel][row][column][16] float32, 64-byte aligned;
 * a "pixel" is the vector of sixteen images.  Strides are in floats. fma(a,b,c)
 * is the fused a*b+c; a "chain" is acc = fma(.,., acc) in the order stated,
 * starting at +0; "lanes()" is the sum of a vector's sixteen lanes as
 * v[i] + v[i+8], then +4, +2, +1.  A dead lane (no image in it) has live 0.
 * Pointers do not alias unless it is said.
 */
#ifndef LT_KERN_KERN_H
#define LT_KERN_KERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LT_LANES 16
#define LT_OB 4 /* output channels in a block of packed dense weights */

/* A value as its consumer sees it: v = src or fma(src, scale[c], shift[c]), and
 * relu of that if so told, relu(x) = x > 0 ? x : +0.  Batch-norm and ReLU are
 * applied where a tensor is read and never stored. */
struct lt_view {
	const float *scale, *shift; /* [channels]; both NULL: src itself */
	bool relu;		    /* with or without a scale */
};

/* A plane of channels and the rows of it that are to be staged. */
struct lt_stage {
	int c, h, w; /* channels, rows, columns of the source shard */
	int row0,
		nrows; /* first source row (may be < 0 or >= h) and how many */
	int left, wp;  /* zero columns before, and columns in all, a row */
};

/* dy = fma(y - mean, b, fma(g, a, c0)) per channel: the gradient before a
 * batch norm from the one after it, g (see learn/exec for a, b, c0). */
struct lt_bn_back {
	const float *a, *b, *c0, *mean; /* [channels] */
};

/* One strip of a sum over taps, forward or backward to data. */
struct lt_conv_job {
	float *dst; /* output vector of channel 0, row 0, column 0 */
	size_t dst_ch, dst_row, dst_px;
	const float *add;	/* NULL, or the same shape as dst with dst's
				   strides, may be dst itself */
	const float *src;	/* staged strip */
	size_t src_row, src_px; /* from one output row / column to the next */
	int n_out, rows, cols;
	const float *bias; /* [n_out] or NULL */
};

/* One strip of a sum over pixels: the gradient of weights. */
struct lt_wgrad_job {
	const float *x; /* staged strip, the offsets' origin */
	size_t x_row, x_px;
	const float *dy; /* [n_out] planes, dy_ch apart */
	size_t dy_ch, dy_row, dy_px;
	int n_out, rows, cols;
};

struct lt_pool {
	int c, h, w; /* input */
	int oh, ow;  /* output */
	int k, stride, pad;
	float share; /* average: factor of a window's sum, 1/(k*k) or, of a
			global one, 1/(h*w) */
};

struct lt_kern {
	const char *name; /* "ref", "v3", "v4" */

	/* dst[c][nrows][wp] <- view(src), zeros where the source has no pixel:
	 * dst column x is source column x - left. */
	void (*stage)(float *dst, const float *src, const struct lt_stage *s,
		const struct lt_view *view);
	/* The same of dy of lt_bn_back over g and y; zero in dead lanes.
	 * live: [16] of 0/1. */
	void (*stage_bn_back)(float *dst, const float *g, const float *y,
		const struct lt_stage *s, const struct lt_bn_back *bn,
		const float *live);

	/* dst[o][h][w] = ((chain over t of fma(wt[o][t], src[off[t] + h*src_row
	 * + w*src_px], acc)) + 0.0f) (+ bias[o]) (+ add[o][h][w]).
	 * Dense: packed is [ceil(n_out / LT_OB)][terms][LT_OB], zeros beyond
	 * n_out.  Sparse: the terms of o are ptr[o] .. ptr[o+1]-1 of off, val.
	 */
	void (*conv_dense)(const struct lt_conv_job *j, const float *packed,
		const int32_t *off, int terms);
	void (*conv_sparse)(const struct lt_conv_job *j, const int32_t *ptr,
		const int32_t *off, const float *val);

	/* acc[o*terms + t][16] (sparse: acc[i][16], i in ptr order) goes on
	 * with its chain over pixels, rows then columns ascending: acc =
	 * fma(dy[o][h][w], x[off[t] + h*x_row + w*x_px], acc). */
	void (*wgrad_dense)(float *acc, const struct lt_wgrad_job *j,
		const int32_t *off, int terms);
	void (*wgrad_sparse)(float *acc, const struct lt_wgrad_job *j,
		const int32_t *ptr, const int32_t *off);
	/* The same for one pixel, summed at once: dst[o*terms + t] (dst[i]) =
	 * lanes(dy[o] * x[off[t]]).  Linear layers; j->rows = cols = 1. */
	void (*outer_dense)(float *dst, const struct lt_wgrad_job *j,
		const int32_t *off, int terms);
	void (*outer_sparse)(float *dst, const struct lt_wgrad_job *j,
		const int32_t *ptr, const int32_t *off);
	/* dst[i] = lanes(acc[i]), i < n. */
	void (*lane_sum)(float *dst, const float *acc, size_t n);
	/* dst[i] = the sum over s < parts of part[s*stride + i] by the tree:
	 * for d = 1, 2, 4 ...: part s += part s+d for s = 0, 2d, 4d ...
	 * Overwrites part; dst may be part. */
	void (*tree_sum)(
		float *dst, float *part, size_t stride, int parts, size_t n);

	/* For each of c channels, ch floats apart, of npx pixels: s1[c] =
	 * lanes(chain of d), s2[c] = lanes(chain of d*d), d = (y - k[c]) *
	 * live; the chain of d is plain addition.  live NULL: all ones. */
	void (*bn_sums)(float *s1, float *s2, const float *y, size_t ch, int c,
		size_t npx, const float *k, const float *live);
	/* t1[c] = lanes(sum of g), t2[c] = lanes(chain of fma(g, y - mean[c]))
	 */
	void (*bn_back_sums)(float *t1, float *t2, const float *g,
		const float *y, size_t ch, int c, size_t npx,
		const float *mean);
	/* g <- view(v) > 0 ? g : +0, c channels of npx pixels, ch floats apart
	 * in both g and v. */
	void (*relu_back)(float *g, const float *v, size_t ch, int c,
		size_t npx, const struct lt_view *view);

	/* dst <- view(a), c channels of npx contiguous pixels; dst channels
	 * dst_ch floats apart, a's a_ch. */
	void (*apply)(float *dst, size_t dst_ch, const float *a, size_t a_ch,
		int c, size_t npx, const struct lt_view *view);
	/* dst <- relu?(view_a(a) + view_b(b)); dst may be a or b. */
	void (*add)(float *dst, const float *a, const float *b, size_t ch,
		int c, size_t npx, const struct lt_view *va,
		const struct lt_view *vb, bool relu);
	/* Plain elementwise over n floats: dst = a + b, dst = a * b; dst may be
	 * a or b. */
	void (*sum)(float *dst, const float *a, const float *b, size_t n);
	void (*mul)(float *dst, const float *a, const float *b, size_t n);

	/* Pools of one shard.  Maximum: over the window's pixels inside the
	 * plane; backward gives dy to the first of equal maxima in row, column
	 * order.  Average: chain of sums of the pixels inside, times p->share.
	 * *_back add into dx, which the caller has set; windows in row, column
	 * order. */
	void (*maxpool)(float *dst, const float *src, const struct lt_pool *p,
		const struct lt_view *view);
	void (*maxpool_back)(float *dx, const float *dy, const float *src,
		const struct lt_pool *p, const struct lt_view *view);
	void (*avgpool)(float *dst, const float *src, const struct lt_pool *p,
		const struct lt_view *view);
	void (*avgpool_back)(
		float *dx, const float *dy, const struct lt_pool *p);
	/* dst[c][oh][ow] <- view(src[c][oh*stride][ow*stride]) */
	void (*subsample)(float *dst, const float *src, const struct lt_pool *p,
		const struct lt_view *view);
	/* dx[c][oh*stride][ow*stride] += dy[c][oh][ow] */
	void (*subsample_back)(
		float *dx, const float *dy, const struct lt_pool *p);

	/* SGD (PyTorch's): d = fma(decay, w, g); m = fma(mu, m, d);
	 * w = fma(-lr, nesterov ? fma(mu, m, d) : m, w), over n floats. */
	void (*sgd)(float *w, float *m, const float *g, size_t n, float lr,
		float mu, float decay, bool nesterov);
};

/* The table named ("ref", "v3", "v4"), or for NULL the one LT_KERN names, or
 * the best that this processor runs.  NULL when the name is unknown or the
 * processor cannot run it: *why is then a static sentence. */
const struct lt_kern *lt_kern_get(const char *name, const char **why);

extern const struct lt_kern lt_kern_ref, lt_kern_v3, lt_kern_v4;

#endif
