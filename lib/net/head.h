/* A trained network with a new last layer, for a task of other classes.
 *
 *	struct lt_head to = {.classes = 10};
 *	struct lt_graph *g = lt_head_graph(old.g, &to, err);
 *	lt_model_init(&m, g);
 *	lt_model_random(&m, NULL, seed, err);
 *	lt_head_fill(&m, &old, &to);
 *
 * The last layer, the head, is the convolution or linear layer that makes the
 * logits.  Nodes without parameters may follow it, as in a network that ends in
 * a pool.
 */
#ifndef LT_NET_HEAD_H
#define LT_NET_HEAD_H

#include "base/err.h"
#include "net/model.h"

/* The new task: classes, for which the head is new, and the shape of the
 * images.  0: those of the old network. */
struct lt_head {
	int classes, c, h, w;
};

/* The graph of g for the new task; the caller's.  NULL with LT_EDATA if other
 * parameters than those of a new head would have other shapes. */
struct lt_graph *lt_head_graph(
	const struct lt_graph *g, const struct lt_head *to, struct lt_err *err);
/* Copy all parameters but those of a new head, and the counts of batches.  The
 * graph of m was made by lt_head_graph from that of old. */
void lt_head_fill(struct lt_model *m, const struct lt_model *old,
	const struct lt_head *to);

#endif
