/* A case of a kernel: random numbers, and what is allocated by the way.  The
 * same seed draws the same case for every variant; afterwards all is compared.
 */
#ifndef LT_TESTS_DRAW_H
#define LT_TESTS_DRAW_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "kern/kern.h"

#define EDGE 32 /* floats around an output that must stay as they were */

/* A case under way: its random numbers, and what it has allocated. */
struct draw {
	struct lt_rng rng;
	const struct lt_kern *k;
	float *block[16];
	size_t len[16];
	bool output[16];
	enum lt_format format[16];
	bool wild; /* some numbers are NaN or infinite */
	int n;
};

static int
pick(struct draw *d, int lo, int hi)
{
	return lo + (int)lt_rng_below(&d->rng, (uint64_t)(hi - lo + 1));
}

static bool
chance(struct draw *d, int percent)
{
	return pick(d, 1, 100) <= percent;
}

/* A size: often small, sometimes up to hi. */
static int
size(struct draw *d, int hi)
{
	return pick(d, 1, chance(d, 50) && hi > 9 ? 9 : hi);
}

/* Drawn cases are wild. */
static bool draw_wild;

static float
number(struct draw *d)
{
	if (d->wild && chance(d, 3))
		return pick(d, 0, 2)   ? NAN
		       : pick(d, 0, 1) ? INFINITY
				       : -INFINITY;
	float x = 2 * lt_rng_f32(&d->rng) - 1;
	switch (pick(d, 0, 15)) {
	case 0:
		return 0.0f;
	case 1:
		return -0.0f;
	case 2:
		return x * 1e-39f; /* denormal */
	case 3:
		return x * 1e-22f; /* whose square is one, or 0 */
	case 4:
		return x * 1000;
	case 5:
		return (float)pick(d, -2, 2); /* ties */
	default:
		return x;
	}
}

static inline float *
block(struct draw *d, size_t n, bool output)
{
	float *p = lt_alloc_aligned(n + 2 * EDGE, sizeof *p);
	for (size_t i = 0; i < n + 2 * EDGE; i++)
		p[i] = number(d);
	d->block[d->n] = p;
	d->len[d->n] = n + 2 * EDGE;
	d->output[d->n++] = output;
	return p + EDGE;
}

static inline float *
input(struct draw *d, size_t n)
{
	return block(d, n, false);
}

static inline float *
output(struct draw *d, size_t n)
{
	return block(d, n, true);
}

static inline int32_t *
ints(struct draw *d, size_t n)
{
	return (int32_t *)block(d, n, false);
}

static inline enum lt_format
some_format(struct draw *d)
{
	return (enum lt_format)pick(d, LT_FORMAT_F32, LT_FORMAT_BF16);
}

/* The bits of a format of 16 bits that are an infinity's or set in a NaN. */
static inline uint16_t
infinity_of(enum lt_format format)
{
	return format == LT_FORMAT_F16 ? 0x7c00 : 0x7f80;
}

/* A stored tensor of n cells: float32, or any 16 bits, finite unless wild. */
static inline void *
tensor(struct draw *d, size_t n, enum lt_format format, bool output)
{
	bool wide = format == LT_FORMAT_F32;
	float *p = block(d, wide ? n : (n + 1) / 2, output);
	uint16_t *h = (uint16_t *)p, inf = infinity_of(format);
	d->format[d->n - 1] = format;
	for (size_t i = 0; !wide && i < n; i++) {
		h[i] = (uint16_t)lt_rng_below(&d->rng, 65536);
		if ((h[i] & inf) == inf && !d->wild)
			h[i] ^= 0x4000;
		if (chance(d, 10)) /* to meet zeros */
			h[i] &= 0x8000;
	}
	return p;
}

/* Sixteen of 0 and 1: a tail of 1 to 16 images. */
static inline float *
live_lanes(struct draw *d)
{
	float *p = input(d, LT_LANES);
	int n = pick(d, 1, LT_LANES);
	for (int i = 0; i < LT_LANES; i++)
		p[i] = i < n ? 1.0f : 0.0f;
	return p;
}

static inline struct lt_view
some_view(struct draw *d, int channels)
{
	struct lt_view v = {.relu = chance(d, 50)};
	if (chance(d, 50)) {
		v.scale = input(d, (size_t)channels);
		v.shift = input(d, (size_t)channels);
	}
	return v;
}

static inline void
draw_run(struct draw *d, void (*run)(struct draw *), const struct lt_kern *k,
	uint64_t seed)
{
	*d = (struct draw){.k = k, .wild = draw_wild};
	lt_rng_init(&d->rng, seed, LT_STREAM_TEST, 0, 0);
	run(d);
}

static void
draw_release(struct draw *d)
{
	for (int i = 0; i < d->n; i++)
		free(d->block[i]);
}

/* Every NaN becomes the same: their signs and payloads are not compared. */
static void
level_nans(float *p, size_t n, enum lt_format format)
{
	uint16_t *h = (uint16_t *)p, inf = infinity_of(format);
	bool wide = format == LT_FORMAT_F32;

	for (size_t i = 0; !wide && i < 2 * n; i++)
		if ((h[i] & 0x7fff) > inf)
			h[i] = inf + 1;
	for (size_t i = 0; wide && i < n; i++)
		if (isnan(p[i]))
			p[i] = NAN;
}

/* Whether all that was allocated is the same, inputs (untouched) included. */
static inline bool
same(const struct draw *a, const struct draw *b)
{
	for (int i = 0; a->wild && i < a->n; i++) {
		level_nans(a->block[i], a->len[i], a->format[i]);
		level_nans(b->block[i], b->len[i], a->format[i]);
	}
	for (int i = 0; i < a->n; i++)
		if (a->len[i] != b->len[i] ||
			memcmp(a->block[i], b->block[i],
				a->len[i] * sizeof(float)))
			return false;
	return a->n == b->n;
}

#endif
