/* Loading one batch ahead: a thread reads, augments and lays out the next batch
 * while the engine computes with this one.  Images of batches behind that one
 * are announced to the system, which reads them meanwhile: many reads at once
 * make a disk several times faster than one at a time.
 *
 *	struct lt_loader *l = lt_loader_new(&opt, x, batch);
 *	lt_loader_start(l, places, n, left, epoch);
 *	while (lt_loader_take(l, &label, err) == 0) {
 *		if (more) lt_loader_start(l, next...);
 *		forward, backward, step
 *	}
 *	lt_loader_free(l);
 *
 * The engine has two input buffers: take makes the loaded one current, and the
 * next start fills the other.  places is borrowed until the take.  At most one
 * batch is being loaded; free waits for it.
 */
#ifndef LT_RUN_LOADER_H
#define LT_RUN_LOADER_H

#include "run/batch.h"
#include "engine/engine.h"

struct lt_loader;

/* b, x and what they point to must outlive the loader.  batch is the largest
 * number of images at a time. */
struct lt_loader *lt_loader_new(
	const struct lt_batch_opt *b, struct lt_engine *x, int batch);
void lt_loader_free(struct lt_loader *l); /* NULL is allowed */
/* Load the n samples at places.  Those of the left places behind them are
 * loaded next, if the caller does not change its mind. */
void lt_loader_start(struct lt_loader *l, const uint32_t *places, int n,
	size_t left, uint64_t epoch);
/* Wait for the batch that start began.  *label [n] is borrowed until the second
 * take after this one. */
int lt_loader_take(
	struct lt_loader *l, const int32_t **label, struct lt_err *err);

#endif
