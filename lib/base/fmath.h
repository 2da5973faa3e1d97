/* exp, log and cos that give the same bits on every machine: polynomials over
 * fma, floor, ldexp only.  Within 2 ulp of libm in double over the range given.
 */
#ifndef LT_BASE_FMATH_H
#define LT_BASE_FMATH_H

double lt_exp(double x);   /* all finite x; over- and underflow as exp() */
double lt_log(double x);   /* x > 0, normal */
double lt_cospi(double x); /* cos(pi x), |x| <= 2^31 */

#endif
