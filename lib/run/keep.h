/* The state that a run keeps beside its output, from which the same command
 * continues after a kill.
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

/* Lock the place of the state.  LT_EAGAIN if another process holds it. */
int keep_open(struct keep *k, const struct lt_train_opt *o, struct lt_err *err);
/* Sync the streams, save the state, and then write to pipes what the state
 * vouches for. */
int keep_save(struct keep *k, const struct session *s, struct streams *t,
	struct lt_err *err);
/* Resume from the state if it exists and belongs to this run: 1, with the
 * streams open.  0, with no stream open, if there is none, or if it was made by
 * another run, which a note reports.  -1 with err. */
int keep_resume(struct keep *k, struct session *s, struct streams *t,
	struct lt_err *err);
/* Before the checkpoint of a complete run is written: give the lock back.  The
 * lock on the checkpoint's own part protects the rest, and a kill behind the
 * last rename leaves no lock file, which no later run would remove. */
void keep_unlock(struct keep *k);
/* Remove the state of a run that is complete: the last step, after the rename
 * of the checkpoint is on disk.  No order of two system calls on two names
 * leaves no window.  A kill before this call leaves the output and a state,
 * which the next run of the command removes; removing the state first would
 * leave neither after a kill or a power cut. */
void keep_remove(struct keep *k);
void keep_close(struct keep *k);

#endif
