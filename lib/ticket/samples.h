/* The samples that a network is scored on: a draw from a data set, as many of
 * each class.  The caller owns struct lt_samples and releases it, also when
 * opening failed.
 */
#ifndef LT_TICKET_SAMPLES_H
#define LT_TICKET_SAMPLES_H

#include "file/dataset.h"
#include "file/index.h"
#include "run/batch.h"
#include "net/model.h"

struct lt_samples {
	struct lt_dataset data;
	struct lt_index drawn; /* at least one */
	struct lt_norm norm;   /* of the checkpoint, else of the data set */
	int few;	       /* classes that have fewer than asked for */
};

struct lt_samples_from {
	const char *data, *index; /* paths; index NULL: all samples */
	int per_class;		  /* lt_subset_balanced */
	uint64_t seed;
};

/* For graph g from the checkpoint st of that path, which the images must fit.
 */
int lt_samples_open(struct lt_samples *s, const struct lt_samples_from *from,
	const struct lt_graph *g, const struct lt_st *st, const char *path,
	struct lt_err *err);
void lt_samples_release(struct lt_samples *s);

#endif
