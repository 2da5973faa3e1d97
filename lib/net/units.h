/* Channels that can only be cut together.  If one channel of a node is cut, so
 * are those of its neighbours that have the same place: a batch norm keeps one
 * channel for each of its input, an addition and a product add and multiply
 * channel by channel, a concatenation moves them.  Only a layer separates its
 * inputs from its outputs.  A unit, here, is a whole set of such channels: the
 * filter of a layer and all that follows until the next layers, and with a
 * shortcut the filters of several layers.
 *
 *	struct lt_units u;
 *	lt_units_init(&u, graph);
 *	if (!u.fixed[lt_units_of(&u, node, channel)])
 *	lt_units_release(&u);
 *
 * The channels of a group of a grouped convolution or of a group norm make one
 * unit, with those that they are computed from: a group is cut whole.  Zero
 * channels of a padch are cut in pairs, one on each side, because the text has
 * room for their number alone.
 */
#ifndef LT_NET_UNITS_H
#define LT_NET_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include "net/graph.h"

struct lt_units {
	const struct lt_graph *g; /* borrowed */
	int n;
	/* [n] The unit has a channel of the image, a logit, or an output of an
	 * unused layer: it cannot be cut. */
	bool *fixed;
	int *first; /* [g->n] the place of a node's channel 0 in unit */
	int *unit;  /* all channels of all nodes: the number of the unit, in the
		       order of the units' first channels */
};

void lt_units_init(struct lt_units *u, const struct lt_graph *g);
void lt_units_release(struct lt_units *u);

static inline int
lt_units_of(const struct lt_units *u, int node, int channel)
{
	return u->unit[u->first[node] + channel];
}

#endif
