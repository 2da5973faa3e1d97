/* Statistics of batch norms from samples. */
#include "run/recalibrate.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "run/loader.h"

static size_t
batch_size(const struct lt_batch_opt *b, int batch)
{
	size_t n = b->index->n;

	return (size_t)batch < n ? (size_t)batch : n;
}

size_t
lt_recalibrate_samples(const struct lt_batch_opt *b, int batch)
{
	size_t n = b->index->n;

	return n ? n - n % batch_size(b, batch) : 0;
}

/* Training mode counts batches and, with the engine's average, makes the
 * running statistics the mean over those counted. */
int
lt_recalibrate(struct lt_model *m, struct lt_engine *x,
	const struct lt_batch_opt *b, int batch, struct lt_err *err)
{
	size_t n = lt_recalibrate_samples(b, batch), size;
	const int32_t *label;
	int bad = 0;

	memset(m->batches, 0, (size_t)m->g->nbn * sizeof *m->batches);
	if (!n)
		return 0;
	size = batch_size(b, batch);
	uint32_t *order = lt_alloc(b->index->n, sizeof *order);
	lt_batch_order(order, b->index->n, b->seed, 0);
	struct lt_loader *loader = lt_loader_new(b, x, batch);
	lt_loader_start(loader, order, (int)size, n - size, 0);
	for (size_t i = 0; i < n && !bad; i += size) {
		bad = lt_loader_take(loader, &label, err);
		if (bad)
			break;
		if (i + size < n)
			lt_loader_start(loader, order + i + size, (int)size,
				n - i - 2 * size, 0);
		lt_engine_forward(x, (int)size, true, i / size);
	}
	lt_loader_free(loader);
	free(order);
	lt_engine_touch(x);
	return bad;
}
