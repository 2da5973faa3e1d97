/* The multiply-add ceiling: how many GFLOP/s this machine reaches at this
 * moment.  Other load lowers it, so it is measured in the run that it judges.
 * Speeds as shares of it can be compared between machines.
 */
#ifndef LT_ENGINE_PEAK_H
#define LT_ENGINE_PEAK_H

#include "kern/kern.h"

/* Measure the ceiling of the vectors of kernels k with all threads at once, in
 * wall-clock time: the best of bursts of some milliseconds, within a tenth of a
 * second. */
double lt_peak(const struct lt_kern *k, int threads);

#endif
