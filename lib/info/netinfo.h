/* Networks and checkpoints as text for lt-info.
 */
#ifndef LT_INFO_NETINFO_H
#define LT_INFO_NETINFO_H

#include <stdbool.h>
#include "base/err.h"
#include "base/answer.h"
#include "file/st.h"
#include "net/graph.h"

/* Write facts, one "name<TAB>value" on each line: name, input, classes,
 * parameters, prunable weights, multiply-adds of one image and, if st is not
 * NULL, how many of its weights are not zero. */
void lt_netinfo_facts(
	struct lt_answer *a, const struct lt_graph *g, const struct lt_st *st);
/* Write the facts and metadata of a checkpoint or state, unless table_only is
 * set, and then a table of its tensors.  The network's tensors come first, in
 * its order. */
int lt_netinfo_weights(struct lt_answer *a, const struct lt_st *st,
	const char *path, bool table_only, struct lt_err *err);
/* Read net text from path and write its facts and drawing, or its table alone;
 * in JSON its facts and its table.
 */
int lt_netinfo_text(struct lt_answer *a, const char *path, bool table_only,
	struct lt_err *err);
/* Draw the graph of path, which is net text or a file that carries it. */
int lt_netinfo_draw(
	struct lt_out *o, const char *path, bool is_text, struct lt_err *err);

#endif
