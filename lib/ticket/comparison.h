/* A comparison of methods for a terminal. */
#ifndef LT_TICKET_COMPARISON_H
#define LT_TICKET_COMPARISON_H

#include "base/err.h"

/* Read the summary at from and write a text: a line for each round, with means
 * over seeds of test_acc of all methods (percent), of search_iterations of
 * those that search, and by how much these are fewer than those of "imp"
 * (percent, 100 x (1 - mean / imp's mean)), which is a saving only where the
 * accuracies are equal (ticket/paired.h); "-" is missing.  The dense network,
 * method "dense" in round 0, is in the title.  A line follows for each method
 * whose early stop never fired. */
int lt_comparison_write(const char *path, const char *from, struct lt_err *err);

#endif
