/* Do smaller networks gain more?  Over the pairs of networks of different size
 * whose values v are known, for the gain of the best sparse stage and for the
 *LTS score:
 *
 *	smaller      pairs in which the smaller network has the larger v
 *	judged       pairs in which both have a deviation, of several searches
 *	smaller_sure of these, those in which v differs by more than two
 *	             standard errors, sqrt(std_a^2 / n_a + std_b^2 / n_b), in
 *favour of the smaller network; larger_sure: of the larger one
 */
#ifndef LT_TICKET_ORDER_H
#define LT_TICKET_ORDER_H

#include "base/err.h"

/* Read the table of networks at from and write a row for each value to path. */
int lt_order_write(const char *path, const char *from, struct lt_err *err);

#endif
