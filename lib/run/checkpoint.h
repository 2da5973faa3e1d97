/* The checkpoints that a run writes, and the metadata that checkpoints and
 * states share.
 */
#ifndef LT_RUN_CHECKPOINT_H
#define LT_RUN_CHECKPOINT_H

#include "run/session.h"

/* Set lt.kind, lt.net, lt.epoch, lt.iteration, lt.seed, lt.config,
 * normalization and history.  at: iterations of training. */
void checkpoint_meta(const struct session *s, struct lt_st *st,
	const char *kind, uint64_t at);
/* Write the weights m, which were trained for at iterations. */
int checkpoint_write(const struct session *s, const struct lt_model *m,
	const char *path, uint64_t at, struct lt_err *err);

#endif
