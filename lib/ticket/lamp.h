/* Layer-adaptive magnitude-based pruning (Lee et al. 2021, "Layer-adaptive
 * sparsity for the magnitude-based pruning", equation 3).
 *
 * The score of a kept weight w[i] is w[i]^2 / sum of w[j]^2 over all kept j of
 * the layer with |w[j]| >= |w[i]|, including i; of equal weights the earlier
 * one counts as the larger.  The sum is in double and starts from the largest
 * weight.  The largest weight of a layer has a score of exactly 1, so each
 * layer keeps at least one weight.
 *
 * In the order of descending |w| (of equal ones the earlier first) the scores
 * of a layer never increase, and removing weights from the end changes no score
 * of the others.  So pruning only needs to know how many weights each layer
 * loses, for one step or many.
 */
#ifndef LT_TICKET_LAMP_H
#define LT_TICKET_LAMP_H

#include <stddef.h>
#include "mask/select.h"

/* remove[l] <- how many of the weights with the lowest scores, all of them in
 * the n layers together, belong to layer l; of equal scores the last go.
 * Weights are finite; all is at most the number of candidates.  Memory: little
 * more than 4 bytes a candidate. */
void lt_lamp_share(size_t *remove, const struct lt_sized_layer *layer, size_t n,
	size_t all);

#endif
