/* The operations on tiles, and nothing else that differs between the tables of
 * tile.h.  A tile_*.c that defines TILE_AMX has them in the matrix unit, any
 * other in plain C.  Tiles 0 to 5 hold sums, 4 to 7 factors:
 *
 *	struct tiles t;
 *	tile_begin();
 *	tile_zero(&t, 0);
 *	tile_load(&t, 6, a);
 *	tile_load(&t, 7, b);
 *	tile_multiply(&t, 0, 6, 7);
 *	tile_store(&t, 0, c);
 *	tile_end();
 *
 * The numbers of tiles are constants where a compiler has unrolled loops over
 * them.  A factor must stay where it was loaded from until it was used.
 *
 * FZ: a multiplication of tiles takes denormal numbers as zeros and gives zeros
 * for denormal results.  So do plain additions and fmaf between tile_begin()
 * and tile_end() where TILE_FZ says that the processor does it; elsewhere
 * fma_fz and add_fz do.  A compiler may move arithmetic over both calls, so
 * what is between them is a function that is not inlined.
 */
#ifndef LT_KERN_TILE_OPS_H
#define LT_KERN_TILE_OPS_H

#include <string.h>

#if defined(VW)
#include "kern/kern_vec.h"
#else
#include "kern/vec_one.h"
#endif
#include "kern/kern_cell.h"
#include "kern/tile.h"

#define NOINLINE static __attribute__((noinline))

/* ---- arithmetic under FZ ---- */

#if defined(__AVX2__)
#define TILE_FZ 0x8040 /* MXCSR: FTZ, DAZ */

INLINE float
sum_fma(float a, float b, float c)
{
	return fmaf(a, b, c);
}

INLINE float
sum_add(float a, float b)
{
	return a + b;
}
#else
INLINE float
sum_fma(float a, float b, float c)
{
	return fma_fz(a, b, c);
}

INLINE float
sum_add(float a, float b)
{
	return add_fz(a, b);
}
#endif

/* ---- tiles ---- */

#ifdef TILE_AMX

struct tiles {
	unsigned mxcsr;
};

/* What LDTILECFG reads. */
struct tile_config {
	uint8_t palette, start, rest[14];
	uint16_t row_bytes[16];
	uint8_t rows[16];
};

/* All eight tiles are 16 rows of 64 bytes. */
INLINE void
tile_begin(struct tiles *t)
{
	static const struct tile_config c = {.palette = 1,
		.row_bytes = {64, 64, 64, 64, 64, 64, 64, 64},
		.rows = {16, 16, 16, 16, 16, 16, 16, 16}};

	t->mxcsr = _mm_getcsr();
	_mm_setcsr(t->mxcsr | TILE_FZ);
	_tile_loadconfig(&c);
	/* gcc does not know that loads of tiles read memory. */
	__asm__ volatile("" ::: "memory");
}

/* A thread whose tiles are free is cheaper to switch. */
INLINE void
tile_end(const struct tiles *t)
{
	_tile_release();
	_mm_setcsr(t->mxcsr);
}

/* The instructions have the tile's number in them. */
#define EACH_SUM(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define EACH_FACTOR(X) X(4) X(5) X(6) X(7)

INLINE void
tile_zero(struct tiles *t, const int i)
{
	(void)t;
#define CASE(n) \
	case n: \
		_tile_zero(n); \
		break;
	switch (i) {
		EACH_SUM(CASE)
	}
#undef CASE
}

INLINE void
tile_load(struct tiles *t, const int i, const uint16_t *p)
{
	(void)t;
#define CASE(n) \
	case n: \
		_tile_loadd(n, p, 64); \
		break;
	switch (i) {
		EACH_FACTOR(CASE)
	}
#undef CASE
}

INLINE void
tile_store(const struct tiles *t, const int i, float *p)
{
	(void)t;
#define CASE(n) \
	case n: \
		_tile_stored(n, p, 64); \
		break;
	switch (i) {
		EACH_SUM(CASE)
	}
#undef CASE
}

/* c += a b, of those numbers that tmpl_tile.h uses. */
INLINE void
tile_multiply(struct tiles *t, const int c, const int a, const int b)
{
	(void)t;
#define CASE(c, a, b) \
	case c * 64 + a * 8 + b: \
		_tile_dpbf16ps(c, a, b); \
		break;
	switch (c * 64 + a * 8 + b) {
		CASE(0, 4, 5)
		CASE(1, 4, 6)
		CASE(2, 4, 7)
		CASE(3, 4, 5)
		CASE(0, 4, 6)
		CASE(1, 4, 7)
		CASE(1, 5, 6)
		CASE(2, 5, 6)
		CASE(3, 5, 7)
		CASE(0, 6, 7)
		CASE(1, 6, 7)
		CASE(2, 6, 7)
		CASE(3, 6, 7)
		CASE(4, 6, 7)
		CASE(5, 6, 7)
	}
#undef CASE
}

#else

struct tiles {
	_Alignas(64) float sum[6][LT_TILE_SUMS];
	const uint16_t *factor[8];
	unsigned mxcsr;
};

INLINE void
tile_begin(struct tiles *t)
{
#ifdef TILE_FZ
	t->mxcsr = _mm_getcsr();
	_mm_setcsr(t->mxcsr | TILE_FZ);
#else
	t->mxcsr = 0;
#endif
}

INLINE void
tile_end(const struct tiles *t)
{
#ifdef TILE_FZ
	_mm_setcsr(t->mxcsr);
#else
	(void)t;
#endif
}

INLINE void
tile_zero(struct tiles *t, const int i)
{
	memset(t->sum[i], 0, sizeof t->sum[i]);
}

INLINE void
tile_load(struct tiles *t, const int i, const uint16_t *p)
{
	t->factor[i] = p;
}

INLINE void
tile_store(const struct tiles *t, const int i, float *p)
{
	memcpy(p, t->sum[i], sizeof t->sum[i]);
}

/* 16 pairs of numbers that lie side by side in a row of a tile. */
INLINE void
unweave(float *even, float *odd, const uint16_t *p)
{
	for (int i = 0; i < LT_TILE; i++) {
		even[i] = lt_bf16_get(p[2 * i]);
		odd[i] = lt_bf16_get(p[2 * i + 1]);
	}
}

/* What TDPBF16PS computes: each sum gets a chain over its even terms plus one
 * over its odd terms. */
NOINLINE void
tile_product(float *c, const uint16_t *a, const uint16_t *b)
{
	float even[LT_TILE][LT_TILE], odd[LT_TILE][LT_TILE];

	for (int k = 0; k < LT_TILE; k++)
		unweave(even[k], odd[k], b + 32 * k);
	for (int m = 0; m < LT_TILE; m++, c += LT_TILE, a += 32) {
		float e[LT_TILE] = {0}, o[LT_TILE] = {0};
		for (int k = 0; k < LT_TILE; k++) {
			float ae = lt_bf16_get(a[2 * k]);
			float ao = lt_bf16_get(a[2 * k + 1]);
			for (int n = 0; n < LT_TILE; n++)
				e[n] = sum_fma(ae, even[k][n], e[n]);
			for (int n = 0; n < LT_TILE; n++)
				o[n] = sum_fma(ao, odd[k][n], o[n]);
		}
		for (int n = 0; n < LT_TILE; n++)
			c[n] = sum_add(c[n], sum_add(e[n], o[n]));
	}
}

INLINE void
tile_multiply(struct tiles *t, const int c, const int a, const int b)
{
	tile_product(t->sum[c], t->factor[a], t->factor[b]);
}

#endif

/* ---- cells moved into place ---- */

/* dst[16][2] = a[16], b[16] side by side. */
INLINE void
weave(uint16_t *dst, const uint16_t *a, const uint16_t *b)
{
#if defined(__AVX2__)
	__m256i x = _mm256_loadu_si256((const __m256i *)a);
	__m256i y = _mm256_loadu_si256((const __m256i *)b);
	__m256i lo = _mm256_unpacklo_epi16(x, y);
	__m256i hi = _mm256_unpackhi_epi16(x, y);
	_mm256_storeu_si256(
		(__m256i *)dst, _mm256_permute2x128_si256(lo, hi, 0x20));
	_mm256_storeu_si256(
		(__m256i *)(dst + 16), _mm256_permute2x128_si256(lo, hi, 0x31));
#else
	for (int i = 0; i < LT_LANES; i++) {
		dst[2 * i] = a[i];
		dst[2 * i + 1] = b[i];
	}
#endif
}

#if defined(__AVX2__)
/* Eight rows of eight pairs to eight rows of a pair each. */
INLINE void
turn_half(uint16_t *dst, const uint16_t *src, size_t step)
{
	__m256i r[8], s[8];

	for (int i = 0; i < 8; i++)
		r[i] = _mm256_loadu_si256((const __m256i *)(src + i * step));
	for (int i = 0; i < 8; i += 2) {
		s[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
		s[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
	}
	for (int i = 0; i < 8; i += 4) {
		r[i] = _mm256_unpacklo_epi64(s[i], s[i + 2]);
		r[i + 1] = _mm256_unpackhi_epi64(s[i], s[i + 2]);
		r[i + 2] = _mm256_unpacklo_epi64(s[i + 1], s[i + 3]);
		r[i + 3] = _mm256_unpackhi_epi64(s[i + 1], s[i + 3]);
	}
	for (int i = 0; i < 4; i++) {
		__m256i lo = _mm256_permute2x128_si256(r[i], r[i + 4], 0x20);
		__m256i hi = _mm256_permute2x128_si256(r[i], r[i + 4], 0x31);
		_mm256_storeu_si256((__m256i *)(dst + 32 * i), lo);
		_mm256_storeu_si256((__m256i *)(dst + 32 * (i + 4)), hi);
	}
}
#endif

/* dst[8][16][2] = the image pairs of src, 16 channels that lie step apart. */
INLINE void
turn(uint16_t *dst, const uint16_t *src, size_t step)
{
#if defined(__AVX2__)
	turn_half(dst, src, step);
	turn_half(dst + 16, src + 8 * step, step);
#else
	for (int c = 0; c < LT_TILE; c++)
		for (int i = 0; i < LT_LANES; i++)
			dst[i / 2 * 32 + 2 * c + i % 2] = src[c * step + i];
#endif
}

#endif
