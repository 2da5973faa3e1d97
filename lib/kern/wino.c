/* Winograd's kernels in plain scalar C, a part of kern_ref: the definition that
 * every other variant is compared with; and the sizes of what they read. */
#include <math.h>
#include <string.h>

#include "kern/wino.h"

size_t
lt_wino_floats(int n_out, int c)
{
	size_t blocks = (size_t)((n_out + LT_OB - 1) / LT_OB);
	return blocks * WINO_F * (size_t)c * LT_OB;
}

size_t
lt_wino_scratch(int n_out, int c)
{
	return WINO_F * (wino_v_step(n_out, c) + wino_m_step(n_out, c));
}

/* Four things, step apart, through transpose(B); three through G; four
 * through transpose(A). */
static void
wino_b(float *d, int step)
{
	float d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step];
	d[0] = d0 - d2;
	d[step] = d1 + d2;
	d[2 * step] = d2 - d1;
	d[3 * step] = d1 - d3;
}

static void
wino_g(float *g, int step)
{
	float g0 = g[0], g1 = g[step], g2 = g[2 * step], e = g0 + g2;
	g[step] = (e + g1) * 0.5f;
	g[2 * step] = (e - g1) * 0.5f;
	g[3 * step] = g2;
}

static void
wino_a(float *m, int step)
{
	float m0 = m[0], m1 = m[step], m2 = m[2 * step], m3 = m[3 * step];
	m[0] = (m0 + m1) + m2;
	m[step] = (m1 - m2) - m3;
}

void
lt_wino_weights(float *u, const float *w, int n_out, int c, size_t o_stride,
	size_t c_stride, bool flip)
{
	memset(u, 0, lt_wino_floats(n_out, c) * sizeof *u);
	for (int o = 0; o < n_out; o++)
		for (int ci = 0; ci < c; ci++) {
			const float *k = w + o * o_stride + ci * c_stride;
			float g[16];
			for (int t = 0; t < 9; t++)
				g[t / 3 * 4 + t % 3] = k[flip ? 8 - t : t];
			for (int s = 0; s < 3; s++)
				wino_g(g + s, 4);
			for (int r = 0; r < 4; r++)
				wino_g(g + r * 4, 1);
			for (int f = 0; f < 16; f++)
				u[((size_t)(o / LT_OB * 16 + f) * c + ci) *
						LT_OB +
					o % LT_OB] = g[f];
		}
}

/* v[c][16][N] of the tile whose output pixel is (h, w). */
static void
wino_source(float *v, const struct lt_conv_job *j, int sh, int h, int w, int c,
	size_t src_ch)
{
	for (int ci = 0; ci < c; ci++)
		for (int i = 0; i < LT_LANES; i++) {
			const float *src =
				j->src + sh * j->src_sh + ci * src_ch + i;
			float d[16];
			for (int f = 0; f < 16; f++) {
				int y = h + f / 4, x = w + f % 4;
				d[f] = y < j->rows + 2 && x < j->cols + 2
					       ? src[y * j->src_row +
							 x * j->src_px]
					       : 0.0f;
			}
			for (int x = 0; x < 4; x++)
				wino_b(d + x, 4);
			for (int y = 0; y < 4; y++)
				wino_b(d + y * 4, 1);
			for (int f = 0; f < 16; f++)
				v[(ci * 16 + f) * LT_LANES + i] = d[f];
		}
}

/* A tile of output pixels: its shard, first row and first column. */
struct spot {
	int sh, h, w;
};

/* The output pixels of one tile in lane i of channel o. */
static void
wino_pixels(const struct lt_conv_job *j, struct spot p, int o, int i,
	const float *u, const float *v, int c)
{
	float m[16] = {0};
	u += (size_t)(o / LT_OB) * 16 * c * LT_OB + o % LT_OB;
	for (int f = 0; f < 16; f++)
		for (int ci = 0; ci < c; ci++)
			m[f] = fmaf(u[((size_t)f * c + ci) * LT_OB],
				v[(ci * 16 + f) * LT_LANES + i], m[f]);
	for (int x = 0; x < 4; x++)
		wino_a(m + x, 4);
	for (int y = 0; y < 2; y++)
		wino_a(m + y * 4, 1);
	for (int y = 0; y < 2 && p.h + y < j->rows; y++)
		for (int x = 0; x < 2 && p.w + x < j->cols; x++) {
			size_t at = p.sh * j->dst_sh + o * j->dst_ch +
				    (p.h + y) * j->dst_row +
				    (p.w + x) * j->dst_px + i;
			float acc = m[y * 4 + x] + 0.0f;
			if (j->bias)
				acc += j->bias[o];
			j->dst[at] = acc;
		}
}

void
lt_wino_conv(const struct lt_conv_job *j, const float *u, int c, size_t src_ch,
	float *scratch)
{
	for (int sh = 0; sh < j->shards; sh++)
		for (int h = 0; h < j->rows; h += 2)
			for (int w = 0; w < j->cols; w += 2) {
				wino_source(scratch, j, sh, h, w, c, src_ch);
				for (int o = 0; o < j->n_out; o++)
					for (int i = 0; i < LT_LANES; i++)
						wino_pixels(j,
							(struct spot){sh, h, w},
							o, i, u, scratch, c);
			}
}
