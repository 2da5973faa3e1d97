/* The numerical kernels: one table of functions per instruction set.
 *
 *	const struct lt_kern *k = lt_kern_get(NULL, &why); // LT_KERN, or best
 *	k->conv_dense(&job, packed, off, terms);
 *
 * A kernel works on one shard (sixteen images, LT_LANES) or one strip of it,
 * is serial, allocates nothing, knows no file, network or thread, and cannot
 * fail.  All variants (kern_ref scalar; kern_v3 AVX2+FMA; kern_v4 AVX-512) give
 * the same bits for finite data, because every result is defined below down to
 * the order of its additions; kern_ref is the definition.  They give a NaN in
 * the same places, with any sign and payload.  No kernel hides a NaN: what is
 * computed from a NaN is a NaN, in relu and in a maximum too.  The README has
 * the rules that hold for all kernels.
 *
 * Layout: an activation is [channel][row][column][16] float32, 64-byte aligned;
 * a "pixel" is the vector of sixteen images.  Strides are in floats. fma(a,b,c)
 * is the fused a*b+c; a "chain" is acc = fma(.,., acc) in the order stated,
 * starting at +0; "lanes()" is the sum of a vector's sixteen lanes as
 * v[i] + v[i+8], then +4, +2, +1.  A dead lane, which has no image, has live 0.
 * Pointers do not alias unless a comment allows it.
 */
#ifndef LT_KERN_KERN_H
#define LT_KERN_KERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/curve.h"

#define LT_LANES 16
#define LT_OB 4 /* output channels in a block of packed dense weights */

/* A value as its consumer sees it: v = src or fma(src, scale[c], shift[c]), and
 * relu(v) if relu is set.  relu(x) = x <= 0 ? +0 : x, so relu(NaN) is NaN and
 * relu(-0) is +0.  Batch norm and ReLU are applied where a tensor is read;
 * their results are never stored. */
struct lt_view {
	const float *scale, *shift; /* [channels]; both NULL: src itself */
	bool relu;		    /* with or without a scale */
};

/* The format of a stored tensor's cells (the const void * below): float32, IEEE
 * binary16, or bf16.  Kernels compute in float32; what they store in 16 bits is
 * rounded to nearest, ties to even, and base/half.h defines it. */
enum lt_format { LT_FORMAT_F32, LT_FORMAT_F16, LT_FORMAT_BF16 };

static inline size_t
lt_format_bytes(enum lt_format f)
{
	return f == LT_FORMAT_F32 ? sizeof(float) : sizeof(uint16_t);
}

/* A plane of channels and the rows of it that are to be staged. */
struct lt_stage {
	int c, h, w; /* channels, rows, columns of the source shard */
	int row0,
		nrows; /* first source row (may be < 0 or >= h) and how many */
	int left, wp;  /* zero columns before, and columns in all, a row */
	enum lt_format format; /* of the source */
	bool rounds;	       /* staged values are rounded to bf16 */
};

/* dy = fma(y - mean, b, fma(g, a, c0)) per channel: the gradient before a
 * batch norm from the one after it, g (see engine/engine_int.h for a, b, c0).
 */
struct lt_bn_back {
	const float *a, *b, *c0, *mean; /* [channels] */
};

/* A strip of a sum over taps, forward or backward to data, over several shards
 * at once: small planes make full tiles together. */
struct lt_conv_job {
	float *dst; /* output vector of shard 0, channel 0, row 0, column 0 */
	size_t dst_sh, dst_ch, dst_row, dst_px;
	const float *src;	/* staged strip */
	size_t src_sh;		/* from one shard ... */
	size_t src_row, src_px; /* ... output row / column to the next */
	int n_out, shards, rows, cols;
	const float *bias; /* [n_out] or NULL */
};

/* One strip of a sum over pixels: the gradient of weights. */
struct lt_wgrad_job {
	const float *x; /* staged strip, the offsets' origin */
	size_t x_sh, x_row, x_px;
	const float *dy; /* [n_out] planes, dy_ch apart */
	size_t dy_sh, dy_ch, dy_row, dy_px;
	int n_out, shards, rows, cols;
	/* For the sums in blocks only: channels of the staged strip, the floats
	 * of one, and of a row of it. */
	int c;
	size_t x_ch, x_line;
};

/* A finished strip on its way to a tensor. Channels of npx contiguous pixels;
 * src's lie src_ch floats apart, those of all tensors ch cells. */
struct lt_drain {
	int c;
	size_t npx, src_ch, ch;
	enum lt_format format; /* of the tensors */
};

/* Forward sums of what is stored, for a batch norm. */
struct lt_bn_sums {
	const float *k, *live; /* [c]; [16] or NULL: all ones */
	float *s1, *s2;	       /* [c] */
};

/* The operations on a gradient before it is stored. */
struct lt_drain_back {
	const void *add;     /* NULL, or a part of it that was there; may be
				the destination */
	const void *v;	     /* NULL, or what a ReLU passed on where ... */
	struct lt_view view; /* ... not view(v) <= 0 */
	const void *y;	     /* NULL, or the sums of a batch norm of y: */
	const float *mean;   /* [c] */
	float *t1, *t2;	     /* [c]; t1 NULL: no sums at all */
};

struct lt_pool {
	int c, h, w; /* input */
	int oh, ow;  /* output */
	int k, stride, pad;
	float share; /* average: factor of a window's sum, 1/(k*k) or, of a
			global one, 1/(h*w) */
};

typedef void lt_curve_fn(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view, float by);
typedef void lt_curve_back_fn(float *dx, const void *dy, const void *src,
	const struct lt_drain *d, const struct lt_view *view, float by);

/* How a term of a sum over taps begins: it continues the chain of the term
 * before it, or begins the second chain of that one's block, or a block. */
enum lt_begins { LT_GOES_ON, LT_ODD, LT_BLOCK };

struct lt_tiles;

struct lt_kern {
	const char *name; /* see lt_kern_get */

	/* dst[c][nrows][wp] <- view(src), zeros where the source has no pixel:
	 * dst column x is source column x - left. */
	void (*stage)(float *dst, const void *src, const struct lt_stage *s,
		const struct lt_view *view);
	/* The same of dy of lt_bn_back over g and y; zero in dead lanes.
	 * live: [16] of 0/1. */
	void (*stage_bn_back)(float *dst, const void *g, const void *y,
		const struct lt_stage *s, const struct lt_bn_back *bn,
		const float *live);

	/* dst[n][o][h][w] = ((chain over t of fma(wt[o][t], src[n*src_sh +
	 * off[t] + h*src_row + w*src_px], acc)) + 0.0f) (+ bias[o]).
	 * Dense: packed is [ceil(n_out / LT_OB)][terms][LT_OB], zeros beyond
	 * n_out.  Sparse: the terms of o are ptr[o] .. ptr[o+1]-1 of off, val.
	 */
	void (*conv_dense)(const struct lt_conv_job *j, const float *packed,
		const int32_t *off, int terms);
	void (*conv_sparse)(const struct lt_conv_job *j, const int32_t *ptr,
		const int32_t *off, const float *val);

	/* The sums of the bf16 mode, which a processor with tiles computes in
	 * one instruction a block.  All numbers but the bias are bf16 numbers
	 * in float32.  Arithmetic is FZ: an fma or an addition takes a
	 * subnormal operand as a zero of its sign and gives a zero of its sign
	 * for a result that is subnormal after rounding (x86's FTZ and DAZ).
	 * A block is two chains, e and o, each from +0; C, from +0, becomes
	 * C + (e + o) at the end of each block, which has at most 32 terms.  At
	 * the end comes + 0.0f, so that left-out zeros change no bit.
	 *
	 * Over taps: dst = (C + 0.0f) (+ bias[o]).  Operands as above, and
	 * begins, which lies beside off: how a term begins.  Terms lie block by
	 * block, in a block those of e before those of o, and the first one of
	 * an output is LT_BLOCK; a block whose terms all belong to o has
	 * LT_BLOCK too, because e + o is the same.  lib/kern/README.md has the
	 * order of the engine's terms. */
	void (*conv_dense_bf16)(const struct lt_conv_job *j,
		const float *packed, const int32_t *off, const uint8_t *begins,
		int terms);
	void (*conv_sparse_bf16)(const struct lt_conv_job *j,
		const int32_t *ptr, const int32_t *off, const uint8_t *begins,
		const float *val);
	/* Over pixels: dst = C + 0.0f, as wgrad_*, but a block is a pair of
	 * columns: e the chain of fma(dy, x) over the images 0, 2 .. 14 of the
	 * first column, then of the second; o over the images 1, 3 .. 15.
	 * Blocks come by shard, row and pair ascending; of an odd number of
	 * columns the last pair has one, and where x is infinite in the place
	 * of the other, the result may be a NaN.  No two offsets of an output
	 * are equal.  scratch: lt_wgrad_bf16_scratch floats of this or of a
	 * larger job, 64-byte aligned. */
	void (*wgrad_dense_bf16)(float *dst, const struct lt_wgrad_job *j,
		const int32_t *off, int terms, float *scratch);
	void (*wgrad_sparse_bf16)(float *dst, const struct lt_wgrad_job *j,
		const int32_t *ptr, const int32_t *off, float *scratch);

	/* Winograd F(2x2, 3x3), Lavin & Gray 2016, of kernels of 3x3 taps at
	 * stride 1; their matrices G, B and A.  u <- G g transpose(G) of every
	 * (o, c), where g[r][s] = w[o*o_stride + c*c_stride + k], k = 3*r + s
	 * or, flipped, 8 - (3*r + s); u is [ceil(n_out / LT_OB)][16][c][LT_OB],
	 * the 16 in rows of 4, zeros beyond n_out: lt_wino_floats in all.
	 * G goes down the columns, then along the rows, as e = g0 + g2;
	 * (g0, (e + g1) * 0.5f, (e - g1) * 0.5f, g2). */
	void (*wino_weights)(float *u, const float *w, int n_out, int c,
		size_t o_stride, size_t c_stride, bool flip);
	/* What conv_dense gives of such kernels, up to rounding; src has c
	 * channels of rows + 2 by cols + 2 pixels, src_ch floats apart.  Of
	 * each tile of 2x2 output pixels, from 4x4 source pixels d, zeros
	 * where those reach beyond rows + 2 or cols + 2:
	 *	v[f][c] = transpose(B) d B, down the columns, then along the
	 *		rows, as (d0 - d2, d1 + d2, d2 - d1, d1 - d3)
	 *	m[f] = chain over c of fma(u[o][f][c], v[f][c], acc)
	 *	acc = transpose(A) m A, down the columns, then along the rows,
	 *		as ((m0 + m1) + m2, (m1 - m2) - m3)
	 * and dst = (acc + 0.0f) (+ bias[o]).  scratch: lt_wino_scratch of
	 * these or of more outputs, 64-byte aligned. */
	void (*conv_wino)(const struct lt_conv_job *j, const float *u, int c,
		size_t src_ch, float *scratch);

	/* dst[o*terms + t] (sparse: dst[i], i in ptr order) = lanes(chain over
	 * shards, rows, columns ascending of fma(dy[o][n][h][w], x[n*x_sh +
	 * off[t] + h*x_row + w*x_px], acc)).
	 * acc: lt_wgrad_scratch(n_out, terms) floats of scratch. */
	void (*wgrad_dense)(float *dst, const struct lt_wgrad_job *j,
		const int32_t *off, int terms, float *acc);
	void (*wgrad_sparse)(float *dst, const struct lt_wgrad_job *j,
		const int32_t *ptr, const int32_t *off, float *acc);
	/* dst[i] = the sum over s < parts of part[s*stride + i] by the tree:
	 * for d = 1, 2, 4 ...: part s += part s+d for s = 0, 2d, 4d ...
	 * Overwrites part; dst may be part. */
	void (*tree_sum)(
		float *dst, float *part, size_t stride, int parts, size_t n);

	/* dst <- src; dst NULL: only the sums.  sums (or NULL): s1[c] =
	 * lanes(chain of d), s2[c] = lanes(chain of d*d), d = (stored value -
	 * k[c]) * live; the chain of d is plain addition.  */
	void (*drain)(void *dst, const float *src, const struct lt_drain *d,
		const struct lt_bn_sums *sums);
	/* dst <- view(v) <= 0 ? +0 : src + add; dst NULL: only the sums.
	 * t1[c] = lanes(sum of g), t2[c] = lanes(chain of fma(g, y - mean[c])),
	 * g the stored value (dst NULL: as it would be stored). */
	void (*drain_back)(void *dst, const float *src,
		const struct lt_drain *d, const struct lt_drain_back *b);

	/* dst <- relu?(view_a(a) + view_b(b)), d->c channels of d->npx pixels,
	 * all d->ch cells apart; dst may be a or b. */
	void (*add)(void *dst, const void *a, const void *b,
		const struct lt_drain *d, const struct lt_view *va,
		const struct lt_view *vb, bool relu);
	/* Plain elementwise over n floats: dst = a + b, dst = a * b; dst may be
	 * a or b. */
	void (*sum)(float *dst, const float *a, const float *b, size_t n);
	void (*mul)(float *dst, const float *a, const float *b, size_t n);

	/* Functions of one value, by enum lt_curve: dst <- f(view(src)), of
	 * d->c channels of d->npx pixels, d->ch cells apart; dst may be src.
	 * curve.h defines each; by is its parameter. */
	lt_curve_fn *const *curve;
	/* dx = dy * slope(view(src)), where src is the function's own output,
	 * and view is not looked at, if lt_curve_of_output.  Channels as above;
	 * dx is float32, channels d->src_ch apart, and may be dy. */
	lt_curve_back_fn *const *curve_back;
	/* As add, without relu: dst <- view_a(a) * view_b(b).  And b a pixel a
	 * channel, b_ch floats apart: dst <- view(src) * b; dst may be src. */
	void (*product)(void *dst, const void *a, const void *b,
		const struct lt_drain *d, const struct lt_view *va,
		const struct lt_view *vb);
	void (*spread)(void *dst, const void *src, const float *b, size_t b_ch,
		const struct lt_drain *d, const struct lt_view *view);
	/* dst[16] = (q0 + q1) + (q2 + q3), q_i the chain over the pixels i, i +
	 * 4, ... of fma(a, b, acc). */
	void (*dot)(float *dst, const float *a, const float *b, size_t npx);

	/* Pools of one shard.  Maximum: over the window's pixels inside the
	 * plane, NaN where one of them is; backward gives dy to the first of
	 * equal maxima in row, column order, or to the first NaN.  Average:
	 * chain of sums of the pixels inside, times p->share.
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
	/* The adaptive average, of rows floor(oh * p->h / p->oh) up to before
	 * ceil((oh + 1) * p->h / p->oh), columns likewise; the factor is 1 /
	 * the window's pixels. */
	void (*adaptpool)(float *dst, const float *src, const struct lt_pool *p,
		const struct lt_view *view);
	void (*adaptpool_back)(
		float *dx, const float *dy, const struct lt_pool *p);
	/* dst[c][oh][ow] <- view(src[c][oh*stride][ow*stride]) */
	void (*subsample)(float *dst, const float *src, const struct lt_pool *p,
		const struct lt_view *view);
	/* dx[c][oh*stride][ow*stride] += dy[c][oh][ow] */
	void (*subsample_back)(
		float *dx, const float *dy, const struct lt_pool *p);

	/* A block of packed weights: for terms t < n and outputs b < outs (1 to
	 * LT_OB), dst[t * LT_OB + b] = w[at[t] + b * step], rounded to bf16 if
	 * rounds; for the other b, +0. */
	void (*pack)(float *dst, const float *w, const uint32_t *at, int n,
		size_t step, int outs, bool rounds);

	/* SGD (PyTorch's): d = fma(decay, w, g); m = fma(mu, m, d);
	 * w = fma(-lr, nesterov ? fma(mu, m, d) : m, w), over n floats.
	 * Returns whether every w is finite now; none is where g, m or w was
	 * not, or where the step was too large for a float. */
	bool (*sgd)(float *w, float *m, const float *g, size_t n, float lr,
		float mu, float decay, bool nesterov);
	/* The same of the n elements at[0], at[1], ... only. */
	bool (*sgd_kept)(float *w, float *m, const float *g, const uint32_t *at,
		size_t n, float lr, float mu, float decay, bool nesterov);

	/* Nothing but speed: steps * LT_BURN fused multiply-adds in registers,
	 * as twelve chains of vectors, enough to hide their latency.  What it
	 * returns (its bits differ) only keeps a compiler from dropping it. */
	float (*burn)(int steps);

	/* The sums of the bf16 mode as products of tiles (kern/tile.h), or
	 * NULL: by the functions above alone. */
	const struct lt_tiles *tiles;
};
#define LT_BURN_CHAINS 12
#define LT_BURN (LT_BURN_CHAINS * LT_LANES)

/* e(z) is exp z, within 1.02 ulp from -87 to 88, what it is at -87 below, and
 * infinite from 88.4 on: with z cut to [LT_EXP_LEAST, LT_EXP_MOST], m = fma(z,
 * log2 e, 1.5 * 2^23 + 127) and k = m - (1.5 * 2^23 + 127), a whole number, r =
 * fma(k, -LN2_LO, fma(k, -LN2_HI, z)), p Horner's chain of fma over r from
 * LT_EXP_5 down to LT_EXP_0, e = (fma(r * r, p, r) + 1) * 2^k.  sigmoid(x) is
 * 1 / (e(0 - x) + 1). */
#define LT_EXP_LOG2E 0x1.715476p+0f
#define LT_EXP_LN2_HI 0x1.62e430p-1f
#define LT_EXP_LN2_LO -0x1.05c610p-29f
#define LT_EXP_MAGIC (0x1.8p+23f + 127.0f)
#define LT_EXP_LEAST -87.0f
#define LT_EXP_MOST 89.0f
#define LT_EXP_5 1.9875691500e-4f
#define LT_EXP_4 1.3981999507e-3f
#define LT_EXP_3 8.3334519073e-3f
#define LT_EXP_2 4.1665795894e-2f
#define LT_EXP_1 1.6666665459e-1f
#define LT_EXP_0 5.0000001201e-1f

/* Floats of scratch that a gradient of so many weights wants, at most: sums
 * that wait, a pixel each, or the terms that sums over few pixels turn. */
#define LT_WGRAD_ACCS (16 * 1024) /* pixels */
#define LT_WGRAD_FEW (24 * 1024)  /* floats */
static inline size_t
lt_wgrad_scratch(int n_out, int terms)
{
	size_t all = (size_t)n_out * (size_t)terms;
	size_t most = LT_WGRAD_ACCS + (size_t)LT_OB * (size_t)terms;
	all = (all < most ? all : most) * LT_LANES;
	return all > LT_WGRAD_FEW ? all : LT_WGRAD_FEW;
}

/* Floats of scratch that the gradients of a job take in blocks. */
size_t lt_wgrad_bf16_scratch(const struct lt_wgrad_job *j);

/* Floats of Winograd's weights; of what conv_wino needs beside them. */
size_t lt_wino_floats(int n_out, int c);
size_t lt_wino_scratch(int n_out, int c);

/* The table named ("ref", "v3", "v4", "neon", "amx", "tiles"), or for NULL the
 * one LT_KERN names, or the best that this processor runs.  NULL when the name
 * is unknown or the processor cannot run it: *why is then a static sentence.
 * The tables "amx" and "tiles" are v4, and the best of v3, v4 and ref, with
 * tiles beside; "tiles" computes them in plain C, so that they are tested
 * everywhere. */
const struct lt_kern *lt_kern_get(const char *name, const char **why);

/* Table i, best first; false beyond the last. */
struct lt_kern_row {
	const char *name, *lacks; /* lacks: why it cannot run here, or NULL */
	bool by_name;		  /* never chosen but by its name */
};
bool lt_kern_row(struct lt_kern_row *row, int i);

extern const struct lt_kern lt_kern_ref, lt_kern_v3, lt_kern_v4, lt_kern_neon;

#endif
