/* The contents of files as text for lt-info: facts, one "name<TAB>value" on
 * each line, and tables with a header line.
 */
#ifndef LT_INFO_DESCRIBE_H
#define LT_INFO_DESCRIBE_H

#include "base/err.h"
#include "base/answer.h"
#include "file/dataset.h"
#include "info/filekind.h"
#include "mask/mask.h"
#include "file/st.h"
#include "mask/nm.h"

/* Write the metadata as facts; each entry of the history is a line.  Net text,
 * class names and seals are left out. */
void lt_describe_meta(struct lt_answer *a, const struct lt_st *st);
/* Write a table with a row for each tensor.  Columns: name, dtype, shape,
 * count, kept (values that are not zero), density, W_std (standard deviation of
 * all values, over n - 1), min, max, mean, and kept_std (standard deviation of
 * the kept values); NaN if there is no number.  Sums are in double, in the
 * order of the file.  The n tensors named by first come first, in that order.
 */
void lt_describe_tensors(struct lt_answer *a, const struct lt_st *st,
	const char *const *first, size_t n);
/* Write a table with a row for each layer, and a last row "total".  Columns:
 * name, shape, count, kept, density.  first: as above. */
void lt_describe_mask(struct lt_answer *a, const struct lt_mask *m,
	const char *const *first, size_t n);
/* Write a table with a row for each layer of a mask, and a last row "total":
 * what the groups of nm keep (mask/nm.h).  Columns: name, shape, groups, over,
 * under, most.  *over <- groups that keep more than nm.n.  LT_EDATA if a layer
 * has neither 2 nor 4 dimensions; path is the mask's file. */
int lt_describe_groups(struct lt_answer *a, size_t *over,
	const struct lt_mask *m, struct lt_nm nm, const char *path,
	struct lt_err *err);
/* Write the facts of a data set and then the table of its classes; or the table
 * alone.  Columns: class, name, count. */
void lt_describe_data(struct lt_answer *a, const struct lt_dataset *d);
void lt_describe_classes(struct lt_answer *a, const struct lt_dataset *d);
/* Write the facts of an index list, an event table, another table or an image.
 * path is read to its end. */
int lt_describe_other(struct lt_answer *a, enum lt_filekind kind,
	const char *path, struct lt_err *err);
/* Write which kernels LT_KERN or the processor chooses, as the fact "kernels",
 * and a table of all: name, whether they run here, what is lacking.  Wrong:
 * LT_KERN names none that runs. */
int lt_describe_cpu(struct lt_answer *a, struct lt_err *err);

#endif
