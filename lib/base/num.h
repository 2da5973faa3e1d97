/* Strict numbers: the whole string, C locale, no leading space, no overflow. */
#ifndef LT_BASE_NUM_H
#define LT_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool lt_num_u64(const char *s, uint64_t *out); /* decimal digits only */
bool lt_num_i64(const char *s, int64_t *out);
/* Finite decimal or scientific notation; no hex, no inf, no nan. */
bool lt_num_f64(const char *s, double *out);
/* None is infinite or not a number. */
bool lt_num_finite(const float *v, size_t n);
/* "3x32x32" -> at most max numbers; how many, or 0. */
int lt_num_dims(const char *s, uint64_t *v, int max);
/* "1,5,20" -> ascending or not, as written; *out is the caller's. */
bool lt_num_list(const char *s, uint64_t **out, int *n);

#endif
