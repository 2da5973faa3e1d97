/* The engine's table of operators, from the rows of their families. */
#include "engine/engine_int.h"

const struct engine_row engine_INPUT = {0}; /* the caller fills its tensor */

#define ROW(key, row) [LT_OP_##key] = &engine_##key,
static const struct engine_row *const rows[LT_OP_COUNT] = {LT_OP_LIST(ROW)};

const struct engine_row *
engine_row(const struct lt_engine *x, int node)
{
	return rows[x->g->node[node].op];
}
