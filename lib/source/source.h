/* Where labelled images come from: one table of readers, found by looking at
 * what the path is.  Images are read once, front to back.
 *
 *	struct lt_source *s = lt_source_open(&from, err);
 *	while ((r = lt_source_next(s, pixels, &label, err)) > 0) ...
 *	lt_source_close(s);
 *
 * The handle is the caller's; what it points to is its own.
 */
#ifndef LT_SOURCE_SOURCE_H
#define LT_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "source/image.h"

/* What the command line says. */
struct lt_source_from {
	const char *path;   /* file or folder */
	const char *labels; /* the label file of IDX, else NULL */
	const char *split;  /* "train", "test", "val" or NULL: not said */
	bool coarse;	    /* CIFAR-100: the 20 coarse labels */
	/* IDX: labels are below classes, 0: not said, and each class up to the
	 * largest label has an image, unless gaps. */
	int classes;
	bool gaps;
	/* Folders of images: fit to h x w, the shorter side scaled to resize
	 * pixels before; h 0: all have one size. */
	int h, w, resize;
	bool whole;  /* scale the whole picture to h x w, without resize */
	int threads; /* at least 1, or 0: one */
	/* Folders: report files that cannot be read to bad, and go on. */
	bool skip_bad;
	void (*bad)(const char *msg);
};

struct lt_source {
	int c, h, w, classes; /* c is 1 or 3 for files, up to 4 for synth */
	char **class_name;    /* [classes] */
	char *what;	      /* "idx train-images", for lt.source */
	uint64_t skipped;     /* files that could not be read, so far */
	/* Images read so far that are odd in each way (file/image.h), and the
	 * first one's path. */
	struct {
		uint64_t n;
		char *first;
	} odd[LT_ODDITIES];
	/* The reader's own. */
	int (*next)(struct lt_source *s, uint8_t *px, int32_t *label,
		struct lt_err *err);
	void (*close)(struct lt_source *s);
	void *state;
};

/* Sets h, w and resize: from size, "N" or "HxW" or NULL, and the shorter side
 * before it is cut, 0: the larger of the two. */
int lt_source_fit(struct lt_source_from *from, const char *size, int resize,
	struct lt_err *err);
struct lt_source *lt_source_open(
	const struct lt_source_from *from, struct lt_err *err);
/* One image [c][h][w] and its label in [0, classes): 1, 0 at the end, -1. */
int lt_source_next(
	struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err);
void lt_source_close(struct lt_source *s); /* NULL is allowed */

/* The readers: a name, whether a path is of the kind (1, 0, or -1: it cannot be
 * read), and opening. */
struct lt_source_kind {
	const char *name;
	int (*is)(const struct lt_source_from *from, struct lt_err *err);
	int (*open)(struct lt_source *s, const struct lt_source_from *from,
		struct lt_err *err);
};
extern const struct lt_source_kind lt_source_idx, lt_source_cifar,
	lt_source_folder;

/* A generated set: sample i is a function of (seed, i).  classes prototypes of
 * smooth noise, two a class; a sample is one of them shifted, at some contrast,
 * mixed with another class's and under white noise, both of a strength that
 * differs by sample, so that some are hard. */
struct lt_synth {
	uint64_t seed, first, count; /* samples [first, first + count) */
	int c, h, w, classes;
	double noise; /* standard deviation; 1 is that of a prototype */
};
struct lt_source *lt_source_synth(const struct lt_synth *synth);

/* For readers: names "0", "1" ... of n classes. */
void lt_source_number_classes(struct lt_source *s, int n);
/* For readers: 0 when path is a regular file, which never makes its reader wait
 * and has an end. */
int lt_source_regular(const char *path, struct lt_err *err);
/* For readers: is there a file of this type (S_IFREG, S_IFDIR, or 0: any)?  1,
 * 0, or -1 when the file system fails. */
int lt_source_has(const char *path, mode_t type, struct lt_err *err);
/* For readers: the last part of a path, borrowed. */
const char *lt_source_base(const char *path);

#endif
