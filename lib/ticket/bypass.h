/* A network without the branches that only add a constant.  If no path of kept
 * weights leads from the input to one term of a sum, the term has the same
 * values for every image.  If each of its channels has one value at all pixels,
 * too, the sum does without the term and all nodes that lead only to it:
 *
 * - If the values are 0, what read the sum reads the other term.
 * - If the other term is read by nothing else and has biases (or is a
 *   normalization with a shift), these take up the values.
 * - Else the sum becomes a depthwise convolution of one pixel with weights 1
 *   and the values as biases.
 *
 *	struct lt_bypass b;
 *	if (lt_bypass(&b, &model, &mask, &paths, x)) use b.g, b.m, b.mask
 *	lt_bypass_release(&b);
 */
#ifndef LT_TICKET_BYPASS_H
#define LT_TICKET_BYPASS_H

#include "exact/exact.h"
#include "net/model.h"
#include "net/reach.h"

struct lt_bypass {
	struct lt_graph *g;  /* NULL if there is no such branch */
	struct lt_model m;   /* of g */
	struct lt_mask mask; /* of the layers that are left */
};

/* m has the weights that mask keeps, and 0 elsewhere; paths are those of both;
 * x has the values of all nodes for one image.  Returns whether there is such a
 * branch.  The caller releases b in any case. */
bool lt_bypass(struct lt_bypass *b, const struct lt_model *m,
	const struct lt_mask *mask, const struct lt_paths *paths,
	struct lt_exact *x);
void lt_bypass_release(struct lt_bypass *b);

#endif
