#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/host.h"
#include "base/tame.h"

int
lt_fail(struct lt_err *err, int status, const char *fmt, ...)
{
	if (!err)
		return -1;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	lt_tame(err->msg, "");
	err->status = status;
	err->mend[0] = '\0';
	return -1;
}

int
lt_fail_mend(struct lt_err *err, const char *words)
{
	if (err)
		snprintf(err->mend, sizeof(err->mend), "%s", words);
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
	struct lt_err old = *err;
	lt_fail(err, old.status, "%s: %s", prefix, old.msg);
	return lt_fail_mend(err, old.mend);
}

noreturn void
lt_bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s: internal error at %s:%d: %s\n", lt_host_program(),
		file, line, what);
	exit(LT_EBUG);
}
