/* A network in double precision, forward and backward, plainly: what SynFlow is
 * computed with, whose values leave the range of float32, and what the engine
 * is measured against.
 *
 *	struct lt_exact *x = lt_exact_new(graph, images, threads);
 *	fill lt_exact_weights(x), lt_exact_input(x);
 *	lt_exact_forward(x, train);
 *	fill lt_exact_dlogits(x); lt_exact_backward(x);
 *	read lt_exact_grad(x);
 *	lt_exact_free(x);
 *
 * Values are [channel][image][row][column], a channel's after the other's at a
 * distance (lt_exact_plane) that is rounded up.  Every sum has one order, so
 * the results are the same bytes for every number of threads.  Memory is that
 * of the values of all nodes: 8 bytes each, rounded up a little.
 */
#ifndef LT_EXACT_EXACT_H
#define LT_EXACT_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/graph.h"

struct lt_exact;

/* Of exactly n images; the graph is borrowed.  Never NULL. */
struct lt_exact *lt_exact_new(const struct lt_graph *g, int n, int threads);
void lt_exact_free(struct lt_exact *x); /* NULL is allowed */

/* From channel to channel of a node's values, of which images take the first
 * n * h * w. */
size_t lt_exact_plane(const struct lt_exact *x, int node);

double *lt_exact_weights(struct lt_exact *x); /* as lt_model.w; at first 0 */
double *lt_exact_input(struct lt_exact *x);   /* of node 0 */

/* train: batch norms take the batch's statistics (divided by the count, as
 * while training), else running ones, which are never changed.  Dropout and
 * dropconnect do nothing. */
void lt_exact_forward(struct lt_exact *x, bool train);
/* From now on ReLUs let pass what they let pass in the last forward, and maxima
 * are the values at the places where they were; off: they choose again.  Held,
 * a network of ReLUs is smooth, and at its weights it has the derivatives of
 * the network itself, the second ones too: so differences of gradients are
 * close to its Hessian, and not to what kinks between two points add. */
void lt_exact_hold(struct lt_exact *x, bool on);
/* A node's values after a forward, the input's before. */
double *lt_exact_values(struct lt_exact *x, int node);
/* Of the output node: classes at lt_exact_plane from each other. */
const double *lt_exact_logits(const struct lt_exact *x);
/* The gradient by them, filled by the caller before each backward, all of it.
 */
double *lt_exact_dlogits(struct lt_exact *x);
/* After a forward, once. */
void lt_exact_backward(struct lt_exact *x);
/* As lt_model.w, overwritten.  That of a convolution or linear weight that is
 * exactly 0 is not computed but 0: scores multiply by the weight. */
const double *lt_exact_grad(const struct lt_exact *x);

/* Multiply-adds so far, of weights that are not 0, as lt_engine_macs has them.
 */
uint64_t lt_exact_macs(const struct lt_exact *x);

#endif
