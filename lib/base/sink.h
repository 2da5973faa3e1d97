/* Bytes to a descriptor, all of them or an error, through gzip where that is
 * asked for.  This is for out.c and part.c.
 *
 *	struct sink s = {.fd = fd};
 *	if (sink_start_gzip(&s) == 0 && sink_write(&s, p, n) == 0)
 *		sink_finish(&s);
 *	sink_release(&s);
 *
 * Functions return 0, or -1 with errno.  The descriptor stays the caller's.
 */
#ifndef LT_BASE_SINK_H
#define LT_BASE_SINK_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>
#include "base/err.h"

#define SINK_CHUNK ((size_t)1 << 16)

/* Repeat a system call that a signal interrupts. */
#define RETRY(r, call) \
	do \
		(r) = (call); \
	while ((r) < 0 && errno == EINTR)

struct sink {
	int fd;
	bool gzip; /* z is in use */
	z_stream z;
};

/* True if path ends in ".gz". */
bool sink_is_gzip(const char *path);
/* Write all n bytes to fd, waiting where it takes none yet. */
int sink_put(int fd, const void *p, size_t n);
/* Compress what is written from now on. */
int sink_start_gzip(struct sink *s);
int sink_write(struct sink *s, const void *p, size_t n);
/* Write what the compression still holds. */
int sink_finish(struct sink *s);
/* Free the compression's memory; errno stays as it is. */
void sink_release(struct sink *s);

/* LT_EIO: "NAME: cannot write: " and what errno says. */
int sink_fail(const char *name, struct lt_err *err);

#endif
