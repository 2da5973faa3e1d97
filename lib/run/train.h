/* Training: a segment of a schedule, from a checkpoint or a state to a
 * checkpoint.  The result is the same byte for byte however the schedule is cut
 * into segments, and however often a segment is killed and run again.
 *
 *	struct lt_train_opt o = {.input = "0.st", .output = "1.st", ...};
 *	if (lt_train(&o, err) < 0)
 *		...
 *
 * A run goes one way: its inputs are opened and checked (inputs.h), a session
 * is built from them, from a kept state where there is one (session.h, keep.h),
 * the loop trains it (train.c), and the outputs are closed (streams.h).
 */
#ifndef LT_RUN_TRAIN_H
#define LT_RUN_TRAIN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "run/batch.h"
#include "run/dst.h"
#include "engine/engine.h"
#include "run/optimizer.h"
#include "run/sched.h"
#include "run/stop.h"

/* Epochs, counted from 1; 0 is the input. */
struct lt_epochs {
	uint64_t *v;
	int n;
};

/* The progress that a run reports. */
enum lt_report_kind {
	LT_REPORT_NOTE,	 /* text is set, and nothing else */
	LT_REPORT_STEP,	 /* a step was made */
	LT_REPORT_EPOCH, /* an epoch has ended */
};

struct lt_report {
	enum lt_report_kind kind;
	const char *text;	/* one line, which may hold names of files */
	uint64_t epoch, epochs; /* from 1; all of the schedule */
	uint64_t step, steps;	/* of this epoch, from 1; of every epoch */
	/* Counts of this process: steps and images so far, steps to the end of
	 * the segment. */
	uint64_t done, images, left;
	/* Wall-clock seconds: of the epoch at its end, else of this process
	 * since its first step began. */
	double seconds;
	double rate;	       /* learning rate of the last step */
	double loss, accuracy; /* mean; % of the epoch's images so far */
	/* At the end of an epoch; NaN where there is none. */
	double val_loss, val_accuracy, distance;
};

/* The report and its text are borrowed for the time of the call. */
typedef void lt_report_fn(void *arg, const struct lt_report *r);

/* The options of a run.  Strings are borrowed; NULL stands for an output or an
 * input that is not wanted.  settings.c names those that decide the result. */
struct lt_train_opt {
	const char *input, *output;
	const char *net; /* the network of an input that carries none */
	const char *data, *index, *val_data, *val_index;
	const char *mask;	  /* replaces the mask that a state has */
	struct lt_dst dst;	  /* how the mask changes */
	struct lt_point length;	  /* of the whole schedule */
	struct lt_point from, to; /* the segment */
	bool has_from, has_to;
	bool to_stops; /* the epoch ends at .to, as a stop rule ends it */
	int batch;     /* images a step */
	enum lt_sched_kind sched;
	double lr, gamma;
	const char *freeze, *lr_scale; /* as lt_rates reads them */
	struct lt_point milestone[LT_MAX_MILESTONES], warmup;
	int milestones;
	struct lt_optim optim;
	double label_smoothing; /* 0 to 1; validation has none */
	const char *teacher;	/* a checkpoint to learn from, too */
	double teacher_share, teacher_temperature; /* as in struct lt_target */
	enum lt_augment augment;
	int pad;		/* pixels, for augmentations that crop */
	const char *mean, *std; /* numbers, separated by commas */
	int patience; /* epochs without a better accuracy; 0: no limit */
	struct lt_stop_opt stop;
	const char *best, *log, *events, *state, *save_state;
	const char *stop_mask, *stop_info, *stop_distances;
	const char *dst_mask; /* the mask at the end */
	const char *profile;
	const char *save_prefix;
	struct lt_epochs save_epochs, save_states;
	uint64_t seed;
	int threads;
	bool history; /* files get an entry in lt.history */
	enum lt_path path;
	enum lt_compute compute;
	bool half;	      /* lt_engine_opt.half */
	const char *tool;     /* the program, for histories */
	lt_report_fn *report; /* NULL: nothing is reported */
	void *report_arg;
	/* Set by a signal handler of the caller's: finish the step, save the
	 * state and end with LT_EAGAIN. */
	const volatile sig_atomic_t *signal;
};

/* 0, or -1 with err: LT_EAGAIN when *o->signal ended it with its state saved,
 * LT_EDIVERGED when a value is not finite. */
int lt_train(const struct lt_train_opt *o, struct lt_err *err);

#endif
