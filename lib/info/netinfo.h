/* What a network, and a checkpoint of it, hold: text for lt-info.
 */
#ifndef LT_INFO_NETINFO_H
#define LT_INFO_NETINFO_H

#include <stdbool.h>
#include "base/err.h"
#include "base/out.h"
#include "file/st.h"
#include "net/graph.h"

/* Facts, "name<TAB>value" a line: name, input, classes, parameters, prunable
 * weights, multiply-adds of one image; with tensors (st not NULL) also how many
 * weights are not zero. */
void lt_netinfo_facts(
	struct lt_out *o, const struct lt_graph *g, const struct lt_st *st);
/* The facts and metadata of a checkpoint or state unless table_only, then a
 * table of its tensors, those of the network first and in its order. */
int lt_netinfo_weights(struct lt_out *o, const struct lt_st *st,
	const char *path, bool table_only, struct lt_err *err);
/* Of net text in a file: the facts and the graph drawn, or its table. */
int lt_netinfo_text(struct lt_out *o, const char *path, bool table_only,
	struct lt_err *err);
/* The graph of net text, or of what carries one, drawn. */
int lt_netinfo_draw(
	struct lt_out *o, const char *path, bool is_text, struct lt_err *err);

#endif
