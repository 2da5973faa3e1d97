/* What Debian's static libraries, compiled for glibc, take from it and musl
 * lacks: calls that check lengths, and two names.  portable.bats links it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
__vsnprintf_chk(
	char *s, size_t n, int flag, size_t len, const char *f, va_list a)
{
	(void)flag;
	(void)len;
	return vsnprintf(s, n, f, a);
}

int
__snprintf_chk(char *s, size_t n, int flag, size_t len, const char *f, ...)
{
	va_list a;

	va_start(a, f);
	n = (size_t)__vsnprintf_chk(s, n, flag, len, f, a);
	va_end(a);
	return (int)n;
}

int
__fprintf_chk(FILE *to, int flag, const char *f, ...)
{
	va_list a;

	(void)flag;
	va_start(a, f);
	int n = vfprintf(to, f, a);
	va_end(a);
	return n;
}

void *
__memcpy_chk(void *to, const void *from, size_t n, size_t len)
{
	(void)len;
	return memcpy(to, from, n);
}

char *
__strncpy_chk(char *to, const char *from, size_t n, size_t len)
{
	(void)len;
	return strncpy(to, from, n);
}

void
__longjmp_chk(jmp_buf to, int value)
{
	longjmp(to, value);
}

long
__sysconf(int name)
{
	return sysconf(name);
}

/* OpenMP's threads run on any processor, as they do where nobody binds them. */
int
pthread_attr_setaffinity_np(void *attr, size_t n, const void *set)
{
	(void)attr;
	(void)n;
	(void)set;
	return 0;
}
