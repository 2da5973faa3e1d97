/* N:M masks: of each M consecutive weights at most N are kept, as sparse tensor
 * cores need them (2:4).
 *
 * A group is M consecutive inputs of one output: in a linear weight [out][in]
 * the weights (o, g M) ... (o, g M + M - 1); in a convolution weight
 * [out][in][h][w] those of M consecutive input channels at one output channel
 * and one position of the window, (o, g M ..., y, x).  So the groups lie along
 * the sum over input channels, which a product of channels-last tensors reads
 * in this order; NVIDIA's ASP prunes the same groups (apex, sparse_masklib,
 * m4n2_1d).  The inputs of a grouped convolution are those of its group.  If M
 * does not divide the number of inputs, the last group is shorter, as if zeros
 * filled it up: it keeps at most N, too.
 *
 *	struct lt_nm nm;
 *	if (!lt_nm_parse(&nm, "2:4")) ...
 *	lt_nm_count(&c, nm, l->ndim, l->shape, l->keep);	// c.over == 0
 */
#ifndef LT_MASK_NM_H
#define LT_MASK_NM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LT_NM_MOST 1024

struct lt_nm {
	int n, m; /* 1 <= n < m <= LT_NM_MOST; n is 0 if there is no pattern */
};

/* What the groups of a layer keep. */
struct lt_nm_count {
	size_t groups;
	size_t over;  /* groups that keep more than n */
	size_t under; /* groups that keep fewer than n, and not all weights */
	size_t most;  /* the largest number of kept weights in a group */
	size_t spare; /* kept weights beyond the n of each group */
};

/* "N:M"; false if the text is anything else. */
bool lt_nm_parse(struct lt_nm *nm, const char *text);

/* Count the groups of a parameter of ndim dimensions, 2 or 4; keep has a byte
 * for each of its weights. */
void lt_nm_count(struct lt_nm_count *c, struct lt_nm nm, int ndim,
	const uint64_t *shape, const uint8_t *keep);

/* Set best[i] to whether weight i is one of the n kept weights of its group
 * with the largest scores; of equal scores the earlier weight is.  The score is
 * score[i] or, if score is NULL, |w[i]|.  No score of a kept weight is NaN. */
void lt_nm_best(uint8_t *best, struct lt_nm nm, int ndim, const uint64_t *shape,
	const uint8_t *keep, const float *w, const double *score);

#endif
