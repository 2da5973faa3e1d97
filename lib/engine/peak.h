/* The FMA ceiling: how many GFLOP/s this machine gives at this moment.  Other
 * loads lower it, so it is measured in the run that it judges; a speed as a
 * share of it can be compared between machines.
 */
#ifndef LT_ENGINE_PEAK_H
#define LT_ENGINE_PEAK_H

#include "kern/kern.h"

/* Of these kernels' vectors on so many threads at once, by the wall clock: the
 * best of bursts of some milliseconds, a tenth of a second in all. */
double lt_peak(const struct lt_kern *k, int threads);

#endif
