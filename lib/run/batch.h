/* Batches: which samples, in which order, augmented and normalized, in the
 * engine's layout.  Order is a function of (seed, epoch), augmentation of
 * (seed, epoch, sample): never of threads or of where a run was cut.
 */
#ifndef LT_RUN_BATCH_H
#define LT_RUN_BATCH_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "file/dataset.h"
#include "file/index.h"
#include "run/normalize.h"

#define LT_PAD_MAX 1024

/* How a sample of training differs from epoch to epoch. */
enum lt_augment {
	LT_AUGMENT_NONE,
	LT_AUGMENT_CROP_FLIP, /* crop after padding with black; mirror */
	LT_AUGMENT_CROP,
	LT_AUGMENT_FLIP,
	/* A box of 8 to 100 % of the area, of sides 3:4 to 4:3, scaled to the
	 * image's size; mirror (Szegedy et al. 2015). */
	LT_AUGMENT_RESIZED,
	LT_AUGMENTS
};
extern const char *const lt_augment_name[LT_AUGMENTS];
/* Does it crop after padding?  Only then the number of pixels counts. */
bool lt_augment_pads(enum lt_augment a);

struct lt_batch_opt {
	const struct lt_dataset *data;
	const struct lt_index *index; /* the samples, ascending */
	struct lt_norm norm;
	uint64_t seed;
	enum lt_augment augment;
	int pad; /* pixels on each side, at most LT_PAD_MAX */
};

/* order[i] of the n samples: the place in the index list that is presented at
 * position i of an epoch (a permutation). */
void lt_batch_order(uint32_t *order, size_t n, uint64_t seed, uint64_t epoch);

/* Load the samples at places[0..n) of the index list into dst
 * [shards][C][H][W][16], dead lanes 0, and their labels.  With b->augment, as
 * they look in this epoch.  Runs beside the engine (run/loader.h), so it
 * keeps to its own thread. */
int lt_batch_load(float *dst, int32_t *label, const struct lt_batch_opt *b,
	const uint32_t *places, int n, uint64_t epoch, struct lt_err *err);

#endif
