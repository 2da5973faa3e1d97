/* Sums over taps of the bf16 mode, forward and backward to data.
 *
 * These run under flush-to-zero, so each is a function apart that is called
 * between two changes of the mode.  Left-out terms, and a product instead of a
 * chain's first fma, change no more than the sign of a zero, which the final
 * + 0.0f hides.
 */
#ifndef LT_KERN_TMPL_CONV_BF16_H
#define LT_KERN_TMPL_CONV_BF16_H

/* ---- dense ---- */

/* Whole blocks of terms: how many terms each chain has. */
struct chunk {
	int k, n, blocks;
	uint8_t even[DCHUNK], odd[DCHUNK];
};

/* The blocks from term k on, of all terms. */
static void
chunk_of(struct chunk *c, const uint8_t *begins, int k, int all)
{
	c->k = k;
	c->n = c->blocks = 0;
	while (k < all) {
		int end = k + 1, odd = 0;
		for (; end < all && begins[end] != LT_BLOCK; end++)
			odd += odd || begins[end] == LT_ODD;
		if (c->n && c->n + end - k > DCHUNK)
			return;
		c->even[c->blocks] = (uint8_t)(end - k - odd);
		c->odd[c->blocks++] = (uint8_t)odd;
		c->n += end - k;
		k = end;
	}
}

/* n terms of p cells of LT_OB channels, from +0. */
INLINE void
dense_chain(vec a[LT_OB][DCELLS], const float *const *src,
	const struct terms *terms, const int p)
{
	UNROLL
	for (int i = 0; i < LT_OB * p; i++)
		a[i / p][i % p] = vall(0.0f);
	dense_terms(a, src, terms, p);
}

/* A chunk of the terms of p cells of channels o .. o + LT_OB - 1.  The sums of
 * blocks wait in part. */
INLINE void
dense_blocks(const struct lt_conv_job *j, const struct tile *t, int o,
	const struct terms *terms, const struct chunk *chunk,
	const struct share *sh, const int p)
{
	struct terms chain = *terms;
	_Alignas(64) float even[LT_OB * DCELLS * VW];
	float *const part = sh->part;
	const float *src[DCELLS];
	vec a[LT_OB][DCELLS];
	UNROLL
	for (int i = 0; i < p; i++)
		src[i] = t->src[i];
	for (int b = 0; b < chunk->blocks; b++) {
		const bool first = sh->first && b == 0;
		chain.n = chunk->even[b];
		dense_chain(a, src, &chain, p);
		chain.wt += chain.n * LT_OB;
		chain.off += chain.n;
		chain.n = chunk->odd[b];
		if (chain.n) {
			UNROLL
			for (int i = 0; i < LT_OB * p; i++)
				vstore(even + i * VW, a[i / p][i % p]);
			dense_chain(a, src, &chain, p);
			chain.wt += chain.n * LT_OB;
			chain.off += chain.n;
			UNROLL
			for (int i = 0; i < LT_OB * p; i++)
				a[i / p][i % p] = vadd(
					vload(even + i * VW), a[i / p][i % p]);
		}
		UNROLL
		for (int i = 0; i < LT_OB * p; i++) {
			vec s = a[i / p][i % p];
			if (!first)
				s = vadd(vload(part + i * VW), s);
			vstore(part + i * VW, s);
		}
	}
	if (!sh->last)
		return;
	UNROLL
	for (int i = 0; i < LT_OB * p; i++) {
		int c = o + i / p;
		if (c < j->n_out)
			finish(j, bias_of(j, c), c * j->dst_ch + t->dst[i % p],
				vload(part + i * VW));
	}
}

typedef void blocks_fn(const struct lt_conv_job *j, const struct tile *t, int o,
	const struct terms *terms, const struct chunk *chunk,
	const struct share *sh);

#define DENSE_BLOCKS(p) \
	static void blocks_##p(const struct lt_conv_job *j, \
		const struct tile *t, int o, const struct terms *terms, \
		const struct chunk *chunk, const struct share *sh) \
	{ \
		dense_blocks(j, t, o, terms, chunk, sh, p); \
	}

DENSE_BLOCKS(1)
DENSE_BLOCKS(2)
DENSE_BLOCKS(3)
#if VREGS == 32
DENSE_BLOCKS(4)
DENSE_BLOCKS(5)
DENSE_BLOCKS(6)
#endif

static blocks_fn *const blocks_fns[] = {
	NULL, blocks_1, blocks_2, blocks_3 WIDER(blocks_4, blocks_5, blocks_6)};

/* One tile of channels o0 .. o1 - 1, o0 being first in a block of channels. */
static void
blocks_group(const struct lt_conv_job *j, const struct tile *t, int o0, int o1,
	const struct terms *all, const uint8_t *begins, int p)
{
	_Alignas(64) float part[OGROUP * DCELLS * VW];
	struct chunk c = {.n = 0};

	if (!all->n) /* no tap reaches this phase */
		memset(part, 0, sizeof part);
	do {
		chunk_of(&c, begins, c.k + c.n, all->n);
		for (int o = o0; o < o1; o += LT_OB) {
			struct share sh = {part + (o - o0) * p * VW, c.k == 0,
				c.k + c.n == all->n};
			const struct terms some = {
				all->wt + ((size_t)o * all->n + c.k * LT_OB),
				all->off + c.k, c.n};
			blocks_fns[p](j, t, o, &some, &c, &sh);
		}
	} while (c.k + c.n < all->n);
}

static APART void
dense_flushed(const struct lt_conv_job *j, const struct terms *all,
	const uint8_t *begins)
{
	unsigned cells = (unsigned)(j->shards * j->rows * j->cols * CELLS);
	unsigned tiles = (cells + DCELLS - 1) / DCELLS;
	for (unsigned i = 0; i < tiles; i++) {
		struct tile t;
		unsigned q = cut(cells, i, tiles);
		unsigned p = cut(cells, i + 1, tiles) - q;
		tile_cells(&t, j, q, p);
		for (int o = 0; o < j->n_out; o += OGROUP)
			blocks_group(j, &t, o,
				o + OGROUP < j->n_out ? o + OGROUP : j->n_out,
				all, begins, (int)p);
	}
}

static void
conv_dense_bf16(const struct lt_conv_job *j, const float *packed,
	const int32_t *off, const uint8_t *begins, int terms)
{
	const struct terms all = {packed, off, terms};
	unsigned mode = flush_begin();
	dense_flushed(j, &all, begins);
	flush_end(mode);
}

/* ---- sparse ---- */

#define BPIX (16 / CELLS) /* pixels of a tile */
#define BLONG \
	(VREGS == 32 ? 8 : 3) /* of them, whose long chains run at once \
			       */
#define BFEW 4		      /* terms that are added at once */

/* Pixels at any addresses. */
struct spots {
	const float *src[BPIX];
	size_t dst[BPIX];
	int n;
};

/* Some blocks of one channel's terms over the pixels of a tile: out <- in + the
 * sums of the blocks + then. */
struct flow {
	const float *const *src;
	int n;
	const float *in; /* pixels, step floats apart */
	size_t step;
	float *out;
	const size_t *at; /* from out */
	float then;
};

/* n terms, BFEW at most; term i begins as m_i says. */
INLINE void
few_terms(const struct flow *f, const int32_t *off, const float *val,
	const int n, const int m1, const int m2, const int m3)
{
	const int begins[BFEW] = {LT_BLOCK, m1, m2, m3};
	const vec then = vall(f->then);
	const float *in = f->in;
	ptrdiff_t at[BFEW];
	vec w[BFEW];
	UNROLL
	for (int t = 0; t < n; t++) {
		at[t] = off[t];
		w[t] = vall(val[t]);
	}
	for (int i = 0; i < f->n; i++, in += f->step) {
		const float *src = f->src[i];
		float *out = f->out + f->at[i];
		UNROLL
		for (int c = 0; c < LT_LANES; c += VW) {
			vec sum = vload(in + c), even = then, chain;
			if (n == 0) {
				vstore(out + c, vadd(sum, then));
				continue;
			}
			chain = vmul(w[0], vload(src + at[0] + c));
			bool odd = false;
			UNROLL
			for (int t = 1; t < n; t++) {
				vec x = vload(src + at[t] + c);
				if (begins[t] == LT_GOES_ON) {
					chain = vfma(w[t], x, chain);
					continue;
				}
				if (begins[t] == LT_ODD)
					even = chain;
				else
					sum = vadd(sum, odd ? vadd(even, chain)
							    : chain);
				odd = begins[t] == LT_ODD;
				chain = vmul(w[t], x);
			}
			sum = vadd(sum, odd ? vadd(even, chain) : chain);
			vstore(out + c, vadd(sum, then));
		}
	}
}

/* One chain of n terms, p pixels. */
INLINE void
long_chain(vec a[BLONG * CELLS], const float *const *src, const int32_t *off,
	const float *val, int n, const int p)
{
	UNROLL
	for (int c = 0; c < p * CELLS; c++)
		a[c] = vall(0.0f);
	for (int t = 0; t < n; t++) {
		vec w = vall(val[t]);
		ptrdiff_t at = off[t];
		UNROLL
		for (int c = 0; c < p * CELLS; c++)
			a[c] = vfma(w,
				vload(src[c / CELLS] + at + c % CELLS * VW),
				a[c]);
	}
}

/* One block of even and odd terms, p pixels. */
INLINE void
long_pixels(const struct flow *f, const int32_t *off, const float *val,
	int even, int odd, int i0, const int p)
{
	const float *src[BLONG];
	vec e[BLONG * CELLS], o[BLONG * CELLS];
	UNROLL
	for (int i = 0; i < p; i++)
		src[i] = f->src[i0 + i];
	long_chain(e, src, off, val, even, p);
	long_chain(o, src, off + even, val + even, odd, p);
	const vec then = vall(f->then);
	UNROLL
	for (int c = 0; c < p * CELLS; c++) {
		int i = i0 + c / CELLS, lane = c % CELLS * VW;
		vec sum = vload(f->in + (size_t)i * f->step + lane);
		sum = vadd(sum, vadd(e[c], o[c]));
		vstore(f->out + f->at[i] + lane, vadd(sum, then));
	}
}

static void
long_block(const struct flow *f, const int32_t *off, const float *val, int even,
	int odd)
{
	int i = 0;
	for (; i + BLONG <= f->n; i += BLONG)
		long_pixels(f, off, val, even, odd, i, BLONG);
	for (; i < f->n; i++)
		long_pixels(f, off, val, even, odd, i, 1);
}

/* How terms 1 .. 3 of a few begin, and how many there are. */
#define FEW(n, m1, m2, m3) (((n)-1) << 6 | (m3) << 4 | (m2) << 2 | (m1))

/* The blocks that begin at term k and have BFEW terms in all, or one longer
 * block: give their number of terms. */
INLINE int
few_of(int *kind, const uint8_t *begins, int k, int end)
{
	int n = 0, marks = 0;
	for (int i = 1; i <= BFEW; i++) {
		if (k + i == end) {
			n = i;
			break;
		}
		if (begins[k + i] == LT_BLOCK)
			n = i;
		if (i < BFEW)
			marks |= begins[k + i] << 2 * (i - 1);
	}
	if (n) {
		*kind = FEW(n, 0, 0, 0) | (marks & ((1 << 2 * (n - 1)) - 1));
		return n;
	}
	*kind = -1;
	for (n = BFEW + 1; k + n < end && begins[k + n] != LT_BLOCK;)
		n++;
	return n;
}

/* Terms k .. k + n - 1 of lists, as few_of found them. */
static void
add_few(const struct flow *f, const struct lists *lists, const uint8_t *begins,
	int k, int n, int kind)
{
	const int32_t *const off = lists->off + k;
	const float *const val = lists->val + k;
	switch (kind) {
#define CASE(n, m1, m2, m3) \
	case FEW(n, m1, m2, m3): \
		few_terms(f, off, val, n, m1, m2, m3); \
		break;
#define CASES(m1, m2) \
	CASE(4, m1, m2, LT_GOES_ON) \
	CASE(4, m1, m2, LT_BLOCK) \
	CASE(3, m1, m2, 0)
		CASE(1, 0, 0, 0)
		CASE(2, LT_GOES_ON, 0, 0)
		CASE(2, LT_ODD, 0, 0)
		CASE(2, LT_BLOCK, 0, 0)
		CASES(LT_GOES_ON, LT_GOES_ON)
		CASES(LT_GOES_ON, LT_ODD)
		CASES(LT_GOES_ON, LT_BLOCK)
		CASES(LT_ODD, LT_GOES_ON)
		CASES(LT_ODD, LT_BLOCK)
		CASES(LT_BLOCK, LT_GOES_ON)
		CASES(LT_BLOCK, LT_ODD)
		CASES(LT_BLOCK, LT_BLOCK)
		CASE(4, LT_GOES_ON, LT_GOES_ON, LT_ODD)
		CASE(4, LT_GOES_ON, LT_BLOCK, LT_ODD)
		CASE(4, LT_ODD, LT_BLOCK, LT_ODD)
		CASE(4, LT_BLOCK, LT_GOES_ON, LT_ODD)
		CASE(4, LT_BLOCK, LT_BLOCK, LT_ODD)
#undef CASE
#undef CASES
	default: {
		int even = 1;
		while (even < n && begins[k + even] != LT_ODD)
			even++;
		long_block(f, off, val, even, n - even);
	}
	}
}

/* Where the chains of unfinished sums wait. */
static const size_t in_row[] = {
	0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240};
static const float no_sum[LT_LANES];

/* Share s of the channels of sh in a tile. */
static void
listed_tile(const struct lt_conv_job *j, const struct spots *t,
	const struct shares *sh, int s, const struct lists *lists,
	const uint8_t *begins, float *part)
{
	const bool first = s == 0, last = s + 1 == sh->n;
	const size_t each = sh->n > 1 ? BPIX * LT_LANES : 0;
	struct flow f = {.src = t->src, .n = t->n};
	for (int o = sh->o0; o < sh->o1; o++, part += each) {
		int k = sh->at[o - sh->o0][s], end = sh->at[o - sh->o0][s + 1];
		float bias = j->bias ? j->bias[o] + 0.0f : 0.0f;
		f.in = first ? no_sum : part;
		f.step = first ? 0 : LT_LANES;
		f.out = part;
		f.at = in_row;
		f.then = 0.0f;
		if (k == end && !first && !last)
			continue;
		do {
			int kind, n = 0;
			if (k < end)
				n = few_of(&kind, begins, k, end);
			if (last && k + n == end) {
				f.out = j->dst + o * j->dst_ch;
				f.at = t->dst;
				f.then = bias;
			}
			if (n)
				add_few(&f, lists, begins, k, n, kind);
			else
				few_terms(&f, NULL, NULL, 0, 0, 0, 0);
			k += n;
			f.in = part;
			f.step = LT_LANES;
		} while (k < end);
	}
}

/* Lists of channels o0 .. o1 - 1 into shares of nearly equal terms, which are
 * nearly the same taps where masks are even; a block is not cut. */
static void
blocks_cut(struct shares *sh, const int32_t *ptr, const int32_t *off,
	const uint8_t *begins, int o0, int o1, int span)
{
	int32_t top = 0, most = (ptr[o1] - ptr[o0]) / ((o1 - o0) * SHARE_MIN);
	for (int k = ptr[o0]; k < ptr[o1]; k++)
		top = off[k] > top ? off[k] : top;
	sh->o0 = o0;
	sh->o1 = o1;
	most = most < 1 ? 1 : most < MAXSHARES ? most : MAXSHARES;
	sh->n = top / span + 1;
	sh->n = sh->n < most ? sh->n : most;
	for (int o = o0; o < o1; o++) {
		unsigned all = (unsigned)(ptr[o + 1] - ptr[o]);
		for (int s = 0; s <= sh->n; s++) {
			int k = ptr[o] +
				(int)cut(all, (unsigned)s, (unsigned)sh->n);
			while (k < ptr[o + 1] && begins[k] != LT_BLOCK)
				k++;
			sh->at[o - o0][s] = k;
		}
	}
}

/* Runs q0 .. q0 + n - 1 of len pixels. */
static void
spots_of(struct spots *t, const struct lt_conv_job *j, int len, unsigned q0,
	unsigned n)
{
	t->n = (int)n * len;
	for (int i = 0; i < (int)n; i++) {
		struct tile run;
		tile_runs(&run, j, len, q0 + (unsigned)i, 1);
		for (int p = 0; p < len; p++) {
			t->src[i * len + p] = run.src[0] + p * j->src_px;
			t->dst[i * len + p] = run.dst[0] + p * j->dst_px;
		}
	}
}

static APART void
sparse_flushed(const struct lt_conv_job *j, const int32_t *ptr,
	const struct lists *lists, const uint8_t *begins)
{
	int len = j->cols % 4 ? 1 : 4;
	unsigned n = (unsigned)(j->shards * j->rows * j->cols / len);
	unsigned max = (unsigned)(BPIX / len), tiles = (n + max - 1) / max;
	for (int o = 0; o < j->n_out; o += OGROUP) {
		int end = o + OGROUP < j->n_out ? o + OGROUP : j->n_out;
		_Alignas(64) float part[OGROUP * BPIX * LT_LANES];
		struct shares sh;
		blocks_cut(&sh, ptr, lists->off, begins, o, end,
			share_span(j->rows, j->cols, j->src_row, j->src_px,
				BPIX, SBYTES));
		for (unsigned i = 0; i < tiles; i++) {
			struct spots t;
			unsigned q = cut(n, i, tiles);
			spots_of(&t, j, len, q, cut(n, i + 1, tiles) - q);
			for (int s = 0; s < sh.n; s++)
				listed_tile(j, &t, &sh, s, lists, begins, part);
		}
	}
}

static void
conv_sparse_bf16(const struct lt_conv_job *j, const int32_t *ptr,
	const int32_t *off, const uint8_t *begins, const float *val)
{
	const struct lists lists = {off, val};
	unsigned mode = flush_begin();
	sparse_flushed(j, ptr, &lists, begins);
	flush_end(mode);
}

#endif
