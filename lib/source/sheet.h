/* A contact sheet: samples of a data set as one picture, row by row. */
#ifndef LT_SOURCE_SHEET_H
#define LT_SOURCE_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "file/dataset.h"

struct lt_sheet {
	const char *list;	    /* index list, in its order; NULL: all */
	const char *table, *column; /* numbers for captions, or NULL */
	bool sort;		    /* by them: lt_column_sort */
	uint64_t limit;		    /* at most that many, of the first */
	int columns;		    /* samples in a row */
	int scale;		    /* of an image's pixels and of the digits */
};

/* Without numbers the images are between white lines of a pixel; else on grey,
 * each above its number: "-" for nan.  Two and four channels show the first. */
int lt_sheet_write(const char *path, const struct lt_dataset *d,
	const struct lt_sheet *how, struct lt_err *err);

#endif
