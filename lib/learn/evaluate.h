/* Loss and accuracy of a network on samples, in evaluation mode. */
#ifndef LT_LEARN_EVALUATE_H
#define LT_LEARN_EVALUATE_H

#include "base/err.h"
#include "learn/batch.h"
#include "learn/exec.h"
#include "learn/loss.h"

struct lt_evaluation {
	size_t n;
	double loss; /* mean */
	size_t top1, top5;
	/* Samples with a logit that is not finite; the first of them. */
	size_t lost;
	uint32_t first_lost;
};

/* The samples of b->index in order (b->augment is off), batch at a time.
 * each (or NULL) is called for every sample in order. */
typedef void lt_evaluate_each(
	void *arg, uint32_t index, int32_t label, const struct lt_outcome *o);
int lt_evaluate(struct lt_evaluation *e, struct lt_exec *x,
	const struct lt_batch_opt *b, int batch, lt_evaluate_each *each,
	void *arg, struct lt_err *err);

/* LT_EDATA when a logit is not finite; path names the network. */
int lt_evaluate_finite(
	const struct lt_evaluation *e, const char *path, struct lt_err *err);

/* The data set's shape and labels must be what the network takes. */
int lt_evaluate_fits(const struct lt_graph *g, const char *model_path,
	const struct lt_dataset *d, struct lt_err *err);

/* The normalization that a checkpoint or state carries, lt.mean and lt.std:
 * 1; 0 where it carries none and nm is left alone; -1 with LT_EDATA. */
int lt_norm_own(struct lt_norm *nm, const struct lt_st *st, const char *path,
	int channels, struct lt_err *err);
/* Normalization: the checkpoint's own where it carries one, else the data
 * set's. */
int lt_norm_from(struct lt_norm *nm, const struct lt_st *st, const char *path,
	const struct lt_dataset *d, struct lt_err *err);
/* --mean and --std, NULL where they are not given, in place of what nm has;
 * LT_EUSAGE. */
int lt_norm_set(struct lt_norm *nm, const char *mean, const char *std,
	int channels, struct lt_err *err);
/* NULL if nm is the data set's own; else a line, the caller's, that names both
 * and the network at path. */
char *lt_norm_note(
	const struct lt_norm *nm, const struct lt_dataset *d, const char *path);

/* The number of threads that is asked for (0: OpenMP's own), but not so many
 * more than there are processors that they only take memory, and no more than
 * the system starts.  OpenMP uses it from now on where it is told no other. */
int lt_threads(int asked);

#endif
