/* Measuring the time of a run, and reporting progress to the caller. */
#ifndef LT_RUN_WATCH_H
#define LT_RUN_WATCH_H

#include "run/session.h"
#include "run/streams.h"

struct watch {
	/* When the first step of this process and the epoch began, in seconds
	 * of the wall clock and of the processor; steps and images before
	 * that. */
	double began, epoch_began, epoch_cpu;
	uint64_t began_at, began_seen;
	/* With a profile: its file, when the run began, and how many seconds
	 * passed until the profile began. */
	struct lt_out *profile;
	double opened, before;
};

/* Start the clock; call this before anything is opened. */
void watch_init(struct watch *w, const struct lt_train_opt *o);
/* Open the profile, if the options want one, and measure from here on. */
int watch_profile(struct watch *w, const struct session *s, struct lt_err *err);
/* The first step begins. */
void watch_start(struct watch *w, const struct session *s);
void watch_step(const struct watch *w, const struct session *s);
/* An epoch has ended; what it took.  val is NULL without validation. */
struct epoch_time watch_epoch(struct watch *w, const struct session *s,
	const struct lt_evaluation *val);
/* Write the profile. */
int watch_finish(struct watch *w, const struct session *s, struct lt_err *err);
void watch_release(struct watch *w);

#endif
