/* Random labels: a copy of a data set whose labels are drawn at random, to
 * measure how many samples a network can memorize.
 */
#ifndef LT_FILE_RELABEL_H
#define LT_FILE_RELABEL_H

#include <stdint.h>
#include "base/err.h"

struct lt_relabel {
	const char *data; /* path of the set to copy */
	const char *list; /* path of an index list: only these samples get new
			     labels; NULL: all do */
	uint64_t seed;
	const char *tool; /* name of the program, for lt.history */
};

/* Write path: images, statistics and classes are copied; each label is uniform
 * in [0, classes) and depends only on the seed and the sample's number.
 * lt.labels and lt.seed record this. */
int lt_relabel(
	const char *path, const struct lt_relabel *how, struct lt_err *err);

#endif
