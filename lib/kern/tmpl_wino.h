/* Winograd F(2x2, 3x3): sums over 3x3 taps at stride 1 by 16 products a tile
 * of 2x2 pixels, not 36.
 *
 * Tiles are computed in blocks.  The sources of a block are transformed into v.
 * For each frequency, u is then multiplied by v in register tiles of LT_OB
 * channels and DCELLS cells, as in conv_dense; the 16 products of a group of
 * output channels wait in m for the last transform.  Input channels are cut
 * into chunks, so that a chunk of v stays in the first-level cache while it
 * serves all channels of the group; meanwhile the unfinished chains wait in m.
 */
#ifndef LT_KERN_TMPL_WINO_H
#define LT_KERN_TMPL_WINO_H

#include "kern/wino.h"

#define WCHUNK 24576 /* bytes of v */

/* A cell of a tile: its source and output pixels, and how many rows and
 * columns of output lie in the job. */
struct wino_cell {
	const float *src;
	size_t dst;
	int rows, cols;
	float *v;    /* its transformed source of channel 0 */
	size_t v_ch; /* floats to the next channel's */
};

/* A block of tiles. */
struct wino {
	const struct lt_conv_job *j;
	const float *u;
	int c;
	size_t src_ch;
	float *v;	       /* [16][register tile][c][p cells] */
	float *m;	       /* [16][register tile][group's channels][p] */
	size_t v_step, m_step; /* floats from a frequency to the next */
	unsigned cells, subs;  /* cells; register tiles */
	struct wino_cell cell[WINO_MOST * CELLS];
};

/* ---- source ---- */

/* One cell of one channel, of which rows x cols pixels are there. */
INLINE void
wino_source_cell(float *v, size_t step, const float *src, size_t row, size_t px,
	const int rows, const int cols)
{
	vec b[4][4];
	UNROLL
	for (int x = 0; x < 4; x++) {
		vec d[4];
		UNROLL
		for (int y = 0; y < 4; y++)
			d[y] = y < rows && x < cols
				       ? vload(src + y * row + x * px)
				       : vall(0.0f);
		b[0][x] = vsub(d[0], d[2]);
		b[1][x] = vadd(d[1], d[2]);
		b[2][x] = vsub(d[2], d[1]);
		b[3][x] = vsub(d[1], d[3]);
	}
	UNROLL
	for (int y = 0; y < 4; y++, v += 4 * step) {
		vstore(v, vsub(b[y][0], b[y][2]));
		vstore(v + step, vadd(b[y][1], b[y][2]));
		vstore(v + 2 * step, vsub(b[y][2], b[y][1]));
		vstore(v + 3 * step, vsub(b[y][1], b[y][3]));
	}
}

static void
wino_source(const struct wino *w)
{
	size_t row = w->j->src_row, px = w->j->src_px;
	for (int ci = 0; ci < w->c; ci++)
		for (unsigned q = 0; q < w->cells; q++) {
			const struct wino_cell *l = &w->cell[q];
			const float *src = l->src + ci * w->src_ch;
			float *v = l->v + ci * l->v_ch;
			if (l->rows == 2 && l->cols == 2)
				wino_source_cell(
					v, w->v_step, src, row, px, 4, 4);
			else
				wino_source_cell(v, w->v_step, src, row, px,
					l->rows + 2, l->cols + 2);
		}
}

/* ---- products ---- */

/* n channels of p cells and LT_OB outputs. */
INLINE void
wino_tile(float *m, const float *u, const float *v, int n, bool first,
	const int p)
{
	vec a[LT_OB][DCELLS];
	UNROLL
	for (int i = 0; i < LT_OB * p; i++)
		a[i / p][i % p] = first ? vall(0.0f) : vload(m + i * VW);
	for (int k = 0; k < n; k++, u += LT_OB, v += p * VW) {
		vec x[DCELLS];
		UNROLL
		for (int i = 0; i < p; i++)
			x[i] = vload(v + i * VW);
		UNROLL
		for (int b = 0; b < LT_OB; b++) {
			vec y = vall(u[b]);
			UNROLL
			for (int i = 0; i < p; i++)
				a[b][i] = vfma(y, x[i], a[b][i]);
		}
	}
	UNROLL
	for (int i = 0; i < LT_OB * p; i++)
		vstore(m + i * VW, a[i / p][i % p]);
}

#define WINO(p) \
	static void wino_##p( \
		float *m, const float *u, const float *v, int n, bool first) \
	{ \
		wino_tile(m, u, v, n, first, p); \
	}

WINO(1)
WINO(2)
WINO(3)
#if VREGS == 32
WINO(4)
WINO(5)
WINO(6)
#endif

typedef void wino_fn(
	float *m, const float *u, const float *v, int n, bool first);

static wino_fn *const wino_fns[] = {
	NULL, wino_1, wino_2, wino_3 WIDER(wino_4, wino_5, wino_6)};

/* One frequency of blocks b0 .. b1 - 1 of output channels. */
static void
wino_product(const struct wino *w, int f, int b0, int b1)
{
	const size_t c = (size_t)w->c;
	const unsigned most = WCHUNK / (DCELLS * VW * sizeof(float));
	const unsigned chunks = ((unsigned)w->c + most - 1) / most;
	for (unsigned s = 0; s < w->subs; s++) {
		unsigned q = cut(w->cells, s, w->subs);
		unsigned p = cut(w->cells, s + 1, w->subs) - q;
		float *m = w->m + f * w->m_step +
			   q * (size_t)((b1 - b0) * LT_OB * VW);
		const float *v = w->v + f * w->v_step + q * c * VW;
		for (unsigned k = 0; k < chunks; k++) {
			unsigned c0 = cut((unsigned)c, k, chunks);
			unsigned c1 = cut((unsigned)c, k + 1, chunks);
			for (int b = b0; b < b1; b++)
				wino_fns[p](m + (b - b0) * LT_OB * p * VW,
					w->u + ((b * WINO_F + f) * c + c0) *
							LT_OB,
					v + c0 * p * VW, (int)(c1 - c0),
					k == 0);
		}
	}
}

/* ---- output ---- */

/* One cell of one channel, of which rows x cols output pixels are there. */
INLINE void
wino_out_cell(const struct lt_conv_job *j, const float *m, size_t step,
	vec bias, size_t at, const int rows, const int cols)
{
	vec s[2][4];
	UNROLL
	for (int x = 0; x < 4; x++) {
		vec m0 = vload(m + x * step), m1 = vload(m + (x + 4) * step);
		vec m2 = vload(m + (x + 8) * step);
		vec m3 = vload(m + (x + 12) * step);
		s[0][x] = vadd(vadd(m0, m1), m2);
		s[1][x] = vsub(vsub(m1, m2), m3);
	}
	UNROLL
	for (int y = 0; y < 2; y++) {
		if (y >= rows)
			break;
		vec *r = s[y];
		finish(j, bias, at + y * j->dst_row,
			vadd(vadd(r[0], r[1]), r[2]));
		if (cols > 1)
			finish(j, bias, at + y * j->dst_row + j->dst_px,
				vsub(vsub(r[1], r[2]), r[3]));
	}
}

static void
wino_out(const struct wino *w, int b0, int b1)
{
	const struct lt_conv_job *j = w->j;
	for (unsigned s = 0; s < w->subs; s++) {
		unsigned q = cut(w->cells, s, w->subs);
		unsigned p = cut(w->cells, s + 1, w->subs) - q;
		const float *m = w->m + q * (size_t)((b1 - b0) * LT_OB * VW);
		for (int o = b0 * LT_OB; o < b1 * LT_OB && o < j->n_out; o++)
			for (unsigned i = 0; i < p; i++, m += VW) {
				const struct wino_cell *l = &w->cell[q + i];
				size_t at = l->dst + o * j->dst_ch;
				if (l->rows == 2 && l->cols == 2)
					wino_out_cell(j, m, w->m_step,
						bias_of(j, o), at, 2, 2);
				else
					wino_out_cell(j, m, w->m_step,
						bias_of(j, o), at, l->rows,
						l->cols);
			}
	}
}

/* ---- all ---- */

/* Cells q0 .. q0 + cells - 1 of the job in shard, tile row, tile column, lane
 * order. */
static void
wino_cells(struct wino *w, unsigned q0)
{
	const struct lt_conv_job *j = w->j;
	unsigned th = (unsigned)(j->rows + 1) / 2;
	unsigned tw = (unsigned)(j->cols + 1) / 2;
	for (unsigned s = 0, q = 0; s < w->subs; s++) {
		unsigned begin = q, end = cut(w->cells, s + 1, w->subs);
		for (; q < end; q++) {
			unsigned t = (q0 + q) / CELLS;
			unsigned lane = (q0 + q) % CELLS * VW;
			unsigned sh = t / (th * tw);
			unsigned y = t / tw % th * 2, x = t % tw * 2;
			struct wino_cell *l = &w->cell[q];
			l->src = j->src + sh * j->src_sh + y * j->src_row +
				 x * j->src_px + lane;
			l->dst = sh * j->dst_sh + y * j->dst_row +
				 x * j->dst_px + lane;
			l->rows = (unsigned)j->rows - y > 1 ? 2 : 1;
			l->cols = (unsigned)j->cols - x > 1 ? 2 : 1;
			l->v_ch = (end - begin) * VW;
			l->v = w->v + (begin * (size_t)w->c + q - begin) * VW;
		}
	}
}

static void
conv_wino(const struct lt_conv_job *j, const float *u, int c, size_t src_ch,
	float *scratch)
{
	int blocks = (j->n_out + LT_OB - 1) / LT_OB;
	unsigned cells = (unsigned)((j->rows + 1) / 2 * ((j->cols + 1) / 2) *
				    j->shards * CELLS);
	unsigned most = (unsigned)wino_tiles(j->n_out, c) * CELLS;
	unsigned n = (cells + most - 1) / most;
	struct wino w = {.j = j,
		.u = u,
		.c = c,
		.src_ch = src_ch,
		.v = scratch,
		.v_step = wino_v_step(j->n_out, c),
		.m_step = wino_m_step(j->n_out, c)};
	w.m = w.v + WINO_F * w.v_step;
	for (unsigned i = 0; i < n; i++) {
		unsigned q = cut(cells, i, n);
		w.cells = cut(cells, i + 1, n) - q;
		w.subs = (w.cells + DCELLS - 1) / DCELLS;
		wino_cells(&w, q);
		wino_source(&w);
		for (int b = 0; b < blocks; b += WINO_GROUP / LT_OB) {
			int end = b + WINO_GROUP / LT_OB;
			end = end < blocks ? end : blocks;
			for (int f = 0; f < WINO_F; f++)
				wino_product(&w, f, b, end);
			wino_out(&w, b, end);
		}
	}
}

/* ---- weights ---- */

#define WBATCH 64 /* kernels that are gathered, then transformed */

/* Three vectors through G. */
INLINE void
wino_g(vec *t, vec g0, vec g1, vec g2)
{
	vec e = vadd(g0, g2), half = vall(0.5f);
	t[0] = g0;
	t[1] = vmul(vadd(e, g1), half);
	t[2] = vmul(vsub(e, g1), half);
	t[3] = g2;
}

/* VW kernels, tap by tap WBATCH apart, to u, step apart. */
INLINE void
wino_kernels(float *u, size_t step, const float *g)
{
	vec t[3][4];
	UNROLL
	for (int s = 0; s < 3; s++)
		wino_g(t[s], vload(g + s * WBATCH), vload(g + (s + 3) * WBATCH),
			vload(g + (s + 6) * WBATCH));
	UNROLL
	for (int r = 0; r < 4; r++) {
		vec a[4];
		wino_g(a, t[0][r], t[1][r], t[2][r]);
		UNROLL
		for (int s = 0; s < 4; s++)
			vstore(u + (r * 4 + s) * step, a[s]);
	}
}

/* Taps of n channels, c_stride apart, of outs channels: g[tap][n][LT_OB], taps
 * WBATCH apart. */
static void
wino_gather(float *g, const float *w, int outs, int n, size_t o_stride,
	size_t c_stride, bool flip)
{
	memset(g, 0, 9 * WBATCH * sizeof *g);
	for (int b = 0; b < outs; b++)
		for (int i = 0; i < n; i++) {
			const float *k = w + b * o_stride + i * c_stride;
			float *at = g + i * LT_OB + b;
			for (int t = 0; t < 9; t++)
				at[t * WBATCH] = k[flip ? 8 - t : t];
		}
}

/* n gathered kernels, where those of a last vector may be fewer. */
static void
wino_batch(float *u, size_t step, const float *g, int n)
{
	_Alignas(64) float rest[WINO_F * VW];
	int i = 0;
	for (; i + VW <= n; i += VW)
		wino_kernels(u + i, step, g + i);
	if (i == n)
		return;
	wino_kernels(rest, VW, g + i);
	for (int f = 0; f < WINO_F; f++)
		memcpy(u + f * step + i, rest + f * VW,
			(size_t)(n - i) * sizeof *u);
}

static void
wino_weights(float *u, const float *w, int n_out, int c, size_t o_stride,
	size_t c_stride, bool flip)
{
	_Alignas(64) float g[9 * WBATCH];
	const int most = WBATCH / LT_OB;
	size_t step = (size_t)c * LT_OB;
	for (int o = 0; o < n_out; o += LT_OB, u += WINO_F * step)
		for (int i = 0; i < c; i += most) {
			int outs = n_out - o < LT_OB ? n_out - o : LT_OB;
			int n = c - i < most ? c - i : most;
			wino_gather(g, w + o * o_stride + i * c_stride, outs, n,
				o_stride, c_stride, flip);
			wino_batch(u + (size_t)i * LT_OB, step, g, n * LT_OB);
		}
}

#endif
