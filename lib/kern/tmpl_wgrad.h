/* Sums over pixels: the gradients of weights, dense and of kept weights only.
 *
 * Chains of several weights are held in registers while the pixels of a block
 * go by; the block is small enough that its pixels stay in the first-level
 * cache while all weights pass.  A chain is never split: between blocks it
 * waits in acc.
 */
#ifndef LT_KERN_TMPL_WGRAD_H
#define LT_KERN_TMPL_WGRAD_H

#define WBLOCK 64 /* pixels of a dense block */
#define WTERMS (VREGS == 32 ? 6 : 3)

/* Offsets of the pixels n of a block, from the job's x and dy. */
struct block {
	int n;
	int32_t x[WBLOCK], dy[WBLOCK];
};

static void
block_pixels(struct block *b, const struct lt_wgrad_job *j, unsigned q0,
	unsigned n, unsigned len)
{
	unsigned cols = (unsigned)j->cols / len;
	b->n = (int)n;
	for (unsigned i = 0; i < n; i++) {
		unsigned h = (q0 + i) / cols, w = (q0 + i) % cols * len;
		b->x[i] = (int32_t)(h * j->x_row + w * j->x_px);
		b->dy[i] = (int32_t)(h * j->dy_row + w * j->dy_px);
	}
}

/* ---- dense ---- */

/* LT_OB channels from o on by p terms, VW lanes: acc of channel o, term 0 is
 * given.  The channels beyond n_out are computed as copies of the last. */
INLINE void
wgrad_lanes(float *acc, const struct lt_wgrad_job *j, const struct block *b,
	int o, const int32_t *off, int terms, int lane, const int p)
{
	vec a[LT_OB][WTERMS];
	const float *x[WTERMS], *dy[LT_OB];
	int real = j->n_out - o < LT_OB ? j->n_out - o : LT_OB;
	UNROLL
	for (int t = 0; t < p; t++)
		x[t] = j->x + off[t] + lane;
	UNROLL
	for (int i = 0; i < LT_OB; i++) {
		size_t c = (size_t)(i < real ? i : real - 1);
		dy[i] = j->dy + (o + c) * j->dy_ch + lane;
		UNROLL
		for (int t = 0; t < p; t++)
			a[i][t] =
				vload(acc + (c * terms + t) * LT_LANES + lane);
	}
	for (int q = 0; q < b->n; q++) {
		ptrdiff_t ax = b->x[q], ad = b->dy[q];
		vec v[WTERMS];
		UNROLL
		for (int t = 0; t < p; t++)
			v[t] = vload(x[t] + ax);
		UNROLL
		for (int i = 0; i < LT_OB; i++) {
			vec d = vload(dy[i] + ad);
			UNROLL
			for (int t = 0; t < p; t++)
				a[i][t] = vfma(d, v[t], a[i][t]);
		}
	}
	UNROLL
	for (int i = LT_OB - 1; i >= 0; i--) {
		size_t c = (size_t)(i < real ? i : real - 1);
		UNROLL
		for (int t = 0; t < p; t++)
			vstore(acc + (c * terms + t) * LT_LANES + lane,
				a[i][t]);
	}
}

typedef void wgrad_fn(float *acc, const struct lt_wgrad_job *j,
	const struct block *b, int o, const int32_t *off, int terms);

#define WGRAD(p) \
	static void wgrad_##p(float *acc, const struct lt_wgrad_job *j, \
		const struct block *b, int o, const int32_t *off, int terms) \
	{ \
		for (int lane = 0; lane < LT_LANES; lane += VW) \
			wgrad_lanes(acc, j, b, o, off, terms, lane, p); \
	}

WGRAD(1)
WGRAD(2)
WGRAD(3)
#if VREGS == 32
WGRAD(4)
WGRAD(5)
WGRAD(6)
#endif

static wgrad_fn *const wgrad_fns[] = {
	NULL, wgrad_1, wgrad_2, wgrad_3 WIDER(wgrad_4, wgrad_5, wgrad_6)};

static void
wgrad_dense(
	float *acc, const struct lt_wgrad_job *j, const int32_t *off, int terms)
{
	unsigned n = (unsigned)(j->rows * j->cols);
	unsigned blocks = (n + WBLOCK - 1) / WBLOCK;
	unsigned tiles = ((unsigned)terms + WTERMS - 1) / WTERMS;
	for (unsigned i = 0; i < blocks; i++) {
		struct block b;
		unsigned q = cut(n, i, blocks);
		block_pixels(&b, j, q, cut(n, i + 1, blocks) - q, 1);
		for (int o = 0; o < j->n_out; o += LT_OB)
			for (unsigned t = 0; t < tiles; t++) {
				unsigned k = cut((unsigned)terms, t, tiles);
				unsigned p =
					cut((unsigned)terms, t + 1, tiles) - k;
				wgrad_fns[p](acc + ((size_t)o * terms + k) *
							     LT_LANES,
					j, &b, o, off + k, terms);
			}
	}
}

/* ---- sparse ---- */

#define KTERMS (VREGS == 32 ? 8 : 6) /* weights that share a vector of dy */
#define KBLOCK 32		     /* pixels of a sparse block */
#define KBYTES 32768.0		     /* of cache, for the pixels of a share */
#define KRUN 4 /* neighbours that are gone through without a look-up */

/* p weights of one channel over the runs of a block, each of len pixels, step
 * floats apart in x and one pixel in dy. */
INLINE void
kept_tile(float *acc, const float *x0, const float *dy, const struct block *b,
	const int32_t *off, const int p, const int len, const int step)
{
	vec a[KTERMS][CELLS];
	const float *x[KTERMS];
	UNROLL
	for (int t = 0; t < p; t++) {
		x[t] = x0 + off[t];
		UNROLL
		for (int c = 0; c < CELLS; c++)
			a[t][c] = vload(acc + t * LT_LANES + c * VW);
	}
	for (int q = 0; q < b->n; q++) {
		ptrdiff_t ax = b->x[q], ad = b->dy[q];
		UNROLL
		for (int i = 0; i < len * CELLS; i++) {
			int lane = i % CELLS * VW;
			vec d = vload(dy + ad + i / CELLS * LT_LANES + lane);
			UNROLL
			for (int t = 0; t < p; t++)
				a[t][i % CELLS] = vfma(d,
					vload(x[t] + ax + i / CELLS * step +
						lane),
					a[t][i % CELLS]);
		}
	}
	UNROLL
	for (int t = 0; t < p; t++) {
		UNROLL
		for (int c = 0; c < CELLS; c++)
			vstore(acc + t * LT_LANES + c * VW, a[t][c]);
	}
}

/* Share s of channels o0 .. o1 - 1 over a block. */
INLINE void
kept_block(float *acc, const struct lt_wgrad_job *j, const struct block *b,
	int o0, int o1, const struct shares *sh, int s, const int32_t *off,
	const int len, const int step)
{
	for (int o = o0; o < o1; o++) {
		int k = sh->at[o - o0][s], end = sh->at[o - o0][s + 1];
		const float *dy = j->dy + o * j->dy_ch;
		for (int tiles = (end - k + KTERMS - 1) / KTERMS; tiles;
			tiles--) {
			int p = (end - k + tiles - 1) / tiles;
			float *to = acc + (size_t)k * LT_LANES;
			switch (p) {
#define CASE(p) \
	case p: \
		kept_tile(to, j->x, dy, b, off + k, p, len, step); \
		break;
				CASE(1)
				CASE(2)
				CASE(3)
				CASE(4)
				CASE(5)
				CASE(6)
#if VREGS == 32
				CASE(7)
				CASE(8)
#endif
#undef CASE
			}
			k += p;
		}
	}
}

/* Blocks of runs: all shares of the lists over the one, then the next. */
INLINE void
kept_group(float *acc, const struct lt_wgrad_job *j, int o0, int o1,
	const struct shares *sh, const int32_t *off, const int len,
	const int step)
{
	unsigned n = (unsigned)(j->rows * j->cols / len);
	unsigned most = (unsigned)(KBLOCK / len);
	unsigned blocks = (n + most - 1) / most;
	for (unsigned i = 0; i < blocks; i++) {
		struct block b;
		unsigned q = cut(n, i, blocks);
		block_pixels(
			&b, j, q, cut(n, i + 1, blocks) - q, (unsigned)len);
		for (int s = 0; s < sh->n; s++)
			kept_block(acc, j, &b, o0, o1, sh, s, off, len, step);
	}
}

static void
wgrad_sparse(float *acc, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off)
{
	bool runs = j->cols % KRUN == 0 && j->dy_px == LT_LANES;
	for (int o = 0; o < j->n_out; o += OGROUP) {
		int end = o + OGROUP < j->n_out ? o + OGROUP : j->n_out;
		struct shares sh;
		shares_cut(&sh, ptr, off, o, end,
			share_span(j->rows, j->cols, j->x_row, j->x_px, KBLOCK,
				KBYTES));
		if (runs && j->x_px == LT_LANES)
			kept_group(acc, j, o, end, &sh, off, KRUN, LT_LANES);
		else if (runs && j->x_px == 2 * LT_LANES)
			kept_group(
				acc, j, o, end, &sh, off, KRUN, 2 * LT_LANES);
		else
			kept_group(acc, j, o, end, &sh, off, 1, 0);
	}
}

/* ---- one pixel, summed at once ---- */

static void
lane_sum(float *dst, const float *acc, size_t n)
{
	size_t i = 0;
	for (; i + VW <= n; i += VW)
		vstore(dst + i, vtree(acc + i * LT_LANES));
	if (i < n) {
		float in[VW * LT_LANES] = {0}, out[VW];
		memcpy(in, acc + i * LT_LANES, (n - i) * LT_LANES * sizeof *in);
		vstore(out, vtree(in));
		memcpy(dst + i, out, (n - i) * sizeof *out);
	}
}

/* The products of VW terms with the sixteen images of d, and their lane tree:
 * x is [16 images][VW terms], so that the tree is between vectors. */
INLINE vec
outer_tree(const float *x, const float *d)
{
	vec s[LT_LANES];
	UNROLL
	for (int i = 0; i < LT_LANES; i++)
		s[i] = vmul(vall(d[i]), vload(x + i * VW));
	UNROLL
	for (int h = LT_LANES / 2; h > 0; h /= 2) {
		UNROLL
		for (int i = 0; i < h; i++)
			s[i] = vadd(s[i], s[i + h]);
	}
	return s[0];
}

static void
outer_dense(
	float *dst, const struct lt_wgrad_job *j, const int32_t *off, int terms)
{
	for (int t = 0; t < terms; t += VW) {
		_Alignas(64) float x[LT_LANES * VW], out[VW];
		int n = terms - t < VW ? terms - t : VW;
		for (int k = 0; k < VW; k++)
			for (int i = 0; i < LT_LANES; i++)
				x[i * VW + k] =
					k < n ? j->x[off[t + k] + i] : 0.0f;
		for (int o = 0; o < j->n_out; o++) {
			vec s = outer_tree(x, j->dy + o * j->dy_ch);
			float *d = dst + (size_t)o * terms + t;
			if (n == VW) {
				vstore(d, s);
				continue;
			}
			vstore(out, s);
			memcpy(d, out, n * sizeof *out);
		}
	}
}

static void
outer_sparse(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off)
{
	_Alignas(64) float v[VW * LT_LANES] = {0};
	int32_t done = ptr[0];
	int fill = 0;
	for (int o = 0; o < j->n_out; o++)
		for (int32_t k = ptr[o]; k < ptr[o + 1]; k++) {
			const float *x = j->x + off[k];
			const float *d = j->dy + o * j->dy_ch;
			UNROLL
			for (int c = 0; c < LT_LANES; c += VW)
				vstore(v + fill * LT_LANES + c,
					vmul(vload(d + c), vload(x + c)));
			if (++fill == VW) {
				vstore(dst + done, vtree(v));
				done += VW;
				fill = 0;
			}
		}
	lane_sum(dst + done, v, fill);
}

#endif
