/* The texts that grow with a run: log, times, events, mask distances.
 *
 * A state vouches for a number of bytes of each; a resumed run cuts off what
 * follows them and continues there.  A pipe cannot be cut back.  If the run
 * keeps a state, rows for a pipe therefore go to a spool beside the state
 * first, and a resumed run writes the whole spool to the pipe again.
 */
#ifndef LT_RUN_STREAMS_H
#define LT_RUN_STREAMS_H

#include "base/out.h"
#include "run/evaluate.h"
#include "run/session.h"

enum { LOG, TIME, EVENTS, DISTANCES, STREAMS };

struct stream {
	struct lt_out *out;   /* NULL: not wanted, or done */
	struct lt_out *spool; /* rows go here first, or NULL */
	int spool_fd;	      /* for reading the spool, when there is one */
	uint64_t emitted;     /* bytes of the spool that went to out */
	uint64_t kept;	      /* bytes that a state vouches for */
};

struct streams {
	struct stream each[STREAMS];
	const char *state; /* borrowed: the path of the state, or NULL */
};

/* lt_out_open_at, which waits a little for a file that another process holds:
 * a run that was killed may be on its way out. */
struct lt_out *streams_open_out(
	const char *path, uint64_t keep, struct lt_err *err);

/* Open the streams that the options name.  Each continues after the bytes that
 * it has kept, or begins with its header.  at_end: the run has nothing left to
 * do, and may have renamed its streams before it was killed.  LT_EDATA if a
 * stream has fewer bytes than the state vouches for. */
int streams_open(struct streams *t, const struct lt_train_opt *o, bool at_end,
	struct lt_err *err);
/* Bytes of a stream so far. */
uint64_t streams_length(const struct streams *t, int which);
int streams_sync(struct streams *t, struct lt_err *err); /* files, spools */
int streams_emit(struct streams *t, struct lt_err *err); /* spools to pipes */
int streams_commit(struct streams *t, struct lt_err *err);
/* Close the streams so that another run can continue them. */
int streams_keep(struct streams *t, struct lt_err *err);
void streams_abandon(struct streams *t);

/* The time that an epoch took, in seconds. */
struct epoch_time {
	double seconds, cpu;
};
/* Write the rows of lt-log(5) and lt-events(5).  val is NULL without
 * validation. */
void streams_epoch(struct streams *t, const struct session *s,
	const struct lt_evaluation *val, struct epoch_time time);
void streams_distance(struct streams *t, const struct session *s);
/* Write the events of the pass; its bits become the last ones. */
void streams_events(struct streams *t, struct session *s);

#endif
