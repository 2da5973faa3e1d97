/* Parameters of a network by name, as users write them in a list:
 *
 *	bool *use = lt_alloc((size_t)g->nparam, sizeof *use);
 *	if (lt_named_params(use, g, "all,^last", strlen("all,^last"), err) < 0)
 *		...
 *
 * A word of the list is a parameter ("fc.bias"), a node ("conv1"), a part of
 * the network ("layer1": all names that begin with "layer1."), "first" or
 * "last" (the nodes of the first and the last layer whose weights can be
 * pruned), or "all".  A word behind "^" takes its parameters out again; words
 * count from left to right.
 */
#ifndef LT_NET_NAMED_H
#define LT_NET_NAMED_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "net/graph.h"

/* use[i] <- is parameter i named?  Words that name a node or a part name its
 * batch norms' statistics, too.  LT_EUSAGE if a word names nothing. */
int lt_named_params(bool *use, const struct lt_graph *g, const char *list,
	size_t len, struct lt_err *err);

#endif
