/* Means and standard deviations over seeds.
 *
 * Rows with the same values in all key columns are a group.  For every other
 * column whose cells are numbers or missing, except seed, the output has the
 * mean over the group and, except for plain columns, the standard deviation
 * (n - 1) in a column NAME_std.  Missing numbers are left out.
 *
 * A row whose result (test_acc, learned_acc or retrain_seconds, where there is
 * such a column) is missing, because a training diverged, counts in plain
 * columns alone; n is the number of the others.
 *
 * Groups are ordered by their keys: numbers by value, words in the order in
 * which they come.
 */
#ifndef LT_TICKET_MEANS_H
#define LT_TICKET_MEANS_H

#include <stddef.h>
#include "base/err.h"

struct lt_means {
	const char *const *key; /* [keys] */
	int keys;
	const char *const *plain; /* [plains]: columns without a deviation */
	int plains;
	/* An index list, or NULL.  With it a column set_share follows: 100 x
	 * set_size / the length of the list. */
	const char *of;
};

/* Read the table at from and write the means to path.  If it has a column
 * multiply_adds, a last column all_multiply_adds adds
 * forward_multiply_adds to it. */
int lt_means_write(const char *path, const char *from, const struct lt_means *m,
	struct lt_err *err);

#endif
