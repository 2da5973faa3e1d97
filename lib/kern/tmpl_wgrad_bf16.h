/* Sums over pixels of the bf16 mode: the gradients of weights.
 *
 * A chain runs over images, so the lanes of a vector are pairs of columns
 * (pairs.h).  The strips of x and dy are copied so that images follow each
 * other and pairs lie side by side; each block's sum is then an element of a
 * vector, and the sums of some weights are transposed and added in order.
 */
#ifndef LT_KERN_TMPL_WGRAD_BF16_H
#define LT_KERN_TMPL_WGRAD_BF16_H

#define PSUMS (PGROUP * VW)
#define PKEPT \
	(VREGS == 32 ? 8 : 6) /* kept weights that share a vector of dy \
			       */

/* A unit's copies and their geometry. */
struct copies {
	struct pairs p;
	const struct lt_wgrad_job *j;
	float *x, *dy;	/* as pairs.h says */
	float *sums;	/* [PSUMS][positions of a segment] */
	float *turned;	/* [positions of a segment][PSUMS] */
	int32_t *order; /* positions in the order of addition */
};

/* Lanes of a row: where their pixel is, from the row of the first band, and
 * the row of their band; lanes without a pixel have a row beyond all. */
struct row_lanes {
	int32_t *off, *row;
	int n, rows;
};

#define NO_ROW (1 << 30)

/* n lanes of columns first, first + step ... below end of a row of x or dy,
 * over all bands and shards. */
static void
lanes_of(struct row_lanes *l, const struct pairs *p, int shards, int first,
	int step, int end, size_t px, size_t row, int band_rows, size_t sh)
{
	for (int i = 0; i < l->n; i++) {
		int each = p->bands * shards, col = first + i / each * step;
		int band = i % each / shards;
		l->row[i] = col < end ? band * band_rows : NO_ROW;
		l->off[i] = col < end ? (int32_t)((size_t)col * px +
						  (size_t)l->row[i] * row +
						  (size_t)(i % shards) * sh)
				      : 0;
	}
}

/* [16 images][n lanes] of row r. */
INLINE void
copy_lanes(float *dst, const float *src, const struct row_lanes *l, int r)
{
	static const _Alignas(64) float none[LT_LANES];
	for (int i = 0; i < l->n; i += VW) {
		const float *px[VW];
		for (int k = 0; k < VW; k++)
			px[k] = l->row[i + k] + r < l->rows
					? src + l->off[i + k]
					: none;
		for (int c = 0; c < LT_LANES; c += VW) {
			vec v[VW];
			UNROLL
			for (int k = 0; k < VW; k++)
				v[k] = vload(px[k] + c);
			vtranspose(v);
			UNROLL
			for (int k = 0; k < VW; k++)
				vstore(dst + (c + k) * l->n + i, v[k]);
		}
	}
}

static void
copy_x(const struct copies *w, int32_t *tables)
{
	const struct lt_wgrad_job *j = w->j;
	const struct pairs *p = &w->p;
	const size_t each = (size_t)p->x_line * LT_LANES;
	struct row_lanes l = {tables, tables + p->x_line, p->x_line,
		(int)(j->x_ch / j->x_line)};
	for (int k = 0; k < p->classes; k++) {
		lanes_of(&l, p, j->shards, k, p->period,
			(int)(j->x_line / LT_LANES), LT_LANES, j->x_line,
			p->deep * p->step, j->x_sh);
		for (int c = 0; c < j->c; c++)
			for (int r = 0; r < p->x_deep; r++) {
				size_t to = (size_t)c * p->x_deep + r;
				copy_lanes(w->x + (to * p->classes + k) * each,
					j->x + c * j->x_ch + r * j->x_line, &l,
					r);
			}
	}
}

static void
copy_dy(const struct copies *w, int32_t *tables)
{
	const struct lt_wgrad_job *j = w->j;
	const struct pairs *p = &w->p;
	const size_t each = (size_t)p->dy_line * LT_LANES;
	struct row_lanes l = {tables, tables + p->dy_line, p->dy_line, j->rows};
	for (int k = 0; k < p->columns; k++) {
		lanes_of(&l, p, j->shards, k, 2, j->cols, j->dy_px, j->dy_row,
			p->deep, j->dy_sh);
		for (int o = 0; o < j->n_out; o++)
			for (int r = 0; r < p->deep; r++) {
				size_t to = (size_t)o * p->deep + r;
				copy_lanes(w->dy + (to * p->columns + k) * each,
					j->dy + o * j->dy_ch + r * j->dy_row,
					&l, r);
			}
	}
}

/* Rows r0 .. r1 - 1 of all bands, whose sums are added together: all rows where
 * lanes are not in the order of addition. */
struct segment {
	int r0, r1, pairs;
	bool first, last;
};

/* The positions of a segment's pairs, by shard, row and pair. */
static void
segment_order(struct segment *s, const struct copies *w)
{
	const struct pairs *p = &w->p;
	s->pairs = 0;
	for (int sh = 0; sh < w->j->shards; sh++)
		for (int b = 0; b < p->bands; b++)
			for (int r = s->r0; r < s->r1; r++)
				for (int q = 0; q < p->width; q++) {
					int lane = (q * p->bands + b) *
							   w->j->shards +
						   sh;
					if (b * p->deep + r < w->j->rows)
						w->order[s->pairs++] =
							(r - s->r0) *
								p->dy_line +
							lane;
				}
}

/* Where a tap's pixels of the first and of the second columns are. */
struct tap {
	const float *x[2];
};

static struct tap
tap_of(const struct copies *w, int32_t off)
{
	const struct pairs *p = &w->p;
	const struct lt_wgrad_job *j = w->j;
	unsigned at = (unsigned)off / LT_LANES;
	unsigned plane = (unsigned)(j->x_ch / LT_LANES);
	unsigned line = (unsigned)(j->x_line / LT_LANES);
	unsigned c = at / plane, r = at % plane / line, col = at % plane % line;
	struct tap t;
	for (int k = 0; k < 2; k++, col += (unsigned)p->period / 2) {
		size_t row = (size_t)c * (unsigned)p->x_deep + r;
		size_t kind = col % (unsigned)p->period;
		t.x[k] = w->x +
			 (row * (unsigned)p->classes + kind) *
				 (unsigned)p->x_line * LT_LANES +
			 (size_t)(col / (unsigned)p->period) *
				 (unsigned)(p->bands * j->shards);
	}
	return t;
}

/* ---- sums of blocks in order ---- */

/* Turn n vectors' worth of weights' sums, and add them to dst[0 .. n * VW). */
INLINE void
add_ordered(float *dst, const struct copies *w, const struct segment *s,
	size_t stride, const int n)
{
	vec sum[PGROUP];
	for (int g = 0; g < n; g++)
		for (size_t at = 0; at < stride; at += VW) {
			vec v[VW];
			UNROLL
			for (int k = 0; k < VW; k++)
				v[k] = vload(
					w->sums + (g * VW + k) * stride + at);
			vtranspose(v);
			UNROLL
			for (int k = 0; k < VW; k++)
				vstore(w->turned + (at + k) * PSUMS + g * VW,
					v[k]);
		}
	UNROLL
	for (int g = 0; g < n; g++)
		sum[g] = s->first ? vall(0.0f) : vload(dst + g * VW);
	for (int i = 0; i < s->pairs; i++) {
		const float *t = w->turned + (size_t)w->order[i] * PSUMS;
		UNROLL
		for (int g = 0; g < n; g++)
			sum[g] = vadd(sum[g], vload(t + g * VW));
	}
	UNROLL
	for (int g = 0; g < n; g++)
		vstore(dst + g * VW,
			s->last ? vadd(sum[g], vall(0.0f)) : sum[g]);
}

/* The sums of n weights, PSUMS at most. */
static void
add_sums(float *dst, const struct copies *w, const struct segment *s, int n)
{
	size_t stride = (size_t)(s->r1 - s->r0) * (size_t)w->p.dy_line;
	switch ((n + VW - 1) / VW) {
	case 1:
		add_ordered(dst, w, s, stride, 1);
		break;
	case 2:
		add_ordered(dst, w, s, stride, 2);
		break;
	default:
		add_ordered(dst, w, s, stride, PGROUP);
	}
}

/* ---- dense ---- */

/* The blocks of LT_OB channels by n terms over a segment; sums of channel i,
 * term t go to to[i][t]. */
INLINE void
pairs_tile(float *const to[LT_OB][WTERMS], const struct copies *w,
	const struct segment *s, const float *const *dy, const struct tap *tap,
	const int n)
{
	const struct pairs *p = &w->p;
	const size_t x_line = (size_t)p->x_line, dy_line = (size_t)p->dy_line;
	const size_t x_row = x_line * LT_LANES * (size_t)p->classes;
	size_t pos = 0;
	for (int r = s->r0; r < s->r1; r++)
		for (size_t at = 0; at < dy_line; at += VW, pos += VW) {
			_Alignas(64) float even[LT_OB * WTERMS * VW];
			vec a[LT_OB][WTERMS];
			for (int odd = 0; odd < 2; odd++) {
				UNROLL
				for (int i = 0; i < LT_OB * n; i++)
					a[i / n][i % n] = vall(0.0f);
				for (int k = 0; k < p->columns; k++) {
					const float *x[WTERMS], *d[LT_OB];
					UNROLL
					for (int t = 0; t < n; t++)
						x[t] = tap[t].x[k] +
						       (size_t)(r * p->step) *
							       x_row +
						       at + odd * x_line;
					UNROLL
					for (int i = 0; i < LT_OB; i++)
						d[i] = dy[i] +
						       ((size_t)(r * p->columns +
								 k) * LT_LANES +
							       odd) *
							       dy_line +
						       at;
					for (size_t m = 0; m < LT_LANES;
						m += 2) {
						vec v[WTERMS];
						UNROLL
						for (int t = 0; t < n; t++)
							v[t] = vload(
								x[t] +
								m * x_line);
						UNROLL
						for (int i = 0; i < LT_OB;
							i++) {
							vec g = vload(
								d[i] +
								m * dy_line);
							UNROLL
							for (int t = 0; t < n;
								t++)
								a[i][t] = vfma(
									g, v[t],
									a[i]
									 [t]);
						}
					}
				}
				if (odd)
					break;
				UNROLL
				for (int i = 0; i < LT_OB * n; i++)
					vstore(even + i * VW, a[i / n][i % n]);
			}
			UNROLL
			for (int i = 0; i < LT_OB * n; i++)
				vstore(to[i / n][i % n] + pos,
					vadd(vload(even + i * VW),
						a[i / n][i % n]));
		}
}

/* Channels that PSUMS sums of WTERMS terms belong to. */
#define POUT (PSUMS / WTERMS / LT_OB * LT_OB)

/* Terms k .. k + n - 1 of POUT channels from o on. */
static void
pairs_block(float *dst, const struct copies *w, const struct segment *s, int o,
	const int32_t *off, int k, int n, int terms)
{
	const struct lt_wgrad_job *j = w->j;
	size_t stride = (size_t)(s->r1 - s->r0) * (size_t)w->p.dy_line;
	size_t plane = (size_t)(w->p.deep * w->p.columns) *
		       (size_t)w->p.dy_line * LT_LANES;
	int real = j->n_out - o < POUT ? j->n_out - o : POUT;
	float sums[PSUMS] = {0};
	struct tap tap[WTERMS];
	for (int t = 0; t < n; t++)
		tap[t] = tap_of(w, off[k + t]);
	for (int i = 0; i < real; i += LT_OB) {
		float *to[LT_OB][WTERMS];
		const float *dy[LT_OB];
		for (int b = 0; b < LT_OB; b++) {
			int c = i + b < real ? i + b : real - 1;
			dy[b] = w->dy + (size_t)(o + c) * plane;
			for (int t = 0; t < n; t++)
				to[b][t] = w->sums +
					   (size_t)((i + b) * n + t) * stride;
		}
		switch (n) {
#define CASE(n) \
	case n: \
		pairs_tile(to, w, s, dy, tap, n); \
		break;
			CASE(1)
			CASE(2)
			CASE(3)
#if VREGS == 32
			CASE(4)
			CASE(5)
			CASE(6)
#endif
#undef CASE
		}
	}
	for (int i = 0; i < real * n && !s->first; i++)
		sums[i] = dst[(size_t)(o + i / n) * terms + k + i % n];
	add_sums(sums, w, s, real * n);
	for (int i = 0; i < real * n; i++)
		dst[(size_t)(o + i / n) * terms + k + i % n] = sums[i];
}

static void
pairs_segment(float *dst, const struct copies *w, const struct segment *s,
	const int32_t *off, int terms)
{
	unsigned tiles = ((unsigned)terms + WTERMS - 1) / WTERMS;
	for (unsigned i = 0; i < tiles; i++) {
		int k = (int)cut((unsigned)terms, i, tiles);
		int n = (int)cut((unsigned)terms, i + 1, tiles) - k;
		for (int o = 0; o < w->j->n_out; o += POUT)
			pairs_block(dst, w, s, o, off, k, n, terms);
	}
}

/* ---- sparse ---- */

/* The blocks of n kept weights of one channel over a segment. */
INLINE void
kept_pairs(float *to, const struct copies *w, const struct segment *s,
	const float *dy, const struct tap *tap, const int n)
{
	const struct pairs *p = &w->p;
	const size_t x_line = (size_t)p->x_line, dy_line = (size_t)p->dy_line;
	const size_t x_row = x_line * LT_LANES * (size_t)p->classes;
	const size_t stride = (size_t)(s->r1 - s->r0) * dy_line;
	size_t pos = 0;
	for (int r = s->r0; r < s->r1; r++)
		for (size_t at = 0; at < dy_line; at += VW, pos += VW) {
			vec e[PKEPT], o[PKEPT];
			UNROLL
			for (int t = 0; t < n; t++)
				e[t] = o[t] = vall(0.0f);
			for (int k = 0; k < p->columns; k++) {
				const float *x[PKEPT];
				const float *d = dy +
						 (size_t)(r * p->columns + k) *
							 LT_LANES * dy_line +
						 at;
				UNROLL
				for (int t = 0; t < n; t++)
					x[t] = tap[t].x[k] +
					       (size_t)(r * p->step) * x_row +
					       at;
				for (size_t m = 0; m < LT_LANES; m += 2) {
					vec g = vload(d + m * dy_line);
					vec h = vload(d + (m + 1) * dy_line);
					UNROLL
					for (int t = 0; t < n; t++)
						e[t] = vfma(g,
							vload(x[t] +
								m * x_line),
							e[t]);
					UNROLL
					for (int t = 0; t < n; t++)
						o[t] = vfma(h,
							vload(x[t] +
								(m + 1) *
									x_line),
							o[t]);
				}
			}
			UNROLL
			for (int t = 0; t < n; t++)
				vstore(to + t * stride + pos, vadd(e[t], o[t]));
		}
}

static void
kept_segment(float *dst, const struct copies *w, const struct segment *s,
	const int32_t *ptr, const int32_t *off)
{
	const size_t stride = (size_t)(s->r1 - s->r0) * (size_t)w->p.dy_line;
	const size_t plane = (size_t)(w->p.deep * w->p.columns) *
			     (size_t)w->p.dy_line * LT_LANES;
	int done = ptr[0], n = 0, all = ptr[w->j->n_out];
	for (int o = 0; o < w->j->n_out; o++)
		for (int k = ptr[o]; k < ptr[o + 1];) {
			const float *dy = w->dy + (size_t)o * plane;
			float *to = w->sums + (size_t)n * stride;
			struct tap tap[PKEPT];
			int p = ptr[o + 1] - k;
			p = p < PKEPT ? p : PKEPT;
			p = p < PSUMS - n ? p : PSUMS - n;
			for (int t = 0; t < p; t++)
				tap[t] = tap_of(w, off[k + t]);
			switch (p) {
#define CASE(p) \
	case p: \
		kept_pairs(to, w, s, dy, tap, p); \
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
			n += p;
			if (n < PSUMS && k < all)
				continue;
			float sums[PSUMS];
			memcpy(sums, dst + done, (size_t)n * sizeof *sums);
			add_sums(sums, w, s, n);
			memcpy(dst + done, sums, (size_t)n * sizeof *sums);
			done += n;
			n = 0;
		}
}

/* ---- both ---- */

/* ptr NULL: dense, of so many terms. */
static APART void
wgrad_flushed(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, int terms, float *scratch)
{
	struct copies w = {pairs_of(j, VW), j, scratch, NULL, NULL, NULL, NULL};
	const struct pairs *p = &w.p;
	int rows = p->segment;
	size_t positions = (size_t)rows * (size_t)p->dy_line;

	w.dy = w.x +
	       (size_t)j->c * p->x_deep * p->classes * p->x_line * LT_LANES;
	w.sums = w.dy + (size_t)j->n_out * p->deep * p->columns * p->dy_line *
				LT_LANES;
	w.turned = w.sums + positions * PSUMS;
	w.order = (int32_t *)(w.turned + positions * PSUMS);
	copy_x(&w, w.order);
	copy_dy(&w, w.order);
	for (int r = 0; r < p->deep; r += rows) {
		struct segment s = {.r0 = r,
			.r1 = r + rows < p->deep ? r + rows : p->deep,
			.first = r == 0,
			.last = r + rows >= p->deep};
		segment_order(&s, &w);
		if (ptr)
			kept_segment(dst, &w, &s, ptr, off);
		else
			pairs_segment(dst, &w, &s, off, terms);
	}
}

static void
wgrad_dense_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *scratch)
{
	unsigned mode = flush_begin();
	wgrad_flushed(dst, j, NULL, off, terms, scratch);
	flush_end(mode);
}

static void
wgrad_sparse_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *scratch)
{
	unsigned mode = flush_begin();
	wgrad_flushed(dst, j, ptr, off, 0, scratch);
	flush_end(mode);
}

#endif
