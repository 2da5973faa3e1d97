/* Data-set files (lt-data(5)): images U8 [N,C,H,W], labels I32 [N], class
 * names, mean and standard deviation of each channel.  Labels are in memory.
 * Images are read by index with pread, from any thread.  The caller owns struct
 * lt_dataset and closes it.
 */
#ifndef LT_FILE_DATASET_H
#define LT_FILE_DATASET_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define LT_IMAGE_MAX 16384	/* pixels a side */
#define LT_PIXELS_MAX (1 << 24) /* pixels an image */
#define LT_CLASSES_MAX 65536

struct lt_dataset {
	char *path;
	uint64_t n;
	int c, h, w, classes;
	int32_t *label;	       /* [n], each in [0, classes) */
	char **class_name;     /* [classes] */
	float mean[4], std[4]; /* per channel, of pixels in [0, 1]; c <= 4 */
	char *source;
	uint32_t crc; /* the file's lt.crc32, for histories and fingerprints */
	int fd;
	uint64_t pos;	 /* position of the first image in the file */
	size_t img_size; /* c * h * w bytes */
};

/* Open and check a file; the data's CRC is not checked (lt_st_verify). */
int lt_dataset_open(struct lt_dataset *d, const char *path, struct lt_err *err);
/* Read image i into dst as [c][h][w] bytes; thread-safe. */
int lt_dataset_image(const struct lt_dataset *d, uint64_t i, uint8_t *dst,
	struct lt_err *err);
/* Let the system begin to read image i, which lt_dataset_image is to read soon.
 * Thread-safe. */
void lt_dataset_announce(const struct lt_dataset *d, uint64_t i);
/* Also allowed after lt_dataset_open failed. */
void lt_dataset_close(struct lt_dataset *d);

/* Parse "0.4914,0.4822,0.4465": exactly c numbers within +-1e6.  0 or -1. */
int lt_stats_parse(const char *text, float *v, int c);
/* Write c <= 4 numbers in that form with nine digits; the result is the
 * caller's. */
char *lt_stats_text(const float *v, int c);

#endif
