#include "net/prunable.h"

#include <stdlib.h>
#include "base/mem.h"

struct lt_prunable *
lt_prunable_of(const struct lt_model *m, size_t *n, const char *kinds,
	const char *exclude, struct lt_err *err)
{
	size_t all = 0, used = 0;
	struct lt_prunable *p = lt_alloc((size_t)m->g->nparam, sizeof *p);
	bool *use = lt_alloc((size_t)m->g->nparam, sizeof *use);

	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *q = &m->g->param[i];
		if (q->prunable)
			p[all++] = (struct lt_prunable){q->name, q->ndim,
				q->shape, q->count, m->w + q->offset};
	}
	int bad = lt_prune_choose(use, p, all, kinds, exclude, err);
	for (size_t i = 0; i < all; i++)
		if (use[i])
			p[used++] = p[i];
	*n = used;
	free(use);
	if (!bad)
		return p;
	free(p);
	return NULL;
}
