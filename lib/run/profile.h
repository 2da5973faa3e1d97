/* The profile of a run (lt-log(5)): a table of what the engine has measured
 * since lt_engine_profile.
 */
#ifndef LT_RUN_PROFILE_H
#define LT_RUN_PROFILE_H

#include "base/out.h"
#include "engine/engine.h"

/* Write the table.  seconds is the time of the whole run, start the part of it
 * before the engine measured, peak the multiply-add ceiling in GFLOP/s. */
void lt_profile_print(struct lt_out *o, const struct lt_engine *x,
	const struct lt_graph *g, double seconds, double start, double peak);

#endif
