/* What a file holds, as text for lt-info: facts, "name<TAB>value" a line, and a
 * table with one header line.
 */
#ifndef LT_INFO_DESCRIBE_H
#define LT_INFO_DESCRIBE_H

#include "base/err.h"
#include "base/out.h"
#include "file/dataset.h"
#include "info/filekind.h"
#include "mask/mask.h"
#include "file/st.h"

/* Facts: the metadata, history as a line an entry.  Net text, class names and
 * seals are left out. */
void lt_describe_meta(struct lt_out *o, const struct lt_st *st);
/* A row a tensor: name, dtype, shape, count, kept (not zero), density, W_std
 * (standard deviation of all its weights, over n - 1), min, max, mean (of all),
 * kept_std (as W_std, of the kept ones alone); nan where there is no number.
 * Sums are in double and in the order of the file.  first: names that come
 * first, in this order. */
void lt_describe_tensors(struct lt_out *o, const struct lt_st *st,
	const char *const *first, size_t n);
/* A row a layer: name, shape, count, kept, density; and a last row "total". */
void lt_describe_mask(struct lt_out *o, const struct lt_mask *m,
	const char *const *first, size_t n);
/* Facts, then a table: class, name, count. */
void lt_describe_data(struct lt_out *o, const struct lt_dataset *d);
void lt_describe_classes(struct lt_out *o, const struct lt_dataset *d);
/* Facts of an index list, events, a table or an image, read from path to its
 * end. */
int lt_describe_other(struct lt_out *o, enum lt_filekind kind, const char *path,
	struct lt_err *err);

#endif
