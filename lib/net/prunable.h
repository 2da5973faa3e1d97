/* The layers of a model as criteria see them. */
#ifndef LT_NET_PRUNABLE_H
#define LT_NET_PRUNABLE_H

#include "base/err.h"
#include "mask/prune.h"
#include "net/model.h"

/* The *n layers that lt_prune_choose selects, in net-text order.  The array is
 * the caller's; names, shapes and weights in it belong to the model.  NULL with
 * LT_EUSAGE. */
struct lt_prunable *lt_prunable_of(const struct lt_model *m, size_t *n,
	const char *kinds, const char *exclude, struct lt_err *err);

#endif
