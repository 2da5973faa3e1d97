/* Listing the images of a folder with one sub-folder for each class.  No image
 * is opened.  Classes and, within each class, images are in byte order of their
 * names; names that begin with a dot are ignored.
 */
#ifndef LT_SOURCE_TREE_H
#define LT_SOURCE_TREE_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "source/source.h"

struct lt_tree {
	char *root;
	int classes;
	char **class_name;
	size_t class_cap;
	size_t n, cap;
	char **file;	/* [n] below root */
	int32_t *label; /* [n] */
	size_t label_cap;
	uint64_t skipped;
};

/* List the images below from->path in one of three layouts: class/IMAGE;
 * class/images/IMAGE with a text file beside images; and Tiny-ImageNet's, where
 * wnids.txt names all classes and val/val_annotations.txt gives the class of
 * each image in val/images, unless val is sorted into folders too.  An entry
 * that is neither a class folder nor an image, and a class without a folder,
 * are LT_EDATA; with from->skip_bad they are reported and skipped. */
int lt_tree_read(struct lt_tree *t, const struct lt_source_from *from,
	struct lt_err *err);
void lt_tree_release(struct lt_tree *t);
/* The path of image i; the result is the caller's. */
char *lt_tree_path(const struct lt_tree *t, size_t i);

#endif
