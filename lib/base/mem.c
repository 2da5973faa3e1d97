#include "base/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/host.h"

#define ALIGNMENT 64
/* Large memory lies on pages of this size where the system has them. */
#define HUGE_PAGE ((size_t)2 << 20)

static noreturn void
out_of_memory(void)
{
	fprintf(stderr, "%s: out of memory\n", lt_host_program());
	exit(LT_EBUG);
}

/* The product, but at least 1, because malloc(0) may return NULL. */
static size_t
checked_size(size_t count, size_t size)
{
	uint64_t bytes;
	if (!lt_mul(&bytes, count, size) || bytes > PTRDIFF_MAX)
		out_of_memory();
	return bytes ? (size_t)bytes : 1;
}

void *
lt_alloc(size_t count, size_t size)
{
	void *p = calloc(1, checked_size(count, size));
	if (!p)
		out_of_memory();
	return p;
}

void *
lt_alloc_scratch(size_t count, size_t size)
{
	size_t bytes = checked_size(count, size);
	if (bytes > PTRDIFF_MAX - ALIGNMENT)
		out_of_memory();
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	size_t align = bytes < HUGE_PAGE ? ALIGNMENT : HUGE_PAGE;
	void *p = NULL;
	if (posix_memalign(&p, align, bytes) != 0)
		out_of_memory();
	if (align == HUGE_PAGE) /* a hint, which systems may ignore */
		lt_host_huge_pages(p, bytes);
	return p;
}

void *
lt_alloc_aligned(size_t count, size_t size)
{
	void *p = lt_alloc_scratch(count, size);
	return memset(p, 0, checked_size(count, size));
}

void *
lt_realloc(void *p, size_t count, size_t size)
{
	p = realloc(p, checked_size(count, size));
	if (!p)
		out_of_memory();
	return p;
}

void
lt_grow(void *p_to_pointer, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return;
	size_t want = *cap < 8 ? 8 : *cap + *cap / 2;
	if (want < need)
		want = need;
	/* The pointer's type is the caller's: copy its bytes, not its type. */
	void *p;
	memcpy(&p, p_to_pointer, sizeof(p));
	p = lt_realloc(p, want, size);
	memcpy(p_to_pointer, &p, sizeof(p));
	*cap = want;
}

char *
lt_strdup(const char *s)
{
	return lt_memdup(s, strlen(s) + 1);
}

char *
lt_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = lt_alloc(len + 1, 1);
	memcpy(p, s, len);
	return p;
}

char *
lt_asprintf(const char *fmt, ...)
{
	char *s;
	va_list ap;
	va_start(ap, fmt);
	int n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return s;
}

void *
lt_memdup(const void *p, size_t n)
{
	void *q = lt_alloc(n, 1);
	if (n)
		memcpy(q, p, n);
	return q;
}
