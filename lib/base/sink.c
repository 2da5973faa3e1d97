#include "base/sink.h"

#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

bool
sink_is_gzip(const char *path)
{
	size_t len = strlen(path);
	return len > 3 && strcmp(path + len - 3, ".gz") == 0;
}

int
sink_put(int fd, const void *data, size_t n)
{
	const unsigned char *p = data;

	while (n) {
		ssize_t r = write(
			fd, p, n < SINK_CHUNK * 256 ? n : SINK_CHUNK * 256);
		if (r < 0 && errno == EAGAIN) {
			struct pollfd wait = {.fd = fd, .events = POLLOUT};
			poll(&wait, 1, -1);
			continue;
		}
		if (r < 0 && errno != EINTR)
			return -1;
		if (r > 0) {
			p += r;
			n -= (size_t)r;
		}
	}
	return 0;
}

/* zlib leaves time 0 and no name in the header: equal bytes give equal files.
 */
int
sink_start_gzip(struct sink *s)
{
	memset(&s->z, 0, sizeof(s->z));
	s->gzip = true;
	if (deflateInit2(&s->z, 6, Z_DEFLATED, 15 + 16, 8,
		    Z_DEFAULT_STRATEGY) == Z_OK)
		return 0;
	s->gzip = false;
	errno = ENOMEM;
	return -1;
}

static int
sink_deflate(struct sink *s, const void *p, size_t n, int flush)
{
	unsigned char out[4096];
	s->z.next_in = (unsigned char *)(uintptr_t)p;
	s->z.avail_in = (uInt)n;
	do {
		s->z.next_out = out;
		s->z.avail_out = sizeof(out);
		deflate(&s->z, flush);
		size_t made = sizeof(out) - s->z.avail_out;
		if (sink_put(s->fd, out, made) < 0)
			return -1;
	} while (s->z.avail_out == 0);
	return 0;
}

int
sink_write(struct sink *s, const void *p, size_t n)
{
	if (!s->gzip)
		return sink_put(s->fd, p, n);
	const unsigned char *q = p;
	while (n) {
		size_t some = n < SINK_CHUNK ? n : SINK_CHUNK;
		if (sink_deflate(s, q, some, Z_NO_FLUSH) < 0)
			return -1;
		q += some;
		n -= some;
	}
	return 0;
}

int
sink_finish(struct sink *s)
{
	int r = s->gzip ? sink_deflate(s, NULL, 0, Z_FINISH) : 0;
	sink_release(s);
	return r;
}

void
sink_release(struct sink *s)
{
	int saved = errno;

	if (s->gzip)
		deflateEnd(&s->z);
	s->gzip = false;
	errno = saved;
}

int
sink_fail(const char *name, struct lt_err *err)
{
	return lt_fail(
		err, LT_EIO, "%s: cannot write: %s", name, strerror(errno));
}
