/* A contact sheet: samples of a data set as one picture, row by row. */
#ifndef LT_FILE_SHEET_H
#define LT_FILE_SHEET_H

#include "base/err.h"
#include "file/dataset.h"
#include "file/index.h"

/* The samples of ix, columns in a row, each pixel scale x scale, between white
 * lines.  Two and four channels show the first. */
int lt_sheet_write(const char *path, const struct lt_dataset *d,
	const struct lt_index *ix, int columns, int scale, struct lt_err *err);

#endif
