/* Packing: from a source of labelled images to a data-set file.  Images wait in
 * a file beside the output until their number is known, so a set may be larger
 * than memory; source/spool.h says how an interrupted packing goes on.
 */
#ifndef LT_SOURCE_PACK_H
#define LT_SOURCE_PACK_H

#include <stdint.h>
#include "base/err.h"
#include "file/dataset.h"
#include "source/source.h"

struct lt_pack {
	const char *split; /* "train" ... for lt.split, or NULL */
	/* [c] numbers each, or both NULL: computed from the images in exact
	 * sums. */
	const float *mean, *std;
	/* The set whose mean, std and classes are copied, or NULL. */
	const struct lt_dataset *like;
	const char *tool; /* lt.history: program, alternating key and value */
	const char *const *key_values;
	void (*progress)(uint64_t images); /* after each thousand, or NULL */
};

/* Read the source to its end and write path; *n is the number of images. */
int lt_pack(const char *path, uint64_t *n, struct lt_source *s,
	const struct lt_pack *how, struct lt_err *err);

#endif
