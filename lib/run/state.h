/* Training states: all of a session, to a file and back. */
#ifndef LT_RUN_STATE_H
#define LT_RUN_STATE_H

#include "run/session.h"

/* Add all that a state keeps; tensors are borrowed from the session. */
void state_to_st(const struct session *s, struct lt_st *st);
/* Write a state for another run to continue from. */
int state_write(const struct session *s, const char *path, struct lt_err *err);
/* Take everything from a state: weights, moments, sums, position, stop rule.
 * Its settings must have been compared.  LT_EDATA for what is missing or
 * impossible; path names the state. */
int state_read(struct session *s, const struct lt_st *st, const char *path,
	struct lt_err *err);
/* A number of the metadata, or LT_EDATA. */
int state_u64(const struct lt_st *st, const char *key, uint64_t *to,
	const char *path, struct lt_err *err);

#endif
