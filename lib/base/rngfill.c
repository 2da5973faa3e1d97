/* Many random numbers at once: the bits of rng.c's functions, each step a loop
 * over a block of lanes that compilers turn into vectors. */
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "base/fmath_body.h"
#include "base/rng.h"

#define LANES 32

/* lt_rng_philox of counters at, at + 1, ... */
LT_BODY void
philox(uint32_t out[4][LANES], const struct lt_rng *r, uint64_t at)
{
	for (int i = 0; i < LANES; i++) {
		uint32_t c0 = (uint32_t)(at + (uint64_t)i);
		uint32_t c1 = (uint32_t)((at + (uint64_t)i) >> 32);
		uint32_t c2 = r->ctr[2], c3 = r->ctr[3];
		uint32_t k0 = r->key[0], k1 = r->key[1];
		for (int j = 0; j < 10; j++) {
			uint64_t p0 = (uint64_t)0xd2511f53 * c0;
			uint64_t p1 = (uint64_t)0xcd9e8d57 * c2;
			c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
			c1 = (uint32_t)p1;
			c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
			c3 = (uint32_t)p0;
			k0 += 0x9e3779b9;
			k1 += 0xbb67ae85;
		}
		out[0][i] = c0;
		out[1][i] = c1;
		out[2][i] = c2;
		out[3][i] = c3;
	}
}

/* lt_rng_f64 of two words; every step is exact. */
LT_BODY double
unit(uint32_t low, uint32_t high)
{
	double h = (double)(int32_t)(high ^ 0x80000000) + 0x1p31;
	double l = (double)(int32_t)(low >> 11);

	return (h * 0x1p21 + l) * 0x1p-53;
}

/* A block of numbers, each of the four words of its own counter. */
LT_BODY void
normals(float v[LANES], const struct lt_rng *r, uint64_t at, double scale)
{
	uint32_t word[4][LANES];
	double u[LANES];

	philox(word, r, at);
	for (int i = 0; i < LANES; i++)
		u[i] = lt_log_body(1.0 - unit(word[0][i], word[1][i]));
	for (int i = 0; i < LANES; i++) {
		double c = lt_cospi_body(2.0 * unit(word[2][i], word[3][i]));
		v[i] = (float)(scale * (sqrt(-2.0 * u[i]) * c));
	}
}

/* The same of two numbers a counter. */
LT_BODY void
uniforms(float v[2 * LANES], const struct lt_rng *r, uint64_t at, double scale)
{
	uint32_t word[4][LANES];

	philox(word, r, at);
	for (int i = 0; i < LANES; i++) {
		double a = unit(word[0][i], word[1][i]);
		double b = unit(word[2][i], word[3][i]);
		v[2 * i] = (float)((2.0 * a - 1.0) * scale);
		v[2 * i + 1] = (float)((2.0 * b - 1.0) * scale);
	}
}

LT_BODY void
fill(float *v, size_t n, const struct lt_rng *r, uint64_t first, double scale,
	bool normal)
{
	float block[2 * LANES];
	uint64_t each = normal ? 1 : 2, at = first / each;
	size_t skip = first % each;

	while (n > 0) {
		if (normal)
			normals(block, r, at, scale);
		else
			uniforms(block, r, at, scale);
		size_t m = LANES * each - skip;
		m = n < m ? n : m;
		memcpy(v, block + skip, m * sizeof *v);
		v += m;
		n -= m;
		at += LANES;
		skip = 0;
	}
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void
fill_fast(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale, bool normal)
{
	if (normal)
		fill(v, n, r, first, scale, true);
	else
		fill(v, n, r, first, scale, false);
}
#endif

static void
fill_any(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale, bool normal)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
		fill_fast(v, n, r, first, scale, normal);
		return;
	}
#endif
	fill(v, n, r, first, scale, normal);
}

void
lt_rng_normals(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale)
{
	fill_any(v, n, r, first, scale, true);
}

void
lt_rng_uniforms(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale)
{
	fill_any(v, n, r, first, scale, false);
}

/* ---- as calls of lt_rng_normal ------------------------------------------- */

/* LANES numbers from r's place, which is between two blocks of four words or in
 * the middle of one: then a number takes the end of one and the beginning of
 * the next. */
LT_BODY void
next_normals(double v[LANES], struct lt_rng *r)
{
	uint64_t at = r->ctr[0] | (uint64_t)r->ctr[1] << 32;
	uint32_t word[4][LANES], carry[2] = {r->buf[2], r->buf[3]};
	double u[LANES], angle[LANES];

	philox(word, r, at);
	if (r->left == 0) {
		for (int i = 0; i < LANES; i++) {
			u[i] = unit(word[0][i], word[1][i]);
			angle[i] = unit(word[2][i], word[3][i]);
		}
	} else {
		u[0] = unit(carry[0], carry[1]);
		for (int i = 1; i < LANES; i++)
			u[i] = unit(word[2][i - 1], word[3][i - 1]);
		for (int i = 0; i < LANES; i++)
			angle[i] = unit(word[0][i], word[1][i]);
	}
	for (int i = 0; i < LANES; i++)
		u[i] = lt_log_body(1.0 - u[i]);
	for (int i = 0; i < LANES; i++)
		v[i] = sqrt(-2.0 * u[i]) * lt_cospi_body(2.0 * angle[i]);
	for (int i = 0; i < 4; i++)
		r->buf[i] = word[i][LANES - 1];
	at += LANES;
	r->ctr[0] = (uint32_t)at;
	r->ctr[1] = (uint32_t)(at >> 32);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void
next_normals_fast(double v[LANES], struct lt_rng *r)
{
	next_normals(v, r);
}
#endif

static void
next_normals_any(double v[LANES], struct lt_rng *r)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
		next_normals_fast(v, r);
		return;
	}
#endif
	next_normals(v, r);
}

void
lt_rng_next_normals(double *v, size_t n, struct lt_rng *r)
{
	for (; n >= LANES && (r->left == 0 || r->left == 2); n -= LANES) {
		next_normals_any(v, r);
		v += LANES;
	}
	for (size_t i = 0; i < n; i++)
		v[i] = lt_rng_normal(r);
}
