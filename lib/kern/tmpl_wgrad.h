/* Sums over pixels: the gradients of weights, dense and of kept weights only.
 *
 * Chains of several weights stay in registers while all pixels of a block are
 * added.  A block is small enough that its pixels stay in the first-level cache
 * while they serve all weights of a group of output channels.  Between blocks a
 * chain waits in acc; after the last block its lanes are summed.
 */
#ifndef LT_KERN_TMPL_WGRAD_H
#define LT_KERN_TMPL_WGRAD_H

#define WBLOCK 64 /* pixels of a dense block */
#define WTERMS (VREGS == 32 ? 6 : 3)
#define WPIECE 48 /* terms whose sums stay in the first-level cache */
#define WFEW 16	  /* pixels with which terms become lanes (tmpl_wgrad_few.h) */

/* Offsets of the pixels n of a block, from the job's x and dy. */
struct block {
	int n;
	bool first; /* the chains begin here */
	int32_t x[WBLOCK], dy[WBLOCK];
};

static void
block_pixels(struct block *b, const struct lt_wgrad_job *j, unsigned q0,
	unsigned n, unsigned len)
{
	unsigned cols = (unsigned)j->cols / len,
		 plane = cols * (unsigned)j->rows;
	b->n = (int)n;
	b->first = q0 == 0;
	for (unsigned i = 0; i < n; i++) {
		unsigned sh = (q0 + i) / plane, q = (q0 + i) % plane;
		unsigned h = q / cols, w = q % cols * len;
		b->x[i] = (int32_t)(sh * j->x_sh + h * j->x_row + w * j->x_px);
		b->dy[i] =
			(int32_t)(sh * j->dy_sh + h * j->dy_row + w * j->dy_px);
	}
}

static void lane_sum(float *dst, const float *acc, size_t n);
static void wgrad_few(float *dst, const struct lt_wgrad_job *j,
	const struct block *b, const int32_t *off, int terms, float *x);

/* ---- dense ---- */

/* The offsets of terms, of which acc has so many a channel. */
struct piece {
	const int32_t *off;
	int terms;
};

/* LT_OB channels from o on by p terms, VW lanes: acc of channel o, term 0 is
 * given.  The channels beyond n_out are computed as copies of the last. */
INLINE void
wgrad_lanes(float *acc, const struct lt_wgrad_job *j, const struct block *b,
	int o, const struct piece *piece, int lane, const int p)
{
	const int32_t *const off = piece->off;
	const int terms = piece->terms;
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
			a[i][t] = b->first
					  ? vall(0.0f)
					  : vload(acc +
						    (c * terms + t) * LT_LANES +
						    lane);
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
	const struct block *b, int o, const struct piece *piece);

#define WGRAD(p) \
	static void wgrad_##p(float *acc, const struct lt_wgrad_job *j, \
		const struct block *b, int o, const struct piece *piece) \
	{ \
		for (int lane = 0; lane < LT_LANES; lane += VW) \
			wgrad_lanes(acc, j, b, o, piece, lane, p); \
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

/* One block, channels o0 .. o1 - 1; acc begins at o0. */
static void
wgrad_block(float *acc, const struct lt_wgrad_job *j, const struct block *b,
	int o0, int o1, const int32_t *off, int terms)
{
	unsigned tiles = ((unsigned)terms + WTERMS - 1) / WTERMS;
	for (int o = o0; o < o1; o += LT_OB)
		for (unsigned t = 0; t < tiles; t++) {
			unsigned k = cut((unsigned)terms, t, tiles);
			unsigned p = cut((unsigned)terms, t + 1, tiles) - k;
			size_t at = (size_t)(o - o0) * terms + k;
			const struct piece piece = {off + k, terms};
			wgrad_fns[p](acc + at * LT_LANES, j, b, o, &piece);
		}
}

/* All pixels fit in one block.  No chain waits then, so few sums are open at
 * the same time and they stay in the first-level cache. */
static void
wgrad_whole(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *acc)
{
	struct block b;

	block_pixels(&b, j, 0, (unsigned)(j->shards * j->rows * j->cols), 1);
	if (b.n <= WFEW) {
		wgrad_few(dst, j, &b, off, terms, acc);
		return;
	}
	for (int o = 0; o < j->n_out; o += LT_OB) {
		int end = o + LT_OB < j->n_out ? o + LT_OB : j->n_out;
		for (int k = 0; k < terms; k += WPIECE) {
			int n = terms - k < WPIECE ? terms - k : WPIECE;
			wgrad_block(acc, j, &b, o, end, off + k, n);
			for (int i = o; i < end; i++)
				lane_sum(dst + (size_t)i * terms + k,
					acc + (size_t)(i - o) * n * LT_LANES,
					(size_t)n);
		}
	}
}

static void
wgrad_dense(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *acc)
{
	unsigned n = (unsigned)(j->shards * j->rows * j->cols);
	unsigned blocks = (n + WBLOCK - 1) / WBLOCK;
	int group = LT_OB + LT_WGRAD_ACCS / terms / LT_OB * LT_OB;

	if (blocks == 1) {
		wgrad_whole(dst, j, off, terms, acc);
		return;
	}
	for (int o = 0; o < j->n_out; o += group) {
		int end = o + group < j->n_out ? o + group : j->n_out;
		for (unsigned i = 0; i < blocks; i++) {
			struct block b;
			unsigned q = cut(n, i, blocks);
			block_pixels(&b, j, q, cut(n, i + 1, blocks) - q, 1);
			wgrad_block(acc, j, &b, o, end, off, terms);
		}
		lane_sum(dst + (size_t)o * terms, acc,
			(size_t)(end - o) * terms);
	}
}

/* ---- sparse ---- */

#define KTERMS (VPIX == 32 ? 8 : 6) /* weights that share a vector of dy */
#define KBLOCK \
	32	       /* pixels of a sparse block; twice as many \
		  where they lie close together */
#define KBYTES 32768.0 /* of cache, for the pixels of a share */
#define KRUN 4	       /* neighbours that are gone through without a look-up */

/* p weights of one channel over the runs of a block, whose pixels are step
 * floats apart in x and one pixel in dy. */
INLINE void
kept_tile(float *acc, const float *x0, const float *dy, const struct block *b,
	const int32_t *off, const struct runs *runs)
{
	const int p = runs->p, len = runs->len, step = runs->step;
	vec a[KTERMS][CELLS];
	const float *x[KTERMS];
	UNROLL
	for (int t = 0; t < p; t++) {
		x[t] = x0 + off[t];
		UNROLL
		for (int c = 0; c < CELLS; c++)
			a[t][c] = b->first ? vall(0.0f)
					   : vload(acc + t * LT_LANES + c * VW);
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

typedef void kept_tile_fn(float *acc, const float *x0, const float *dy,
	const struct block *b, const int32_t *off);

#define KEPT_TILE(name, p, len, step) \
	static void kept_tile_##name##p(float *acc, const float *x0, \
		const float *dy, const struct block *b, const int32_t *off) \
	{ \
		kept_tile(acc, x0, dy, b, off, \
			&(const struct runs){p, len, step}); \
	}
#if VPIX == 32
#define KEPT_DEEPER(name, len, step) \
	KEPT_TILE(name, 7, len, step) \
	KEPT_TILE(name, 8, len, step)
#else
#define KEPT_DEEPER(name, len, step)
#endif
/* Tiles of 1 .. KTERMS weights over runs of len pixels. */
#define KEPT_TILES(name, len, step) \
	KEPT_TILE(name, 1, len, step) \
	KEPT_TILE(name, 2, len, step) \
	KEPT_TILE(name, 3, len, step) \
	KEPT_TILE(name, 4, len, step) \
	KEPT_TILE(name, 5, len, step) \
	KEPT_TILE(name, 6, len, step) \
	KEPT_DEEPER(name, len, step) \
	static kept_tile_fn *const kept_##name[KTERMS + 1] = {NULL, \
		kept_tile_##name##1, kept_tile_##name##2, kept_tile_##name##3, \
		kept_tile_##name##4, kept_tile_##name##5, \
		kept_tile_##name##6 DEEPER( \
			kept_tile_##name##7, kept_tile_##name##8)};

KEPT_TILES(px, 1, 0)
KEPT_TILES(run, KRUN, LT_LANES)
KEPT_TILES(run2, KRUN, 2 * LT_LANES)

/* Share s of the channels of sh over a block of runs. */
static void
kept_block(float *acc, const struct lt_wgrad_job *j, const struct block *b,
	const struct shares *sh, int s, const int32_t *off,
	kept_tile_fn *const *fns)
{
	const int o0 = sh->o0, o1 = sh->o1;
	for (int o = o0; o < o1; o++) {
		int k = sh->at[o - o0][s], end = sh->at[o - o0][s + 1];
		const float *dy = j->dy + o * j->dy_ch;
		for (int tiles = (end - k + KTERMS - 1) / KTERMS; tiles;
			tiles--) {
			int p = (end - k + tiles - 1) / tiles;
			fns[p](acc + (size_t)k * LT_LANES, j->x, dy, b,
				off + k);
			k += p;
		}
	}
}

/* Blocks of runs: all shares of the lists over the one, then the next. */
static void
kept_group(float *acc, const struct lt_wgrad_job *j, const struct shares *sh,
	const int32_t *off, int len, kept_tile_fn *const *fns)
{
	unsigned n = (unsigned)(j->shards * j->rows * j->cols / len);
	bool close = fns == kept_run && j->shards == 1;
	unsigned most = (unsigned)((close ? 2 : 1) * KBLOCK / len);
	unsigned blocks = (n + most - 1) / most;
	for (unsigned i = 0; i < blocks; i++) {
		struct block b;
		unsigned q = cut(n, i, blocks);
		block_pixels(
			&b, j, q, cut(n, i + 1, blocks) - q, (unsigned)len);
		for (int s = 0; s < sh->n; s++)
			kept_block(acc, j, &b, sh, s, off, fns);
	}
}

/* The end of the group of channels from o on. */
static int
kept_end(const int32_t *ptr, int o, int n_out)
{
	int end = o + 1;
	while (end < n_out && end < o + OGROUP &&
		ptr[end + 1] - ptr[o] <= LT_WGRAD_ACCS)
		end++;
	return end;
}

static void
wgrad_sparse(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *acc)
{
	bool runs = j->cols % KRUN == 0 && j->dy_px == LT_LANES;
	for (int o = 0, end; o < j->n_out; o = end) {
		end = kept_end(ptr, o, j->n_out);
		float *at = acc - (size_t)ptr[o] * LT_LANES;
		struct shares sh;
		shares_cut(&sh, ptr, off, o, end,
			share_span(j->rows, j->cols, j->x_row, j->x_px, KBLOCK,
				KBYTES));
		if (runs && j->x_px == LT_LANES)
			kept_group(at, j, &sh, off, KRUN, kept_run);
		else if (runs && j->x_px == 2 * LT_LANES)
			kept_group(at, j, &sh, off, KRUN, kept_run2);
		else
			kept_group(at, j, &sh, off, 1, kept_px);
		lane_sum(dst + ptr[o], acc, (size_t)(ptr[end] - ptr[o]));
	}
}

/* ---- the sum of a vector's lanes ---- */

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

#endif
