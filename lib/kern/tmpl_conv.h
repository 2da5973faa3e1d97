/* Sums over taps, forward and backward to data, dense and sparse.
 *
 * A tile is a few pixels at arbitrary addresses; their sums stay in registers
 * while all terms are added.  So a 7x7 plane is 49 pixels and not seven short
 * rows.  Terms are cut into chunks whose pixels fit in the first-level cache;
 * between chunks the unfinished chains of up to OGROUP channels wait in a
 * buffer on the stack.  Neither changes the order of any addition.
 */
#ifndef LT_KERN_TMPL_CONV_H
#define LT_KERN_TMPL_CONV_H

/* Where the cells, or the runs of pixels, of a tile are read and written. */
struct tile {
	const float *src[8];
	size_t dst[8];
};

/* A share of the terms of a tile's chains. */
struct share {
	float *part;	  /* unfinished chains, one tile's cells a channel */
	bool first, last; /* the chains begin, end here */
};

/* The value that is added to a finished chain.  A missing bias counts as 0.  A
 * bias of -0 becomes +0, so one addition gives the same as acc + 0.0f +
 * bias. */
INLINE vec
bias_of(const struct lt_conv_job *j, int o)
{
	return vall(j->bias ? j->bias[o] + 0.0f : 0.0f);
}

INLINE void
finish(const struct lt_conv_job *j, vec bias, size_t at, vec acc)
{
	vstore(j->dst + at, vadd(acc, bias));
}

/* ---- dense ---- */

#define DCELLS (VREGS == 32 ? 6 : 3) /* with LT_OB channels: the registers */
#define DCHUNK 144		     /* terms */

/* Terms: their packed weights, LT_OB channels at a time, and offsets. */
struct terms {
	const float *wt;
	const int32_t *off;
	int n;
};

/* The chains a of p cells go on with these terms. */
INLINE void
dense_terms(vec a[LT_OB][DCELLS], const float *const *src,
	const struct terms *terms, const int p)
{
	const float *wt = terms->wt;
	const int32_t *const off = terms->off;
	const int n = terms->n;
	for (int k = 0; k < n; k++, wt += LT_OB) {
		ptrdiff_t at = off[k];
		vec x[DCELLS];
		UNROLL
		for (int i = 0; i < p; i++)
			x[i] = vload(src[i] + at);
		UNROLL
		for (int b = 0; b < LT_OB; b++) {
			vec w = vall(wt[b]);
			UNROLL
			for (int i = 0; i < p; i++)
				a[b][i] = vfma(w, x[i], a[b][i]);
		}
	}
}

/* Terms of p cells of channels o .. o + LT_OB - 1. */
INLINE void
dense_tile(const struct lt_conv_job *j, const struct tile *t, int o,
	const struct terms *terms, const struct share *sh, const int p)
{
	vec a[LT_OB][DCELLS];
	const float *src[DCELLS];
	UNROLL
	for (int i = 0; i < p; i++) {
		src[i] = t->src[i];
		UNROLL
		for (int b = 0; b < LT_OB; b++)
			a[b][i] = sh->first
					  ? vall(0.0f)
					  : vload(sh->part + (b * p + i) * VW);
	}
	dense_terms(a, src, terms, p);
	if (!sh->last) {
		UNROLL
		for (int i = 0; i < LT_OB * p; i++)
			vstore(sh->part + i * VW, a[i / p][i % p]);
		return;
	}
	UNROLL
	for (int i = 0; i < LT_OB * p; i++) {
		int c = o + i / p;
		if (c < j->n_out)
			finish(j, bias_of(j, c), c * j->dst_ch + t->dst[i % p],
				a[i / p][i % p]);
	}
}

#define DENSE(p) \
	static void dense_##p(const struct lt_conv_job *j, \
		const struct tile *t, int o, const struct terms *terms, \
		const struct share *sh) \
	{ \
		dense_tile(j, t, o, terms, sh, p); \
	}

DENSE(1)
DENSE(2)
DENSE(3)
#if VREGS == 32
DENSE(4)
DENSE(5)
DENSE(6)
#endif

typedef void dense_fn(const struct lt_conv_job *j, const struct tile *t, int o,
	const struct terms *terms, const struct share *sh);

static dense_fn *const dense_fns[] = {
	NULL, dense_1, dense_2, dense_3 WIDER(dense_4, dense_5, dense_6)};

/* Cells q0 .. q0 + n - 1 of the job in shard, row, column, lane order. */
static void
tile_cells(struct tile *t, const struct lt_conv_job *j, unsigned q0, unsigned n)
{
	unsigned cols = (unsigned)j->cols, plane = cols * (unsigned)j->rows;
	for (unsigned i = 0; i < n; i++) {
		unsigned px = (q0 + i) / CELLS, sh = px / plane;
		unsigned h = px % plane / cols, w = px % cols;
		unsigned lane = (q0 + i) % CELLS * VW;
		t->src[i] = j->src + sh * j->src_sh + h * j->src_row +
			    w * j->src_px + lane;
		t->dst[i] =
			sh * j->dst_sh + h * j->dst_row + w * j->dst_px + lane;
	}
}

/* One tile of channels o0 .. o1 - 1, o0 being first in a block. */
static void
dense_group(const struct lt_conv_job *j, const struct tile *t, int o0, int o1,
	const struct terms *all, int p)
{
	_Alignas(64) float part[OGROUP * DCELLS * VW];
	unsigned terms = (unsigned)all->n;
	unsigned chunks = (terms + DCHUNK / 2) / DCHUNK;
	chunks = chunks ? chunks : 1;
	for (unsigned c = 0; c < chunks; c++) {
		unsigned k = cut(terms, c, chunks);
		int n = (int)(cut(terms, c + 1, chunks) - k);
		for (int o = o0; o < o1; o += LT_OB) {
			struct share sh = {part + (o - o0) * p * VW, c == 0,
				c + 1 == chunks};
			const struct terms some = {
				all->wt + ((size_t)o * terms + k * LT_OB),
				all->off + k, n};
			dense_fns[p](j, t, o, &some, &sh);
		}
	}
}

static void
conv_dense(const struct lt_conv_job *j, const float *packed, const int32_t *off,
	int terms)
{
	const struct terms all = {packed, off, terms};
	unsigned cells = (unsigned)(j->shards * j->rows * j->cols * CELLS);
	unsigned tiles = (cells + DCELLS - 1) / DCELLS;
	for (unsigned i = 0; i < tiles; i++) {
		struct tile t;
		unsigned q = cut(cells, i, tiles);
		unsigned p = cut(cells, i + 1, tiles) - q;
		tile_cells(&t, j, q, p);
		for (int o = 0; o < j->n_out; o += OGROUP)
			dense_group(j, &t, o,
				o + OGROUP < j->n_out ? o + OGROUP : j->n_out,
				&all, (int)p);
	}
}

/* ---- sparse ---- */

#define SPIX (VPIX == 32 ? 8 : 6) /* pixels at any addresses in a tile */
#define SSEG (VPIX == 32 ? 4 : 3) /* or runs of SRUN neighbours */
#define SRUN (VPIX == 32 ? 4 : 2)
#define SCELLS (SSEG * SRUN * CELLS)
#define SBYTES 45000.0 /* of cache, for the pixels of a share */

/* The cells of a sparse tile of p runs: run i, cell c, and the number of both
 * in the tile. */
#define EACH_CELL(i, c, p, cells) \
	UNROLL for (int i = 0; i < (p); i++) \
		UNROLL for (int c = 0; c < (cells); c++)

typedef vec chains[SSEG > SPIX ? SSEG : SPIX][SRUN * CELLS];

/* The lists of kept weights: offsets and values. */
struct lists {
	const int32_t *off;
	const float *val;
};

/* A tile of p runs, each of len pixels that are step floats apart. */
struct runs {
	int p, len, step;
};

/* The terms k .. end - 1 of one channel. */
INLINE void
sparse_terms(chains a, const float *const *src, const struct lists *lists,
	int k, int end, const struct runs *runs)
{
	const int32_t *const off = lists->off;
	const float *const val = lists->val;
	const int p = runs->p, cells = runs->len * CELLS, step = runs->step;
	for (; k < end; k++) {
		ptrdiff_t at = off[k];
		vec w = vall(val[k]);
		EACH_CELL(i, c, p, cells)
		{
			vec x = vload(src[i] + at + c / CELLS * step +
				      c % CELLS * VW);
			a[i][c] = vfma(w, x, a[i][c]);
		}
	}
}

/* The finished chains of channel o. */
INLINE void
sparse_store(chains a, const struct lt_conv_job *j, const struct tile *t, int o,
	const int p, const int cells)
{
	size_t at = o * j->dst_ch, px = j->dst_px;
	vec bias = bias_of(j, o);
	EACH_CELL(i, c, p, cells)
	a[i][c] = vadd(a[i][c], bias);
	UNROLL
	for (int i = 0; i < p; i++) {
		float *dst = j->dst + at + t->dst[i];
		UNROLL
		for (int c = 0; c < cells; c++)
			vstore(dst + c / CELLS * px + c % CELLS * VW, a[i][c]);
	}
}

/* Share s of the channels of sh in a tile of runs.  The unfinished chains of a
 * channel are SCELLS vectors of part. */
INLINE void
sparse_tile(const struct lt_conv_job *j, const struct tile *t,
	const struct shares *sh, int s, const struct lists *lists, float *part,
	const struct runs *runs)
{
	/* Copies, because a store could change what sh and lists point to. */
	const struct lists own = *lists;
	const int o0 = sh->o0, o1 = sh->o1;
	const int p = runs->p, cells = runs->len * CELLS;
	const bool first = s == 0, last = s + 1 == sh->n;
	const float *src[SSEG > SPIX ? SSEG : SPIX];
	UNROLL
	for (int i = 0; i < p; i++)
		src[i] = t->src[i];
	for (int o = o0; o < o1; o++, part += SCELLS * VW) {
		int k = sh->at[o - o0][s], end = sh->at[o - o0][s + 1];
		chains a;
		if (k == end && !first && !last)
			continue;
		EACH_CELL(i, c, p, cells)
		a[i][c] =
			first ? vall(0.0f) : vload(part + (i * cells + c) * VW);
		sparse_terms(a, src, &own, k, end, runs);
		if (last) {
			sparse_store(a, j, t, o, p, cells);
			continue;
		}
		EACH_CELL(i, c, p, cells)
		vstore(part + (i * cells + c) * VW, a[i][c]);
	}
}

typedef void sparse_fn(const struct lt_conv_job *j, const struct tile *t,
	const struct shares *sh, int s, const struct lists *lists, float *part);

#define SPARSE(name, p, len, step) \
	static void sparse_##name(const struct lt_conv_job *j, \
		const struct tile *t, const struct shares *sh, int s, \
		const struct lists *lists, float *part) \
	{ \
		sparse_tile(j, t, sh, s, lists, part, \
			&(const struct runs){p, len, step}); \
	}

SPARSE(p1, 1, 1, 0)
SPARSE(p2, 2, 1, 0)
SPARSE(p3, 3, 1, 0)
SPARSE(p4, 4, 1, 0)
SPARSE(p5, 5, 1, 0)
SPARSE(p6, 6, 1, 0)
#if VPIX == 32
SPARSE(p7, 7, 1, 0)
SPARSE(p8, 8, 1, 0)
#endif
SPARSE(a1, 1, SRUN, LT_LANES)
SPARSE(a2, 2, SRUN, LT_LANES)
SPARSE(a3, 3, SRUN, LT_LANES)
SPARSE(b1, 1, SRUN, 2 * LT_LANES)
SPARSE(b2, 2, SRUN, 2 * LT_LANES)
#if VPIX == 32
SPARSE(a4, 4, SRUN, LT_LANES)
#endif

/* A way to tile a job: runs of len pixels, at most max a tile. */
struct tiling {
	int len, max;
	sparse_fn *fn[9];
};

static const struct tiling single_pixels = {1, SPIX,
	{NULL, sparse_p1, sparse_p2, sparse_p3, sparse_p4, sparse_p5,
		sparse_p6 DEEPER(sparse_p7, sparse_p8)}};
static const struct tiling runs_1 = {
	SRUN, SSEG, {NULL, sparse_a1, sparse_a2, sparse_a3 DEEPER(sparse_a4)}};
/* At stride 2 a run reads twice as many pixels: half of the runs. */
static const struct tiling runs_2 = {SRUN, 2, {NULL, sparse_b1, sparse_b2}};

static const struct tiling *
tiling_of(const struct lt_conv_job *j)
{
	if (j->cols % SRUN == 0 && j->src_px == LT_LANES)
		return &runs_1;
	if (j->cols % SRUN == 0 && j->src_px == 2 * LT_LANES)
		return &runs_2;
	return &single_pixels;
}

/* Runs q0 .. q0 + n - 1, shard by shard.  They go down columns of up to 8
 * pixels, so that a tile is nearly square and shares its source with the next
 * one. */
static void
tile_runs(struct tile *t, const struct lt_conv_job *j, int len, unsigned q0,
	unsigned n)
{
	unsigned cols = (unsigned)(j->cols / len), rows = (unsigned)j->rows;
	unsigned wide = 8 / (unsigned)len, plane = rows * cols;
	if (len == 1 || cols % wide)
		wide = len == 1 ? cols : 1;
	for (unsigned i = 0; i < n; i++) {
		unsigned sh = (q0 + i) / plane, q = (q0 + i) % plane;
		unsigned band = q / (rows * wide);
		unsigned h = q % (rows * wide) / wide;
		unsigned w = (band * wide + q % wide) * len;
		t->src[i] = j->src + sh * j->src_sh + h * j->src_row +
			    w * j->src_px;
		t->dst[i] = sh * j->dst_sh + h * j->dst_row + w * j->dst_px;
	}
}

/* One tile of the channels of sh. */
static void
sparse_group(const struct lt_conv_job *j, const struct tile *t,
	const struct shares *sh, const struct lists *lists, sparse_fn *fn)
{
	_Alignas(64) float part[OGROUP * SCELLS * VW];
	for (int s = 0; s < sh->n; s++)
		fn(j, t, sh, s, lists, part);
}

static void
conv_sparse(const struct lt_conv_job *j, const int32_t *ptr, const int32_t *off,
	const float *val)
{
	const struct tiling *how = tiling_of(j);
	const struct lists lists = {off, val};
	unsigned n = (unsigned)(j->shards * j->rows * j->cols / how->len);
	unsigned max = (unsigned)how->max, tiles = (n + max - 1) / max;
	for (int o = 0; o < j->n_out; o += OGROUP) {
		int end = o + OGROUP < j->n_out ? o + OGROUP : j->n_out;
		struct shares sh;
		shares_cut(&sh, ptr, off, o, end,
			share_span(j->rows, j->cols, j->src_row, j->src_px,
				how->len * how->max, SBYTES));
		for (unsigned i = 0; i < tiles; i++) {
			struct tile t;
			unsigned q = cut(n, i, tiles);
			unsigned p = cut(n, i + 1, tiles) - q;
			tile_runs(&t, j, how->len, q, p);
			sparse_group(j, &t, &sh, &lists, how->fn[p]);
		}
	}
}

#endif
