/* Reading JPEG files with libjpeg, within the limits of source/image.h. */
#ifndef LT_SOURCE_JPEG_H
#define LT_SOURCE_JPEG_H

#include <stdbool.h>
#include "source/image.h"

/* True if n bytes at p begin as a JPEG file does. */
bool lt_jpeg_is(const unsigned char *p, size_t n);
/* Decode a whole file of n bytes, baseline or progressive, grey or colour; CMYK
 * becomes RGB.  EXIF data are ignored, so the image is not rotated.  path is
 * for messages. */
int lt_jpeg_decode(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);
/* Read the size from the first n bytes of a file: 0, -1, or 1 if the header
 * does not end within them. */
int lt_jpeg_head(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err);

#endif
