/* A mask in memory: for each parameter that it covers, one byte for each
 * weight; 1 = kept, 0 = removed.  mask/maskfile.h reads and writes files of
 * masks.  The caller owns struct lt_mask and releases it.
 */
#ifndef LT_MASK_MASK_H
#define LT_MASK_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "file/st.h"

struct lt_mask_layer {
	char *name; /* the parameter's: "layer1.0.conv1.weight" */
	int ndim;
	uint64_t shape[LT_ST_MAXDIM];
	size_t count;
	uint8_t *keep; /* [count], 0 or 1 */
	/* Once lt_mask_count has counted: how many are kept. */
	bool counted;
	size_t kept;
};

struct lt_mask {
	struct lt_mask_layer *layer; /* sorted by name, as in the file */
	size_t n;
	char *method;  /* lt.method: how the mask was made, or NULL */
	uint32_t crc;  /* lt.crc32 of the file read; 0 if made in memory */
	char *history; /* lt.history, or NULL */
};

/* Add a layer whose keep is all 0; layers may be added in any order.  The mask
 * owns keep.  The result is valid until the next add. */
struct lt_mask_layer *lt_mask_add(
	struct lt_mask *m, const char *name, int ndim, const uint64_t *shape);
/* The same, but keep is NULL: the caller sets it to [count] bytes from malloc,
 * which the mask then owns. */
struct lt_mask_layer *lt_mask_add_bare(
	struct lt_mask *m, const char *name, int ndim, const uint64_t *shape);
struct lt_mask_layer *lt_mask_find(const struct lt_mask *m, const char *name);
/* Whoever has made a mask calls this when no keep changes any more: it counts
 * the kept weights, so that nobody counts them again. */
void lt_mask_count(struct lt_mask *m);
/* Kept weights of a layer and of all layers; weights of all layers.  They are
 * right of a mask in the making, too, for which they count. */
size_t lt_mask_layer_kept(const struct lt_mask_layer *l);
size_t lt_mask_kept(const struct lt_mask *m);
size_t lt_mask_total(const struct lt_mask *m);
void lt_mask_copy(struct lt_mask *dst, const struct lt_mask *src);
void lt_mask_release(struct lt_mask *m);

#endif
