/* JPEG through libjpeg, with limits. */
#ifndef LT_SOURCE_JPEG_H
#define LT_SOURCE_JPEG_H

#include <stdbool.h>
#include "source/image.h"

bool lt_jpeg_is(const unsigned char *p, size_t n);
/* Baseline and progressive, grey or colour; CMYK becomes RGB.  An image is not
 * rotated, whatever its EXIF data say.  path is for messages. */
int lt_jpeg_decode(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);
/* The header, in the first n bytes of the file: 0, -1, or 1 when it does not
 * end in them. */
int lt_jpeg_head(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);

#endif
