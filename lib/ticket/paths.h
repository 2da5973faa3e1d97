/* Projected arcs of several checkpoints of one network, for a picture.
 */
#ifndef LT_TICKET_PATHS_H
#define LT_TICKET_PATHS_H

#include "base/table.h"

struct lt_paths {
	const char *network;
	const char *nodes; /* names of nodes, separated by blanks; the output's
			      arcs are always taken */
	const char *const *stage; /* [stages]: "init=FILE": what the picture
				     calls this checkpoint */
	int stages;
};

/* Write the rows of lt-trajectory's table of paths for these nodes and for the
 * last one of the table, the output: network, stage, node, t, x, y.  LT_EDATA
 * if a checkpoint has no stage. */
int lt_paths_table(struct lt_cells *o, const struct lt_paths *p,
	const struct lt_table *t, struct lt_err *err);

#endif
