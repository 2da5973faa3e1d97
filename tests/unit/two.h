/* Two layers of random weights, and the order in which scores are removed, for
 * tests of what prunes. */
#ifndef LT_TESTS_TWO_H
#define LT_TESTS_TWO_H

#include "base/rng.h"
#include "mask/prune.h"

struct net {
	uint64_t shape[2][4];
	float w[2][200];
	struct lt_prunable p[2];
};

static inline void
net_init(struct net *n, uint64_t seed)
{
	struct lt_rng r;

	*n = (struct net){.shape = {{5, 4, 3, 3}, {10, 20}}};
	lt_rng_init(&r, seed, LT_STREAM_TEST, 2, 0);
	for (int l = 0; l < 2; l++)
		for (int i = 0; i < 200; i++)
			n->w[l][i] = (float)lt_rng_normal(&r) * (l ? 1 : 2);
	n->p[0] =
		(struct lt_prunable){"a.weight", 4, n->shape[0], 180, n->w[0]};
	n->p[1] =
		(struct lt_prunable){"b.weight", 2, n->shape[1], 200, n->w[1]};
}

struct item {
	double score;
	size_t place;
};

/* For qsort: the lowest score first, of equal scores the later place. */
static inline int
by_score(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return x->place > y->place ? -1 : 1;
}

#endif
