/* Where the time of a run went: the table of lt-log(5), from what the engine
 * has measured (lt_exec_profile).
 */
#ifndef LT_LEARN_PROFILE_H
#define LT_LEARN_PROFILE_H

#include "base/out.h"
#include "learn/exec.h"

/* seconds: of all that is looked at; start: those before the measuring; peak:
 * the FMA ceiling, GFLOP/s. */
void lt_profile_print(struct lt_out *o, const struct lt_exec *x,
	const struct lt_graph *g, double seconds, double start, double peak);

#endif
