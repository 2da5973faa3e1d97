/* Layer-adaptive magnitude-based pruning (Lee et al. 2021, "Layer-adaptive
 * sparsity for the magnitude-based pruning", equation 3).
 *
 * The score of a kept weight w[i] is w[i]^2 over the sum of w[j]^2 of all kept
 * j of its layer with |w[j]| >= |w[i]|, i among them; of equal ones the earlier
 * counts as the larger.  In double, added from the largest on.  The score of
 * the largest is exactly 1, so that each layer keeps one.
 *
 * In the order of (|w|, then earlier) the scores of a layer do not increase,
 * and weights that go change no score of those that stay.  So it is enough to
 * know how many weights each layer loses, for one step as for many.
 */
#ifndef LT_MASK_LAMP_H
#define LT_MASK_LAMP_H

#include <stddef.h>
#include "mask/select.h"

/* remove[l] <- how many of layer l's candidates are among the all lowest scores
 * of the n layers, of equal ones the last.  w is finite; all <= candidates.
 * Memory: 4 bytes a candidate and little more. */
void lt_lamp_share(size_t *remove, const struct lt_sized_layer *layer, size_t n,
	size_t all);

#endif
