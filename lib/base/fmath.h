/* exp, log and cos that give the same bits on every machine, because they use
 * only fma, floor and ldexp.  They are within 2 ulp of libm's double functions
 * in the stated range.
 */
#ifndef LT_BASE_FMATH_H
#define LT_BASE_FMATH_H

double lt_exp(double x);   /* any finite x; over- and underflows as exp() */
double lt_log(double x);   /* x > 0, normal */
double lt_cospi(double x); /* cos(pi x), |x| <= 2^31 */

#endif
