/* Lane groups: the only file with the intrinsics of an instruction set.  A
 * pixel's sixteen floats (LT_LANES) are CELLS vectors of VW lanes.  A kern_*.c
 * defines VW (16, 8 or 4) before it includes this file.  VW 4 is in vec_neon.h.
 */
#ifndef LT_KERN_KERN_VEC_H
#define LT_KERN_KERN_VEC_H

#include "kern/kern.h"

#define CELLS (LT_LANES / VW)
#define INLINE static inline __attribute__((always_inline))

/* Unroll the following loop, whose count is a constant, so that its
 * accumulators become registers.  clang's sanitizers get no unrolling: the
 * checks in all copies would take minutes to compile. */
#ifndef __clang__
#define UNROLL _Pragma("GCC unroll 32")
#elif __has_feature(address_sanitizer) || \
	__has_feature(undefined_behavior_sanitizer) || \
	__has_feature(thread_sanitizer)
#define UNROLL
#else
#define UNROLL _Pragma("clang loop unroll(full)")
#endif

/* Leave the following loop rolled: copies of a body that takes all registers
 * would spill them. */
#ifndef __clang__
#define ROLLED _Pragma("GCC unroll 1")
#else
#define ROLLED _Pragma("clang loop unroll(disable)")
#endif

/* Subnormal operands and results become zeros between flush_begin() and
 * flush_end().  A compiler may move arithmetic across them, but not a call:
 * what lies between is a function apart. */
#define APART __attribute__((noinline))

#if VW == 4
#include "kern/vec_neon.h"
#else
#include <float.h>
#include <immintrin.h>

#if VW == 16
#define VREGS 32
typedef __m512 vec;
typedef __m512i vbits; /* of VW floats */
#define V(op) _mm512_##op
#define VCMP(a, b, how) _mm512_cmp_ps_mask(a, b, how)
#define VBOTH(m, n) ((__mmask16)((m) & (n)))
#define VBLEND(m, yes, no) _mm512_mask_blend_ps(m, no, yes)
#elif VW == 8
#define VREGS 16
typedef __m256 vec;
typedef __m256i vbits;
#define V(op) _mm256_##op
#define VCMP(a, b, how) _mm256_cmp_ps(a, b, how)
#define VBOTH(m, n) _mm256_and_ps(m, n)
#define VBLEND(m, yes, no) _mm256_blendv_ps(no, yes, m)
#endif

INLINE unsigned
flush_begin(void)
{
	unsigned mode = _mm_getcsr();
	_mm_setcsr(mode | _MM_FLUSH_ZERO_ON | 0x40 /* operands, too */);
	return mode;
}

INLINE void
flush_end(unsigned mode)
{
	_mm_setcsr(mode);
}

INLINE vec
vload(const float *p)
{
	return V(loadu_ps)(p);
}

INLINE void
vstore(float *p, vec v)
{
	V(storeu_ps)(p, v);
}

/* VW halves. Conversions round to nearest, ties to even. */
INLINE vec
vload_half(const uint16_t *p)
{
#if VW == 16
	return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
#else
	return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
#endif
}

INLINE void
vstore_half(uint16_t *p, vec v)
{
#if VW == 16
	_mm256_storeu_si256(
		(__m256i *)p, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
#else
	_mm_storeu_si128(
		(__m128i *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
#endif
}

/* Convert to half precision and back. */
INLINE vec
vround_half(vec v)
{
#if VW == 16
	return _mm512_cvtph_ps(_mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
#else
	return _mm256_cvtph_ps(_mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
#endif
}

#if VW == 16
#define VI(op) _mm512_##op##_epi32
#define VAND(a, b) _mm512_and_si512(a, b)
#define VEITHER(a, b) _mm512_or_si512(a, b)
#define VBITS _mm512_castps_si512
#define VFLOATS _mm512_castsi512_ps
#else
#define VI(op) _mm256_##op##_epi32
#define VAND(a, b) _mm256_and_si256(a, b)
#define VEITHER(a, b) _mm256_or_si256(a, b)
#define VBITS _mm256_castps_si256
#define VFLOATS _mm256_castsi256_ps
#endif

/* VW cells of bf16: the upper halves of floats. */
INLINE vec
vload_bf16(const uint16_t *p)
{
#if VW == 16
	vbits u = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p));
#else
	vbits u = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p));
#endif
	return VFLOATS(VI(slli)(u, 16));
}

/* Round to bf16: to nearest, ties to even, a subnormal number to a zero of its
 * sign; a NaN becomes a quiet one. */
INLINE vec
vround_bf16(vec x)
{
	const vbits u = VBITS(x), upper = VI(set1)((int)0xffff0000);
	vbits odd = VAND(VI(srli)(u, 16), VI(set1)(1));
	vbits up = VI(add)(u, VI(add)(odd, VI(set1)(0x7fff)));
	vec near = VFLOATS(VAND(up, upper));
	vec quiet = VFLOATS(VAND(VEITHER(u, VI(set1)(0x400000)), upper));
	vec zero = VFLOATS(VAND(u, VI(set1)((int)0x80000000)));
	vec size = VFLOATS(VAND(u, VI(set1)(0x7fffffff)));
	near = VBLEND(VCMP(size, V(set1_ps)(FLT_MIN), _CMP_LT_OQ), zero, near);
	return VBLEND(VCMP(x, x, _CMP_UNORD_Q), quiet, near);
}

INLINE void
vstore_bf16(uint16_t *p, vec v)
{
	vbits u = VI(srli)(VBITS(vround_bf16(v)), 16);
#if VW == 16
	_mm256_storeu_si256((__m256i *)p, _mm512_cvtepi32_epi16(u));
#else
	__m128i lo = _mm256_castsi256_si128(u);
	__m128i hi = _mm256_extracti128_si256(u, 1);
	_mm_storeu_si128((__m128i *)p, _mm_packus_epi32(lo, hi));
#endif
}

INLINE vec
vall(float x)
{
	return V(set1_ps)(x);
}

INLINE vec
vfma(vec a, vec b, vec c)
{
	return V(fmadd_ps)(a, b, c);
}

INLINE vec
vadd(vec a, vec b)
{
	return V(add_ps)(a, b);
}

INLINE vec
vsub(vec a, vec b)
{
	return V(sub_ps)(a, b);
}

INLINE vec
vmul(vec a, vec b)
{
	return V(mul_ps)(a, b);
}

/* a > b ? a : b, a < b ? a : b; of a NaN and another, b */
INLINE vec
vmax(vec a, vec b)
{
	return V(max_ps)(a, b);
}

INLINE vec
vmin(vec a, vec b)
{
	return V(min_ps)(a, b);
}

INLINE vec
vdiv(vec a, vec b)
{
	return V(div_ps)(a, b);
}

/* The bits of |x|, which grow with it. */
INLINE vbits
vsizes(vec x)
{
#if VW == 16
	return _mm512_and_si512(
		_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff));
#else
	return _mm256_and_si256(
		_mm256_castps_si256(x), _mm256_set1_epi32(0x7fffffff));
#endif
}

INLINE vbits
vmax_bits(vbits a, vbits b)
{
	return V(max_epu32)(a, b);
}

INLINE void
vstore_bits(uint32_t *p, vbits v)
{
#if VW == 16
	_mm512_storeu_si512(p, v);
#else
	_mm256_storeu_si256((__m256i *)p, v);
#endif
}

/* 2^k, of floats whose low bits are k + 127. */
INLINE vec
vpower(vec m)
{
#if VW == 16
	return _mm512_castsi512_ps(
		_mm512_slli_epi32(_mm512_castps_si512(m), 23));
#else
	return _mm256_castsi256_ps(
		_mm256_slli_epi32(_mm256_castps_si256(m), 23));
#endif
}

/* x <= 0 ? +0 : x, so a NaN stays a NaN.  The maximum instruction cannot be
 * used: it returns its second operand for a NaN and for equal operands, so
 * either order of x and 0 loses NaN or +0. */
INLINE vec
vrelu(vec x)
{
	const vec zero = V(setzero_ps)();
#if VW == 16
	return _mm512_maskz_mov_ps(VCMP(x, zero, _CMP_NLE_UQ), x);
#else
	return _mm256_andnot_ps(VCMP(x, zero, _CMP_LE_OQ), x);
#endif
}

/* a > b ? a : b, and a NaN where either is one: vmax() alone loses that of a.
 */
INLINE vec
vpeak(vec a, vec b)
{
#if VW == 16
	return _mm512_mask_mov_ps(vmax(a, b), VCMP(a, a, _CMP_UNORD_Q), a);
#else
	return _mm256_or_ps(vmax(a, b), VCMP(a, a, _CMP_UNORD_Q));
#endif
}

/* Whether vpeak(a, b) is a and not b: yes or no. */
INLINE vec
vif_over(vec a, vec b, vec yes, vec no)
{
	return VBLEND(VBOTH(VCMP(a, b, _CMP_NLE_UQ), VCMP(b, b, _CMP_ORD_Q)),
		yes, no);
}

/* a <= b ? no : yes, where a NaN is not less; a == b ? yes : no */
INLINE vec
vif_not_le(vec a, vec b, vec yes, vec no)
{
	return VBLEND(VCMP(a, b, _CMP_NLE_UQ), yes, no);
}

INLINE vec
vif_eq(vec a, vec b, vec yes, vec no)
{
	return VBLEND(VCMP(a, b, _CMP_EQ_OQ), yes, no);
}

/* Element i of vector k becomes element k of vector i. */
INLINE void
vtranspose(vec v[VW])
{
	vec t[VW], u[VW];
	UNROLL
	for (int i = 0; i < VW; i += 2) {
		t[i] = V(unpacklo_ps)(v[i], v[i + 1]);
		t[i + 1] = V(unpackhi_ps)(v[i], v[i + 1]);
	}
	UNROLL
	for (int i = 0; i < VW; i += 4) {
		u[i] = V(shuffle_ps)(t[i], t[i + 2], 0x44);
		u[i + 1] = V(shuffle_ps)(t[i], t[i + 2], 0xee);
		u[i + 2] = V(shuffle_ps)(t[i + 1], t[i + 3], 0x44);
		u[i + 3] = V(shuffle_ps)(t[i + 1], t[i + 3], 0xee);
	}
	UNROLL
	for (int i = 0; i < 4; i++) {
#if VW == 16
		vec a = _mm512_shuffle_f32x4(u[i], u[i + 4], 0x88);
		vec b = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0x88);
		vec c = _mm512_shuffle_f32x4(u[i], u[i + 4], 0xdd);
		vec d = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0xdd);
		v[i] = _mm512_shuffle_f32x4(a, b, 0x88);
		v[i + 4] = _mm512_shuffle_f32x4(c, d, 0x88);
		v[i + 8] = _mm512_shuffle_f32x4(a, b, 0xdd);
		v[i + 12] = _mm512_shuffle_f32x4(c, d, 0xdd);
#else
		v[i] = _mm256_permute2f128_ps(u[i], u[i + 4], 0x20);
		v[i + 4] = _mm256_permute2f128_ps(u[i], u[i + 4], 0x31);
#endif
	}
}

/* Four floats, whatever VW. */
INLINE void
copy4(float *dst, const float *src)
{
	_mm_storeu_ps(dst, _mm_loadu_ps(src));
}

/* dst[4 * i + k] = src[k * step + i] for i, k < 4 */
INLINE void
transpose4(float *dst, const float *src, size_t step)
{
	__m128 a = _mm_loadu_ps(src), b = _mm_loadu_ps(src + step);
	__m128 c = _mm_loadu_ps(src + 2 * step);
	__m128 d = _mm_loadu_ps(src + 3 * step);
	_MM_TRANSPOSE4_PS(a, b, c, d);
	_mm_storeu_ps(dst, a);
	_mm_storeu_ps(dst + 4, b);
	_mm_storeu_ps(dst + 8, c);
	_mm_storeu_ps(dst + 12, d);
}

/* [a0+a2, a1+a3, b0+b2, b1+b3] in each four lanes, then the same of
 * neighbours: the last two levels of the lane tree of four vectors, four
 * partial sums each. */
INLINE vec
vtree4(vec a, vec b, vec c, vec d)
{
	vec e = vadd(V(shuffle_ps)(a, b, 0x44), V(shuffle_ps)(a, b, 0xee));
	vec f = vadd(V(shuffle_ps)(c, d, 0x44), V(shuffle_ps)(c, d, 0xee));
	return vadd(V(shuffle_ps)(e, f, 0x88), V(shuffle_ps)(e, f, 0xdd));
}

/* lanes() of VW pixels that lie one after the other at p. */
INLINE vec
vtree(const float *p)
{
	vec s[4];
	UNROLL
	for (int i = 0; i < 4; i++) {
		const float *a = p + i * LT_LANES, *b = a + 4 * LT_LANES;
#if VW == 16
		const float *c = b + 4 * LT_LANES, *d = c + 4 * LT_LANES;
		vec va = vload(a), vb = vload(b), vc = vload(c), vd = vload(d);
		vec ab = vadd(_mm512_shuffle_f32x4(va, vb, 0x44),
			_mm512_shuffle_f32x4(va, vb, 0xee));
		vec cd = vadd(_mm512_shuffle_f32x4(vc, vd, 0x44),
			_mm512_shuffle_f32x4(vc, vd, 0xee));
		s[i] = vadd(_mm512_shuffle_f32x4(ab, cd, 0x88),
			_mm512_shuffle_f32x4(ab, cd, 0xdd));
#else
		vec va = vadd(vload(a), vload(a + VW));
		vec vb = vadd(vload(b), vload(b + VW));
		s[i] = vadd(_mm256_permute2f128_ps(va, vb, 0x20),
			_mm256_permute2f128_ps(va, vb, 0x31));
#endif
	}
	return vtree4(s[0], s[1], s[2], s[3]);
}

#endif

/* Instances that need 32 registers, in a list of functions; those that need
 * registers for 32 pixels. */
#define VPIX (VREGS / CELLS)
#if VREGS == 32
#define WIDER(...) , __VA_ARGS__
#else
#define WIDER(...)
#endif
#if VPIX == 32
#define DEEPER(...) , __VA_ARGS__
#else
#define DEEPER(...)
#endif

#endif
