/* Do smaller networks gain more?  Over the pairs of networks of different size
 * whose values v are known, for the gain of the best sparse stage and for the
 * LTS score:
 *
 *	smaller       pairs in which the smaller network has the larger v
 *	judged        pairs in which both have a deviation, of several searches
 *	smaller_sure  of these, those in which the smaller network's v is larger
 *	              by Welch's test (1947, "The generalization of Student's
 *	              problem when several different population variances are
 *	              involved") at 5 %, after Holm's correction for all judged
 *	              pairs of the row; larger_sure: the larger network's v
 *
 * With u = std^2 / n of each network, (v_a - v_b) / sqrt(u_a + u_b) is taken
 * for a value of Student's t with
 *
 *	(u_a + u_b)^2 / (u_a^2 / (n_a - 1) + u_b^2 / (n_b - 1))
 *
 * degrees of freedom.  They are rounded down, which makes p no smaller.
 */
#ifndef LT_TICKET_ORDER_H
#define LT_TICKET_ORDER_H

#include "base/err.h"

/* Read the table of networks at from and write a row for each value to path. */
int lt_order_write(const char *path, const char *from, struct lt_err *err);

#endif
