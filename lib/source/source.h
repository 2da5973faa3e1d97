/* Sources of labelled images: one table of readers, each of which recognizes
 * the paths that it can read.  Images are read once, front to back.
 *
 *	struct lt_source *s = lt_source_open(&from, err);
 *	while ((r = lt_source_next(s, pixels, &label, err)) > 0) ...
 *	lt_source_close(s);
 *
 * The caller owns the handle, which owns what it points to.
 */
#ifndef LT_SOURCE_SOURCE_H
#define LT_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "source/image.h"

/* The source to read, and the way to read it. */
struct lt_source_from {
	const char *path;   /* file or folder */
	const char *labels; /* IDX: the file of labels; else NULL */
	const char *split;  /* "train", "test", "val", or NULL: not given */
	bool coarse;	    /* CIFAR-100: read the 20 coarse labels */
	/* IDX: all labels are below classes (0: not given).  Each class up to
	 * the largest label must have an image, unless gaps is set. */
	int classes;
	bool gaps;
	/* Folders: scale the shorter side to resize pixels and cut h x w; h =
	 * 0: all images must have one size. */
	int h, w, resize;
	bool whole;  /* scale the whole picture to h x w, without a cut */
	int threads; /* 0 counts as 1 */
	/* Folders: call bad for each file that cannot be read, and continue. */
	bool skip_bad;
	void (*bad)(const char *msg);
};

/* Bits of a file's entry. */
#define LT_FILE_IMAGE 1u
#define LT_FILE_BITS 8

struct lt_source {
	int c, h, w, classes; /* c is 1 or 3 for files, up to 4 for synth */
	char **class_name;    /* [classes] */
	char *what;	      /* "idx train-images", for lt.source */
	uint64_t skipped;     /* files that could not be read, so far */
	/* For each oddity (source/image.h): how many of the images read so far
	 * have it, and the path of the first one. */
	struct {
		uint64_t n;
		char *first;
	} odd[LT_ODDITIES];
	/* Readers of many files, each of which is an image or left out, can
	 * begin behind files that another process has read; others have 0 and
	 * NULL.  An entry says what became of a file: it has LT_FILE_IMAGE, the
	 * image's oddities << 1, and above the low LT_FILE_BITS bits a mark of
	 * the file's name, size, time and label and of the image's shape. */
	uint64_t files;
	/* Before the first image: pass over the files that the first of n
	 * entries fit.  Returns how many fit; their images' labels go to label.
	 */
	uint64_t (*begin)(struct lt_source *s, const uint64_t *entry,
		uint64_t n, int32_t *label);
	/* Set by the caller: called with each file's entry, in order, before
	 * lt_source_next returns; or NULL. */
	void (*note)(void *arg, uint64_t entry);
	void *note_arg;
	/* Set by the reader, and private to it. */
	int (*next)(struct lt_source *s, uint8_t *px, int32_t *label,
		struct lt_err *err);
	void (*close)(struct lt_source *s);
	void *state;
};

/* Set from->h, w and resize.  size is "N", "HxW" or NULL; resize is the length
 * of the shorter side before the cut, 0: the larger of h and w. */
int lt_source_fit(struct lt_source_from *from, const char *size, int resize,
	struct lt_err *err);
struct lt_source *lt_source_open(
	const struct lt_source_from *from, struct lt_err *err);
/* Read the next image into px [c][h][w], and its label in [0, classes): 1, 0 at
 * the end, -1. */
int lt_source_next(
	struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err);
void lt_source_close(struct lt_source *s); /* NULL is allowed */

/* A row of the table of readers.  is: 1 if the reader takes this path, 0 if
 * not, -1 if the path cannot be read.  open fills s. */
struct lt_source_kind {
	const char *name;
	int (*is)(const struct lt_source_from *from, struct lt_err *err);
	int (*open)(struct lt_source *s, const struct lt_source_from *from,
		struct lt_err *err);
};
extern const struct lt_source_kind lt_source_idx, lt_source_cifar,
	lt_source_folder;

/* A synthetic set; sample i depends only on (seed, i).  Each class has two
 * prototypes of smooth noise.  A sample is a prototype, shifted and at some
 * contrast, mixed with one of another class and with white noise.  The
 * strengths of both differ by sample, so that some samples are hard. */
struct lt_synth {
	uint64_t seed, first, count; /* samples [first, first + count) */
	int c, h, w, classes;
	double noise; /* standard deviation in units of a prototype's */
};
struct lt_source *lt_source_synth(const struct lt_synth *synth);

/* For readers: name the n classes "0", "1" ... */
void lt_source_number_classes(struct lt_source *s, int n);
/* For readers: 0 if path is a regular file, else -1.  Other files might make
 * the reader wait or never end. */
int lt_source_regular(const char *path, struct lt_err *err);
/* For readers: 1 if path exists and has this type (S_IFREG, S_IFDIR, or 0:
 * any), 0 if not, -1 if the file system fails. */
int lt_source_has(const char *path, mode_t type, struct lt_err *err);
/* For readers: the last part of a path, borrowed. */
const char *lt_source_base(const char *path);

#endif
