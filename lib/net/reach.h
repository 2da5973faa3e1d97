/* This finds what a mask leaves connected.  A unit is an output channel of a
 * convolution or linear layer.  It lives if it lies on a path of kept weights
 * from the input to the logits.  An addition, product or concatenation passes a
 * path on from any of its inputs, so a unit behind a shortcut lives as long as
 * the shortcut does.  A group norm passes it on to all channels of its group.
 * Biases and batch norms are no paths.
 *
 *	struct lt_paths p;
 *	lt_paths_init(&p, graph, mask);
 *	p.down[node][c], p.up[node][c]
 *	lt_paths_release(&p);
 */
#ifndef LT_NET_REACH_H
#define LT_NET_REACH_H

#include <stddef.h>
#include "mask/mask.h"
#include "net/graph.h"

/* Paths of kept weights, channel by channel of each node's output.  Layers that
 * the mask does not name keep all weights; unused nodes have no paths.  Graph
 * and mask are borrowed. */
struct lt_paths {
	const struct lt_graph *g;
	const struct lt_mask *mask;
	uint8_t **down; /* [node][channel] 1: a path from the input ends here */
	uint8_t **up;	/* [node][channel] 1: a path to a logit begins here */
};

/* The time is linear in the number of weights. */
void lt_paths_init(struct lt_paths *p, const struct lt_graph *g,
	const struct lt_mask *mask);
void lt_paths_release(struct lt_paths *p);

struct lt_reach {
	size_t units;
	size_t no_input;  /* units without a path from the input */
	size_t no_output; /* units without a path to a logit */
	size_t dead;	  /* units without one of both */
	size_t idle;	  /* kept weights that no living path uses */
};

/* Count; unused nodes are ignored. */
void lt_reach(struct lt_reach *r, const struct lt_graph *g,
	const struct lt_mask *mask);

#endif
