/* The bf16 mode's arithmetic against other code: sums whose bits a program with
 * exact fractions has worked out (tests/unit/bf16_test.py), the software
 * flush to zero against the processor's, conversions against the definition of
 * the nearest number.  kern_test compares the variants with each other.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include "base/mem.h"
#include "base/rng.h"
#include "kern/kern_cell.h"
#include "bits.h"
#include "tap.h"

static const struct lt_kern *k;

/* ---- sums ---- */

/* Number i of a case, as in bf16_test.py. */
static float
number(int i, int shift)
{
	return ldexpf((float)((i * 37 + 11) % 255 - 127),
		(i * 13 + 5) % 9 - 4 - shift);
}

/* One output of a kernel of k x k taps and c channels; its bits. */
static const struct taps {
	int c, k, shift, salt;
	uint32_t bits;
} taps[] = {
	{3, 3, 0, 0, 0x48982e52},
	{16, 3, 0, 7, 0x4a8de76c},
	{5, 1, 0, 9, 0xc5798d00},
	{33, 2, 0, 4, 0x483cafd8},
	{7, 3, 68, 3, 0x02d7ba00},
	{20, 2, 72, 8, 0x82c17355},
	{3, 3, 74, 5, 0x00000000},
};

/* One weight over rows x cols pixels. */
static const struct pixels {
	int rows, cols, shift, salt;
	uint32_t bits;
} pixels[] = {
	{1, 1, 0, 2, 0xc9ceee7a},
	{2, 4, 0, 6, 0x48580600},
	{3, 5, 0, 1, 0xc8016c3d},
	{2, 3, 70, 5, 0x83500c0a},
	{4, 9, 69, 12, 0x849536ca},
	{1, 4, 74, 3, 0x00000000},
};

/* Terms in the order of the mode: blocks of 16 pairs of channels, in each the
 * even channels first. */
struct terms {
	int n;
	int32_t off[200];
	uint8_t begins[200];
	float w[200 * LT_OB];
};

static void
terms_of(struct terms *t, const struct taps *c)
{
	int padded = (c->c + 1) / 2 * 2, line = c->k * padded;

	t->n = 0;
	for (int r = 0; r < c->k; r++)
		for (int i = 0; i < (line + 31) / 32 * 32; i++) {
			int q = i / 32 * 32 + i % 16 * 2 + i / 16 % 2;
			int ch = q % padded, s = q / padded;
			if (q >= line || ch >= c->c)
				continue;
			t->begins[t->n] = i % 32 == 0	 ? LT_BLOCK
					  : i % 32 == 16 ? LT_ODD
							 : LT_GOES_ON;
			t->off[t->n] = (ch * c->k + r) * c->k + s;
			t->w[t->n++] = number(
				c->salt + (r * c->k + s) * c->c + ch, c->shift);
		}
}

/* A strip of k x k pixels; all lanes hold the same. */
static float *
strip_of(const struct taps *c)
{
	float *x = lt_alloc_aligned(
		(size_t)(c->c * c->k * c->k) * LT_LANES, sizeof *x);

	for (int ch = 0; ch < c->c; ch++)
		for (int p = 0; p < c->k * c->k; p++)
			for (int i = 0; i < LT_LANES; i++)
				x[(ch * c->k * c->k + p) * LT_LANES + i] =
					number(c->salt + 1000 +
							3 * (p * c->c + ch),
						c->shift);
	return x;
}

static void
taps_agree(const struct taps *c)
{
	struct terms t;
	float y[LT_LANES],
		*dense = lt_alloc_aligned(200 * LT_OB, sizeof *dense);
	int32_t ptr[2] = {0, 0};

	terms_of(&t, c);
	float *x = strip_of(c);
	struct lt_conv_job j = {.dst = y,
		.dst_sh = LT_LANES,
		.dst_ch = LT_LANES,
		.dst_row = LT_LANES,
		.dst_px = LT_LANES,
		.src = x,
		.src_row = LT_LANES,
		.src_px = LT_LANES,
		.n_out = 1,
		.shards = 1,
		.rows = 1,
		.cols = 1};
	for (int i = 0; i < t.n; i++) {
		t.off[i] *= LT_LANES;
		dense[i * LT_OB] = t.w[i];
	}
	k->conv_dense_bf16(&j, dense, t.off, t.begins, t.n);
	for (int i = 0; i < LT_LANES; i++)
		CHECK_EQ(bits_of(y[i]), c->bits);
	ptr[1] = t.n;
	k->conv_sparse_bf16(&j, ptr, t.off, t.begins, t.w);
	for (int i = 0; i < LT_LANES; i++)
		CHECK_EQ(bits_of(y[i]), c->bits);
	free(x);
	free(dense);
}

static void
pixels_agree(const struct pixels *c)
{
	size_t n = (size_t)(c->rows * c->cols) * LT_LANES;
	size_t line = (size_t)c->cols * LT_LANES;
	float *x = lt_alloc_aligned(n, sizeof *x), dw;
	float *dy = lt_alloc_aligned(n, sizeof *dy);
	int32_t off = 0, ptr[2] = {0, 1};
	struct lt_wgrad_job j = {.x = x,
		.x_sh = n,
		.x_row = line,
		.x_px = LT_LANES,
		.dy = dy,
		.dy_sh = n,
		.dy_ch = n,
		.dy_row = line,
		.dy_px = LT_LANES,
		.n_out = 1,
		.shards = 1,
		.rows = c->rows,
		.cols = c->cols,
		.c = 1,
		.x_ch = n,
		.x_line = line};
	float *scratch =
		lt_alloc_aligned(lt_wgrad_bf16_scratch(&j), sizeof *scratch);

	for (int i = 0; i < (int)n; i++) {
		dy[i] = number(c->salt + i, c->shift);
		x[i] = number(c->salt + 500 + 5 * i, c->shift);
	}
	k->wgrad_dense_bf16(&dw, &j, &off, 1, scratch);
	CHECK_EQ(bits_of(dw), c->bits);
	dw = 0;
	k->wgrad_sparse_bf16(&dw, &j, ptr, &off, scratch);
	CHECK_EQ(bits_of(dw), c->bits);
	free(x);
	free(dy);
	free(scratch);
}

static void
sums_agree(void)
{
	for (size_t i = 0; i < sizeof taps / sizeof *taps; i++)
		taps_agree(&taps[i]);
	for (size_t i = 0; i < sizeof pixels / sizeof *pixels; i++)
		pixels_agree(&pixels[i]);
}

/* ---- flush to zero ---- */

/* 2^-126 - 2^-200 rounds to 2^-126, which is no subnormal number. */
static void
flushes_after_rounding(void)
{
	const int32_t off[2] = {0, LT_LANES}, ptr[2] = {0, 2}, one[2] = {0, 1};
	const uint8_t begins[2] = {LT_BLOCK, LT_GOES_ON};
	const float w[2] = {FLT_MIN, 0x1p-100f}, x[2] = {1, -0x1p-100f};
	_Alignas(64) float src[2 * LT_LANES], dy[LT_LANES] = {w[0], 0, w[1]};
	_Alignas(64) float image[LT_LANES] = {x[0], 0, x[1]};
	float dense[2 * LT_OB] = {0}, y[LT_LANES], dw = 0;
	struct lt_conv_job j = {.dst = y,
		.src = src,
		.n_out = 1,
		.shards = 1,
		.rows = 1,
		.cols = 1};
	struct lt_wgrad_job g = {.x = image,
		.x_row = LT_LANES,
		.x_px = LT_LANES,
		.dy = dy,
		.n_out = 1,
		.shards = 1,
		.rows = 1,
		.cols = 1,
		.c = 1,
		.x_ch = LT_LANES,
		.x_line = LT_LANES};
	float *scratch =
		lt_alloc_aligned(lt_wgrad_bf16_scratch(&g), sizeof *scratch);

	for (int i = 0; i < 2 * LT_LANES; i++)
		src[i] = x[i / LT_LANES];
	dense[0] = w[0];
	dense[LT_OB] = w[1];
	k->conv_dense_bf16(&j, dense, off, begins, 2);
	for (int i = 0; i < LT_LANES; i++)
		CHECK_EQ(bits_of(y[i]), 0x00800000);
	memset(y, 0, sizeof y);
	k->conv_sparse_bf16(&j, ptr, off, begins, w);
	for (int i = 0; i < LT_LANES; i++)
		CHECK_EQ(bits_of(y[i]), 0x00800000);
	k->wgrad_dense_bf16(&dw, &g, off, 1, scratch);
	CHECK_EQ(bits_of(dw), 0x00800000);
	dw = 0;
	k->wgrad_sparse_bf16(&dw, &g, one, off, scratch);
	CHECK_EQ(bits_of(dw), 0x00800000);
	free(scratch);
}

/* Subnormal numbers outside of a kernel stay what they are. */
static void
mode_stays(void)
{
	volatile float least = FLT_MIN;
#if defined(__x86_64__)
	unsigned mode = _mm_getcsr();
#endif

	sums_agree();
#if defined(__x86_64__)
	CHECK_EQ(_mm_getcsr() & 0xffc0, mode & 0xffc0);
#endif
	CHECK(least / 2 > 0);
}

#if defined(__x86_64__)
#define FLUSH 0x8040

/* What the processor computes: a * b + c and a + b under FTZ and DAZ. */
__attribute__((noinline, target("fma"))) static void
flushed(float *fma, float *sum, const float *a, const float *b, const float *c,
	int n)
{
	for (int i = 0; i < n; i++) {
		__m128 x = _mm_set_ss(a[i]), y = _mm_set_ss(b[i]);
		fma[i] = _mm_cvtss_f32(_mm_fmadd_ss(x, y, _mm_set_ss(c[i])));
		sum[i] = _mm_cvtss_f32(_mm_add_ss(x, y));
	}
}

/* A number whose products and sums are often near the least normal one. */
static float
small(struct lt_rng *r, int lowest, int exponents)
{
	uint32_t e = (uint32_t)lowest +
		     (uint32_t)lt_rng_below(r, (uint64_t)exponents);
	uint32_t m = (uint32_t)lt_rng_below(r, 1 << 23);
	uint32_t cut[] = {0x7fffff, 0x7f0000, 0x400000, 0};
	return float_of((uint32_t)lt_rng_below(r, 2) << 31 | e << 23 |
			(m & cut[lt_rng_below(r, 4)]));
}

static void
flushes_like_processor(void)
{
	enum { NUMBERS = 1000 };
	float a[NUMBERS], b[NUMBERS], c[NUMBERS], fma[NUMBERS], sum[NUMBERS];
	struct lt_rng r;
	int wrong = 0, zeros = 0;

	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	for (int t = 0; t < 300; t++) {
		for (int i = 0; i < NUMBERS; i++) {
			a[i] = small(&r, t % 3 ? 0 : 60, 4);
			b[i] = small(&r, t % 3 ? t % 3 == 1 ? 0 : 124 : 62, 5);
			c[i] = small(&r, 0, 4);
		}
		a[0] = FLT_MIN; /* times the number before 1: no tie upwards */
		b[0] = 1 - FLT_EPSILON / 2;
		c[0] = 0;
		unsigned mode = _mm_getcsr();
		_mm_setcsr(mode | FLUSH);
		flushed(fma, sum, a, b, c, NUMBERS);
		_mm_setcsr(mode);
		for (int i = 0; i < NUMBERS; i++) {
			float f = fma_fz(a[i], b[i], c[i]);
			float s = add_fz(a[i], b[i]);
			wrong += bits_of(f) != bits_of(fma[i]);
			wrong += bits_of(s) != bits_of(sum[i]);
			zeros += f == 0;
		}
	}
	CHECK_EQ(wrong, 0);
	CHECK(zeros > 10000 && zeros < 290000);
}
#endif

/* ---- conversions ---- */

/* The bf16 number nearest to x of those below and above; of two, the even one.
 */
static void
rounds_to_nearest(void)
{
	struct lt_rng r;
	int wrong = 0;

	lt_rng_init(&r, 2, LT_STREAM_TEST, 0, 0);
	for (uint32_t u = 0x0080; u < 0x7f7f; u++)
		for (int i = 0; i < 6; i++) {
			static const uint32_t lower[] = {
				0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
			double below = (double)float_of(u << 16);
			double above = (double)float_of((u + 1) << 16);
			float x = float_of(u << 16 | lower[i]);
			double d = (double)x - below, e = above - (double)x;
			uint32_t want = d < e ? u : d > e ? u + 1 : u + (u & 1);
			wrong += lt_bf16_put(x) != want;
			wrong += lt_bf16_put(-x) != (want | 0x8000);
		}
	CHECK_EQ(wrong, 0);
	CHECK_EQ(lt_bf16_put(FLT_MAX), 0x7f80);
	CHECK_EQ(lt_bf16_put(-INFINITY), 0xff80);
	CHECK_EQ(lt_bf16_put(float_of(0x7f8 << 20 | 1)), 0x7fc0);
	CHECK_EQ(lt_bf16_put(float_of(0x007fffff)), 0);
	CHECK_EQ(lt_bf16_put(float_of(0x807fffff)), 0x8000);
	CHECK_EQ(lt_bf16_put(FLT_MIN), 0x0080);
}

static void
halves_of_floats(void)
{
	int wrong = 0;

	for (uint32_t u = 0; u < 65536; u++) {
		int e = u >> 7 & 255, m = u & 127;
		float x = e ? ldexpf((float)(128 + m), e - 134)
			    : ldexpf((float)m, -133);
		float got = lt_bf16_get((uint16_t)u);
		x = u >> 15 ? -x : x;
		if (e == 255)
			wrong += m ? !isnan(got) : !isinf(got);
		else
			wrong += bits_of(got) != bits_of(x);
	}
	CHECK_EQ(wrong, 0);
}

int
main(void)
{
	static const char *const names[] = {"ref", "v3", "v4", "neon"};
	const char *why;

	for (int i = 0; i < 4; i++) {
		char title[80];
		snprintf(title, sizeof title,
			"in %s sums of blocks have the bits of exact fractions",
			names[i]);
		k = lt_kern_get(names[i], &why);
		if (!k) {
			printf("ok %d - %s # skip %s\n", ++tap_count, title,
				why);
			continue;
		}
		TEST(sums_agree, title);
		snprintf(title, sizeof title,
			"in %s sums are rounded before they are flushed",
			names[i]);
		TEST(flushes_after_rounding, title);
		snprintf(title, sizeof title,
			"%s leaves the processor's mode as it was", names[i]);
		TEST(mode_stays, title);
	}
#if defined(__x86_64__)
	if (__builtin_cpu_supports("fma"))
		TEST(flushes_like_processor,
			"the software flush to zero is the processor's");
#endif
	TEST(rounds_to_nearest, "bf16 is the nearest number, ties to even");
	TEST(halves_of_floats, "a bf16 number is the upper half of a float");
	return tap_done();
}
