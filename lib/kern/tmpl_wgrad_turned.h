/* Sums over pixels of the bf16 mode, of many terms at once.
 *
 * A chain runs over images, so the lanes of a vector are terms that follow each
 * other: the strip of x is turned to [shard][row][image][column][channel],
 * where a row of a kernel with all its channels is contiguous.  dy stays where
 * it is, and each of its numbers multiplies a vector.  A tile adds the blocks
 * of a few pairs of columns, whose pixels stay in the first-level cache while
 * they serve all outputs.
 */
#ifndef LT_KERN_TMPL_WGRAD_TURNED_H
#define LT_KERN_TMPL_WGRAD_TURNED_H

#define SLAB 4 /* pairs of columns that a tile adds */

struct turned {
	const struct lt_wgrad_job *j;
	struct turned_size s;
	float *x;
	float *acc;	/* sums of a pass: [tile][LT_OB outputs][tile's] */
	int32_t *term;	/* of a place: a number, or -1 */
	int32_t *place; /* where vectors begin */
	int places, vectors;
};

/* Pairs of columns, from the first pixel of x and of dy. */
struct slab {
	int n;
	int32_t x[SLAB], dy[SLAB], columns[SLAB];
};

/* ---- the copy ---- */

/* c channels, VW at most, of a pixel: those that lack are zeros. */
INLINE void
turn_pixel(float *dst, size_t image, const float *src, size_t ch, int c)
{
	static const _Alignas(64) float none[LT_LANES];
	for (int i = 0; i < LT_LANES; i += VW) {
		vec v[VW];
		UNROLL
		for (int k = 0; k < VW; k++)
			v[k] = vload((k < c ? src + k * ch : none) + i);
		vtranspose(v);
		UNROLL
		for (int k = 0; k < VW; k++)
			vstore(dst + (i + k) * image, v[k]);
	}
}

static void
turn_row(const struct turned *w, float *dst, const float *src)
{
	const int c = w->j->c, columns = w->s.columns;
	const size_t ch = w->j->x_ch, image = w->s.image;
	for (int q = 0; q < columns; q++, src += LT_LANES, dst += c) {
		int i = 0;
		for (; i + VW <= c; i += VW)
			turn_pixel(dst + i, image, src + i * ch, ch, VW);
		if (i < c)
			turn_pixel(dst + i, image, src + i * ch, ch, c - i);
	}
}

static void
turn_strip(const struct turned *w)
{
	const struct lt_wgrad_job *j = w->j;
	float *dst = w->x;
	for (int sh = 0; sh < j->shards; sh++)
		for (int r = 0; r < w->s.rows; r++, dst += w->s.row)
			turn_row(w, dst, j->x + sh * j->x_sh + r * j->x_line);
}

/* ---- vectors of terms ---- */

/* The place of a term in a row of images: rows of x are image apart. */
static unsigned
place_of(const struct turned *w, int32_t off)
{
	unsigned at = (unsigned)off / LT_LANES;
	unsigned plane = (unsigned)(w->j->x_ch / LT_LANES);
	unsigned line = (unsigned)(w->j->x_line / LT_LANES);
	unsigned r = at % plane / line, col = at % plane % line;
	return r * (unsigned)w->s.image + col * (unsigned)w->j->c + at / plane;
}

/* Cut the places of n terms into vectors.  A place has the number of its last
 * term. */
static void
place_terms(struct turned *w, const int32_t *off, int n)
{
	int end = 0;
	for (int t = 0; t < n; t++) {
		int p = (int)place_of(w, off[t]);
		for (; end <= p; end++)
			w->term[end] = -1;
		w->term[p] = t;
	}
	w->places = end;
	for (int i = 0; i < VW; i++)
		w->term[end + i] = -1;
	w->vectors = 0;
	for (int p = 0; p < end; p++)
		if (w->term[p] >= 0) {
			w->place[w->vectors++] = p;
			p += VW - 1;
		}
}

/* Where a vector is, from the pixel of its first shard, row and column. */
static const float *
vector_at(const struct turned *w, int v)
{
	size_t p = (size_t)w->place[v];
	return w->x + p / w->s.image * w->s.row + p % w->s.image;
}

/* ---- sums ---- */

/* Chains of LT_OB outputs by n vectors of x go on over every other image of a
 * column; at and ad are its first one's place. */
INLINE void
turned_column(vec a[LT_OB][WTERMS], const float *const *x,
	const float *const *dy, size_t at, size_t ad, size_t step, const int n)
{
	const size_t end = ad + LT_LANES;
	ROLLED
	for (; ad < end; ad += 2, at += step) {
		vec v[WTERMS];
		UNROLL
		for (int t = 0; t < n; t++)
			v[t] = vload(x[t] + at);
		UNROLL
		for (int i = 0; i < LT_OB; i++) {
			vec g = vall(dy[i][ad]);
			UNROLL
			for (int t = 0; t < n; t++)
				a[i][t] = vfma(g, v[t], a[i][t]);
		}
	}
}

/* The same from +0, of one or two columns. */
INLINE void
turned_chain(vec a[LT_OB][WTERMS], const struct turned *w,
	const float *const *x, const float *const *dy, int columns, const int n)
{
	const size_t step = 2 * w->s.image;
	size_t at = 0, ad = 0;
	UNROLL
	for (int i = 0; i < LT_OB * n; i++)
		a[i / n][i % n] = vall(0.0f);
	for (int c = 0; c < columns; c++, at = w->s.right, ad = w->j->dy_px)
		turned_column(a, x, dy, at, ad, step, n);
}

/* The blocks of LT_OB outputs by n vectors of x over a slab. */
INLINE void
turned_tile(float *acc, const struct turned *w, const struct slab *s,
	const float *const *x0, const float *const *dy0, const int n)
{
	for (int q = 0; q < s->n; q++) {
		_Alignas(64) float even[LT_OB * WTERMS * VW];
		const float *x[WTERMS], *dy[LT_OB];
		vec a[LT_OB][WTERMS];
		UNROLL
		for (int t = 0; t < n; t++)
			x[t] = x0[t] + s->x[q];
		UNROLL
		for (int i = 0; i < LT_OB; i++)
			dy[i] = dy0[i] + s->dy[q];
		turned_chain(a, w, x, dy, s->columns[q], n);
		UNROLL
		for (int i = 0; i < LT_OB * n; i++)
			vstore(even + i * VW, a[i / n][i % n]);
		UNROLL
		for (int t = 0; t < n; t++)
			x[t] += w->s.image;
		UNROLL
		for (int i = 0; i < LT_OB; i++)
			dy[i]++;
		turned_chain(a, w, x, dy, s->columns[q], n);
		UNROLL
		for (int i = 0; i < LT_OB * n; i++) {
			vec sum = vadd(vload(even + i * VW), a[i / n][i % n]);
			vstore(acc + i * VW, vadd(vload(acc + i * VW), sum));
		}
	}
}

typedef void turned_fn(float *acc, const struct turned *w, const struct slab *s,
	const float *const *x, const float *const *dy);

#define TURNED(n) \
	static void turned_##n(float *acc, const struct turned *w, \
		const struct slab *s, const float *const *x, \
		const float *const *dy) \
	{ \
		turned_tile(acc, w, s, x, dy, n); \
	}

TURNED(1)
TURNED(2)
TURNED(3)
#if VREGS == 32
TURNED(4)
TURNED(5)
TURNED(6)
#endif

static turned_fn *const turned_fns[] = {
	NULL, turned_1, turned_2, turned_3 WIDER(turned_4, turned_5, turned_6)};

/* Vectors v0 .. v1 - 1 in nearly equal tiles: that of number i. */
struct pass {
	int v0, v1, tiles;
};

static struct pass
pass_of(const struct turned *w, int v0)
{
	int most = (int)w->s.sums / w->s.outputs / VW / WTERMS * WTERMS;
	int v1 = w->vectors - v0 < most ? w->vectors : v0 + most;
	return (struct pass){v0, v1, (v1 - v0 + WTERMS - 1) / WTERMS};
}

static int
pass_cut(const struct pass *p, int i)
{
	return p->v0 + (int)cut((unsigned)(p->v1 - p->v0), (unsigned)i,
			       (unsigned)p->tiles);
}

/* All outputs and all tiles of a pass over a slab. */
static void
turned_slab(const struct turned *w, const struct pass *p, const struct slab *s)
{
	const struct lt_wgrad_job *j = w->j;
	for (int i = 0; i < p->tiles; i++) {
		int v = pass_cut(p, i), n = pass_cut(p, i + 1) - v;
		float *acc = w->acc + (size_t)(v - p->v0) * w->s.outputs * VW;
		const float *x[WTERMS], *dy[LT_OB];
		for (int t = 0; t < n; t++)
			x[t] = vector_at(w, v + t);
		for (int o = 0; o < j->n_out; o += LT_OB) {
			for (int b = 0; b < LT_OB; b++) {
				int c = o + b < j->n_out ? o + b : j->n_out - 1;
				dy[b] = j->dy + c * j->dy_ch;
			}
			turned_fns[n](acc + (size_t)(o * n) * VW, w, s, x, dy);
		}
	}
}

/* The sums of a pass over all pixels. */
static void
turned_pass(const struct turned *w, const struct pass *p)
{
	const struct lt_wgrad_job *j = w->j;
	unsigned width = ((unsigned)j->cols + 1) / 2;
	unsigned plane = width * (unsigned)j->rows;
	unsigned n = plane * (unsigned)j->shards, slabs = (n + SLAB - 1) / SLAB;
	memset(w->acc, 0,
		(size_t)(p->v1 - p->v0) * (size_t)w->s.outputs * VW *
			sizeof *w->acc);
	for (unsigned i = 0; i < slabs; i++) {
		struct slab s = {.n = 0};
		for (unsigned q = cut(n, i, slabs); q < cut(n, i + 1, slabs);
			q++, s.n++) {
			unsigned sh = q / plane, h = q % plane / width;
			unsigned col = q % width * 2;
			s.x[s.n] = (int32_t)(sh * w->s.shard + h * w->s.down +
					     col * w->s.right);
			s.dy[s.n] = (int32_t)(sh * j->dy_sh + h * j->dy_row +
					      col * j->dy_px);
			s.columns[s.n] = col + 1 < (unsigned)j->cols ? 2 : 1;
		}
		turned_slab(w, p, &s);
	}
}

/* The sums of output o, of a pass: those of term t to dst[t]. */
static void
turned_store(float *dst, const struct turned *w, const struct pass *p, int o)
{
	for (int i = 0; i < p->tiles; i++) {
		int v = pass_cut(p, i), n = pass_cut(p, i + 1) - v;
		const float *s = w->acc +
				 (size_t)(v - p->v0) * w->s.outputs * VW +
				 (size_t)(o * n) * VW;
		for (int t = 0; t < n; t++, s += VW) {
			const int32_t *at = w->term + w->place[v + t];
			for (int k = 0; k < VW; k++)
				if (at[k] >= 0)
					dst[at[k]] = s[k] + 0.0f;
		}
	}
}

static struct turned
turned_new(const struct lt_wgrad_job *j, const int32_t *off, int terms,
	float *scratch)
{
	struct turned w = {.j = j, .s = turned_of(j), .x = scratch};
	w.acc = w.x + w.s.floats;
	w.term = (int32_t *)(w.acc + w.s.sums);
	w.place = w.term + w.s.places;
	place_terms(&w, off, terms);
	return w;
}

static APART void
wgrad_turned(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *scratch)
{
	const struct turned w = turned_new(j, off, terms, scratch);
	turn_strip(&w);
	for (int v = 0; v < w.vectors;) {
		struct pass p = pass_of(&w, v);
		turned_pass(&w, &p);
		for (int o = 0; o < j->n_out; o++)
			turned_store(dst + (size_t)o * terms, &w, &p, o);
		v = p.v1;
	}
}

/* ---- lists ---- */

/* Of the sums that are computed, one in so many is wanted. */
#define TURNED_PAYS 4

/* Number the terms that any list has; false: they are too many for one pass, or
 * too few of them are kept. */
static bool
number_kept(struct turned *w, int kept)
{
	long sums = (long)w->vectors * VW * w->s.outputs;
	int n = 0;
	if (pass_of(w, 0).v1 < w->vectors || (long)kept * TURNED_PAYS < sums)
		return false;
	for (int p = 0; p < w->places; p++)
		if (w->term[p] >= 0)
			w->term[p] = n++;
	return true;
}

/* The same of kept weights, where enough are kept; or false. */
static APART bool
turned_lists(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *scratch)
{
	int kept = ptr[j->n_out] - ptr[0];
	if ((long)kept * TURNED_PAYS < (long)j->n_out * j->c)
		return false;
	struct turned w = turned_new(j, off + ptr[0], kept, scratch);
	if (!number_kept(&w, kept))
		return false;
	float *all = (float *)(w.place + w.s.places);
	struct pass p = pass_of(&w, 0);
	turn_strip(&w);
	turned_pass(&w, &p);
	for (int o = 0; o < j->n_out; o++) {
		turned_store(all, &w, &p, o);
		for (int k = ptr[o]; k < ptr[o + 1]; k++)
			dst[k] = all[w.term[place_of(&w, off[k])]];
	}
	return true;
}

#endif
