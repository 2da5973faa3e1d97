/* Checked memory and arithmetic.  Allocation never returns NULL: when memory
 * runs out the process prints "out of memory" and exits with LT_EBUG.  Sizes
 * that come from a file must pass lt_mul/lt_add and the file's size first.
 * What these return is the caller's, to be released with free().
 */
#ifndef LT_BASE_MEM_H
#define LT_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* count elements of size bytes each, zeroed; count or size may be 0. */
void *lt_alloc(size_t count, size_t size);
/* The same, aligned to 64 bytes. */
void *lt_alloc_aligned(size_t count, size_t size);
/* The same with undefined content, for memory that is written before it is
 * read.  What is large lies on huge pages where the system has them. */
void *lt_alloc_scratch(size_t count, size_t size);
/* realloc of count elements; new bytes are not initialized. */
void *lt_realloc(void *p, size_t count, size_t size);
/* Grow the array that *p_to_pointer points to, of *cap elements, so that it
 * holds need elements.  *cap at least doubles. */
void lt_grow(void *p_to_pointer, size_t *cap, size_t need, size_t size);
char *lt_strdup(const char *s);
char *lt_strndup(const char *s, size_t n);
char *lt_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void *lt_memdup(const void *p, size_t n);

/* *out = a * b, a + b; false (and *out untouched) if the result does not fit.
 */
static inline bool
lt_mul(uint64_t *out, uint64_t a, uint64_t b)
{
	uint64_t r;
	if (__builtin_mul_overflow(a, b, &r))
		return false;
	*out = r;
	return true;
}

static inline bool
lt_add(uint64_t *out, uint64_t a, uint64_t b)
{
	uint64_t r;
	if (__builtin_add_overflow(a, b, &r))
		return false;
	*out = r;
	return true;
}

#endif
