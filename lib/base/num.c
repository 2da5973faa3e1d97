#include "base/num.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* Leading digits of s as a number; their count, 0 when there are none or they
 * do not fit. */
static size_t
digits(const char *s, uint64_t *out)
{
	uint64_t v = 0;
	size_t n = 0;
	for (; s[n] >= '0' && s[n] <= '9'; n++) {
		if (!lt_mul(&v, v, 10) ||
			!lt_add(&v, v, (uint64_t)(s[n] - '0')))
			return 0;
	}
	*out = v;
	return n;
}

bool
lt_num_u64(const char *s, uint64_t *out)
{
	uint64_t v;
	size_t n = digits(s, &v);
	if (!n || s[n])
		return false;
	*out = v;
	return true;
}

int
lt_num_dims(const char *s, uint64_t *v, int max)
{
	for (int n = 0; n < max; n++, s++) {
		size_t k = digits(s, &v[n]);
		s += k;
		if (!k || (*s && *s != 'x'))
			return 0;
		if (!*s)
			return n + 1;
	}
	return 0;
}

bool
lt_num_i64(const char *s, int64_t *out)
{
	bool minus = *s == '-';
	uint64_t v, limit = (uint64_t)INT64_MAX + minus;
	if (!lt_num_u64(s + minus, &v) || v > limit)
		return false;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/* strtod() takes more than we do (space, hex, inf, nan), so the shape is
 * checked first: [+-] digits [. digits] [e [+-] digits]. */
static bool
looks_decimal(const char *s)
{
	static const char set[] = "0123456789";
	s += *s == '-' || *s == '+';
	size_t whole = strspn(s, set), frac = 0;
	s += whole;
	if (*s == '.') {
		frac = strspn(++s, set);
		s += frac;
	}
	if (whole + frac == 0)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '-' || *s == '+';
		size_t n = strspn(s, set);
		if (!n)
			return false;
		s += n;
	}
	return *s == '\0';
}

bool
lt_num_f64(const char *s, double *out)
{
	if (!looks_decimal(s))
		return false;
	double v = strtod(s, NULL);
	if (!isfinite(v))
		return false;
	*out = v;
	return true;
}

bool
lt_num_list(const char *s, uint64_t **out, int *n)
{
	size_t count = 0, cap = 0;
	uint64_t *v = NULL;
	for (;; s++) {
		lt_grow(&v, &cap, count + 1, sizeof(*v));
		size_t len = digits(s, &v[count]);
		s += len;
		if (!len || (*s && *s != ',') || count == 65535)
			break;
		count++;
		if (!*s) {
			*out = v;
			*n = (int)count;
			return true;
		}
	}
	free(v);
	return false;
}

bool
lt_num_finite(const float *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}
