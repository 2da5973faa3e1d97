/* What multiplies: sigmoid, silu, products, in plain scalar C. */
#include "kern/gate.h"
#include "kern/kern_cell.h"

/* The low bits of m are k + 127, a float's exponent field. */
float
lt_gate_exp(float z)
{
	z = LT_EXP_LEAST > z ? LT_EXP_LEAST : z; /* no number stays one */
	z = LT_EXP_MOST < z ? LT_EXP_MOST : z;
	float m = fmaf(z, LT_EXP_LOG2E, LT_EXP_MAGIC), k = m - LT_EXP_MAGIC;
	float r = fmaf(k, -LT_EXP_LN2_LO, fmaf(k, -LT_EXP_LN2_HI, z));
	float p = fmaf(LT_EXP_5, r, LT_EXP_4), power;
	uint32_t bits;

	p = fmaf(p, r, LT_EXP_3);
	p = fmaf(p, r, LT_EXP_2);
	p = fmaf(p, r, LT_EXP_1);
	p = fmaf(p, r, LT_EXP_0);
	memcpy(&bits, &m, sizeof bits);
	bits <<= 23;
	memcpy(&power, &bits, sizeof power);
	return (fmaf(r * r, p, r) + 1.0f) * power;
}

static float
sigmoid(float x)
{
	return 1.0f / (lt_gate_exp(0.0f - x) + 1.0f);
}

void
lt_gate_sigmoid(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = c * d->ch; i < c * d->ch + d->npx * N; i++)
			put(dst, d->half, i,
				sigmoid(seen(cell(src, d->half, i), view, c)));
}

void
lt_gate_silu(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = c * d->ch; i < c * d->ch + d->npx * N; i++) {
			float x = seen(cell(src, d->half, i), view, c);
			put(dst, d->half, i, fmaf(x, sigmoid(x), 0.0f));
		}
}

void
lt_gate_sigmoid_back(
	float *dx, const void *dy, const void *y, const struct lt_drain *d)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = 0; i < d->npx * N; i++) {
			float v = cell(y, d->half, c * d->ch + i);
			dx[c * d->src_ch + i] =
				cell(dy, d->half, c * d->ch + i) *
				fmaf(-v, v, v);
		}
}

void
lt_gate_silu_back(float *dx, const void *dy, const void *src,
	const struct lt_drain *d, const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = 0; i < d->npx * N; i++) {
			size_t at = c * d->ch + i;
			float x = seen(cell(src, d->half, at), view, c);
			float s = sigmoid(x);
			dx[c * d->src_ch + i] = cell(dy, d->half, at) *
						(s * fmaf(x, 1.0f - s, 1.0f));
		}
}

void
lt_gate_product(void *dst, const void *a, const void *b,
	const struct lt_drain *d, const struct lt_view *va,
	const struct lt_view *vb)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = c * d->ch; i < c * d->ch + d->npx * N; i++)
			put(dst, d->half, i,
				seen(cell(a, d->half, i), va, c) *
					seen(cell(b, d->half, i), vb, c));
}

void
lt_gate_spread(void *dst, const void *src, const float *b, size_t b_ch,
	const struct lt_drain *d, const struct lt_view *view)
{
	for (int c = 0; c < d->c; c++)
		for (size_t i = 0; i < d->npx * N; i++) {
			size_t at = c * d->ch + i;
			put(dst, d->half, at,
				seen(cell(src, d->half, at), view, c) *
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
