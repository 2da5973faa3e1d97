/* The learning rate of each parameter, as a multiple of the run's: parameters
 * may be frozen, and layers may have rates of their own.
 *
 *	double *scale = lt_rates(g, "layer1,layer2", "last:10", err);
 *
 * The caller owns the result.
 */
#ifndef LT_RUN_RATES_H
#define LT_RUN_RATES_H

#include "base/err.h"
#include "net/graph.h"

/* freeze: a list of names (net/named.h).  scales: "NAME:X,NAME:X", a factor > 0
 * for all parameters that a name stands for; a later word replaces an earlier
 * one.  Frozen parameters have 0, whatever scales says.  NULL stands for none.
 *
 * The result is lt_engine_opt.scale, [g->nparam].  NULL with LT_EUSAGE if a
 * name is unknown, a factor is wrong, or no parameter is left to train. */
double *lt_rates(const struct lt_graph *g, const char *freeze,
	const char *scales, struct lt_err *err);

#endif
