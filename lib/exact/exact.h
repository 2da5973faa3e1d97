/* A network in double precision, forward and backward, in plain code.  SynFlow
 * and GraSP compute with it, because their values leave the range or the
 * precision of float32, and the engine is measured against it.
 *
 *	struct lt_exact *x = lt_exact_new(graph, images, threads);
 *	fill lt_exact_weights(x), lt_exact_input(x);
 *	lt_exact_forward(x, train);
 *	fill lt_exact_dlogits(x); lt_exact_backward(x);
 *	read lt_exact_grad(x);
 *	lt_exact_free(x);
 *
 * Values are [channel][image][row][column]; channels are lt_exact_plane apart,
 * which is rounded up.  Every sum has one order, so the results are the same
 * bytes for every number of threads.  Memory: about 8 bytes for each value of
 * all nodes.
 */
#ifndef LT_EXACT_EXACT_H
#define LT_EXACT_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/graph.h"

struct lt_exact;

/* Make one for exactly n images; the graph is borrowed.  Never NULL. */
struct lt_exact *lt_exact_new(const struct lt_graph *g, int n, int threads);
void lt_exact_free(struct lt_exact *x); /* NULL is allowed */

/* The distance from channel to channel of a node's values.  Images take the
 * first n * h * w of it. */
size_t lt_exact_plane(const struct lt_exact *x, int node);

/* Weights, laid out as lt_model.w and 0 at first; values of node 0.  The caller
 * fills both. */
double *lt_exact_weights(struct lt_exact *x);
double *lt_exact_input(struct lt_exact *x);

/* Compute all nodes.  train: batch norms use the batch's statistics (variances
 * over n, as in training); else they use running statistics.  Running
 * statistics never change.  Dropout and dropconnect do nothing. */
void lt_exact_forward(struct lt_exact *x, bool train);
/* on: from now on each ReLU passes what it passed in the most recent forward
 * pass, and each maximum is the value at the place where it was then.  off:
 * they choose again.  A held network is smooth, and at its weights it has the
 * first and second derivatives of the network itself.  So differences of its
 * gradients approach the Hessian; without holding, kinks between two points add
 * to them. */
void lt_exact_hold(struct lt_exact *x, bool on);
/* The values of a node after a forward pass; those of node 0 before it. */
double *lt_exact_values(struct lt_exact *x, int node);
/* The values of the output node; classes are lt_exact_plane apart. */
const double *lt_exact_logits(const struct lt_exact *x);
/* The gradient with respect to the logits.  The caller fills all of it before
 * each backward pass. */
double *lt_exact_dlogits(struct lt_exact *x);
/* on: backward passes compute gradients of weights that are exactly 0, too. */
void lt_exact_dense(struct lt_exact *x, bool on);
/* Compute gradients; allowed once after each forward pass. */
void lt_exact_backward(struct lt_exact *x);
/* Gradients, laid out as lt_model.w; the next backward pass overwrites them.
 * The gradient of a convolution or linear weight that is exactly 0 is not
 * computed but 0, because most scores multiply it by the weight; see
 * lt_exact_dense. */
const double *lt_exact_grad(const struct lt_exact *x);

/* Multiply-adds so far of weights that are not 0, counted as lt_engine_macs
 * counts them; of all weights where lt_exact_dense computes their gradients. */
uint64_t lt_exact_macs(const struct lt_exact *x);

#endif
