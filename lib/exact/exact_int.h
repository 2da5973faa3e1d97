/* Private to lib/exact. */
#ifndef LT_EXACT_EXACT_INT_H
#define LT_EXACT_EXACT_INT_H

#include "exact/exact.h"

/* Planes begin at multiples of EXACT_ROUND doubles. */
#define EXACT_ROUND 8

struct lt_exact {
	const struct lt_graph *g;
	int n, threads;
	bool train;
	bool dense;	    /* weights that are 0 have gradients, too */
	double *w, *dw;	    /* [g->floats] */
	double **a, **d;    /* [g->n] values, and gradients while they are
			       wanted; what rounds planes up is 0 */
	double *mean, *inv; /* of batch norms' channels, where their running
			       means are in w */
	uint32_t **held;    /* [g->n] NULL, or as values: does a ReLU let
			       pass, or which value of a plane is the maximum */
	double *dlogits;
	double **scratch; /* [threads], exact_conv.c */
	uint64_t macs;
};

/* exact_conv.c: the number of doubles of scratch that a thread needs for a
 * node. */
size_t exact_conv_scratch(const struct lt_exact *x, int node);

/* exact_ops.c: the table of operators.  Whether a node's function has kinks,
 * which exact_op_hold then holds. */
void exact_op(struct lt_exact *x, int node);
void exact_op_back(struct lt_exact *x, int node);
bool exact_op_kinks(const struct lt_node *n);
void exact_op_hold(struct lt_exact *x, int node);

#endif
