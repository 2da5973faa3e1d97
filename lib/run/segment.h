/* A segment [from, to) of a schedule, in iterations from 0. */
#ifndef LT_RUN_SEGMENT_H
#define LT_RUN_SEGMENT_H

#include "run/train.h"

struct segment {
	struct lt_sched sched;
	uint64_t per_epoch; /* iterations; the last batch may be smaller */
	uint64_t from, to;
};

/* Make the segment that the options name; samples is their number in an epoch.
 * If the options give no beginning, from is 0, and a state sets it later. */
void segment_init(
	struct segment *p, const struct lt_train_opt *o, size_t samples);
/* LT_EUSAGE unless from <= to <= the schedule's length. */
int segment_check(const struct segment *p, struct lt_err *err);

/* Epochs of the schedule; the last one may be a part. */
uint64_t segment_epochs(const struct segment *p);
/* The epoch (from 1) of an iteration (from 1). */
uint64_t segment_epoch(const struct segment *p, uint64_t at);

#endif
