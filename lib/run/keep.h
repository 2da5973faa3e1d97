/* The state that a run keeps beside its output, from which the same command
 * goes on after a kill.
 */
#ifndef LT_RUN_KEEP_H
#define LT_RUN_KEEP_H

#include "run/session.h"
#include "run/streams.h"

struct keep {
	char *path;	     /* NULL: there is no place for a state */
	struct lt_out *lock; /* held, so that no other run takes that state */
	bool saved;	     /* a state is there and vouches for the streams */
};

/* Lock the place of the state.  LT_EAGAIN when another process has it. */
int keep_open(struct keep *k, const struct lt_train_opt *o, struct lt_err *err);
/* Bring streams to safety, save the state, then emit what goes to pipes. */
int keep_save(struct keep *k, const struct session *s, struct streams *t,
	struct lt_err *err);
/* Go on from the state, if it is there and of this run: 1, with the streams
 * open.  0 when there is none, or a note says why it is not taken: no stream is
 * open then.  -1 with err. */
int keep_resume(struct keep *k, struct session *s, struct streams *t,
	struct lt_err *err);
/* The run is complete: remove the state. */
void keep_remove(struct keep *k);
void keep_close(struct keep *k);

#endif
