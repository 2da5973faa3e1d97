/* Reading and writing PNG files with libpng, within the limits of
 * source/image.h. */
#ifndef LT_SOURCE_PNG_H
#define LT_SOURCE_PNG_H

#include <stdbool.h>
#include "source/image.h"

/* True if n bytes at p begin as a PNG file does. */
bool lt_png_is(const unsigned char *p, size_t n);
/* Decode a whole file of n bytes.  Palettes, 16-bit samples and transparency
 * are reduced to 8-bit grey or RGB.  path is for messages. */
int lt_png_decode(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);
/* Read the size from the first n bytes of a file. */
int lt_png_head(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);
/* Write px, [h][w][c] bytes with c = 1 or 3.  There is no time chunk and the
 * compression is fixed, so equal pixels give equal files. */
int lt_png_write(const char *path, const uint8_t *px, int c, int h, int w,
	struct lt_err *err);

#endif
