/* A graph as text: a drawing with a row for each node, from the image to the
 * output, or a table.
 */
#ifndef LT_INFO_NETDRAW_H
#define LT_INFO_NETDRAW_H

#include "base/answer.h"
#include "net/graph.h"

/* Draw a graph.  Each row begins with a column for each value that a later node
 * reads; "o" marks the row's node, "x" an unused node.  Name, operator, output
 * shape, trainable parameters and multiply-adds of one image follow.  The last
 * row has totals. */
void lt_netdraw(struct lt_out *o, const struct lt_graph *g);
/* Write a graph as a table.  Columns: node, operator, inputs, shape,
 * parameters, weights, multiply_adds. */
void lt_netdraw_tsv(struct lt_answer *a, const struct lt_graph *g);

#endif
