/* What multiplies: sigmoid, silu, products. */
#ifndef LT_KERN_TMPL_GATE_H
#define LT_KERN_TMPL_GATE_H

INLINE vec
exp_of(vec z)
{
	const vec magic = vall(LT_EXP_MAGIC);
	z = vmin(vall(LT_EXP_MOST), vmax(vall(LT_EXP_LEAST), z));
	vec m = vfma(z, vall(LT_EXP_LOG2E), magic), k = vsub(m, magic);
	vec r = vfma(k, vall(-LT_EXP_LN2_HI), z);
	r = vfma(k, vall(-LT_EXP_LN2_LO), r);
	vec p = vfma(vall(LT_EXP_5), r, vall(LT_EXP_4));
	p = vfma(p, r, vall(LT_EXP_3));
	p = vfma(p, r, vall(LT_EXP_2));
	p = vfma(p, r, vall(LT_EXP_1));
	p = vfma(p, r, vall(LT_EXP_0));
	return vmul(vadd(vfma(vmul(r, r), p, r), vall(1.0f)), vpower(m));
}

INLINE vec
sigmoid_of(vec x)
{
	const vec one = vall(1.0f);
	return vdiv(one, vadd(exp_of(vsub(vall(0.0f), x)), one));
}

INLINE vec
silu_of(vec x)
{
	return vfma(x, sigmoid_of(x), vall(0.0f));
}

INLINE void
gate_row(void *dst, const void *src, size_t at, size_t n, const struct glass *g,
	const bool with, const bool scaled, const bool rectified,
	const bool half)
{
	for (size_t i = at; i < at + n; i += VW) {
		vec x = seen(cells(src, i, half), g, scaled, rectified);
		put_cells(dst, i, with ? silu_of(x) : sigmoid_of(x), half);
	}
}

/* with: x times its sigmoid. */
INLINE void
gate(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view, const bool with)
{
	for (int c = 0; c < d->c; c++) {
		struct glass g = glass_of(view, c);
		size_t at = c * d->ch, n = d->npx * LT_LANES;
#define CALL(scaled, rectified) \
	d->half ? gate_row(dst, src, at, n, &g, with, scaled, rectified, true) \
		: gate_row( \
			  dst, src, at, n, &g, with, scaled, rectified, false)
		BY_KIND(view, CALL);
#undef CALL
	}
}

static void
sigmoid(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view)
{
	gate(dst, src, d, view, false);
}

static void
silu(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view)
{
	gate(dst, src, d, view, true);
}

INLINE void
sigmoid_back_row(float *dx, const void *dy, const void *y, size_t at, size_t n,
	const bool half)
{
	for (size_t i = 0; i < n; i += VW) {
		vec v = cells(y, at + i, half), minus = vsub(vall(0.0f), v);
		vstore(dx + i,
			vmul(cells(dy, at + i, half), vfma(minus, v, v)));
	}
}

static void
sigmoid_back(float *dx, const void *dy, const void *y, const struct lt_drain *d)
{
	size_t n = d->npx * LT_LANES;
	for (int c = 0; c < d->c; c++, dx += d->src_ch)
		if (d->half)
			sigmoid_back_row(dx, dy, y, c * d->ch, n, true);
		else
			sigmoid_back_row(dx, dy, y, c * d->ch, n, false);
}

INLINE void
silu_back_row(float *dx, const void *dy, const void *src, size_t at, size_t n,
	const struct glass *g, const bool scaled, const bool rectified,
	const bool half)
{
	const vec one = vall(1.0f);
	for (size_t i = 0; i < n; i += VW) {
		vec x = seen(cells(src, at + i, half), g, scaled, rectified);
		vec s = sigmoid_of(x);
		vec slope = vmul(s, vfma(x, vsub(one, s), one));
		vstore(dx + i, vmul(cells(dy, at + i, half), slope));
	}
}

static void
silu_back(float *dx, const void *dy, const void *src, const struct lt_drain *d,
	const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++, dx += d->src_ch) {
		struct glass g = glass_of(view, c);
		size_t at = c * d->ch, n = d->npx * LT_LANES;
#define CALL(scaled, rectified) \
	d->half ? silu_back_row( \
			  dx, dy, src, at, n, &g, scaled, rectified, true) \
		: silu_back_row( \
			  dx, dy, src, at, n, &g, scaled, rectified, false)
		BY_KIND(view, CALL);
#undef CALL
	}
}

INLINE void
product_row(void *dst, const void *a, const void *b, size_t at, size_t n,
	const struct glass *ga, const struct glass *gb,
	const struct lt_view *va, const struct lt_view *vb, const bool half)
{
	bool as = va->scale, ar = va->relu, bs = vb->scale, br = vb->relu;
	for (size_t i = at; i < at + n; i += VW) {
		vec x = seen(cells(a, i, half), ga, as, ar);
		vec y = seen(cells(b, i, half), gb, bs, br);
		put_cells(dst, i, vmul(x, y), half);
	}
}

static void
product(void *dst, const void *a, const void *b, const struct lt_drain *d,
	const struct lt_view *va, const struct lt_view *vb)
{
	for (int c = 0; c < d->c; c++) {
		struct glass ga = glass_of(va, c), gb = glass_of(vb, c);
		size_t at = c * d->ch, n = d->npx * LT_LANES;
		if (d->half)
			product_row(dst, a, b, at, n, &ga, &gb, va, vb, true);
		else
			product_row(dst, a, b, at, n, &ga, &gb, va, vb, false);
	}
}

INLINE void
spread_row(void *dst, const void *src, const float *b, size_t at, size_t n,
	const struct glass *g, const bool scaled, const bool rectified,
	const bool half)
{
	vec by[CELLS];
	UNROLL
	for (int k = 0; k < CELLS; k++)
		by[k] = vload(b + k * VW);
	for (size_t i = at; i < at + n; i += LT_LANES) {
		UNROLL
		for (int k = 0; k < CELLS; k++) {
			vec x = cells(src, i + k * VW, half);
			put_cells(dst, i + k * VW,
				vmul(seen(x, g, scaled, rectified), by[k]),
				half);
		}
	}
}

static void
spread(void *dst, const void *src, const float *b, size_t b_ch,
	const struct lt_drain *d, const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++, b += b_ch) {
		struct glass g = glass_of(view, c);
		size_t at = c * d->ch, n = d->npx * LT_LANES;
#define CALL(scaled, rectified) \
	d->half ? spread_row(dst, src, b, at, n, &g, scaled, rectified, true) \
		: spread_row(dst, src, b, at, n, &g, scaled, rectified, false)
		BY_KIND(view, CALL);
#undef CALL
	}
}

#define DOTS 4 /* chains */

static void
dot(float *dst, const float *a, const float *b, size_t npx)
{
	vec q[DOTS][CELLS];
	const size_t n = npx * LT_LANES, step = DOTS * LT_LANES;
	size_t i = 0;
	UNROLL
	for (int p = 0; p < DOTS * CELLS; p++)
		q[p / CELLS][p % CELLS] = vall(0.0f);
	for (; i + step <= n; i += step) {
		UNROLL
		for (int p = 0; p < DOTS * CELLS; p++) {
			vec *acc = &q[p / CELLS][p % CELLS];
			*acc = vfma(vload(a + i + p * VW),
				vload(b + i + p * VW), *acc);
		}
	}
	UNROLL
	for (int p = 0; p < DOTS * CELLS; p++) {
		vec *acc = &q[p / CELLS][p % CELLS];
		if (i + p * VW < n)
			*acc = vfma(vload(a + i + p * VW),
				vload(b + i + p * VW), *acc);
	}
	UNROLL
	for (int k = 0; k < CELLS; k++)
		vstore(dst + k * VW,
			vadd(vadd(q[0][k], q[1][k]), vadd(q[2][k], q[3][k])));
}

#endif
