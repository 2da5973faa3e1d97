/* What goes once over its data: staging, batch-norm sums, elementwise. */
#ifndef LT_KERN_TMPL_POINT_H
#define LT_KERN_TMPL_POINT_H

/* A view's four kinds, so that each loop is compiled without a choice. */
#define BY_KIND(view, call) \
	do { \
		if ((view)->scale && (view)->relu) \
			call(true, true); \
		else if ((view)->scale) \
			call(true, false); \
		else if ((view)->relu) \
			call(false, true); \
		else \
			call(false, false); \
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

/* n floats of one channel, n a multiple of LT_LANES. */
INLINE void
seen_row(float *dst, const float *src, size_t n, const struct glass *g,
	const bool scaled, const bool rectified)
{
	for (size_t i = 0; i < n; i += VW)
		vstore(dst + i, seen(vload(src + i), g, scaled, rectified));
}

static void
view_row(float *dst, const float *src, size_t n, const struct lt_view *view,
	int c)
{
	struct glass g = glass_of(view, c);
#define CALL(scaled, rectified) seen_row(dst, src, n, &g, scaled, rectified)
	BY_KIND(view, CALL);
#undef CALL
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

/* Zeros around the source pixels of a staged row; false when it has none. */
static bool
row_frame(float *dst, const struct lt_stage *s, const struct span *p, int row)
{
	size_t all = (size_t)s->wp * LT_LANES, end = p->left + p->n;
	if (row < 0 || row >= s->h || !p->n) {
		memset(dst, 0, all * sizeof *dst);
		return false;
	}
	memset(dst, 0, p->left * sizeof *dst);
	memset(dst + end, 0, (all - end) * sizeof *dst);
	return true;
}

static void
stage(float *dst, const float *src, const struct lt_stage *s,
	const struct lt_view *view)
{
	struct span p = span_of(s);
	size_t all = (size_t)s->wp * LT_LANES;
	for (int c = 0; c < s->c; c++)
		for (int r = 0; r < s->nrows; r++, dst += all) {
			ptrdiff_t row = s->row0 + r;
			if (row_frame(dst, s, &p, (int)row))
				view_row(dst + p.left,
					src +
						((ptrdiff_t)c * s->h + row) *
							s->w * LT_LANES +
						p.first,
					p.n, view, c);
		}
}

static void
bn_back_row(float *dst, const float *g, const float *y, size_t n,
	const struct lt_bn_back *bn, int c, const float *live)
{
	vec a = vall(bn->a[c]), b = vall(bn->b[c]), c0 = vall(bn->c0[c]);
	vec mean = vall(bn->mean[c]), zero = vall(0.0f);
	for (size_t i = 0; i < n; i += LT_LANES) {
		UNROLL
		for (int k = 0; k < LT_LANES; k += VW) {
			vec d = vsub(vload(y + i + k), mean);
			vec e = vfma(vload(g + i + k), a, c0);
			vstore(dst + i + k, vif_eq(vload(live + k), zero, zero,
						    vfma(d, b, e)));
		}
	}
}

static void
stage_bn_back(float *dst, const float *g, const float *y,
	const struct lt_stage *s, const struct lt_bn_back *bn,
	const float *live)
{
	struct span p = span_of(s);
	size_t all = (size_t)s->wp * LT_LANES;
	for (int c = 0; c < s->c; c++)
		for (int r = 0; r < s->nrows; r++, dst += all) {
			ptrdiff_t row = s->row0 + r;
			ptrdiff_t at =
				((ptrdiff_t)c * s->h + row) * s->w * LT_LANES +
				(ptrdiff_t)p.first;
			if (row_frame(dst, s, &p, (int)row))
				bn_back_row(dst + p.left, g + at, y + at, p.n,
					bn, c, live);
		}
}

/* ---- batch-norm sums ---- */

/* Channels at once: chains enough to hide an addition. */
#define BNCH (VREGS == 32 ? 4 : 2)

/* lanes() of one pixel. */
static float
lanes(const float *v)
{
	float out;
	lane_sum(&out, v, 1);
	return out;
}

/* Two sums of p channels; ch floats apart. */
INLINE void
bn_sums_of(float *s1, float *s2, const float *y, size_t ch, size_t npx,
	const float *k, const float *live, const int p)
{
	vec a[BNCH][CELLS], b[BNCH][CELLS], m[BNCH], l[CELLS];
	UNROLL
	for (int c = 0; c < CELLS; c++)
		l[c] = live ? vload(live + c * VW) : vall(1.0f);
	UNROLL
	for (int o = 0; o < p; o++) {
		m[o] = vall(k[o]);
		UNROLL
		for (int c = 0; c < CELLS; c++)
			a[o][c] = b[o][c] = vall(0.0f);
	}
	for (size_t i = 0; i < npx * LT_LANES; i += LT_LANES) {
		UNROLL
		for (int o = 0; o < p; o++) {
			UNROLL
			for (int c = 0; c < CELLS; c++) {
				vec d = vsub(
					vload(y + o * ch + i + c * VW), m[o]);
				if (live)
					d = vmul(d, l[c]);
				a[o][c] = vadd(a[o][c], d);
				b[o][c] = vfma(d, d, b[o][c]);
			}
		}
	}
	UNROLL
	for (int o = 0; o < p; o++) {
		float t[2][LT_LANES];
		UNROLL
		for (int c = 0; c < CELLS; c++) {
			vstore(t[0] + c * VW, a[o][c]);
			vstore(t[1] + c * VW, b[o][c]);
		}
		s1[o] = lanes(t[0]);
		s2[o] = lanes(t[1]);
	}
}

static void
bn_sums(float *s1, float *s2, const float *y, size_t ch, int c, size_t npx,
	const float *k, const float *live)
{
	int o = 0;
	for (; o + BNCH <= c; o += BNCH)
		bn_sums_of(
			s1 + o, s2 + o, y + o * ch, ch, npx, k + o, live, BNCH);
	for (; o < c; o++)
		bn_sums_of(s1 + o, s2 + o, y + o * ch, ch, npx, k + o, live, 1);
}

INLINE void
bn_back_sums_of(float *t1, float *t2, const float *g, const float *y, size_t ch,
	size_t npx, const float *mean, const int p)
{
	vec a[BNCH][CELLS], b[BNCH][CELLS], m[BNCH];
	UNROLL
	for (int o = 0; o < p; o++) {
		m[o] = vall(mean[o]);
		UNROLL
		for (int c = 0; c < CELLS; c++)
			a[o][c] = b[o][c] = vall(0.0f);
	}
	for (size_t i = 0; i < npx * LT_LANES; i += LT_LANES) {
		UNROLL
		for (int o = 0; o < p; o++) {
			UNROLL
			for (int c = 0; c < CELLS; c++) {
				size_t at = o * ch + i + c * VW;
				vec v = vload(g + at);
				vec d = vsub(vload(y + at), m[o]);
				a[o][c] = vadd(a[o][c], v);
				b[o][c] = vfma(v, d, b[o][c]);
			}
		}
	}
	UNROLL
	for (int o = 0; o < p; o++) {
		float t[2][LT_LANES];
		UNROLL
		for (int c = 0; c < CELLS; c++) {
			vstore(t[0] + c * VW, a[o][c]);
			vstore(t[1] + c * VW, b[o][c]);
		}
		t1[o] = lanes(t[0]);
		t2[o] = lanes(t[1]);
	}
}

static void
bn_back_sums(float *t1, float *t2, const float *g, const float *y, size_t ch,
	int c, size_t npx, const float *mean)
{
	int o = 0;
	for (; o + BNCH <= c; o += BNCH)
		bn_back_sums_of(t1 + o, t2 + o, g + o * ch, y + o * ch, ch, npx,
			mean + o, BNCH);
	for (; o < c; o++)
		bn_back_sums_of(t1 + o, t2 + o, g + o * ch, y + o * ch, ch, npx,
			mean + o, 1);
}

/* ---- elementwise over views ---- */

INLINE void
relu_back_row(float *g, const float *v, size_t n, const struct glass *s,
	const bool scaled)
{
	vec zero = vall(0.0f);
	for (size_t i = 0; i < n; i += VW) {
		vec x = seen(vload(v + i), s, scaled, false);
		vstore(g + i, vif_gt(x, zero, vload(g + i), zero));
	}
}

static void
relu_back(float *g, const float *v, size_t ch, int c, size_t npx,
	const struct lt_view *view)
{
	for (int o = 0; o < c; o++) {
		struct glass s = glass_of(view, o);
		if (view->scale)
			relu_back_row(g + o * ch, v + o * ch, npx * LT_LANES,
				&s, true);
		else
			relu_back_row(g + o * ch, v + o * ch, npx * LT_LANES,
				&s, false);
	}
}

static void
apply(float *dst, size_t dst_ch, const float *a, size_t a_ch, int c, size_t npx,
	const struct lt_view *view)
{
	for (int o = 0; o < c; o++)
		view_row(dst + o * dst_ch, a + o * a_ch, npx * LT_LANES, view,
			o);
}

/* A scale of 1 and a shift of 0 would change -0, so the kinds stay apart. */
INLINE void
add_row(float *dst, const float *a, const float *b, size_t n,
	const struct glass *ga, const struct glass *gb,
	const struct lt_view *va, const struct lt_view *vb, const bool rectify)
{
	bool as = va->scale, ar = va->relu, bs = vb->scale, br = vb->relu;
	for (size_t i = 0; i < n; i += VW) {
		vec x = vload(a + i), y = vload(b + i);
		x = as ? vfma(x, ga->scale, ga->shift) : x;
		x = ar ? vrelu(x) : x;
		y = bs ? vfma(y, gb->scale, gb->shift) : y;
		y = br ? vrelu(y) : y;
		vec s = vadd(x, y);
		vstore(dst + i, rectify ? vrelu(s) : s);
	}
}

static void
add(float *dst, const float *a, const float *b, size_t ch, int c, size_t npx,
	const struct lt_view *va, const struct lt_view *vb, bool rectify)
{
	for (int o = 0; o < c; o++) {
		struct glass ga = glass_of(va, o), gb = glass_of(vb, o);
		size_t at = o * ch;
		if (rectify)
			add_row(dst + at, a + at, b + at, npx * LT_LANES, &ga,
				&gb, va, vb, true);
		else
			add_row(dst + at, a + at, b + at, npx * LT_LANES, &ga,
				&gb, va, vb, false);
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

static void
sgd(float *w, float *m, const float *g, size_t n, float lr, float mu,
	float decay, bool nesterov)
{
	size_t i = 0;
	for (; i + VW <= n; i += VW) {
		vec x = vload(w + i);
		vec d = vfma(vall(decay), x, vload(g + i));
		vec v = vfma(vall(mu), vload(m + i), d);
		vec step = nesterov ? vfma(vall(mu), v, d) : v;
		vstore(m + i, v);
		vstore(w + i, vfma(vall(-lr), step, x));
	}
	for (; i < n; i++) {
		float d = fmaf(decay, w[i], g[i]);
		m[i] = fmaf(mu, m[i], d);
		w[i] = fmaf(-lr, nesterov ? fmaf(mu, m[i], d) : m[i], w[i]);
	}
}

#endif
