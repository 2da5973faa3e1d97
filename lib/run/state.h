/* Training states: all of a session, to a file and back. */
#ifndef LT_RUN_STATE_H
#define LT_RUN_STATE_H

#include "run/session.h"

/* Add everything that a state keeps to st, which borrows the session's
 * tensors. */
void state_to_st(const struct session *s, struct lt_st *st);
/* Write a state for another run to continue from. */
int state_write(const struct session *s, const char *path, struct lt_err *err);
/* Restore everything from a state: weights, moments, sums, position, stop rule.
 * The caller has compared its settings.  LT_EDATA if something is missing or
 * impossible; path names the state. */
int state_read(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err);
/* Read a whole number from the metadata; LT_EDATA if it is not there. */
int state_u64(const struct lt_st *st, const char *key, uint64_t *to,
	const char *path, struct lt_err *err);

#endif
