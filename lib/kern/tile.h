/* Kernels on tiles: the sums of the bf16 mode as products of matrices of 16
 * rows of 64 bytes, which a matrix unit (AMX) multiplies.
 *
 *	const struct lt_tiles *t = lt_kern_get(NULL, &why)->tiles;
 *	if (t) {
 *		t->stage(&to, &from, &s);
 *		t->conv(&job, packed, off, blocks);
 *	}
 *
 * The rules of kern.h hold here too: a kernel works on one strip, is serial,
 * allocates nothing, cannot fail, and all tables give the same bits for finite
 * data.  What the sums are is defined by conv_dense and wgrad_dense of the
 * bf16 mode in kern.h; these functions give the same bits from other layouts.
 *
 * A tile is a matrix of LT_TILE rows of 64 bytes: 16 x 16 float32, or 16 x 32
 * bf16.  A block is one product of tiles, C += A B, with 32 terms for each of
 * 16 x 16 sums.  Its B has two neighbouring terms side by side in 4 bytes.
 *
 * Three strips hold staged values in bf16; sizes and distances are in cells of
 * 2 bytes, strips are aligned to 64 bytes:
 *	P [row][column][channel pair][16 images][2 channels]: B of sums over
 *		taps.  The taps of a row of the kernel over all channels are
 *		contiguous.  An odd channel's partner is 0.
 *	T [c / 16][row][column][8 image pairs][16 c][2 images]: B of gradients
 *		of weights, where c is a channel of the source.  Columns x, x +
 *		step, x + 2 step, ... lie side by side, then those of x + 1.
 *	D [row][column pair][o / 16][16 o][2 columns x 16 images]: A of
 *		gradients of weights, where o is an output's channel.
 * What fills up a strip is 0.  The last block of a row of taps may read past
 * the row's end, and the last of a strip past the strip's: what lies there is
 * multiplied by 0, but must be finite.  So stage() writes LT_TILE_TAIL cells of
 * zeros behind P and T.
 */
#ifndef LT_KERN_TILE_H
#define LT_KERN_TILE_H

#include "kern/kern.h"

#define LT_TILE 16
#define LT_TILE_CELLS 512 /* bf16 numbers of a tile */
#define LT_TILE_SUMS 256  /* float32 numbers of a tile */
#define LT_TILE_TAIL LT_TILE_CELLS

static inline int
lt_tile_blocks(int n, int per)
{
	return (n + per - 1) / per;
}

/* Cells of a column of P, of c channels. */
static inline size_t
lt_tile_p_px(int c)
{
	return (size_t)lt_tile_blocks(c, 2) * 2 * LT_LANES;
}

/* Columns of a row of T. */
static inline int
lt_tile_t_cols(int wp, int step)
{
	return lt_tile_blocks(wp, step) * step;
}

/* Cells of a column of D, which is two pixels, of n channels. */
static inline size_t
lt_tile_d_px(int n)
{
	return (size_t)lt_tile_blocks(n, LT_TILE) * LT_TILE_CELLS;
}

/* Cells of the P strip and of the T strip of s, without their tails. */
static inline size_t
lt_tile_p_cells(const struct lt_stage *s)
{
	return (size_t)s->nrows * s->wp * lt_tile_p_px(s->c);
}

static inline size_t
lt_tile_t_cells(const struct lt_stage *s, int step)
{
	return (size_t)lt_tile_blocks(s->c, LT_TILE) * s->nrows *
	       lt_tile_t_cols(s->wp, step) * LT_TILE_SUMS;
}

/* What is staged: view(src), or, if bn is set, lt_bn_back of the gradient src
 * and of y; computed in float32 and then rounded to bf16.  Channel c of the
 * strip has the view of channel c / flat. */
struct lt_tile_from {
	const void *src;
	const struct lt_view *view;
	int flat; /* 1; of a linear layer, the pixels of a channel */
	const struct lt_bn_back *bn;
	const void *y;
	const float *live; /* [16]: dead lanes of dy are 0 */
};

/* The strips to be filled; NULL: not wanted. */
struct lt_tile_to {
	uint16_t *p, *t, *d;
	int step;	/* of t */
	int own0, own;	/* rows of the source that d has */
	int d_c0, d_c1; /* its channels, d_c0 a multiple of 16 */
};

/* A strip of a sum over taps, as struct lt_conv_job, from a P strip. */
struct lt_tile_conv {
	float *dst;
	size_t dst_sh, dst_ch, dst_row, dst_px; /* floats */
	const uint16_t *src;
	size_t src_sh, src_row, src_px; /* cells */
	int n_out, shards, rows, cols;
	const float *bias; /* [n_out] or NULL */
};

/* A strip of a sum over pixels, as struct lt_wgrad_job. */
struct lt_tile_wgrad {
	const uint16_t *t, *d;
	size_t t_sh, t_cb, t_row; /* from 16 channels to the next; from output
				     row to output row */
	size_t d_sh;		  /* rows of d follow each other */
	int n_out, c, shards, rows, cols;
};

/* Floats of the gradients of weights of n_out x c x taps. */
static inline size_t
lt_tile_grads(int n_out, int c, int taps)
{
	return (size_t)lt_tile_blocks(n_out, LT_TILE) * taps *
	       lt_tile_blocks(c, LT_TILE) * LT_TILE_SUMS;
}

struct lt_tiles {
	const char *name; /* how products are computed: "plain C", "AMX" */

	/* All rows of s into the strips; s->left >= 0. */
	void (*stage)(const struct lt_tile_to *to,
		const struct lt_tile_from *from, const struct lt_stage *s);

	/* Output pixel (n, h, w) of channel o: the sum over blocks b of the
	 * products of packed[o / 16][b][o % 16][32] with the 32 terms in P at
	 * src + n*src_sh + h*src_row + w*src_px + off[b]; then + 0.0f (+
	 * bias[o]).  packed has zeros beyond n_out and beyond a row of taps. */
	void (*conv)(const struct lt_tile_conv *j, const uint16_t *packed,
		const int32_t *off, int blocks);

	/* dst[o / 16][tap][c / 16][o % 16][c % 16] = the sum over shards, rows
	 * and column pairs of the products of D and T, which begins off[tap]
	 * cells on; then + 0.0f.  Sums beyond n_out and c are finite. */
	void (*wgrad)(float *dst, const struct lt_tile_wgrad *j,
		const int32_t *off, int taps);

	/* sum[o] = lanes(chain over rows and columns, ascending, of plain
	 * additions of D), the gradient of a bias over one shard's strip. */
	void (*bias)(
		float *sum, const uint16_t *d, int n_out, int rows, int cols);
};

/* Plain C; plain C by AVX2's vectors; AMX, all NULL where the compiler does not
 * know it. */
extern const struct lt_tiles lt_tiles_ref, lt_tiles_v3, lt_tiles_amx;

#endif
