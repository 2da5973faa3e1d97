/* One row of a summary: what a ticket cost and what it can do; and its seconds.
 *
 * The search is every training that had to be made before the mask existed, and
 * the passes over samples that compare models or score weights.  The retraining
 * of the ticket stands apart.
 */
#ifndef LT_TICKET_ROW_H
#define LT_TICKET_ROW_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

/* The log of a training that began at a point of the schedule. */
struct lt_log_part {
	const char *path;
	uint64_t from;	 /* 0: the beginning */
	bool iterations; /* from counts iterations, not epochs */
};

struct lt_row {
	const char *method;
	uint64_t round;
	const char *rule; /* how trainings stopped early, or "none" */
	/* Any path may be NULL.  An input that is missing counts as 0, or NaN
	 * where it is a result. */
	const char *set;  /* index list that the last training used */
	const char *mask; /* table of lt-info --tsv */
	const struct lt_log_part *search; /* [searches] */
	int searches;
	const char *const *pass; /* [passes], tables of --cost */
	int passes;
	const char *stop, *distances;	   /* of the last training */
	const struct lt_log_part *retrain; /* of the ticket */
	/* Tables of lt-eval: for the test set, for the training set, and for
	 * the test set before any training. */
	const char *test, *train, *start;
	const char *row; /* take set, search and passes from this row */
	/* A checkpoint of the network that is retrained: two more columns,
	 * parameters and image_multiply_adds, have its size under the mask or,
	 * if it is slim, as it is, because the mask is that of a larger one. */
	const char *checkpoint;
	bool slim;
};

/* Write the row under its header.  best_epoch is the first epoch with the best
 * validation accuracy of the retraining, epochs its last one; gap is training
 * accuracy less test accuracy.  Of a log: iterations are those of its last
 * row less those at the point where it began, presentations and multiply-adds
 * those of its last row.  In a log that began after k epochs, iterations at
 * that point are k x iteration / epoch of its first row.  What needs an empty
 * file is NaN. */
int lt_row_write(
	const char *path, const struct lt_row *row, struct lt_err *err);

/* The seconds of the wall clock and of the processors behind a row: sums over
 * tables of times.  A table that is empty or not there makes its sum NaN. */
struct lt_row_time {
	const char *method;
	uint64_t round;
	const char *const *search; /* [searches] */
	int searches;
	const char *retrain; /* NULL: 0 */
};

int lt_row_time_write(
	const char *path, const struct lt_row_time *row, struct lt_err *err);

#endif
