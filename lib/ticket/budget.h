/* The length of a training on a part of D0, and of one that is there. */
#ifndef LT_TICKET_BUDGET_H
#define LT_TICKET_BUDGET_H

#include <stdint.h>
#include "base/err.h"

/* A training.  Points of its schedule are epochs, or iterations such as "500i".
 */
struct lt_budget {
	uint64_t epochs;  /* 1 .. 2^31 - 1 */
	char *milestones; /* with commas between them; NULL: none */
	char *warmup;
};

/* Scale the training on all of the list d0 to one on the list set, a part of
 * it: E = floor(epochs x |set| / |d0|) epochs, but not fewer than least; each
 * milestone and the warm-up is floor(point x E / epochs).  The caller releases
 * *out. */
int lt_budget_scale(struct lt_budget *out, const struct lt_budget *all,
	uint64_t least, const char *d0, const char *set, struct lt_err *err);
void lt_budget_release(struct lt_budget *b);

/* Write the last iteration of a log as a point of the schedule, "26i"; "0i" if
 * the log is empty. */
int lt_length_write(const char *path, const char *log, struct lt_err *err);

#endif
