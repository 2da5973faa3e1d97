/* Lane groups of four floats: the functions of kern_vec.h, which includes this
 * file, by AArch64's Advanced SIMD.  Every AArch64 has it.
 */
#ifndef LT_KERN_VEC_NEON_H
#define LT_KERN_VEC_NEON_H

#include <arm_neon.h>

#define VREGS 32
typedef float32x4_t vec;
typedef uint32x4_t vbits;

#define FZ (1u << 24) /* of FPCR: operands and results are flushed */
#define UFC (1u << 3) /* of FPSR: a result was flushed */

INLINE unsigned
flush_begin(void)
{
	uint64_t mode, flags;
	__asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr"
			 : "=r"(mode), "=r"(flags)
			 :
			 : "memory");
	__asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1"
			 :
			 : "r"(mode | FZ), "r"(flags & ~(uint64_t)UFC)
			 : "memory");
	return (unsigned)mode;
}

INLINE void
flush_end(unsigned mode)
{
	__asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)mode) : "memory");
}

/* Whether a result was flushed since flush_begin(). */
INLINE bool
any_flushed(void)
{
	uint64_t flags;
	__asm__ volatile("mrs %0, fpsr" : "=r"(flags) : : "memory");
	return flags & UFC;
}

INLINE vec
vload(const float *p)
{
	return vld1q_f32(p);
}

INLINE void
vstore(float *p, vec v)
{
	vst1q_f32(p, v);
}

INLINE vec
vload_half(const uint16_t *p)
{
	return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}

INLINE void
vstore_half(uint16_t *p, vec v)
{
	vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v)));
}

INLINE vec
vround_half(vec v)
{
	return vcvt_f32_f16(vcvt_f16_f32(v));
}

INLINE vec
vload_bf16(const uint16_t *p)
{
	return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16));
}

INLINE vec
vround_bf16(vec x)
{
	const vbits u = vreinterpretq_u32_f32(x);
	const vbits upper = vdupq_n_u32(0xffff0000);
	vbits odd = vandq_u32(vshrq_n_u32(u, 16), vdupq_n_u32(1));
	vbits up = vaddq_u32(u, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
	vbits quiet = vorrq_u32(u, vdupq_n_u32(0x400000));
	vbits zero = vandq_u32(u, vdupq_n_u32(0x80000000));
	vbits size = vandq_u32(u, vdupq_n_u32(0x7fffffff));
	up = vbslq_u32(vcltq_u32(size, vdupq_n_u32(0x00800000)), zero, up);
	up = vbslq_u32(vceqq_f32(x, x), up, quiet);
	return vreinterpretq_f32_u32(vandq_u32(up, upper));
}

INLINE void
vstore_bf16(uint16_t *p, vec v)
{
	vst1_u16(p, vshrn_n_u32(vreinterpretq_u32_f32(vround_bf16(v)), 16));
}

INLINE vec
vall(float x)
{
	return vdupq_n_f32(x);
}

INLINE vec
vfma(vec a, vec b, vec c)
{
	return vfmaq_f32(c, a, b);
}

INLINE vec
vadd(vec a, vec b)
{
	return vaddq_f32(a, b);
}

INLINE vec
vsub(vec a, vec b)
{
	return vsubq_f32(a, b);
}

INLINE vec
vmul(vec a, vec b)
{
	return vmulq_f32(a, b);
}

INLINE vec
vdiv(vec a, vec b)
{
	return vdivq_f32(a, b);
}

/* The processor's own maximum and minimum return NaNs and order zeros. */
INLINE vec
vmax(vec a, vec b)
{
	return vbslq_f32(vcgtq_f32(a, b), a, b);
}

INLINE vec
vmin(vec a, vec b)
{
	return vbslq_f32(vcltq_f32(a, b), a, b);
}

INLINE vbits
vsizes(vec x)
{
	return vreinterpretq_u32_f32(vabsq_f32(x));
}

INLINE vbits
vmax_bits(vbits a, vbits b)
{
	return vmaxq_u32(a, b);
}

INLINE void
vstore_bits(uint32_t *p, vbits v)
{
	vst1q_u32(p, v);
}

INLINE vec
vpower(vec m)
{
	return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_f32(m), 23));
}

INLINE vec
vrelu(vec x)
{
	return vreinterpretq_f32_u32(vbicq_u32(
		vreinterpretq_u32_f32(x), vcleq_f32(x, vdupq_n_f32(0.0f))));
}

INLINE vec
vpeak(vec a, vec b)
{
	return vbslq_f32(vceqq_f32(a, a), vmax(a, b), a);
}

INLINE vec
vif_over(vec a, vec b, vec yes, vec no)
{
	return vbslq_f32(vbicq_u32(vceqq_f32(b, b), vcleq_f32(a, b)), yes, no);
}

INLINE vec
vif_not_le(vec a, vec b, vec yes, vec no)
{
	return vbslq_f32(vcleq_f32(a, b), no, yes);
}

INLINE vec
vif_eq(vec a, vec b, vec yes, vec no)
{
	return vbslq_f32(vceqq_f32(a, b), yes, no);
}

INLINE void
vtranspose(vec v[VW])
{
	float32x4x2_t a = vtrnq_f32(v[0], v[1]), b = vtrnq_f32(v[2], v[3]);
	UNROLL
	for (int i = 0; i < 2; i++) {
		v[i] = vcombine_f32(
			vget_low_f32(a.val[i]), vget_low_f32(b.val[i]));
		v[i + 2] = vcombine_f32(
			vget_high_f32(a.val[i]), vget_high_f32(b.val[i]));
	}
}

INLINE void
copy4(float *dst, const float *src)
{
	vstore(dst, vload(src));
}

INLINE void
transpose4(float *dst, const float *src, size_t step)
{
	vec v[VW];
	UNROLL
	for (int i = 0; i < VW; i++)
		v[i] = vload(src + i * step);
	vtranspose(v);
	UNROLL
	for (int i = 0; i < VW; i++)
		vstore(dst + i * VW, v[i]);
}

/* Lanes 0, 1 of a and of b, or lanes 2, 3. */
INLINE vec
halves(vec a, vec b, const int upper)
{
	return upper ? vcombine_f32(vget_high_f32(a), vget_high_f32(b))
		     : vcombine_f32(vget_low_f32(a), vget_low_f32(b));
}

INLINE vec
vtree4(vec a, vec b, vec c, vec d)
{
	vec e = vadd(halves(a, b, 0), halves(a, b, 1));
	vec f = vadd(halves(c, d, 0), halves(c, d, 1));
	return vadd(vuzp1q_f32(e, f), vuzp2q_f32(e, f));
}

INLINE vec
vtree(const float *p)
{
	vec s[4];
	UNROLL
	for (int i = 0; i < 4; i++, p += LT_LANES)
		s[i] = vadd(vadd(vload(p), vload(p + 8)),
			vadd(vload(p + 4), vload(p + 12)));
	return vtree4(s[0], s[1], s[2], s[3]);
}

#endif
