/* A data set with other classes: some are left out, joined or renamed.
 *
 *	struct lt_remap how = {.data = "train.data", .map = "map.tsv",
 *		.tool = "lt-data"};
 *	lt_remap("pets.data", &n, &how, err);
 *
 * The map is a table with the columns "class" and "to".  Samples of a class get
 * the class that stands beside it; samples of classes without a row are left
 * out.  New classes are numbered in the order in which they first stand in the
 * column "to", and samples keep their order.
 */
#ifndef LT_SOURCE_REMAP_H
#define LT_SOURCE_REMAP_H

#include <stdint.h>
#include "base/err.h"

struct lt_remap {
	const char *data; /* path of the set to copy */
	const char *map;  /* path of the table; "-" is standard input */
	const char *tool; /* name of the program, for lt.history */
};

/* Write path; *n is the number of samples in it.  Statistics are copied.
 * LT_EDATA if the map names an unknown class or a class twice, or if it leaves
 * no sample. */
int lt_remap(const char *path, uint64_t *n, const struct lt_remap *how,
	struct lt_err *err);

#endif
