/* PNG through libpng, with limits; one exact size or refused. */
#ifndef LT_FILE_PNG_H
#define LT_FILE_PNG_H

#include <stdint.h>
#include "base/err.h"

#define LT_PNG_MAX 16384	/* pixels a side */
#define LT_PNG_PIXELS (1 << 24) /* pixels an image, for reading */

struct lt_image {
	int c, h, w; /* c: 1 grey, 3 RGB */
	uint8_t *px; /* [c][h][w] */
};

/* Palette, 16 bit and transparency are reduced to 8-bit grey or RGB; anything
 * over the limits above is refused before memory is taken. */
int lt_png_read(struct lt_image *im, const char *path, struct lt_err *err);
/* The header alone: what lt_png_read would give. */
int lt_png_size(const char *path, int *c, int *h, int *w, struct lt_err *err);
/* px as [h][w][c] bytes, c = 1 or 3; no time chunk, fixed compression. */
int lt_png_write(const char *path, const uint8_t *px, int c, int h, int w,
	struct lt_err *err);
void lt_image_release(struct lt_image *im);

#endif
