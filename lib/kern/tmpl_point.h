/* Kernels that read their data once: staging, sums for batch norm, elementwise
 * functions. */
#ifndef LT_KERN_TMPL_POINT_H
#define LT_KERN_TMPL_POINT_H

/* The four kinds of views by the three formats of cells; each loop is compiled
 * for each of them, without a branch.
 */
#define BY_FORMAT(format, call, ...) \
	do { \
		if ((format) == LT_FORMAT_F16) \
			call(__VA_ARGS__, LT_FORMAT_F16); \
		else if ((format) == LT_FORMAT_BF16) \
			call(__VA_ARGS__, LT_FORMAT_BF16); \
		else \
			call(__VA_ARGS__, LT_FORMAT_F32); \
	} while (0)
#define BY_KIND(view, format, call) \
	do { \
		if ((view)->scale && (view)->relu) \
			BY_FORMAT(format, call, true, true); \
		else if ((view)->scale) \
			BY_FORMAT(format, call, true, false); \
		else if ((view)->relu) \
			BY_FORMAT(format, call, false, true); \
		else \
			BY_FORMAT(format, call, false, false); \
	} while (0)

/* A view of one channel. */
struct glass {
	vec scale, shift;
};

INLINE struct glass
glass_of(const struct lt_view *v, int c)
{
	struct glass g = {vall(1.0f), vall(0.0f)};
	if (v->scale)
		g = (struct glass){vall(v->scale[c]), vall(v->shift[c])};
	return g;
}

INLINE vec
seen(vec x, const struct glass *g, const bool scaled, const bool rectified)
{
	if (scaled)
		x = vfma(x, g->scale, g->shift);
	return rectified ? vrelu(x) : x;
}

/* VW cells of a stored tensor, from cell i on. */
INLINE vec
cells(const void *p, size_t i, const enum lt_format format)
{
	if (format == LT_FORMAT_F16)
		return vload_half((const uint16_t *)p + i);
	if (format == LT_FORMAT_BF16)
		return vload_bf16((const uint16_t *)p + i);
	return vload((const float *)p + i);
}

INLINE void
put_cells(void *p, size_t i, vec v, const enum lt_format format)
{
	if (format == LT_FORMAT_F16)
		vstore_half((uint16_t *)p + i, v);
	else if (format == LT_FORMAT_BF16)
		vstore_bf16((uint16_t *)p + i, v);
	else
		vstore((float *)p + i, v);
}

/* This describes how the cells of a stored channel are read.  Where a loop uses
 * them, all but the glass are constants, so that it has no branch. */
struct sight {
	struct glass glass;
	bool scaled, rectified;
	enum lt_format format;
};
#define SIGHT(...) (&(const struct sight){__VA_ARGS__})

INLINE vec
seen_cells(const void *p, size_t i, const struct sight *s)
{
	return seen(cells(p, i, s->format), &s->glass, s->scaled, s->rectified);
}

/* Cells at .. at + n - 1: those of a channel. */
struct range {
	size_t at, n;
};

INLINE struct range
range_of(const struct lt_drain *d, int c)
{
	return (struct range){c * d->ch, d->npx * LT_LANES};
}

/* Give the value that reading v after storing it gives. */
INLINE vec
rounded(vec v, const enum lt_format format)
{
	if (format == LT_FORMAT_F16)
		return vround_half(v);
	return format == LT_FORMAT_BF16 ? vround_bf16(v) : v;
}

/* ---- staging ---- */

/* Which columns of a staged row hold source pixels: wp floats in all, the
 * source's from column first on come after left floats of zeros. */
struct span {
	size_t left, first, n;
};

static struct span
span_of(const struct lt_stage *s)
{
	int a = s->left < 0 ? 0 : s->left < s->wp ? s->left : s->wp;
	int b = s->left + s->w < s->wp ? s->left + s->w : s->wp;
	return (struct span){(size_t)a * LT_LANES,
		(size_t)(a - s->left) * LT_LANES,
		(size_t)(b > a ? b - a : 0) * LT_LANES};
}

INLINE void
zeros(float *p, size_t n)
{
	for (size_t i = 0; i < n; i += VW)
		vstore(p + i, vall(0.0f));
}

/* Zeros around the source pixels of a staged row; false when it has none. */
INLINE bool
row_frame(float *dst, const struct lt_stage *s, const struct span *p, int row)
{
	size_t all = (size_t)s->wp * LT_LANES, end = p->left + p->n;
	if (row < 0 || row >= s->h || !p->n) {
		zeros(dst, all);
		return false;
	}
	zeros(dst, p->left);
	zeros(dst + end, all - end);
	return true;
}

/* Channel c.  rounds: the values to bf16, which those are that a plain view
 * reads from there. */
INLINE void
stage_channel(float *dst, const void *src, const struct lt_stage *s,
	const struct span *p, int c, const struct sight *by, const bool rounds)
{
	const size_t row = (size_t)s->w * LT_LANES, n = p->n;
	for (int r = 0; r < s->nrows; r++, dst += (size_t)s->wp * LT_LANES) {
		int in = s->row0 + r;
		if (!row_frame(dst, s, p, in))
			continue;
		size_t at = ((size_t)c * s->h + in) * row + p->first;
		for (size_t i = 0; i < n; i += VW) {
			vec v = seen_cells(src, at + i, by);
			vstore(dst + p->left + i, rounds ? vround_bf16(v) : v);
		}
	}
}

static void
stage(float *dst, const void *src, const struct lt_stage *s,
	const struct lt_view *view)
{
	struct span p = span_of(s);
	size_t plane = (size_t)s->nrows * s->wp * LT_LANES;
	for (int c = 0; c < s->c; c++, dst += plane) {
		const struct glass g = glass_of(view, c);
#define CALL(scaled, rectified, format) \
	stage_channel(dst, src, s, &p, c, SIGHT(g, scaled, rectified, format), \
		false)
#define ROUND(scaled, rectified, format) \
	stage_channel( \
		dst, src, s, &p, c, SIGHT(g, scaled, rectified, format), true)
		if (s->rounds)
			BY_KIND(view, s->format, ROUND);
		else
			BY_KIND(view, s->format, CALL);
#undef CALL
#undef ROUND
	}
}

/* What a batch norm's backward pass reads: the gradient behind it, its input
 * and the lanes that hold images. */
struct bn_reads {
	const void *g, *y;
	const float *live;
	enum lt_format format;
};

INLINE void
bn_back_channel(float *dst, const struct bn_reads *from,
	const struct lt_stage *s, const struct span *p,
	const struct lt_bn_back *bn, int c, const bool rounds)
{
	const void *const g = from->g, *const y = from->y;
	const enum lt_format format = from->format;
	const vec a = vall(bn->a[c]), b = vall(bn->b[c]), c0 = vall(bn->c0[c]);
	const vec mean = vall(bn->mean[c]), zero = vall(0.0f);
	const size_t row = (size_t)s->w * LT_LANES, n = p->n;
	vec alive[CELLS];
	UNROLL
	for (int k = 0; k < CELLS; k++)
		alive[k] = vload(from->live + k * VW);
	for (int r = 0; r < s->nrows; r++, dst += (size_t)s->wp * LT_LANES) {
		int in = s->row0 + r;
		if (!row_frame(dst, s, p, in))
			continue;
		size_t at = ((size_t)c * s->h + in) * row + p->first;
		for (size_t i = 0; i < n; i += LT_LANES) {
			UNROLL
			for (int k = 0; k < CELLS; k++) {
				size_t q = at + i + k * VW;
				vec d = vsub(cells(y, q, format), mean);
				vec e = vfma(cells(g, q, format), a, c0);
				d = vif_eq(alive[k], zero, zero, vfma(d, b, e));
				vstore(dst + p->left + i + k * VW,
					rounds ? vround_bf16(d) : d);
			}
		}
	}
}

static void
stage_bn_back(float *dst, const void *g, const void *y,
	const struct lt_stage *s, const struct lt_bn_back *bn,
	const float *live)
{
	struct span p = span_of(s);
	size_t plane = (size_t)s->nrows * s->wp * LT_LANES;
#define CALL(rounds, format) \
	bn_back_channel(dst, &(const struct bn_reads){g, y, live, format}, s, \
		&p, bn, c, rounds)
	for (int c = 0; c < s->c; c++, dst += plane)
		if (s->rounds)
			BY_FORMAT(s->format, CALL, true);
		else
			BY_FORMAT(s->format, CALL, false);
#undef CALL
}

/* ---- draining ---- */

/* Channels at once: chains enough to hide an addition. */
#define DRCH (VPIX == 32 ? 4 : 2)

/* lanes() of the sums of some channels. */
INLINE void
channel_sums(float *s, vec a[DRCH][CELLS], const int p)
{
	UNROLL
	for (int o = 0; o < p; o++) {
		float t[LT_LANES];
		UNROLL
		for (int c = 0; c < CELLS; c++)
			vstore(t + c * VW, a[o][c]);
		lane_sum(s + o, t, 1);
	}
}

/* Channels c .. c + p - 1, stored in a format. */
struct some {
	int c, p;
	enum lt_format format;
};

INLINE void
drain_of(void *dst, const float *src, const struct lt_drain *d,
	const struct lt_bn_sums *sums, const struct some *some)
{
	const int c = some->c, p = some->p;
	const enum lt_format format = some->format;
	vec a[DRCH][CELLS], b[DRCH][CELLS], k[DRCH], l[CELLS];
	const size_t ch = d->ch, src_ch = d->src_ch, n = d->npx * LT_LANES;
	const size_t to = c * ch;
	const bool live = sums && sums->live;
	src += c * src_ch;
	UNROLL
	for (int e = 0; e < CELLS; e++)
		l[e] = live ? vload(sums->live + e * VW) : vall(1.0f);
	UNROLL
	for (int o = 0; o < p; o++) {
		k[o] = vall(sums ? sums->k[c + o] : 0.0f);
		UNROLL
		for (int e = 0; e < CELLS; e++)
			a[o][e] = b[o][e] = vall(0.0f);
	}
	for (size_t i = 0; i < n; i += LT_LANES) {
		UNROLL
		for (int oe = 0; oe < p * CELLS; oe++) {
			int o = oe / CELLS, e = oe % CELLS;
			vec v = vload(src + o * src_ch + i + e * VW);
			if (dst)
				put_cells(dst, to + o * ch + i + e * VW, v,
					format);
			if (!sums)
				continue;
			v = vsub(rounded(v, format), k[o]);
			if (live)
				v = vmul(v, l[e]);
			a[o][e] = vadd(a[o][e], v);
			b[o][e] = vfma(v, v, b[o][e]);
		}
	}
	if (!sums)
		return;
	channel_sums(sums->s1 + c, a, p);
	channel_sums(sums->s2 + c, b, p);
}

/* call(c, p, format) of all channels, some at once. */
#define SOME(...) (&(const struct some){__VA_ARGS__})
#define EACH_CHANNELS(d, call) \
	do { \
		int c_ = 0; \
		for (; c_ + DRCH <= (d)->c; c_ += DRCH) \
			BY_FORMAT((d)->format, call, c_, DRCH); \
		for (; c_ < (d)->c; c_++) \
			BY_FORMAT((d)->format, call, c_, 1); \
	} while (0)

static void
drain(void *dst, const float *src, const struct lt_drain *d,
	const struct lt_bn_sums *sums)
{
#define CALL(c, p, format) drain_of(dst, src, d, sums, SOME(c, p, format))
#define PLAIN(c, p, format) drain_of(dst, src, d, NULL, SOME(c, p, format))
	if (sums)
		EACH_CHANNELS(d, CALL);
	else
		EACH_CHANNELS(d, PLAIN);
#undef CALL
#undef PLAIN
}

/* mask: there is a v; scaled: and its view has a scale. */
INLINE void
drain_back_of(void *dst, const float *src, const struct lt_drain *d,
	const struct lt_drain_back *w, const bool mask, const bool scaled,
	const struct some *some)
{
	const int c = some->c, p = some->p;
	const enum lt_format format = some->format;
	vec s[DRCH][CELLS], t[DRCH][CELLS], m[DRCH], zero = vall(0.0f);
	struct glass glass[DRCH];
	const size_t ch = d->ch, src_ch = d->src_ch, n = d->npx * LT_LANES;
	const size_t to = c * ch;
	const void *const add = w->add, *const v = w->v, *const y = w->y;
	src += c * src_ch;
	UNROLL
	for (int o = 0; o < p; o++) {
		m[o] = vall(y ? w->mean[c + o] : 0.0f);
		glass[o] = glass_of(&w->view, c + o);
		UNROLL
		for (int e = 0; e < CELLS; e++)
			s[o][e] = t[o][e] = zero;
	}
	for (size_t i = 0; i < n; i += LT_LANES) {
		UNROLL
		for (int oe = 0; oe < p * CELLS; oe++) {
			int o = oe / CELLS, e = oe % CELLS;
			size_t at = to + o * ch + i + e * VW;
			vec g = vload(src + o * src_ch + i + e * VW);
			if (add)
				g = vadd(g, cells(add, at, format));
			if (mask)
				g = vif_not_le(
					seen(cells(v, at, format), &glass[o],
						scaled, false),
					zero, g, zero);
			if (dst)
				put_cells(dst, at, g, format);
			g = rounded(g, format);
			s[o][e] = vadd(s[o][e], g);
			if (y)
				t[o][e] = vfma(g,
					vsub(cells(y, at, format), m[o]),
					t[o][e]);
		}
	}
	if (w->t1)
		channel_sums(w->t1 + c, s, p);
	if (w->t1 && y)
		channel_sums(w->t2 + c, t, p);
}

static void
drain_back(void *dst, const float *src, const struct lt_drain *d,
	const struct lt_drain_back *b)
{
#define CALL(mask, scaled, c, p, format) \
	drain_back_of(dst, src, d, b, mask, scaled, SOME(c, p, format))
#define SCALED(...) CALL(true, true, __VA_ARGS__)
#define MASKED(...) CALL(true, false, __VA_ARGS__)
#define WHOLE(...) CALL(false, false, __VA_ARGS__)
	if (b->v && b->view.scale)
		EACH_CHANNELS(d, SCALED);
	else if (b->v)
		EACH_CHANNELS(d, MASKED);
	else
		EACH_CHANNELS(d, WHOLE);
#undef CALL
#undef SCALED
#undef MASKED
#undef WHOLE
}

/* ---- the sum of two views ---- */

/* A scale of 1 and a shift of 0 would change -0, so the kinds stay apart. */
INLINE void
add_row(void *dst, const void *a, const void *b, struct range r,
	const struct sight *of_a, const struct sight *of_b, const bool rectify)
{
	for (size_t i = r.at; i < r.at + r.n; i += VW) {
		vec s = vadd(seen_cells(a, i, of_a), seen_cells(b, i, of_b));
		put_cells(dst, i, rectify ? vrelu(s) : s, of_a->format);
	}
}

static void
add(void *dst, const void *a, const void *b, const struct lt_drain *d,
	const struct lt_view *va, const struct lt_view *vb, bool rectify)
{
	for (int c = 0; c < d->c; c++) {
		struct glass ga = glass_of(va, c), gb = glass_of(vb, c);
		struct range r = range_of(d, c);
#define CALL(rectify, format) \
	add_row(dst, a, b, r, SIGHT(ga, va->scale, va->relu, format), \
		SIGHT(gb, vb->scale, vb->relu, format), rectify)
		if (rectify)
			BY_FORMAT(d->format, CALL, true);
		else
			BY_FORMAT(d->format, CALL, false);
#undef CALL
	}
}

/* ---- plain arrays of any length ---- */

static void
sum(float *dst, const float *a, const float *b, size_t n)
{
	size_t i = 0;
	for (; i + VW <= n; i += VW)
		vstore(dst + i, vadd(vload(a + i), vload(b + i)));
	for (; i < n; i++)
		dst[i] = a[i] + b[i];
}

static void
mul(float *dst, const float *a, const float *b, size_t n)
{
	size_t i = 0;
	for (; i + VW <= n; i += VW)
		vstore(dst + i, vmul(vload(a + i), vload(b + i)));
	for (; i < n; i++)
		dst[i] = a[i] * b[i];
}

static void
tree_sum(float *dst, float *part, size_t stride, int parts, size_t n)
{
	for (int d = 1; d < parts; d *= 2)
		for (int s = 0; s + d < parts; s += 2 * d)
			sum(part + s * stride, part + s * stride,
				part + (s + d) * stride, n);
	if (dst != part)
		memcpy(dst, part, n * sizeof *dst);
}

/* ---- packed weights ------------------------------------------------------ */

_Static_assert(LT_OB == 4, "copy4 and transpose4 move a block");

INLINE void
pack_terms(float *dst, const float *w, const uint32_t *at, int n, size_t step,
	int outs)
{
	for (int t = 0; t < n; t++, dst += LT_OB)
		for (int b = 0; b < LT_OB; b++)
			dst[b] = b < outs ? w[at[t] + (size_t)b * step] : 0;
}

/* Whole blocks: outputs or terms are often neighbours in w. */
INLINE void
pack_block(float *dst, const float *w, const uint32_t *at, int n, size_t step)
{
	int t = 0;
	for (; step == 1 && t < n; t++)
		copy4(dst + t * LT_OB, w + at[t]);
	while (t < n) {
		uint32_t i = at[t];
		int m = n - t < 4 ? n - t : 4;
		if (m == 4 && at[t + 1] == i + 1 && at[t + 2] == i + 2 &&
			at[t + 3] == i + 3)
			transpose4(dst + t * LT_OB, w + i, step);
		else
			pack_terms(dst + t * LT_OB, w, at + t, m, step, LT_OB);
		t += m;
	}
}

INLINE void
round_bf16(float *p, int n)
{
	int i = 0;
	for (; i + VW <= n; i += VW)
		vstore(p + i, vround_bf16(vload(p + i)));
	if (i < n) {
		float tail[VW] = {0};
		memcpy(tail, p + i, (size_t)(n - i) * sizeof *p);
		vstore(tail, vround_bf16(vload(tail)));
		memcpy(p + i, tail, (size_t)(n - i) * sizeof *p);
	}
}

#define PACKED 64 /* terms that are rounded while they are in the cache */

static void
pack(float *dst, const float *w, const uint32_t *at, int n, size_t step,
	int outs, bool rounds)
{
	for (int t = 0; t < n; t += PACKED, dst += PACKED * LT_OB) {
		int m = n - t < PACKED ? n - t : PACKED;
		if (outs == LT_OB)
			pack_block(dst, w, at + t, m, step);
		else
			pack_terms(dst, w, at + t, m, step, outs);
		if (rounds)
			round_bf16(dst, m * LT_OB);
	}
}

/* ---- SGD ----------------------------------------------------------------- */

/* Bits of |x|; from those of infinity on, x is not finite. */
INLINE uint32_t
size_bits(float x)
{
	uint32_t bits;
	memcpy(&bits, &x, sizeof bits);
	return bits & 0x7fffffff;
}

#define INFINITE 0x7f800000

/* The weight's size_bits(). */
INLINE uint32_t
sgd_one(float *w, float *m, float g, float lr, float mu, float decay,
	bool nesterov)
{
	float d = fmaf(decay, *w, g);
	*m = fmaf(mu, *m, d);
	*w = fmaf(-lr, nesterov ? fmaf(mu, *m, d) : *m, *w);
	return size_bits(*w);
}

static bool
sgd(float *w, float *m, const float *g, size_t n, float lr, float mu,
	float decay, bool nesterov)
{
	uint32_t most[VW] = {0};
	vbits sizes = vsizes(vall(0.0f));
	size_t i = 0;
	for (; i + VW <= n; i += VW) {
		vec x = vload(w + i);
		vec d = vfma(vall(decay), x, vload(g + i));
		vec v = vfma(vall(mu), vload(m + i), d);
		vec step = nesterov ? vfma(vall(mu), v, d) : v;
		vec y = vfma(vall(-lr), step, x);
		vstore(m + i, v);
		vstore(w + i, y);
		sizes = vmax_bits(sizes, vsizes(y));
	}
	vstore_bits(most, sizes);
	for (; i < n; i++) {
		uint32_t b =
			sgd_one(w + i, m + i, g[i], lr, mu, decay, nesterov);
		most[0] = b > most[0] ? b : most[0];
	}
	for (int k = 1; k < VW; k++)
		most[0] = most[k] > most[0] ? most[k] : most[0];
	return most[0] < INFINITE;
}

static bool
sgd_kept(float *w, float *m, const float *g, const uint32_t *at, size_t n,
	float lr, float mu, float decay, bool nesterov)
{
	uint32_t most = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t b = sgd_one(w + at[i], m + at[i], g[at[i]], lr, mu,
			decay, nesterov);
		most = b > most ? b : most;
	}
	return most < INFINITE;
}

#endif
