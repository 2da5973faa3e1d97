/* The length of a training on a part of D0, and of one that is there. */
#ifndef LT_TICKET_BUDGET_H
#define LT_TICKET_BUDGET_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

/* A training.  Points of its schedule are epochs, or iterations such as "500i".
 */
struct lt_budget {
	uint64_t epochs;  /* 1 .. 2^31 - 1 */
	char *milestones; /* with commas between them; NULL: none */
	char *warmup;
};

/* The length of a training on the list set, a part of the list d0, on all of
 * which it takes so many epochs: floor(all x |set| / |d0|); and |set|. */
int lt_budget_part(uint64_t *epochs, size_t *samples, uint64_t all,
	const char *d0, const char *set, struct lt_err *err);
/* Scale a training to one of so many epochs: each milestone and the warm-up is
 * floor(point x epochs / all->epochs).  The caller releases *out. */
int lt_budget_scale(struct lt_budget *out, const struct lt_budget *all,
	uint64_t epochs, struct lt_err *err);
void lt_budget_release(struct lt_budget *b);

/* Write the last iteration of a log as a point of the schedule, "26i"; "0i" if
 * the log is empty. */
int lt_length_write(const char *path, const char *log, struct lt_err *err);

#endif
