/* Where the time of a run went: the table of lt-log(5), from what the engine
 * has measured (lt_engine_profile).
 */
#ifndef LT_RUN_PROFILE_H
#define LT_RUN_PROFILE_H

#include "base/out.h"
#include "engine/engine.h"

/* seconds: of all that is looked at; start: those before the measuring; peak:
 * the FMA ceiling, GFLOP/s. */
void lt_profile_print(struct lt_out *o, const struct lt_engine *x,
	const struct lt_graph *g, double seconds, double start, double peak);

#endif
