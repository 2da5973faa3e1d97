/* A mask: for each parameter it covers, one byte a weight, 1 = kept.  In the
 * file (lt.kind=mask) a BOOL tensor "<parameter>_mask"; a bare parameter name
 * is accepted.  The caller owns struct lt_mask.
 *
 * A file from elsewhere may have tensors of any type whose values are exactly 0
 * and 1; -0 is 0.  If it has a tensor "<parameter>_mask", tensors of floating
 * point and scalars with other names are passed over: they are the weights and
 * counts of the network, as torch.nn.utils.prune keeps them beside its masks.
 * Else every tensor is a mask.  The prefixes of PyTorch's wrappers are dropped.
 */
#ifndef LT_FILE_MASKFILE_H
#define LT_FILE_MASKFILE_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "file/st.h"

struct lt_mask_layer {
	char *name; /* of the parameter: "layer1.0.conv1.weight" */
	int ndim;
	uint64_t shape[LT_ST_MAXDIM];
	size_t count;
	uint8_t *keep; /* [count], 0 or 1 */
};

struct lt_mask {
	struct lt_mask_layer *layer; /* sorted by name as in the file */
	size_t n;
	char *method;  /* metadata, may be NULL */
	uint32_t crc;  /* of the file read, 0 when made in memory */
	char *history; /* lt.history or NULL */
};

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
/* Add a layer of zeros, in any order; keep is the mask's.  The pointer is valid
 * until the next add. */
struct lt_mask_layer *lt_mask_add(
	struct lt_mask *m, const char *name, int ndim, const uint64_t *shape);
struct lt_mask_layer *lt_mask_find(const struct lt_mask *m, const char *name);
size_t lt_mask_kept(const struct lt_mask *m);
size_t lt_mask_total(const struct lt_mask *m);
void lt_mask_copy(struct lt_mask *dst, const struct lt_mask *src);
void lt_mask_release(struct lt_mask *m);

#endif
