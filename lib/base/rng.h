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

/* What the numbers are for; never renumber, results depend on it. */
enum lt_stream {
	LT_STREAM_INIT = 1,    /* a = hash of the parameter's name, b = 0 */
	LT_STREAM_SHUFFLE = 2, /* a = epoch, b = 0 */
	LT_STREAM_AUGMENT = 3, /* a = epoch, b = sample index */
	LT_STREAM_DROPOUT = 4, /* a = iteration, b = node << 32 | place */
	LT_STREAM_PRUNE = 5,   /* random scores: a = hash of the name, b = 0 */
	LT_STREAM_SUBSET = 6,  /* a = 1 + class, or 0 for any; b = 0 */
	LT_STREAM_SYNTH = 7,   /* a = sample or class */
	LT_STREAM_LABELS = 8,  /* random labels: a = sample; b = 0 */
	LT_STREAM_ARC = 9,     /* a = arc, b = 0 samples, 1 plane;
				  a = hash of a node, b = 2: projection */
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
/* Many at once, the same bits: v[i] is scale times the number that a fresh r's
 * call first + i of lt_rng_normal gives, or of 2 lt_rng_f64 - 1.  r is as
 * lt_rng_init leaves it, and stays so. */
void lt_rng_normals(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale);
void lt_rng_uniforms(float *v, size_t n, const struct lt_rng *r, uint64_t first,
	double scale);
/* v[i] <- lt_rng_normal(r), n times: the same bits, and r goes on from there.
 */
void lt_rng_next_normals(double *v, size_t n, struct lt_rng *r);
/* Fisher-Yates over n elements. */
void lt_rng_shuffle_u32(struct lt_rng *r, uint32_t *v, size_t n);
/* The block function itself: ten rounds. */
void lt_rng_philox(
	uint32_t out[4], const uint32_t ctr[4], const uint32_t key[2]);
/* FNV-1a of a name, 64 bits: the a of INIT and PRUNE. */
uint64_t lt_rng_hash(const char *name);

#endif
