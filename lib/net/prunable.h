/* The layers of a model that are to be pruned, as criteria see them. */
#ifndef LT_NET_PRUNABLE_H
#define LT_NET_PRUNABLE_H

#include "base/err.h"
#include "mask/prune.h"
#include "net/model.h"

/* Those that lt_prune_choose takes, in net-text order, *n of them: the caller's
 * array, whose names, shapes and weights are the model's.  NULL: LT_EUSAGE. */
struct lt_prunable *lt_prunable_of(const struct lt_model *m, size_t *n,
	const char *kinds, const char *exclude, struct lt_err *err);

#endif
