/* Strict parsing of numbers: the whole string must be a number, in the C
 * locale, without leading space or overflow.  A false result leaves *out
 * undefined. */
#ifndef LT_BASE_NUM_H
#define LT_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool lt_num_u64(const char *s, uint64_t *out); /* decimal digits only */
bool lt_num_i64(const char *s, int64_t *out);
/* Finite decimal or scientific notation; no hex, no inf, no nan. */
bool lt_num_f64(const char *s, double *out);
/* True if all n values are finite. */
bool lt_num_finite(const float *v, size_t n);
/* Parse "3x32x32" into at most max numbers; returns how many, 0 if malformed.
 */
int lt_num_dims(const char *s, uint64_t *v, int max);
/* Parse "1,5,20" into *n numbers in the order written; *out is the caller's. */
bool lt_num_list(const char *s, uint64_t **out, int *n);

#endif
