/* What a study costs, before it begins: its stages, and what each waits for.
 *
 *	struct lt_study s = {0};
 *	size_t a = lt_study_add(&s, &(struct lt_stage){.presented = 900, ...});
 *	size_t b = lt_study_add(&s, ...);
 *	lt_study_wait(&s, a, b);
 *	if (lt_study_expense(&cost, &s, &calibration, 8, err) < 0) ...
 *	lt_study_release(&s);
 *
 * The caller owns struct lt_study and releases it; a zeroed one is a study
 * without stages.
 */
#ifndef LT_TICKET_STUDY_H
#define LT_TICKET_STUDY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/names.h"
#include "ticket/calibration.h"
#include "ticket/makespan.h"

struct lt_stage {
	uint32_t network; /* its number among the study's */
	int threads;	  /* from 1 up */
	bool training;
	double presented, forward; /* images, in a training and in passes */
	double density;		   /* of the network's mask: 0 to 1 */
	/* What it writes: files, and rows of two tables. */
	double checkpoints, masks, events, rows;
};

struct lt_study {
	struct lt_names network;
	struct lt_stage *stage; /* [n], in the order in which they can run */
	size_t n, cap;
	struct lt_wait *wait; /* [waits] */
	size_t waits, wait_cap;
	double images; /* of the data sets that it makes */
};

/* The number of the new stage. */
size_t lt_study_add(struct lt_study *s, const struct lt_stage *stage);
/* Stage after waits for the stage before; nothing happens if both are one. */
void lt_study_wait(struct lt_study *s, size_t before, size_t after);
void lt_study_release(struct lt_study *s);

struct lt_expense {
	size_t stages, trainings;
	double presentations, passes, macs;
	double core_seconds; /* of all processors */
	double memory, disk; /* bytes; memory of all that run at a time */
	/* From start to end: with jobs stages at a time, and with any number.
	 */
	double seconds, least_seconds;
};

/* A stage takes LT_STAGE_SECONDS of a processor, and what its images take,
 * which its threads share.  LT_EDATA if c lacks a network. */
#define LT_STAGE_SECONDS 0.02
int lt_study_expense(struct lt_expense *out, const struct lt_study *s,
	const struct lt_calibration *c, size_t jobs, struct lt_err *err);

#endif
