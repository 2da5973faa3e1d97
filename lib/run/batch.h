/* Batches of samples, augmented and normalized, in the engine's layout.  The
 * order depends only on (seed, epoch) and augmentation only on (seed, epoch,
 * sample), so neither threads nor cuts of a run change them.
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

/* The ways in which training samples are changed in each epoch. */
enum lt_augment {
	LT_AUGMENT_NONE,
	LT_AUGMENT_CROP_FLIP, /* pad with black, crop, and mirror at random */
	LT_AUGMENT_CROP,
	LT_AUGMENT_FLIP,
	/* Take a box of 8 to 100 % of the area, with sides from 3:4 to 4:3,
	 * scale it to the image's size, and mirror at random (Szegedy et al.
	 * 2015). */
	LT_AUGMENT_RESIZED,
	LT_AUGMENTS
};
/* The name of a way; NULL after the last. */
const char *lt_augment_name(size_t way);
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

/* Draw the order of an epoch: order[i] is the place in the index list of the
 * sample that comes at position i, a permutation of 0 .. n - 1. */
void lt_batch_order(uint32_t *order, size_t n, uint64_t seed, uint64_t epoch);

/* Load the samples at places[0..n) of the index list into dst
 * [shards][C][H][W][16], with 0 in dead lanes, and their labels, augmented for
 * this epoch.  The function uses one thread, because it runs beside the engine
 * (run/loader.h). */
int lt_batch_load(float *dst, int32_t *label, const struct lt_batch_opt *b,
	const uint32_t *places, int n, uint64_t epoch, struct lt_err *err);

#endif
