/* Reading pictures and scaling them.  The first bytes of a file decide which
 * reader is used (PNG, JPEG).
 *
 *	struct lt_image im;
 *	if (lt_image_read(&im, path, err) == 0) ... lt_image_release(&im);
 */
#ifndef LT_SOURCE_IMAGE_H
#define LT_SOURCE_IMAGE_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define LT_SIDE_MAX 16384	  /* pixels a side, for reading */
#define LT_AREA_MAX (1 << 26)	  /* pixels an image, for reading */
#define LT_PICTURE_FILE (1 << 28) /* bytes */

struct lt_image {
	int c, h, w;  /* c: 1 grey, 3 RGB */
	uint8_t *px;  /* [c][h][w] */
	unsigned odd; /* bits 1 << LT_ODD_... */
};

/* Defects of files that readers accept and report. */
enum {
	LT_ODD_NO_END, /* PNG: no IEND chunk */
	LT_ODD_MORE,   /* PNG: bytes follow IEND */
	LT_ODD_INKS,   /* JPEG: colours are CMYK */
	LT_ODDITIES,
};
extern const struct lt_oddity {
	const char *one;  /* "bytes follow its end" */
	const char *many; /* "images with bytes after their end" */
} lt_image_oddity[LT_ODDITIES];

/* Read a PNG or JPEG file.  A picture over the limits above is refused before
 * memory is taken.  LT_EDATA if the file is damaged or not understood. */
int lt_image_read(struct lt_image *im, const char *path, struct lt_err *err);
/* Read the header alone: the size that lt_image_read would give. */
int lt_image_size(const char *path, int *c, int *h, int *w, struct lt_err *err);
void lt_image_release(struct lt_image *im);
/* For readers: set row y of px from [w][c] bytes. */
void lt_image_row(struct lt_image *im, const uint8_t *row, int y);
/* For readers: LT_EDATA if a side is 0 or a limit is exceeded. */
int lt_image_limits(
	const char *path, uint64_t h, uint64_t w, struct lt_err *err);

/* Scale the shorter side to resize pixels and cut h x w from the middle, like
 * torchvision's Resize and CenterCrop.  The filter is a triangle as wide as the
 * scale.  Sums are in fixed point, so the pixels are the same on every machine.
 */
void lt_image_fit(struct lt_image *im, int resize, int h, int w);
/* Scale the whole picture to h x w by the same filter; its sides need not keep
 * their proportion. */
void lt_image_squeeze(struct lt_image *im, int h, int w);

/* Part of a picture: its first row and column, its rows and columns. */
struct lt_box {
	int y, x, h, w;
};
/* px [c][h][w] of to <- a box of from, which has as many planes, scaled with
 * the same filter. */
void lt_image_scale(struct lt_image *to, const struct lt_image *from,
	const struct lt_box *box);

#endif
