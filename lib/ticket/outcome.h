/* This writes the outcome of one training as a table of one row: a cell of the
 * grid of masks and weights, a network that learned random labels, a stage of a
 * ticket search.
 *
 * Paths may be NULL where a file does not apply.  An empty file stands for a
 * training that diverged: numbers that need it are NaN.
 */
#ifndef LT_TICKET_OUTCOME_H
#define LT_TICKET_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>
#include "base/table.h"

/* The mask of epoch s on the weights after epoch v, retrained; or the dense
 * network as it was after epoch s, or at its best. */
struct lt_cell {
	uint64_t s, v;	   /* v is not used for the dense network */
	bool best, dense;  /* s stands for the best epoch; the dense network */
	const char *mask;  /* lt-info's table of the mask */
	const char *start; /* log of the dense run */
	const char *log;   /* of the retraining; of the dense run at its best */
	const char *test;  /* lt-eval's table */
};

/* Write s, v, val_acc (the log's best; without a log that of the dense run at
 * epoch s), test_acc, density, search_iterations (of the dense run, until the
 * later of s and v) and retrain_iterations. */
int lt_cell_table(
	struct lt_cells *o, const struct lt_cell *c, struct lt_err *err);

/* A network that was trained on samples with random labels. */
struct lt_memory {
	const char *kind, *epoch, *pruned, *samples; /* as the table has them */
	const char *mask;    /* lt-info's table; NULL: the dense network */
	const char *log;     /* of the training */
	const char *learned; /* lt-eval's table for the samples */
};

/* Write kind, epoch, pruned, density, samples, learned_acc (after training) and
 * train_acc (of the last epoch, while it trained). */
int lt_memory_table(
	struct lt_cells *o, const struct lt_memory *m, struct lt_err *err);

/* A stage of a ticket search; lt-search(7). */
struct lt_stage {
	const char *network;
	uint64_t seed, stage; /* stage 0 is the dense one */
	const char *mask;     /* lt-info's table; not used for stage 0 */
	const char *log;
	const char *test, *train; /* lt-eval's tables for the two sets */
	const char *length;	  /* lt-trajectory's table */
};

/* Write network, seed, stage, sparsity (percent of the prunable weights),
 * val_acc (the best), test_acc, best_epoch, epochs, iterations, presentations,
 * macs, length, length_std and train_acc. */
int lt_stage_table(
	struct lt_cells *o, const struct lt_stage *s, struct lt_err *err);

#endif
