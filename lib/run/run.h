/* A training run as it stands between two steps: what train.c moves and what
 * state.c saves.  Private to runopen.c, runmeta.c, state.c, report.c and
 * train.c.
 */
#ifndef LT_RUN_RUN_H
#define LT_RUN_RUN_H

#include "base/out.h"
#include "run/evaluate.h"
#include "run/loader.h"
#include "run/settings.h"
#include "run/train.h"

enum { LOG, TIME, EVENTS, DISTANCES, STREAMS };

/* A text that grows with the run.  What goes to a pipe cannot be cut back to
 * what a state vouches for, so it is kept in a spool beside the state as well,
 * and a resumed run emits it from the start. */
struct stream {
	struct lt_out *out;   /* the output; NULL: not wanted, or done */
	struct lt_out *spool; /* rows go here first, or NULL */
	int spool_fd;	      /* for reading the spool, when there is one */
	uint64_t emitted;     /* bytes of the spool that went to out */
	uint64_t kept;	      /* bytes that a state vouches for */
};

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
	int batch_max; /* images that the engine takes at a time */
	struct lt_sched sched;
	struct lt_engine *x;
	struct lt_stop stop;

	/* Iterations; start: where the checkpoint that it all began with was
	 * taken up, from: where this segment begins. */
	uint64_t per_epoch, start, from, to, at;
	uint64_t presentations, macs;
	double best_acc; /* NaN: none yet */
	uint64_t best_at;
	bool stopped;

	/* The running epoch. */
	double loss_sum, lr;
	uint64_t seen, right;
	uint32_t *order; /* [index.n] */
	uint8_t *bit;	 /* [index.n] this pass: 0, 1, 255 not presented yet */
	uint8_t *last;	 /* [data.n] the pass before: 0, 1, 255 */

	struct lt_settings set;
	uint32_t input_crc;

	char *state;	     /* where the state is kept, or NULL: nowhere */
	struct lt_out *lock; /* held so that no other run takes that state */
	bool saved;	     /* a state is there and vouches for the streams */
	struct stream stream[STREAMS];
	/* Seconds, for the eyes only; epoch_cpu is of the processor. */
	double began, epoch_began, epoch_cpu, shown;
	uint64_t began_at, began_seen;
	struct lt_out *profile; /* or NULL */
	double opened, started; /* with it: seconds, and how many for opening */
};

/* runopen.c */
/* lt_out_open_at; an output that another process holds is waited for a little:
 * the run before may have been killed and be on its way out. */
struct lt_out *run_open_out(
	const char *path, uint64_t keep, struct lt_err *err);
int run_open(struct run *r, struct lt_err *err);
void run_close(struct run *r);

/* runmeta.c */
/* Fill r->set and seal it. */
void run_fingerprint(struct run *r);
/* All metadata of a checkpoint or state at iteration at. */
void run_meta(
	const struct run *r, struct lt_st *st, const char *kind, uint64_t at);
void run_set_meta(struct lt_st *st, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Eight hexadecimal digits, 0 when there are none. */
uint32_t run_hex_meta(const struct lt_st *st, const char *key);
int run_write_checkpoint(const struct run *r, const struct lt_model *m,
	const char *path, uint64_t at, struct lt_err *err);

/* state.c */
/* Go on from r->state if it is of this run, streams included: 1; 0 when there
 * is none (a note says why it is not taken), -1.  With 0 no stream is open. */
int run_resume(struct run *r, struct lt_err *err);
/* Take position, momentum and the rest from a state given as input. */
int run_from_state(struct run *r, const struct lt_st *st, const char *path,
	struct lt_err *err);
/* For another run to continue from. */
int run_save_state(struct run *r, const char *path, struct lt_err *err);
/* In r->state, if there is one: for this run, streams brought to safety. */
int run_keep(struct run *r, struct lt_err *err);

/* report.c */
void report_batch(struct run *r);
void report_epoch(struct run *r, const struct lt_evaluation *val);
void report_distance(struct run *r);
void report_note(const struct run *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Streams go on after what each has kept; with none they begin. */
int report_open(struct run *r, struct lt_err *err);
/* Where rows of a stream go; NULL: not wanted. */
struct lt_out *report_stream(const struct run *r, int which);
int report_sync(struct run *r, struct lt_err *err); /* files, spools */
int report_emit(struct run *r, struct lt_err *err); /* spools to pipes */
int report_commit(struct run *r, struct lt_err *err);
int report_keep(struct run *r, struct lt_err *err);
void report_abandon(struct run *r);
/* From here on time is measured, if that is wanted; the table of it. */
int report_watch(struct run *r, struct lt_err *err);
int report_profile(struct run *r, struct lt_err *err);

#endif
