/* Functions of one value, and products. */
#ifndef LT_KERN_TMPL_GATE_H
#define LT_KERN_TMPL_GATE_H

INLINE void
curve_row(void *dst, const void *src, struct range r, const struct sight *s,
	vec by, const enum lt_curve which)
{
	for (size_t i = r.at; i < r.at + r.n; i += VW) {
		vec x = seen_cells(src, i, s);
		put_cells(dst, i, curve_value(which, x, by), s->format);
	}
}

INLINE void
curve(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view, float with, const enum lt_curve which)
{
	const vec by = vall(with);
	for (int c = 0; c < d->c; c++) {
		struct glass g = glass_of(view, c);
		struct range r = range_of(d, c);
#define CALL(...) curve_row(dst, src, r, SIGHT(g, __VA_ARGS__), by, which)
		BY_KIND(view, d->format, CALL);
#undef CALL
	}
}

INLINE void
curve_back_row(float *dx, const void *dy, const void *src, struct range r,
	const struct sight *s, vec by, const enum lt_curve which)
{
	for (size_t i = 0; i < r.n; i += VW) {
		vec x = seen_cells(src, r.at + i, s);
		vstore(dx + i, vmul(cells(dy, r.at + i, s->format),
				       curve_slope(which, x, by)));
	}
}

INLINE void
curve_back(float *dx, const void *dy, const void *src, const struct lt_drain *d,
	const struct lt_view *view, float with, const enum lt_curve which)
{
	const struct lt_view plain = {NULL, NULL, false};
	const vec by = vall(with);
	if (lt_curve_of_output(which))
		view = &plain;
	for (int c = 0; c < d->c; c++, dx += d->src_ch) {
		struct glass g = glass_of(view, c);
		struct range r = range_of(d, c);
#define CALL(...) \
	curve_back_row(dx, dy, src, r, SIGHT(g, __VA_ARGS__), by, which)
		BY_KIND(view, d->format, CALL);
#undef CALL
	}
}

LT_CURVES(LT_CURVE_DEFINE)

#define VALUE(key, of, value, slope) curve_##key,
#define BACK(key, of, value, slope) back_##key,
static lt_curve_fn *const curve_values[] = {LT_CURVES(VALUE)};
static lt_curve_back_fn *const curve_backs[] = {LT_CURVES(BACK)};
#undef VALUE
#undef BACK

INLINE void
product_row(void *dst, const void *a, const void *b, struct range r,
	const struct sight *of_a, const struct sight *of_b)
{
	for (size_t i = r.at; i < r.at + r.n; i += VW)
		put_cells(dst, i,
			vmul(seen_cells(a, i, of_a), seen_cells(b, i, of_b)),
			of_a->format);
}

static void
product(void *dst, const void *a, const void *b, const struct lt_drain *d,
	const struct lt_view *va, const struct lt_view *vb)
{
	for (int c = 0; c < d->c; c++) {
		struct glass ga = glass_of(va, c), gb = glass_of(vb, c);
		struct range r = range_of(d, c);
#define CALL(r, format) \
	product_row(dst, a, b, r, SIGHT(ga, va->scale, va->relu, format), \
		SIGHT(gb, vb->scale, vb->relu, format))
		BY_FORMAT(d->format, CALL, r);
#undef CALL
	}
}

INLINE void
spread_row(void *dst, const void *src, const float *b, struct range r,
	const struct sight *s)
{
	vec by[CELLS];
	UNROLL
	for (int k = 0; k < CELLS; k++)
		by[k] = vload(b + k * VW);
	for (size_t i = r.at; i < r.at + r.n; i += LT_LANES) {
		UNROLL
		for (int k = 0; k < CELLS; k++)
			put_cells(dst, i + k * VW,
				vmul(seen_cells(src, i + k * VW, s), by[k]),
				s->format);
	}
}

static void
spread(void *dst, const void *src, const float *b, size_t b_ch,
	const struct lt_drain *d, const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++, b += b_ch) {
		struct glass g = glass_of(view, c);
		struct range r = range_of(d, c);
#define CALL(...) spread_row(dst, src, b, r, SIGHT(g, __VA_ARGS__))
		BY_KIND(view, d->format, CALL);
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
