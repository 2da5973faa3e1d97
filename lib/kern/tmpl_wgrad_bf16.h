/* Sums over pixels of the bf16 mode: the gradients of few kept weights.  Those
 * of many are in tmpl_wgrad_turned.h.
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
	int n;
};

#define NO_ROW (1 << 30)

/* A strip that is copied, and its copy: [channel][row of a band][kind][image]
 * [lane].  Lanes of a kind have every step-th column. */
struct strip {
	const float *src;
	size_t ch, px, row, shard; /* floats from one to the next */
	int channels, rows, columns, step;
	int kinds, deep, line; /* of the copy: rows, lanes of a row */
	int band;	       /* rows from one band to the next */
};

/* The lanes of columns first, first + step ... of all bands and shards. */
static void
lanes_of(struct row_lanes *l, const struct copies *w, const struct strip *s,
	int first)
{
	const int shards = w->j->shards, each = w->p.bands * shards;
	for (int i = 0; i < l->n; i++) {
		int col = first + i / each * s->step;
		int row = i % each / shards * s->band;
		bool some = col < s->columns;
		l->row[i] = some ? row : NO_ROW;
		l->off[i] = some ? (int32_t)((size_t)col * s->px +
					     (size_t)row * s->row +
					     (size_t)(i % shards) * s->shard)
				 : 0;
	}
}

/* [16 images][n lanes] of row r of a strip's rows. */
INLINE void
copy_lanes(float *dst, const float *src, const struct row_lanes *l, int r,
	int rows)
{
	static const _Alignas(64) float none[LT_LANES];
	for (int i = 0; i < l->n; i += VW) {
		const float *px[VW];
		for (int k = 0; k < VW; k++)
			px[k] = l->row[i + k] + r < rows ? src + l->off[i + k]
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
copy_strip(float *dst, const struct copies *w, const struct strip *s,
	int32_t *tables)
{
	const size_t each = (size_t)s->line * LT_LANES;
	struct row_lanes l = {tables, tables + s->line, s->line};
	for (int k = 0; k < s->kinds; k++) {
		lanes_of(&l, w, s, k);
		for (int c = 0; c < s->channels; c++)
			for (int r = 0; r < s->deep; r++) {
				size_t to = (size_t)c * s->deep + r;
				copy_lanes(dst + (to * s->kinds + k) * each,
					s->src + c * s->ch + r * s->row, &l, r,
					s->rows);
			}
	}
}

static void
copy_both(const struct copies *w, int32_t *tables)
{
	const struct lt_wgrad_job *j = w->j;
	const struct pairs *p = &w->p;
	const struct strip x = {.src = j->x,
		.ch = j->x_ch,
		.px = LT_LANES,
		.row = j->x_line,
		.shard = j->x_sh,
		.channels = j->c,
		.rows = (int)(j->x_ch / j->x_line),
		.columns = (int)(j->x_line / LT_LANES),
		.step = p->period,
		.kinds = p->classes,
		.deep = p->x_deep,
		.line = p->x_line,
		.band = p->deep * p->step};
	const struct strip dy = {.src = j->dy,
		.ch = j->dy_ch,
		.px = j->dy_px,
		.row = j->dy_row,
		.shard = j->dy_sh,
		.channels = j->n_out,
		.rows = j->rows,
		.columns = j->cols,
		.step = 2,
		.kinds = p->columns,
		.deep = p->deep,
		.line = p->dy_line,
		.band = p->deep};
	copy_strip(w->x, w, &x, tables);
	copy_strip(w->dy, w, &dy, tables);
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

typedef void ordered_fn(float *dst, const struct copies *w,
	const struct segment *s, size_t stride);

#define ORDERED(n) \
	static void ordered_##n(float *dst, const struct copies *w, \
		const struct segment *s, size_t stride) \
	{ \
		add_ordered(dst, w, s, stride, n); \
	}

ORDERED(1)
ORDERED(2)
ORDERED(3)

static ordered_fn *const ordered_fns[PGROUP + 1] = {
	NULL, ordered_1, ordered_2, ordered_3};

/* The sums of n weights, PSUMS at most. */
static void
add_sums(float *dst, const struct copies *w, const struct segment *s, int n)
{
	size_t stride = (size_t)(s->r1 - s->r0) * (size_t)w->p.dy_line;
	ordered_fns[(n + VW - 1) / VW](dst, w, s, stride);
}

/* ---- kept weights ---- */

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

typedef void kept_fn(float *to, const struct copies *w, const struct segment *s,
	const float *dy, const struct tap *tap);

#define KEPT(n) \
	static void kept_##n(float *to, const struct copies *w, \
		const struct segment *s, const float *dy, \
		const struct tap *tap) \
	{ \
		kept_pairs(to, w, s, dy, tap, n); \
	}

KEPT(1)
KEPT(2)
KEPT(3)
KEPT(4)
KEPT(5)
KEPT(6)
#if VREGS == 32
KEPT(7)
KEPT(8)
#endif

static kept_fn *const kept_fns[PKEPT + 1] = {NULL, kept_1, kept_2, kept_3,
	kept_4, kept_5, kept_6 WIDER(kept_7, kept_8)};

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
			struct tap tap[PKEPT];
			int p = ptr[o + 1] - k;
			p = p < PKEPT ? p : PKEPT;
			p = p < PSUMS - n ? p : PSUMS - n;
			for (int t = 0; t < p; t++)
				tap[t] = tap_of(w, off[k + t]);
			kept_fns[p](w->sums + (size_t)n * stride, w, s,
				w->dy + (size_t)o * plane, tap);
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

static APART void
wgrad_kept(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *scratch)
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
	copy_both(&w, w.order);
	for (int r = 0; r < p->deep; r += rows) {
		struct segment s = {.r0 = r,
			.r1 = r + rows < p->deep ? r + rows : p->deep,
			.first = r == 0,
			.last = r + rows >= p->deep};
		segment_order(&s, &w);
		kept_segment(dst, &w, &s, ptr, off);
	}
}

static void
wgrad_dense_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *scratch)
{
	unsigned mode = flush_begin();
	wgrad_turned(dst, j, off, terms, scratch);
	flush_end(mode);
}

static void
wgrad_sparse_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *scratch)
{
	unsigned mode = flush_begin();
	if (!turned_lists(dst, j, ptr, off, scratch))
		wgrad_kept(dst, j, ptr, off, scratch);
	flush_end(mode);
}

#endif
