/* Random labels: a copy of a data set with labels by lot, to see how much a
 * network can learn by heart.
 */
#ifndef LT_FILE_RELABEL_H
#define LT_FILE_RELABEL_H

#include <stdint.h>
#include "base/err.h"

struct lt_relabel {
	const char *data;
	const char *list; /* only these samples get new labels; NULL: all */
	uint64_t seed;
	const char *tool; /* for the history */
};

/* Writes path: images, statistics and classes of the set as they are, and for
 * each sample a class uniform in [0, classes), a function of seed and the
 * sample's number alone; lt.labels and lt.seed say so. */
int lt_relabel(
	const char *path, const struct lt_relabel *how, struct lt_err *err);

#endif
