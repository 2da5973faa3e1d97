/* PNG through libpng, with limits. */
#ifndef LT_SOURCE_PNG_H
#define LT_SOURCE_PNG_H

#include <stdbool.h>
#include "source/image.h"

bool lt_png_is(const unsigned char *p, size_t n);
/* Palette, 16 bit and transparency are reduced to 8-bit grey or RGB.  path is
 * for messages. */
int lt_png_decode(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);
/* The header, in the first n bytes of the file. */
int lt_png_head(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);
/* px as [h][w][c] bytes, c = 1 or 3; no time chunk, fixed compression. */
int lt_png_write(const char *path, const uint8_t *px, int c, int h, int w,
	struct lt_err *err);

#endif
