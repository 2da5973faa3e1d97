/* The ceilings of this machine: of multiply-adds and of memory.  How many
 * GFLOP/s and GB/s it reaches at this moment.  Other load lowers it, so it is
 * measured in the run that it judges. Speeds as shares of it can be compared
 * between machines.
 */
#ifndef LT_ENGINE_PEAK_H
#define LT_ENGINE_PEAK_H

#include "kern/kern.h"

/* Measure the ceiling of the vectors of kernels k with all threads at once, in
 * wall-clock time: the best of bursts of some milliseconds, within a tenth of a
 * second. */
double lt_peak(const struct lt_kern *k, int threads);
/* Measure how many GB/s all threads at once read and write in a copy of memory
 * that no cache holds: the best of some copies, bytes read and bytes written
 * together, within a few tenths of a second. */
double lt_bandwidth(int threads);

#endif
