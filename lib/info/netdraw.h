/* A graph as text: drawn, a row a node from the image to the output, or as a
 * table.
 */
#ifndef LT_INFO_NETDRAW_H
#define LT_INFO_NETDRAW_H

#include "base/out.h"
#include "net/graph.h"

/* Lanes of values that are still to be read, "o" the node of the row ("x" an
 * unused one); from there name, operator, output shape, trainable parameters,
 * multiply-adds of one image; a row of totals. */
void lt_netdraw(struct lt_out *o, const struct lt_graph *g);
/* Tab-separated under one header line: node, operator, inputs, shape,
 * parameters, weights, multiply_adds. */
void lt_netdraw_tsv(struct lt_out *o, const struct lt_graph *g);

#endif
