#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message stays one line and cannot drive a terminal: C0 controls, DEL and
 * the UTF-8 form of the C1 controls become '?'. */
static void
tame(char *s)
{
	unsigned char *p = (unsigned char *)s;
	for (; *p; p++) {
		if (*p < 0x20 || *p == 0x7f) {
			*p = '?';
		} else if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f) {
			p[0] = '?';
			p[1] = '?';
		}
	}
}

int
lt_fail(struct lt_err *err, int status, const char *fmt, ...)
{
	if (!err)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	tame(err->msg);
	err->status = status;
	return -1;
}

int
lt_fail_errno(struct lt_err *err, const char *what)
{
	return lt_fail(err, LT_EIO, "%s: %s", what, strerror(errno));
}

int
lt_fail_prefix(struct lt_err *err, const char *prefix)
{
	if (!err)
		return -1;
	char old[sizeof(err->msg)];
	memcpy(old, err->msg, sizeof(old));
	return lt_fail(err, err->status, "%s: %s", prefix, old);
}

noreturn void
lt_bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s: internal error at %s:%d: %s\n",
		program_invocation_short_name, file, line, what);
	exit(LT_EBUG);
}
