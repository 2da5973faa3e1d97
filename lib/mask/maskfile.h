/* Files of masks: lt.kind=mask, for each parameter a BOOL tensor
 * "<parameter>_mask"; a bare parameter name is accepted.
 *
 * A file from elsewhere may have tensors of any type whose values are exactly 0
 * and 1; -0 is 0.  If it has a tensor "<parameter>_mask", tensors of floating
 * point and scalars with other names are passed over: they are the weights and
 * counts of the network, as torch.nn.utils.prune keeps them beside its masks.
 * Else every tensor is a mask.  The prefixes of PyTorch's wrappers are dropped.
 */
#ifndef LT_MASK_MASKFILE_H
#define LT_MASK_MASKFILE_H

#include "base/err.h"
#include "file/st.h"
#include "mask/mask.h"

/* Do the layers of m, whose keep is NULL yet, fit what the caller knows?  Else
 * LT_EDATA naming path, the mask's file. */
typedef int lt_mask_fits(const struct lt_mask *m, const char *path,
	const void *arg, struct lt_err *err);
/* LT_EDATA with the count of values that are neither 0 nor 1.  fits, or NULL,
 * is called before memory is taken for the values.  lt_model_read_mask is the
 * way where there is a network. */
int lt_mask_read(struct lt_mask *m, const char *path, lt_mask_fits *fits,
	const void *arg, struct lt_err *err);
/* The same from tensors "<parameter>_mask" already read (a state keeps its
 * mask); other tensors are passed over. */
int lt_mask_from_st(struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err);
/* The same from a file of lt.kind=mask that was read: no other tensor is
 * allowed, and lt.kept and lt.total must be so. */
int lt_mask_from_file(struct lt_mask *m, const struct lt_st *st,
	const char *path, struct lt_err *err);
/* lt.kept and lt.total as they are. */
void lt_mask_set_counts(const struct lt_mask *m, struct lt_st *st);
/* Append the tensors (borrowed). */
void lt_mask_to_st(const struct lt_mask *m, struct lt_st *st);
/* Writes lt.kept, lt.total, lt.method, lt.history and, unless tool is NULL, one
 * more entry of it. */
int lt_mask_write(const struct lt_mask *m, const char *path, const char *tool,
	const char *const *key_values, struct lt_err *err);
#endif
