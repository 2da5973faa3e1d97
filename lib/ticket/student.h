/* Student's t distribution with a whole number of degrees of freedom (Student
 * 1908, "The probable error of a mean").
 *
 * With x = df / (df + t^2) the probability of a value at least t away from 0 is
 * the regularized incomplete beta function I_x(df / 2, 1 / 2) (Abramowitz and
 * Stegun 1964, 26.7.1 and 26.5.27), computed by its continued fraction
 * (26.5.8). Beta(df / 2, 1 / 2) and x^(df / 2) are products of whole steps, so
 * only arithmetic and square roots are needed and the bits are the same on
 * every machine. */
#ifndef LT_TICKET_STUDENT_H
#define LT_TICKET_STUDENT_H

#include <stddef.h>

/* P(|T| >= |t|), for df >= 1; 0 for an infinite t, NaN for NaN. */
double lt_student_outside(double t, size_t df);
/* P(T >= t). */
double lt_student_above(double t, size_t df);
/* The t >= 0 with P(|T| >= t) = alpha, alpha in (0, 1), found by bisection down
 * to neighbouring doubles; infinite if no double is large enough. */
double lt_student_quantile(double alpha, size_t df);

#endif
