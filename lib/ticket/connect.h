/* The line between two trainings of one network (Frankle, Dziugaite, Roy and
 * Carbin 2020, "Linear Mode Connectivity and the Lottery Ticket Hypothesis",
 * section 2).  The network at t has the weights
 *
 *	w(t) = (1 - t) a + t b ,	0 <= t <= 1,
 *
 * and the barrier is how much worse the line gets than its ends are on average,
 *
 *	barrier = max over t of E(w(t)) - (E(w(0)) + E(w(1))) / 2 ,
 *
 * where E is the loss or the error in percent.  It is at least 0, because t
 * takes both ends.
 *
 *	struct lt_line l = {.m = &m, .x = x, .a = &a, .b = &b, .eval = &e};
 *	lt_line_at(&point[i], &l, at[i], err);
 *	lt_barrier_of(&barrier, at, point, n);
 *
 * The caller owns everything in struct lt_line.
 */
#ifndef LT_TICKET_CONNECT_H
#define LT_TICKET_CONNECT_H

#include <stddef.h>
#include "base/err.h"
#include "engine/engine.h"
#include "net/model.h"
#include "run/batch.h"
#include "run/evaluate.h"

struct lt_line {
	struct lt_model *m;  /* the network of a point, overwritten */
	struct lt_engine *x; /* computes with m, with a mask in force or not */
	/* The ends; a mask in force is applied to them. */
	const struct lt_model *a, *b;
	const struct lt_batch_opt *eval; /* the samples of loss and accuracy */
	/* The samples that give batch norms their statistics, in an order that
	 * its seed determines; NULL: the statistics are interpolated like the
	 * weights.  If not NULL, x has average set and eval_only not. */
	const struct lt_batch_opt *stats;
	int batch; /* images at a time */
};

/* *e <- loss and accuracy at t.  With l->stats every batch norm gets its
 * statistics from lt_recalibrate.  LT_EDATA, without a prefix, if a logit is
 * not finite. */
int lt_line_at(struct lt_evaluation *e, const struct lt_line *l, double t,
	struct lt_err *err);

/* Barriers, and the first t where the line is worst. */
struct lt_barrier {
	double loss, loss_at;
	double error, error_at; /* error in percentage points */
};

/* e[n] are the evaluations at at[n], which begins with 0 and ends with 1. */
void lt_barrier_of(struct lt_barrier *b, const double *at,
	const struct lt_evaluation *e, size_t n);

#endif
