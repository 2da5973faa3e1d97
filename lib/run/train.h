/* Training: a segment [from, to) of a schedule, from a checkpoint or a state to
 * a checkpoint, bit-exact however it is cut, killed or resumed.
 */
#ifndef LT_RUN_TRAIN_H
#define LT_RUN_TRAIN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "run/batch.h"
#include "engine/engine.h"
#include "run/sched.h"
#include "run/stop.h"

struct lt_epochs {
	uint64_t *v;
	int n;
};

/* All of a run, as lt-train's options say it.  Strings are borrowed; NULL is
 * "not wanted".  Everything but paths of outputs, threads, quiet and the kernel
 * path affects the result and is in the fingerprint. */
struct lt_train_opt {
	const char *input, *output;
	const char *net; /* of an input that carries none */
	const char *data, *index, *val_data, *val_index;
	const char *mask; /* a state has its own, until another is given */
	struct lt_point length; /* of the schedule: epochs or iterations */
	struct lt_point from, to;
	bool has_from, has_to;
	int batch;
	enum lt_sched_kind sched;
	double lr, gamma;
	struct lt_point milestone[LT_MAX_MILESTONES], warmup;
	int milestones;
	double momentum, weight_decay;
	bool nesterov;
	enum lt_augment augment;
	int pad;
	const char *mean, *std;
	bool to_stops; /* .to ends its epoch, as the stop rule does */
	int patience;  /* epochs to wait for a better one; 0: all */
	struct lt_stop_opt stop;
	const char *best, *log, *events, *state, *save_state;
	const char *stop_mask, *stop_info, *stop_distances;
	const char *profile;
	const char *save_prefix;
	struct lt_epochs save_epochs, save_states;
	uint64_t seed;
	int threads;
	bool quiet, history;
	enum lt_path path;
	bool half;	  /* lt_engine_opt.half */
	const char *tool; /* "lt-train", for messages and histories */
	/* Set by a signal handler of the caller's: finish the step, save. */
	const volatile sig_atomic_t *signal;
};

/* 0 done; -1 with err: LT_EAGAIN when *o->signal stopped it with its state
 * saved. */
int lt_train(const struct lt_train_opt *o, struct lt_err *err);

#endif
