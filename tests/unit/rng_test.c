#include "base/rng.h"

#include <math.h>
#include "tap.h"

/* From the authors' known-answer file (Random123, kat_vectors). */
static void
vectors(void)
{
	static const uint32_t kat[3][10] = {
		{0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c,
			0x9b00dbd8},
		{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
			0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
			0x6d5451fd},
		{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822,
			0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
			0x24126ea1},
	};
	for (int i = 0; i < 3; i++) {
		uint32_t out[4];
		lt_rng_philox(out, kat[i], kat[i] + 4);
		CHECK(memcmp(out, kat[i] + 6, sizeof(out)) == 0);
	}
}

/* Results on disk depend on these: they may never change. */
static void
pinned(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 1, LT_STREAM_TEST, 2, 3);
	CHECK_EQ(lt_rng_u32(&r), 0xd2a78153);
	CHECK_EQ(lt_rng_u64(&r), (long long)0x06bb4987b763f72f);
	CHECK_EQ(lt_rng_below(&r, 1000), 169);
	CHECK(lt_rng_f64(&r) == 0x1.2e776be59536p-4);
	CHECK(lt_rng_normal(&r) == 0x1.b9750591a89c4p-3);
	CHECK_EQ(lt_rng_hash("conv1.weight"), (long long)0x69a29a2cee47d254);
	CHECK(lt_rng_hash("") == 0xcbf29ce484222325);
	CHECK(lt_rng_hash("a") == 0xaf63dc4c8601ec8c);
}

static uint64_t
first(uint64_t seed, enum lt_stream stream, uint64_t a, uint64_t b)
{
	struct lt_rng r;
	lt_rng_init(&r, seed, stream, a, b);
	return lt_rng_u64(&r);
}

static void
coordinates(void)
{
	const uint64_t base = first(5, LT_STREAM_TEST, 6, 7);
	CHECK(base == first(5, LT_STREAM_TEST, 6, 7));
	for (int i = 0; i < 64; i++) {
		uint64_t bit = (uint64_t)1 << i;
		CHECK(base != first(5 ^ bit, LT_STREAM_TEST, 6, 7));
		CHECK(base != first(5, LT_STREAM_TEST, 6 ^ bit, 7));
		CHECK(base != first(5, LT_STREAM_TEST, 6, 7 ^ bit));
	}
	CHECK(base != first(5, LT_STREAM_INIT, 6, 7));
}

static void
below(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	int count[7] = {0};
	for (int i = 0; i < 70000; i++) {
		uint64_t v = lt_rng_below(&r, 7);
		if (!CHECK(v < 7))
			return;
		count[v]++;
	}
	/* sigma is 92.6; the seed is fixed, so this holds or it does not. */
	for (int i = 0; i < 7; i++)
		CHECK(count[i] > 9600 && count[i] < 10400);
	CHECK_EQ(lt_rng_below(&r, 1), 0);
	CHECK(lt_rng_below(&r, UINT64_MAX) < UINT64_MAX);
}

static void
uniform(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 2, LT_STREAM_TEST, 0, 0);
	double sum = 0, least = 1, most = 0;
	for (int i = 0; i < 200000; i++) {
		double v = i & 1 ? lt_rng_f64(&r) : (double)lt_rng_f32(&r);
		sum += v;
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	CHECK(least >= 0 && least < 1e-4);
	CHECK(most < 1 && most > 1 - 1e-4);
	CHECK(fabs(sum / 200000 - 0.5) < 0.003);
}

static void
normal(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 3, LT_STREAM_TEST, 0, 0);
	const int n = 400000;
	double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
	int beyond = 0;
	for (int i = 0; i < n; i++) {
		double v = lt_rng_normal(&r);
		m1 += v;
		m2 += v * v;
		m3 += v * v * v;
		m4 += v * v * v * v;
		beyond += fabs(v) > 1.959964;
	}
	CHECK(fabs(m1 / n) < 0.007);
	CHECK(fabs(m2 / n - 1) < 0.01);
	CHECK(fabs(m3 / n) < 0.025);
	CHECK(fabs(m4 / n - 3) < 0.07);
	CHECK(fabs((double)beyond / n - 0.05) < 0.0015);
}

/* Each of the 24 orders of four elements comes up about equally often. */
static void
shuffle(void)
{
	struct lt_rng r;
	lt_rng_init(&r, 4, LT_STREAM_TEST, 0, 0);
	int count[256] = {0}, orders = 0;
	for (int i = 0; i < 24000; i++) {
		uint32_t v[4] = {0, 1, 2, 3};
		lt_rng_shuffle_u32(&r, v, 4);
		CHECK_EQ(v[0] + v[1] + v[2] + v[3], 6);
		count[v[0] << 6 | v[1] << 4 | v[2] << 2 | v[3]]++;
	}
	for (int i = 0; i < 256; i++) {
		orders += count[i] > 0;
		CHECK(!count[i] || (count[i] > 860 && count[i] < 1140));
	}
	CHECK_EQ(orders, 24);
	lt_rng_shuffle_u32(&r, NULL, 0);
}

/* Any piece of the numbers, drawn at once. */
static void
many(void)
{
	enum { N = 300 };
	float want[2][N], v[N];
	struct lt_rng r, fresh;
	const uint64_t b = (uint64_t)5 << 32 | 7;

	lt_rng_init(&r, 9, LT_STREAM_TEST, 1, b);
	fresh = r;
	for (int i = 0; i < N; i++)
		want[0][i] = (float)(0.1 * lt_rng_normal(&r));
	r = fresh;
	for (int i = 0; i < N; i++)
		want[1][i] = (float)((2 * lt_rng_f64(&r) - 1) * 0.1);
	for (int first = 0; first < 40; first++)
		for (int n = 0; n <= N - first; n += 1 + n / 3) {
			lt_rng_normals(v, (size_t)n, &fresh, first, 0.1);
			CHECK(!memcmp(v, want[0] + first, 4 * (size_t)n));
			lt_rng_uniforms(v, (size_t)n, &fresh, first, 0.1);
			CHECK(!memcmp(v, want[1] + first, 4 * (size_t)n));
		}
}

/* In double, from between two blocks and from the middle of one, and what
 * comes after. */
static void
next(void)
{
	double v[300];
	struct lt_rng one, all;

	for (int skip = 0; skip < 4; skip++)
		for (size_t n = 0; n < 300; n += 1 + n / 5) {
			lt_rng_init(&one, 7, LT_STREAM_TEST, n, 3);
			for (int i = 0; i < skip; i++)
				lt_rng_u32(&one);
			all = one;
			lt_rng_next_normals(v, n, &all);
			for (size_t i = 0; i < n; i++) {
				double x = lt_rng_normal(&one);
				CHECK(!memcmp(&v[i], &x, sizeof x));
			}
			for (int i = 0; i < 9; i++)
				CHECK_EQ(lt_rng_u32(&all), lt_rng_u32(&one));
		}
}

int
main(void)
{
	TEST(vectors, "Philox gives its authors' known answers");
	TEST(pinned, "numbers of a seed are the ones they were");
	TEST(coordinates, "seed, stream, a and b each choose another sequence");
	TEST(below, "lt_rng_below is uniform and in range");
	TEST(uniform, "uniform numbers lie in [0, 1)");
	TEST(normal, "normal numbers have the moments of a normal");
	TEST(many, "many numbers at once are those of the single calls");
	TEST(next, "the next normal numbers at once are those of calls");
	TEST(shuffle, "a shuffle gives every order");
	return tap_done();
}
