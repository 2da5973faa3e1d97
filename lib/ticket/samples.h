/* The samples that a criterion scores a network on: a draw from a data set with
 * the same number of each class.  The caller owns struct lt_samples and
 * releases it, also if opening failed.
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
	struct lt_norm norm;   /* the checkpoint's own, else the data set's */
	int few;	       /* how many classes have fewer samples than
				  lt_samples_from.per_class */
};

struct lt_samples_from {
	const char *data, *index; /* paths; index NULL: all samples */
	int per_class;		  /* see lt_subset_balanced */
	uint64_t seed;
};

/* Open the data set and draw the samples.  The images must fit graph g, which
 * came from the checkpoint st at path. */
int lt_samples_open(struct lt_samples *s, const struct lt_samples_from *from,
	const struct lt_graph *g, const struct lt_st *st, const char *path,
	struct lt_err *err);
void lt_samples_release(struct lt_samples *s);

#endif
