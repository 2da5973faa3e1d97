/* Reading and writing files of masks (lt-mask(5)): lt.kind=mask, and for each
 * parameter a BOOL tensor "<parameter>_mask"; the bare name of the parameter is
 * accepted.
 *
 * The mask of a foreign file may be of any type if all values are exactly 0 or
 * 1; -0 counts as 0.  If the file has a tensor "<parameter>_mask", then scalars
 * and floating-point tensors with other names are ignored: they are the weights
 * and counts that torch.nn.utils.prune keeps beside its masks.  Otherwise every
 * tensor is a mask.  The prefixes of PyTorch's wrappers are removed.
 */
#ifndef LT_MASK_MASKFILE_H
#define LT_MASK_MASKFILE_H

#include "base/err.h"
#include "file/st.h"
#include "mask/mask.h"

/* A caller's check that the layers of m fit, for example, a network.  Their
 * keep is still NULL.  0, or -1 with LT_EDATA naming path, the mask's file. */
typedef int lt_mask_fits(const struct lt_mask *m, const char *path,
	const void *arg, struct lt_err *err);
/* Read a mask.  fits (or NULL) is called before memory is taken for values.  If
 * some values are neither 0 nor 1, the message of LT_EDATA has their number.
 * Callers that have a network use lt_model_read_mask. */
int lt_mask_read(struct lt_mask *m, const char *path, lt_mask_fits *fits,
	const void *arg, struct lt_err *err);
/* Take the mask from the tensors "<parameter>_mask" of st, which was read from
 * path; other tensors are ignored.  A training state keeps its mask there. */
int lt_mask_from_st(struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err);
/* Take the mask from a file of lt.kind=mask that was read from path.  Other
 * tensors, and lt.kept or lt.total that do not agree, are LT_EDATA. */
int lt_mask_from_file(struct lt_mask *m, const struct lt_st *st,
	const char *path, struct lt_err *err);
/* Set lt.kept and lt.total of st. */
void lt_mask_set_counts(const struct lt_mask *m, struct lt_st *st);
/* Append the mask's tensors to st, which borrows them. */
void lt_mask_to_st(const struct lt_mask *m, struct lt_st *st);
/* Write a file with lt.kept, lt.total, lt.method and lt.history.  Unless tool
 * is NULL, the history gets one more entry (lt_st_history). */
int lt_mask_write(const struct lt_mask *m, const char *path, const char *tool,
	const char *const *key_values, struct lt_err *err);
#endif
