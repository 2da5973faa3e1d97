#include "base/rng.h"

#include <math.h>
#include "base/err.h"
#include "base/fmath.h"

/* Ten rounds of Philox 4x32: Salmon, Moraes, Dror, Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011, section 3.3. */
void
lt_rng_philox(uint32_t out[4], const uint32_t ctr[4], const uint32_t key[2])
{
	uint32_t c0 = ctr[0], c1 = ctr[1], c2 = ctr[2], c3 = ctr[3];
	uint32_t k0 = key[0], k1 = key[1];
	for (int i = 0; i < 10; i++) {
		uint64_t p0 = (uint64_t)0xd2511f53 * c0;
		uint64_t p1 = (uint64_t)0xcd9e8d57 * c2;
		c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)p1;
		c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)p0;
		k0 += 0x9e3779b9;
		k1 += 0xbb67ae85;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

/* Seed, stream and a choose the key, through Philox itself; b and the
 * position are the counter.  So two triples (seed, stream, a) share a sequence
 * only if 64 well-mixed bits agree. */
void
lt_rng_init(struct lt_rng *r, uint64_t seed, enum lt_stream stream, uint64_t a,
	uint64_t b)
{
	const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
	const uint32_t ctr[4] = {
		(uint32_t)a, (uint32_t)(a >> 32), (uint32_t)stream, 0};
	uint32_t mixed[4];
	lt_rng_philox(mixed, ctr, key);
	r->key[0] = mixed[0];
	r->key[1] = mixed[1];
	r->ctr[0] = 0;
	r->ctr[1] = 0;
	r->ctr[2] = (uint32_t)b;
	r->ctr[3] = (uint32_t)(b >> 32);
	r->left = 0;
}

uint32_t
lt_rng_u32(struct lt_rng *r)
{
	if (r->left == 0) {
		lt_rng_philox(r->buf, r->ctr, r->key);
		if (++r->ctr[0] == 0)
			r->ctr[1]++;
		r->left = 4;
	}
	return r->buf[4 - r->left--];
}

uint64_t
lt_rng_u64(struct lt_rng *r)
{
	uint64_t low = lt_rng_u32(r);
	return low | (uint64_t)lt_rng_u32(r) << 32;
}

/* Lemire, "Fast random integer generation in an interval" (2019): the high
 * half of a product is uniform once the low halves that occur too often are
 * rejected. */
uint64_t
lt_rng_below(struct lt_rng *r, uint64_t n)
{
	LT_BUG_ON(n == 0);
	const uint64_t rejected = (0 - n) % n;
	unsigned __int128 m;
	do
		m = (unsigned __int128)lt_rng_u64(r) * n;
	while ((uint64_t)m < rejected);
	return (uint64_t)(m >> 64);
}

double
lt_rng_f64(struct lt_rng *r)
{
	return ldexp((double)(lt_rng_u64(r) >> 11), -53);
}

float
lt_rng_f32(struct lt_rng *r)
{
	return (float)(lt_rng_u32(r) >> 8) * 0x1p-24f;
}

/* sqrt(-2 log u) cos(2 pi v), u in (0, 1], v in [0, 1). */
double
lt_rng_normal(struct lt_rng *r)
{
	double u = 1.0 - lt_rng_f64(r);
	double v = lt_rng_f64(r);
	return sqrt(-2.0 * lt_log(u)) * lt_cospi(2.0 * v);
}

void
lt_rng_shuffle_u32(struct lt_rng *r, uint32_t *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = lt_rng_below(r, i);
		uint32_t t = v[i - 1];
		v[i - 1] = v[j];
		v[j] = t;
	}
}

uint64_t
lt_rng_hash(const char *name)
{
	uint64_t h = 0xcbf29ce484222325;
	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3;
	return h;
}
