/* Contact sheets: samples of a data set as one picture, row by row. */
#ifndef LT_SOURCE_SHEET_H
#define LT_SOURCE_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "file/dataset.h"

struct lt_sheet {
	const char *list; /* path of an index list, whose order counts; NULL:
			     all samples */
	const char *table, *column; /* path of a table and a column of numbers
				       for captions, or NULL */
	bool sort;	/* order the samples by these (lt_column_sort) */
	uint64_t limit; /* show at most the first limit samples */
	int columns;	/* samples in a row */
	int scale;	/* how many pixels wide a pixel or digit's dot is */
};

/* Write the sheet as PNG to path.  Without captions, white lines of one pixel
 * separate the images; with captions, each image stands on grey above its
 * number, "-" for NaN.  Of two or four channels only the first is shown. */
int lt_sheet_write(const char *path, const struct lt_dataset *d,
	const struct lt_sheet *how, struct lt_err *err);

#endif
