/* The normalization of pixels: a checkpoint's own, the data set's, or the
 * user's.
 */
#ifndef LT_RUN_NORMALIZE_H
#define LT_RUN_NORMALIZE_H

#include "base/err.h"
#include "file/dataset.h"
#include "file/st.h"

/* Per channel: value = (pixel / 255 - mean) / std. */
struct lt_norm {
	float mean[4], std[4];
};

/* The normalization that a checkpoint or state carries, lt.mean and lt.std:
 * 1; 0 where it carries none and nm is left alone; -1 with LT_EDATA. */
int lt_norm_own(struct lt_norm *nm, const struct lt_st *st, const char *path,
	int channels, struct lt_err *err);
/* Normalization: the checkpoint's own where it carries one, else the data
 * set's. */
int lt_norm_from(struct lt_norm *nm, const struct lt_st *st, const char *path,
	const struct lt_dataset *d, struct lt_err *err);
/* Replace the means and the deviations of nm by numbers with commas between
 * them, one for each channel; NULL leaves them.  LT_EUSAGE. */
int lt_norm_set(struct lt_norm *nm, const char *mean, const char *std,
	int channels, struct lt_err *err);
/* NULL if nm is the data set's own; else a line, the caller's, that names both
 * and the network at path. */
char *lt_norm_note(
	const struct lt_norm *nm, const struct lt_dataset *d, const char *path);

#endif
