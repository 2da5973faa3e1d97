/* Learning rates of a schedule.  Iterations are counted from 0. */
#ifndef LT_RUN_SCHED_H
#define LT_RUN_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lt_sched_kind {
	LT_SCHED_MULTISTEP,
	LT_SCHED_COSINE,
	LT_SCHED_CONSTANT,
	LT_SCHEDS
};
/* The name of a kind; NULL after the last. */
const char *lt_sched_name(size_t kind);

/* A point of a schedule as users write it: "3" epochs or "500i" iterations. */
struct lt_point {
	uint64_t value;
	bool iterations;
};

#define LT_MAX_MILESTONES 32
/* Limits by which sums of iterations and of images fit in 64 bits, and passes
 * in 32 bits. */
#define LT_MAX_EPOCHS ((uint64_t)1 << 24)
#define LT_MAX_ITERATIONS ((uint64_t)1 << 40)

struct lt_sched {
	enum lt_sched_kind kind;
	double lr, gamma;
	uint64_t total;	    /* iterations of the whole schedule */
	uint64_t per_epoch; /* iterations of one epoch */
	uint64_t warmup;    /* iterations of linear warm-up */
	uint64_t milestone[LT_MAX_MILESTONES]; /* iterations, ascending */
	int milestones;
};

/* Parse "3" or "500i"; false for anything else and for values over the
 * limits. */
bool lt_point_parse(struct lt_point *p, const char *s);
uint64_t lt_point_iteration(struct lt_point p, uint64_t per_epoch);

/* The learning rate of iteration i: multi-step, lr gamma^(milestones passed);
 * cosine, lr (1 + cos(pi i / total)) / 2; times (i + 1) / warmup while
 * i < warmup. */
double lt_sched_rate(const struct lt_sched *s, uint64_t i);

#endif
