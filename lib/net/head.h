/* A trained network with a new last layer, for a task of other classes.
 *
 *	struct lt_graph *g = lt_head_graph(old.g, 10, err);
 *	lt_model_init(&m, g);
 *	lt_model_random(&m, NULL, seed, err);
 *	lt_head_fill(&m, &old);
 *
 * The last layer, the head, is the convolution or linear layer that makes the
 * logits.  Nodes without parameters may follow it, as in a network that ends in
 * a pool.
 */
#ifndef LT_NET_HEAD_H
#define LT_NET_HEAD_H

#include "base/err.h"
#include "net/model.h"

/* The graph of g with so many outputs of its head; the caller's.  NULL with
 * LT_EDATA if other parameters depend on the number of classes, too. */
struct lt_graph *lt_head_graph(
	const struct lt_graph *g, int classes, struct lt_err *err);
/* Copy all parameters but those of the head, and the counts of batches.  The
 * graph of m was made by lt_head_graph from that of old. */
void lt_head_fill(struct lt_model *m, const struct lt_model *old);

#endif
