/* What a mask leaves connected: units (output channels of convolution and
 * linear layers) on a path of kept weights from the input to the logits.
 * Additions, products and concatenations pass on what any of their inputs does,
 * so a unit behind a shortcut lives as long as the shortcut does; biases and
 * batch norms are no path.
 */
#ifndef LT_NET_REACH_H
#define LT_NET_REACH_H

#include <stddef.h>
#include "mask/mask.h"
#include "net/graph.h"

struct lt_reach {
	size_t units;
	size_t no_input;  /* units that nothing of the input gets to */
	size_t no_output; /* that get to no logit */
	size_t dead;	  /* either */
	size_t idle;	  /* kept weights from or to nothing that lives */
};

/* Layers that the mask does not name keep all weights; unused nodes count
 * nothing.  O(weights). */
void lt_reach(struct lt_reach *r, const struct lt_graph *g,
	const struct lt_mask *mask);

#endif
