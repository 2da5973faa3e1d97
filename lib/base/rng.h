/* Counter-based random numbers (Philox 4x32-10, Salmon et al. 2011): every
 * number is a function of (seed, stream, a, b, position), never of the order
 * of calls.
 *
 *	struct lt_rng r;
 *	lt_rng_init(&r, seed, LT_STREAM_AUGMENT, epoch, sample);
 *	int dy = lt_rng_below(&r, 9);
 */
#ifndef LT_BASE_RNG_H
#define LT_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* The purpose of the numbers.  Never renumber: results depend on the values.
 * The comments say what lt_rng_init's a and b are for that purpose. */
enum lt_stream {
	LT_STREAM_INIT = 1,    /* a = hash of the parameter's name, b = 0 */
	LT_STREAM_SHUFFLE = 2, /* a = epoch, b = 0 */
	LT_STREAM_AUGMENT = 3, /* a = epoch, b = sample index */
	LT_STREAM_DROPOUT = 4, /* a = iteration, b = node << 32 | place */
	LT_STREAM_PRUNE = 5,   /* a = hash of a name; b = 0: random scores,
				  1: shuffled masks */
	LT_STREAM_SUBSET = 6,  /* a = 1 + class, or 0 for any; b = 0 */
	LT_STREAM_SYNTH = 7,   /* a = sample or class */
	LT_STREAM_LABELS = 8,  /* random labels: a = sample; b = 0 */
	LT_STREAM_ARC = 9,     /* a = arc, b = 0 samples, 1 plane;
				  a = hash of a node, b = 2: projection */
	LT_STREAM_GROW = 10,   /* a = hash of a parameter's name,
				  b = iteration */
	LT_STREAM_TEST = 99,
};

struct lt_rng {
	uint32_t key[2], ctr[4], buf[4];
	int left; /* unread words of buf */
};

void lt_rng_init(struct lt_rng *r, uint64_t seed, enum lt_stream stream,
	uint64_t a, uint64_t b);
uint32_t lt_rng_u32(struct lt_rng *r);
uint64_t lt_rng_u64(struct lt_rng *r);
/* Uniform in [0, n), unbiased by rejection; n >= 1. */
uint64_t lt_rng_below(struct lt_rng *r, uint64_t n);
/* Uniform in [0, 1): 53 bits, 24 bits. */
double lt_rng_f64(struct lt_rng *r);
float lt_rng_f32(struct lt_rng *r);
/* Standard normal, Box-Muller in double through base/fmath.h. */
double lt_rng_normal(struct lt_rng *r);
/* Draw many numbers at once, with the same bits as one by one: v[i] <- scale x
 * the result of call number first + i (from 0) of lt_rng_normal, or of
 * 2 lt_rng_f64 - 1 for lt_rng_uniforms.  r must be as lt_rng_init leaves it; it
 * does not change. */
void lt_rng_normals(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale);
void lt_rng_uniforms(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale);
/* v[i] <- lt_rng_normal(r), n times, with the same bits; r advances as n calls
 * would advance it. */
void lt_rng_next_normals(double *v, size_t n, struct lt_rng *r);
/* Shuffle n elements (Fisher-Yates). */
void lt_rng_shuffle_u32(struct lt_rng *r, uint32_t *v, size_t n);
/* The block function itself: ten rounds. */
void lt_rng_philox(
	uint32_t out[4], const uint32_t ctr[4], const uint32_t key[2]);
/* 64-bit FNV-1a hash of a name: the a of LT_STREAM_INIT and LT_STREAM_PRUNE. */
uint64_t lt_rng_hash(const char *name);

#endif
