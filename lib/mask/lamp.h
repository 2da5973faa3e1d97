/* Layer-adaptive magnitude-based pruning (Lee et al. 2021, "Layer-adaptive
 * sparsity for the magnitude-based pruning", equation 3).
 */
#ifndef LT_MASK_LAMP_H
#define LT_MASK_LAMP_H

#include <stddef.h>
#include <stdint.h>

/* score[i] = w[i]^2 over the sum of w[j]^2 of all kept j with |w[j]| >= |w[i]|,
 * i among them; of equal ones the earlier counts as the larger.  In double,
 * added from the largest on.  The largest weight's is exactly 1, so that each
 * layer keeps one; with one layer the order is that of magnitude.  Where
 * keep[i] is 0 the score is 0.  w is finite. */
void lt_lamp_score(
	double *score, const float *w, const uint8_t *keep, size_t n);

#endif
