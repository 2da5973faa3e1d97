/* The weights of each layer along the dense run: their standard deviation
 * beside what Equation 5 predicts (ticket/decay.h), and the share of each layer
 * that one-shot pruning would remove (the paper on early tickets, Figure 2).
 *
 * A look is an epoch whose weights and whose one-shot mask are known from
 * lt-info's tables.  The caller owns struct lt_looks and releases it.
 */
#ifndef LT_TICKET_LOOKS_H
#define LT_TICKET_LOOKS_H

#include <stdint.h>
#include "base/table.h"

struct lt_look_files {
	uint64_t epoch; /* 0: the initialization */
	const char *weights, *mask;
};

struct lt_looks {
	struct lt_look *v; /* [n] */
	size_t n;
	char **layer; /* [layers]: names of the layers' weights */
	size_t layers;
	struct lt_table log;
	double momentum, decay;
};

/* Read n looks, whose epochs ascend, and the dense run's log.  A look whose
 * table of weights is lost is left out.  LT_EDATA if the log lacks an epoch or
 * if a table lacks a layer of the first look. */
int lt_looks_read(struct lt_looks *l, const struct lt_look_files *file,
	size_t n, const char *log, struct lt_err *err);
void lt_looks_release(struct lt_looks *l);

/* Write a row for each look and layer: epoch, iteration, lr, layer, count,
 * W_std and W_mean, rate (percent of the layer that the mask removes; NaN if
 * the layer is not prunable); change of W_std since the look before and the
 * change that Equation 5 predicts; change_share and predicted_share: both in
 * percent of W_std in an epoch. */
int lt_looks_weights(
	struct lt_cells *o, const struct lt_looks *l, struct lt_err *err);
/* Write a row for each stretch of one learning rate and each layer: first, last
 * (epochs), lr, iterations, layer, W_first, W_last, change, predicted, ratio of
 * the logarithms. */
int lt_looks_slopes(
	struct lt_cells *o, const struct lt_looks *l, struct lt_err *err);
/* Write a row for each look: epoch, iteration, lr, moved (since the look
 * before) and from_last: how many weights, in percent of the prunable ones, the
 * masks remove from other layers (lt_decay_moved). */
int lt_looks_rates(
	struct lt_cells *o, const struct lt_looks *l, struct lt_err *err);

#endif
