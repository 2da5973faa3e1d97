/* Distances between masks that cover the same parameters (lt-hamming(1)). */
#ifndef LT_MASK_DISTANCE_H
#define LT_MASK_DISTANCE_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "mask/mask.h"

struct lt_mask_diff {
	size_t differing, total, kept_a, kept_b;
};

/* Check that both masks cover the same parameters; else LT_EDATA, which names
 * the first difference. */
int lt_mask_same_cover(const struct lt_mask *a, const struct lt_mask *b,
	const char *path_a, const char *path_b, struct lt_err *err);
/* Count the weights whose entries differ; checks as lt_mask_same_cover does. */
int lt_mask_compare(struct lt_mask_diff *d, const struct lt_mask *a,
	const struct lt_mask *b, const char *path_a, const char *path_b,
	struct lt_err *err);

/* A mask as bits, with layers in order of name, to compare all pairs of many
 * masks.  These must cover the same parameters.  The caller owns it and
 * releases it. */
struct lt_mask_bits {
	uint64_t *word; /* weight i is bit i % 64 of word i / 64 */
	size_t total, kept;
};

void lt_mask_pack(struct lt_mask_bits *b, const struct lt_mask *m);
void lt_bits_compare(struct lt_mask_diff *d, const struct lt_mask_bits *a,
	const struct lt_mask_bits *b);
/* The same for count weights from the given one on: those of one layer, if they
 * begin where its weights do in the order of the masks' layers. */
void lt_bits_compare_part(struct lt_mask_diff *d, const struct lt_mask_bits *a,
	const struct lt_mask_bits *b, size_t from, size_t count);
void lt_bits_release(struct lt_mask_bits *b);

/* differing / total, and differing / (kept_a + kept_b). */
double lt_diff_all(const struct lt_mask_diff *d);
double lt_diff_kept(const struct lt_mask_diff *d);
/* How many weights both masks keep, and how many at least one of them keeps. */
size_t lt_diff_both(const struct lt_mask_diff *d);
size_t lt_diff_either(const struct lt_mask_diff *d);
/* The overlap (Jaccard): both / either, 1 if neither keeps any; and the Jaccard
 * distance, which is differing / either = 1 - overlap. */
double lt_diff_overlap(const struct lt_mask_diff *d);
double lt_diff_jaccard(const struct lt_mask_diff *d);

#endif
