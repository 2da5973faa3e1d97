/* Distances between masks of the same coverage (FORMATS, METHODS 2, 3). */
#ifndef LT_MASK_DISTANCE_H
#define LT_MASK_DISTANCE_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "mask/mask.h"

struct lt_mask_diff {
	size_t differing, total, kept_a, kept_b;
};

/* Masks of different coverage are LT_EDATA naming the first difference. */
int lt_mask_same_cover(const struct lt_mask *a, const struct lt_mask *b,
	const char *path_a, const char *path_b, struct lt_err *err);
int lt_mask_compare(struct lt_mask_diff *d, const struct lt_mask *a,
	const struct lt_mask *b, const char *path_a, const char *path_b,
	struct lt_err *err);

/* A mask as bits, layers by name: for all pairs of many masks, which must cover
 * the same.  The caller owns it; it owns word. */
struct lt_mask_bits {
	uint64_t *word; /* weight i is bit i % 64 of word i / 64 */
	size_t total, kept;
};

void lt_mask_pack(struct lt_mask_bits *b, const struct lt_mask *m);
void lt_bits_compare(struct lt_mask_diff *d, const struct lt_mask_bits *a,
	const struct lt_mask_bits *b);
void lt_bits_release(struct lt_mask_bits *b);

double lt_diff_all(const struct lt_mask_diff *d);  /* / total */
double lt_diff_kept(const struct lt_mask_diff *d); /* / (2 x mean kept) */

#endif
