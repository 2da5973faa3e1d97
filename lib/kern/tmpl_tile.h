/* The kernels of tile.h over the operations of tile_ops.h, and their table: all
 * indices and tails, once for plain C and for the matrix unit.
 */
#ifndef LT_KERN_TMPL_TILE_H
#define LT_KERN_TMPL_TILE_H

#include "kern/tile_ops.h"

/* Unroll the following loop, so that the numbers of tiles become constants. */
#ifdef __clang__
#define UNROLL_TILES _Pragma("clang loop unroll(full)")
#else
#define UNROLL_TILES _Pragma("GCC unroll 8")
#endif

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* ---- staging ---- */

/* Columns whose cells wait in a buffer until 16 channels are there. */
#define SOME_COLUMNS 32
#define ROW (SOME_COLUMNS * LT_LANES)

/* VW cells of a stored tensor, from cell i on. */
INLINE vec
stored(const void *p, size_t i, const enum lt_format format)
{
	if (format == LT_FORMAT_F32)
		return vload((const float *)p + i);
	return format == LT_FORMAT_BF16 ? vload_bf16((const uint16_t *)p + i)
					: vload_half((const uint16_t *)p + i);
}

/* The cells at .. at + n - 1 of channel c, as kernels read them. */
INLINE void
seen_cells(uint16_t *dst, const struct lt_tile_from *f, int c, size_t at,
	size_t n, const enum lt_format format, const bool scaled,
	const bool rectified)
{
	const vec scale = vall(scaled ? f->view->scale[c] : 1.0f);
	const vec shift = vall(scaled ? f->view->shift[c] : 0.0f);
	const void *src = f->src;

	for (size_t i = 0; i < n; i += VW) {
		vec v = stored(src, at + i, format);
		if (scaled)
			v = vfma(v, scale, shift);
		vstore_bf16(dst + i, rectified ? vrelu(v) : v);
	}
}

INLINE void
view_cells(uint16_t *dst, const struct lt_tile_from *f, int c, size_t at,
	size_t n, const enum lt_format format)
{
	if (f->view->scale && f->view->relu)
		seen_cells(dst, f, c, at, n, format, true, true);
	else if (f->view->scale)
		seen_cells(dst, f, c, at, n, format, true, false);
	else if (f->view->relu)
		seen_cells(dst, f, c, at, n, format, false, true);
	else
		seen_cells(dst, f, c, at, n, format, false, false);
}

/* The same of dy behind a batch norm. */
INLINE void
back_cells(uint16_t *dst, const struct lt_tile_from *f, int c, size_t at,
	size_t n, const enum lt_format format)
{
	const vec a = vall(f->bn->a[c]), b = vall(f->bn->b[c]);
	const vec c0 = vall(f->bn->c0[c]), mean = vall(f->bn->mean[c]);
	const vec zero = vall(0.0f);
	const void *g = f->src, *y = f->y;

	for (size_t i = 0; i < n; i += LT_LANES)
		for (size_t k = 0; k < CELLS; k++) {
			size_t q = at + i + k * VW;
			vec alive = vload(f->live + k * VW);
			vec d = vsub(stored(y, q, format), mean);
			vec e = vfma(stored(g, q, format), a, c0);
			vstore_bf16(dst + i + k * VW,
				vif_eq(alive, zero, zero, vfma(d, b, e)));
		}
}

static void
staged_cells(uint16_t *dst, const struct lt_tile_from *f, int c, size_t at,
	size_t n, enum lt_format format)
{
#define BY_FORMAT(fn) \
	do { \
		if (format == LT_FORMAT_BF16) \
			fn(dst, f, c, at, n, LT_FORMAT_BF16); \
		else if (format == LT_FORMAT_F16) \
			fn(dst, f, c, at, n, LT_FORMAT_F16); \
		else \
			fn(dst, f, c, at, n, LT_FORMAT_F32); \
	} while (0)
	if (f->bn)
		BY_FORMAT(back_cells);
	else
		BY_FORMAT(view_cells);
#undef BY_FORMAT
}

/* A part of a strip's row: 16 channels from c0 on, n of them real, and columns
 * x to x + cols - 1 of the strip. */
struct patch {
	int c0, n, row, x, cols;
};

/* Where a patch lies in P, and in T its column x. */
static uint16_t *
p_place(const struct lt_tile_to *to, const struct lt_stage *s,
	const struct patch *a, int x)
{
	size_t column = (size_t)a->row * s->wp + x;

	return to->p + column * lt_tile_p_px(s->c) + (size_t)a->c0 * LT_LANES;
}

static uint16_t *
t_place(const struct lt_tile_to *to, const struct lt_stage *s,
	const struct patch *a, int x)
{
	int cols = lt_tile_t_cols(s->wp, to->step);
	int at = x % to->step * (cols / to->step) + x / to->step;
	size_t row = (size_t)(a->c0 / LT_TILE) * s->nrows + a->row;

	return to->t + (row * cols + at) * LT_TILE_SUMS;
}

static void
put_zeros(const struct lt_tile_to *to, const struct lt_stage *s,
	const struct patch *a)
{
	size_t px = (size_t)lt_tile_blocks(a->n, 2) * 2 * LT_LANES;

	for (int x = a->x; x < a->x + a->cols; x++) {
		if (to->p && x < s->wp)
			memset(p_place(to, s, a, x), 0, px * sizeof *to->p);
		if (to->t)
			memset(t_place(to, s, a, x), 0,
				LT_TILE_SUMS * sizeof *to->t);
	}
}

static void
put_p(const struct lt_tile_to *to, const struct lt_stage *s,
	const struct patch *a, const uint16_t *cells)
{
	size_t px = lt_tile_p_px(s->c);
	uint16_t *dst = p_place(to, s, a, a->x);

	for (int c = 0; c < a->n; c += 2, dst += 2 * LT_LANES)
		for (int q = 0; q < a->cols; q++)
			weave(dst + q * px, cells + c * ROW + q * LT_LANES,
				cells + (c + 1) * ROW + q * LT_LANES);
}

static void
put_t(const struct lt_tile_to *to, const struct lt_stage *s,
	const struct patch *a, const uint16_t *cells)
{
	for (int q = 0; q < a->cols; q++)
		turn(t_place(to, s, a, a->x + q), cells + q * LT_LANES, ROW);
}

/* Column x of the strip is column x - left of D. */
static void
put_d(const struct lt_tile_to *to, const struct lt_stage *s,
	const struct patch *a, const uint16_t *cells)
{
	int in = s->row0 + a->row - to->own0, pairs = lt_tile_blocks(s->w, 2);
	size_t px = lt_tile_d_px(to->d_c1 - to->d_c0);
	size_t first = (size_t)in * pairs + (a->x - s->left) / 2;
	uint16_t *dst = to->d + first * px +
			(size_t)(a->c0 - to->d_c0) / LT_TILE * LT_TILE_CELLS;

	for (int q = 0; q < a->cols; q += 2, dst += px)
		for (int c = 0; c < LT_TILE; c++) {
			const uint16_t *from = cells + c * ROW + q * LT_LANES;
			size_t n = q + 1 < a->cols ? 2 * LT_LANES : LT_LANES;
			memset(dst + c * 32, 0, 32 * sizeof *dst);
			memcpy(dst + c * 32, from, n * sizeof *dst);
		}
}

/* Source columns of a row of 16 channels. */
static void
stage_columns(const struct lt_tile_to *to, const struct lt_tile_from *from,
	const struct lt_stage *s, struct patch a, uint16_t *cells)
{
	int row = s->row0 + a.row, end = least(s->left + s->w, s->wp);
	bool own = to->d && row >= to->own0 && row < to->own0 + to->own &&
		   a.c0 >= to->d_c0 && a.c0 < to->d_c1;

	for (a.x = s->left; a.x < end; a.x += SOME_COLUMNS) {
		a.cols = least(SOME_COLUMNS, end - a.x);
		for (int c = 0; c < a.n; c++) {
			size_t at = ((size_t)(a.c0 + c) * s->h + row) * s->w +
				    (size_t)(a.x - s->left);
			staged_cells(cells + c * ROW, from,
				(a.c0 + c) / from->flat, at * LT_LANES,
				(size_t)a.cols * LT_LANES, s->format);
		}
		if (to->p)
			put_p(to, s, &a, cells);
		if (to->t)
			put_t(to, s, &a, cells);
		if (own)
			put_d(to, s, &a, cells);
	}
}

static void
stage(const struct lt_tile_to *to, const struct lt_tile_from *from,
	const struct lt_stage *s)
{
	_Alignas(64) uint16_t cells[LT_TILE * ROW];
	int right = least(s->left + s->w, s->wp);
	int all = to->t ? lt_tile_t_cols(s->wp, to->step) : s->wp;

	for (int c0 = 0; c0 < s->c; c0 += LT_TILE) {
		int n = least(LT_TILE, s->c - c0);
		if (n < LT_TILE)
			memset(cells + n * ROW, 0,
				(size_t)(LT_TILE - n) * ROW * sizeof *cells);
		for (int r = 0; r < s->nrows; r++) {
			struct patch a = {c0, n, r, 0, all};
			int row = s->row0 + r;
			if (row < 0 || row >= s->h) {
				put_zeros(to, s, &a);
				continue;
			}
			stage_columns(to, from, s, a, cells);
			a.cols = s->left;
			put_zeros(to, s, &a);
			a.x = right;
			a.cols = all - right;
			put_zeros(to, s, &a);
		}
	}
	if (to->p)
		memset(to->p + lt_tile_p_cells(s), 0,
			LT_TILE_TAIL * sizeof *to->p);
	if (to->t)
		memset(to->t + lt_tile_t_cells(s, to->step), 0,
			LT_TILE_TAIL * sizeof *to->t);
}

/* ---- sums over taps ---- */

/* Where an output pixel's taps begin, and where its sum goes. */
struct pixel {
	const uint16_t *src;
	float *dst;
};

static struct pixel
pixel_at(const struct lt_tile_conv *j, int i)
{
	int per = j->rows * j->cols, n = i / per, h = i % per / j->cols;
	int w = i % j->cols;

	return (struct pixel){
		j->src + n * j->src_sh + h * j->src_row + w * j->src_px,
		j->dst + n * j->dst_sh + h * j->dst_row + w * j->dst_px};
}

/* A finished tile: output channels from o on of one pixel. */
INLINE void
put_sums(const struct lt_tile_conv *j, int o, float *dst, const float *sums)
{
	int n = least(LT_TILE, j->n_out - o);

	dst += o * j->dst_ch;
	for (int k = 0; k < n; k++, dst += j->dst_ch, sums += LT_LANES) {
		float bias = j->bias ? j->bias[o + k] : 0.0f;
		for (int i = 0; i < LT_LANES; i++)
			dst[i] = sum_add(sum_add(sums[i], 0.0f), bias);
	}
}

/* What the terms of some sums are. */
struct taps {
	const uint16_t *packed; /* of the first output */
	const int32_t *off;
	int blocks;
};

/* no x np sums: 16 output channels each from o on, pixels px. */
INLINE void
conv_some(struct tiles *t, const struct lt_tile_conv *j,
	const struct taps *taps, int o, const struct pixel *px, const int no,
	const int np)
{
	const uint16_t *a = taps->packed;
	const size_t next = (size_t)taps->blocks * LT_TILE_CELLS;
	_Alignas(64) float sums[LT_TILE_SUMS];

	UNROLL_TILES
	for (int i = 0; i < no * np; i++)
		tile_zero(t, i);
	for (int k = 0; k < taps->blocks; k++, a += LT_TILE_CELLS) {
		UNROLL_TILES
		for (int p = 0; p < np; p++) {
			const int b = no == 2 ? 6 + p : 5 + p % 3;
			tile_load(t, b, px[p].src + taps->off[k]);
			UNROLL_TILES
			for (int i = 0; i < no; i++) {
				if (p == 0)
					tile_load(t, 4 + i, a + i * next);
				tile_multiply(t, p * no + i, 4 + i, b);
			}
		}
	}
	UNROLL_TILES
	for (int p = 0; p < np; p++) {
		UNROLL_TILES
		for (int i = 0; i < no; i++) {
			tile_store(t, p * no + i, sums);
			put_sums(j, o + i * LT_TILE, px[p].dst, sums);
		}
	}
}

/* All pixels of no x 16 output channels. */
INLINE void
conv_outputs(struct tiles *t, const struct lt_tile_conv *j,
	const struct taps *taps, int o, const int no)
{
	const int most = no == 2 ? 2 : 4, n = j->shards * j->rows * j->cols;

	for (int i = 0; i < n; i += most) {
		struct pixel px[4];
		int np = least(most, n - i);
		for (int p = 0; p < np; p++)
			px[p] = pixel_at(j, i + p);
		if (np == 1)
			conv_some(t, j, taps, o, px, no, 1);
		else if (np == 2)
			conv_some(t, j, taps, o, px, no, 2);
		else if (np == 3 && no == 1)
			conv_some(t, j, taps, o, px, 1, 3);
		else if (np == 4 && no == 1)
			conv_some(t, j, taps, o, px, 1, 4);
	}
}

NOINLINE void
conv_all(struct tiles *t, const struct lt_tile_conv *j, struct taps taps)
{
	int n = lt_tile_blocks(j->n_out, LT_TILE);

	for (int i = 0; i < n; i += 2) {
		if (n - i > 1)
			conv_outputs(t, j, &taps, i * LT_TILE, 2);
		else
			conv_outputs(t, j, &taps, i * LT_TILE, 1);
		taps.packed += (size_t)2 * taps.blocks * LT_TILE_CELLS;
	}
}

static void
conv(const struct lt_tile_conv *j, const uint16_t *packed, const int32_t *off,
	int blocks)
{
	struct tiles t;

	tile_begin(&t);
	conv_all(&t, j, (struct taps){packed, off, blocks});
	tile_end(&t);
}

/* ---- sums over pixels ---- */

/* A tile of gradients: a tap and 16 channels of the source. */
struct grad {
	const uint16_t *src;
	float *dst; /* of the first 16 outputs */
};

/* no x nt sums: 16 outputs each, from d on; o_step: from 16 outputs to the next
 * in dst. */
INLINE void
wgrad_some(struct tiles *t, const struct lt_tile_wgrad *j, const uint16_t *d,
	const struct grad *g, size_t o_step, const int no, const int nt)
{
	const int pairs = lt_tile_blocks(j->cols, 2);
	const size_t px = lt_tile_d_px(j->n_out);

	UNROLL_TILES
	for (int i = 0; i < no * nt; i++)
		tile_zero(t, i);
	for (int n = 0; n < j->shards; n++) {
		const uint16_t *a = d + n * j->d_sh;
		for (int h = 0; h < j->rows; h++) {
			size_t at = n * j->t_sh + h * j->t_row;
			for (int q = 0; q < pairs; q++, a += px) {
				UNROLL_TILES
				for (int e = 0; e < nt; e++) {
					tile_load(t, 7, g[e].src + at);
					UNROLL_TILES
					for (int i = 0; i < no; i++) {
						/* There and back, so that tile
						 * 6 serves twice. */
						const int o =
							e % 2 ? no - 1 - i : i;
						if (!e || i)
							tile_load(t, 6,
								a + o * LT_TILE_CELLS);
						tile_multiply(
							t, e * no + o, 6, 7);
					}
				}
				at += 2 * LT_TILE_SUMS;
			}
		}
	}
	UNROLL_TILES
	for (int e = 0; e < nt; e++) {
		UNROLL_TILES
		for (int o = 0; o < no; o++) {
			float *dst = g[e].dst + o * o_step;
			tile_store(t, e * no + o, dst);
			for (int i = 0; i < LT_TILE_SUMS; i++)
				dst[i] = sum_add(dst[i], 0.0f);
		}
	}
}

/* All taps and channels of no x 16 outputs, o the first sixteen. */
INLINE void
wgrad_outputs(struct tiles *t, float *dst, const struct lt_tile_wgrad *j,
	const int32_t *off, int taps, int o, const int no)
{
	const int most = no == 2 ? 3 : 6;
	int cb = lt_tile_blocks(j->c, LT_TILE), n = cb * taps;
	size_t o_step = (size_t)n * LT_TILE_SUMS;
	const uint16_t *d = j->d + (size_t)o * LT_TILE_CELLS;

	for (int i = 0; i < n; i += most) {
		struct grad g[6];
		int nt = least(most, n - i);
		for (int e = 0; e < nt; e++) {
			int c = (i + e) / taps, tap = (i + e) % taps;
			size_t at = ((size_t)o * taps + tap) * cb + c;
			g[e] = (struct grad){j->t + c * j->t_cb + off[tap],
				dst + at * LT_TILE_SUMS};
		}
		if (nt == 1)
			wgrad_some(t, j, d, g, o_step, no, 1);
		else if (nt == 2)
			wgrad_some(t, j, d, g, o_step, no, 2);
		else if (nt == 3)
			wgrad_some(t, j, d, g, o_step, no, 3);
		else if (nt == 4 && no == 1)
			wgrad_some(t, j, d, g, o_step, 1, 4);
		else if (nt == 5 && no == 1)
			wgrad_some(t, j, d, g, o_step, 1, 5);
		else if (nt == 6 && no == 1)
			wgrad_some(t, j, d, g, o_step, 1, 6);
	}
}

NOINLINE void
wgrad_all(struct tiles *t, float *dst, const struct lt_tile_wgrad *j,
	const int32_t *off, int taps)
{
	int n = lt_tile_blocks(j->n_out, LT_TILE);

	for (int o = 0; o < n; o += 2)
		if (n - o > 1)
			wgrad_outputs(t, dst, j, off, taps, o, 2);
		else
			wgrad_outputs(t, dst, j, off, taps, o, 1);
}

static void
wgrad(float *dst, const struct lt_tile_wgrad *j, const int32_t *off, int taps)
{
	struct tiles t;

	tile_begin(&t);
	wgrad_all(&t, dst, j, off, taps);
	tile_end(&t);
}

/* ---- the gradient of a bias ---- */

static void
bias(float *sum, const uint16_t *d, int n_out, int rows, int cols)
{
	size_t px = lt_tile_d_px(n_out),
	       n = (size_t)rows * lt_tile_blocks(cols, 2);

	for (int o = 0; o < n_out; o++) {
		const uint16_t *p = d + (size_t)o * 2 * LT_LANES;
		float acc[LT_LANES] = {0};
		for (size_t q = 0; q < n; q++, p += px) {
			for (int i = 0; i < LT_LANES; i++)
				acc[i] += lt_bf16_get(p[i]);
			for (int i = 0; i < LT_LANES; i++)
				acc[i] += lt_bf16_get(p[LT_LANES + i]);
		}
		sum[o] = lanes(acc);
	}
}

const struct lt_tiles TILES = {
	.name = TILES_NAME,
	.stage = stage,
	.conv = conv,
	.wgrad = wgrad,
	.bias = bias,
};

#endif
