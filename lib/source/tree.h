/* The images of a folder with one sub-folder a class, by name alone: nothing is
 * opened.  Classes and, within each, images are in byte order of their names;
 * names that begin with a dot are passed over.
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

/* Layouts: class/IMAGE; class/images/IMAGE with a text file beside images; and
 * Tiny-ImageNet's, where wnids.txt has the names of all classes and
 * val/val_annotations.txt the class of each image in val/images, unless val has
 * been sorted into folders, too.  An entry that is neither a class's folder nor
 * an image, and a class without a folder, are refused, or with from->skip_bad
 * reported and skipped. */
int lt_tree_read(struct lt_tree *t, const struct lt_source_from *from,
	struct lt_err *err);
void lt_tree_release(struct lt_tree *t);
/* Image i's path, the caller's. */
char *lt_tree_path(const struct lt_tree *t, size_t i);

#endif
