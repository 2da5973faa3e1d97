/* A training between two steps: everything that the loop changes and that a
 * state keeps.
 *
 *	session_init(&s, &in, o, err);	       from a checkpoint, or from the
 *					       state that the input is
 *	state_read(&s, &st, path, err);	       or anew, from a kept state
 *	...
 *	session_release(&s);
 */
#ifndef LT_RUN_SESSION_H
#define LT_RUN_SESSION_H

#include "run/inputs.h"
#include "run/segment.h"
#include "run/settings.h"

/* The running epoch, of which a state may keep a part. */
struct epoch {
	double loss; /* sum */
	uint64_t seen, right;
	uint8_t *bit; /* [index.n] right: 0, 1; 255: not presented yet */
};

/* The weights of the best validation accuracy so far. */
struct best {
	struct lt_model model;
	double accuracy; /* a share; NaN: there are none yet */
	uint64_t at;	 /* iterations that they were trained for */
};

struct session {
	struct inputs *in; /* borrowed; its model is trained */
	struct segment part;
	struct lt_settings set;
	double *scale; /* of the learning rate, for the engine; or NULL */
	struct lt_engine *x;
	int batch_max; /* images that the engine takes at a time */

	uint64_t at;	/* iterations done */
	uint64_t steps; /* since the moments of the optimizer were 0 */
	uint64_t presentations, macs;
	double rate;   /* learning rate of the last step */
	uint8_t *last; /* [data.n] each sample's bit of the pass before */
	struct epoch epoch;
	struct best best;
	struct lt_stop stop;
	bool stopped;
};

/* Build a session at its beginning: at the options' first iteration for a
 * checkpoint, or at the position of the state that is the input.  A state of
 * other settings is LT_EDATA.  After a failure session_release must still be
 * called. */
int session_init(struct session *s, struct inputs *in,
	const struct lt_train_opt *o, struct lt_err *err);
void session_release(struct session *s);

/* Begin an epoch: set its sums to 0. */
void session_begin_epoch(struct session *s);
/* part of all in percent; NaN if all is 0. */
double session_percent(uint64_t part, uint64_t all);

#endif
