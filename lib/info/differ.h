/* Where two checkpoints, states or masks differ, for lt-info --diff. */
#ifndef LT_INFO_DIFFER_H
#define LT_INFO_DIFFER_H

#include <stddef.h>
#include "base/answer.h"
#include "file/st.h"

/* Write a table with a row for each difference; return how many there are.
 * Columns: part, name, a and b, differing, largest.  The parts are, in this
 * order:
 *
 *	metadata	a key whose values differ; seals are left out
 *	setting		a word NAME=VALUE of lt.run.settings, of states
 *	history		a value of an entry, "2 lt-train lr"; or a whole entry
 *	network		a line of the net text that only one of them has
 *	tensor, mask	types and shapes, if these differ; else how many values
 *			are not 0 in a and b, how many values differ in a bit,
 *			and the largest |a - b|, inf if one is not finite
 *
 * What one of them lacks is NaN. */
size_t lt_describe_diff(
	struct lt_answer *a, const struct lt_st *x, const struct lt_st *y);

#endif
