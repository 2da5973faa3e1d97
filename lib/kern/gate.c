/* Functions of one value, and products, in plain scalar C. */
#include "kern/gate.h"
#include "kern/kern_cell.h"
#include "kern/vec_one.h"
#include "kern/curve_math.h"

float
lt_gate_exp(float z)
{
	return exp_of(z);
}

static void
curve(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view, float by, enum lt_curve which)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = c * d->ch; i < c * d->ch + d->npx * N; i++)
			put(dst, d->format, i,
				curve_value(which,
					seen(cell(src, d->format, i), view, c),
					by));
}

static void
curve_back(float *dx, const void *dy, const void *src, const struct lt_drain *d,
	const struct lt_view *view, float by, enum lt_curve which)
{
	const struct lt_view plain = {NULL, NULL, false};

	if (lt_curve_of_output(which))
		view = &plain;
	for (int c = 0; c < d->c; c++)
		for (size_t i = 0; i < d->npx * N; i++) {
			size_t at = c * d->ch + i;
			dx[c * d->src_ch + i] =
				cell(dy, d->format, at) *
				curve_slope(which,
					seen(cell(src, d->format, at), view, c),
					by);
		}
}

LT_CURVES(LT_CURVE_DEFINE)

#define VALUE(key, of, value, slope) curve_##key,
#define BACK(key, of, value, slope) back_##key,
lt_curve_fn *const lt_gate_curve[LT_CURVE_COUNT] = {LT_CURVES(VALUE)};
lt_curve_back_fn *const lt_gate_curve_back[LT_CURVE_COUNT] = {LT_CURVES(BACK)};

void
lt_gate_product(void *dst, const void *a, const void *b,
	const struct lt_drain *d, const struct lt_view *va,
	const struct lt_view *vb)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = c * d->ch; i < c * d->ch + d->npx * N; i++)
			put(dst, d->format, i,
				seen(cell(a, d->format, i), va, c) *
					seen(cell(b, d->format, i), vb, c));
}

void
lt_gate_spread(void *dst, const void *src, const float *b, size_t b_ch,
	const struct lt_drain *d, const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = 0; i < d->npx * N; i++) {
			size_t at = c * d->ch + i;
			put(dst, d->format, at,
				seen(cell(src, d->format, at), view, c) *
					b[c * b_ch + i % N]);
		}
}

void
lt_gate_dot(float *dst, const float *a, const float *b, size_t npx)
{
	float q[4][N] = {0};

	for (size_t p = 0; p < npx; p++)
		for (int i = 0; i < N; i++)
			q[p % 4][i] =
				fmaf(a[p * N + i], b[p * N + i], q[p % 4][i]);
	for (int i = 0; i < N; i++)
		dst[i] = (q[0][i] + q[1][i]) + (q[2][i] + q[3][i]);
}
