/* How ticket searches go on from stage to stage: means over the complete
 * searches of a network (ticket/score.h), and gains over stage 0 of the same
 * search, in percent of it.
 */
#ifndef LT_TICKET_GAINS_H
#define LT_TICKET_GAINS_H

#include "base/table.h"
#include "ticket/searches.h"

/* Write a row for each network and stage that a search has: network, stage, n
 * (complete searches), then mean and standard deviation of sparsity (the mean
 * alone), test_acc, gain and length_gain, each over the searches that have the
 * number.  stages: K of ticket/score.h; 0: the most that a network has. */
void lt_gains_table(
	struct lt_cells *o, const struct lt_searches *all, uint32_t stages);

#endif
