/* A training run as it stands between two steps: what train.c moves and what
 * state.c saves.  For those two and report.c alone.
 */
#ifndef LT_LEARN_RUN_H
#define LT_LEARN_RUN_H

#include "base/out.h"
#include "learn/evaluate.h"
#include "learn/train.h"

struct run {
	const struct lt_train_opt *o;
	struct lt_graph *g;
	struct lt_model m, best;
	struct lt_st in; /* the input file: metadata, history */
	struct lt_mask mask;
	bool masked;
	struct lt_dataset data, val_data;
	bool own_val_data; /* val_data was opened, is not data */
	struct lt_index index, val_index;
	bool validate;
	struct lt_batch_opt batch, val_batch;
	struct lt_sched sched;
	struct lt_exec *x;
	struct lt_stop stop;

	uint64_t per_epoch, from, to, at; /* iterations */
	uint64_t presentations, macs;
	double best_acc; /* NaN: none yet */
	uint64_t best_epoch;
	bool stopped;

	/* The running epoch. */
	double loss_sum, lr;
	uint64_t seen, right;
	uint32_t *order; /* [index.n] */
	uint8_t *bit;	 /* [index.n] this pass: 0, 1, 255 not presented yet */
	uint8_t *last;	 /* [data.n] the pass before: 0, 1, 255 */

	uint32_t core, full; /* fingerprints: of the training; of all */
	uint32_t input_crc;
	struct lt_out *log, *time, *events, *distances;
	double began, epoch_began, shown; /* seconds, for the eyes only */
	uint64_t began_at;
	uint64_t kept[4]; /* bytes of those streams that a state vouches for */
};

/* state.c */
/* Read o->state if it is there and of this run; 1 resumed, 0 not (a warning
 * says why when it is of another), -1. */
int run_resume(struct run *r, const char *path, struct lt_err *err);
/* Take position, momentum and the rest from a state given as input. */
int run_from_state(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err);
int run_save_state(struct run *r, const char *path, struct lt_err *err);
/* Metadata and tensors of a checkpoint of model m at iteration at. */
int run_write_checkpoint(const struct run *r, const struct lt_model *m,
	const char *path, uint64_t at, struct lt_err *err);
void run_fingerprint(struct run *r);

/* report.c */
void report_batch(struct run *r);
void report_epoch(struct run *r, const struct lt_evaluation *val);
void report_distance(struct run *r);
void report_note(const struct run *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int report_open(struct run *r, struct lt_err *err);
int report_commit(struct run *r, struct lt_err *err);
int report_keep(struct run *r, struct lt_err *err);
int report_sync(struct run *r, struct lt_err *err);
void report_abandon(struct run *r);

#endif
