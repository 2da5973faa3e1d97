#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/outpath.h"
#include "base/part.h"
#include "base/sink.h"
#include "base/tame.h"

/* The largest write that a pipe takes whole or not at all (PIPE_BUF). */
#define PIECE ((size_t)4096)

struct lt_out {
	char *name;	   /* as given, for messages */
	struct part *part; /* of a file; NULL: a stream */
	struct sink
		sink; /* its descriptor is the part's or, in a stream, ours */
	int saved;    /* errno of the first failure, or 0 */
	uint64_t length; /* plain bytes, buffered ones included */
	bool hold; /* line ends at the end of buf wait: see flush_pieces */
	size_t used;
	unsigned char buf[SINK_CHUNK];
};

static struct lt_out *
out_new(const char *path)
{
	struct lt_out *o = lt_alloc(1, sizeof(*o));
	bool is_stdout = strcmp(path, "-") == 0;
	o->name = lt_strdup(is_stdout ? "standard output" : path);
	o->sink.fd = -1;
	return o;
}

static void
out_free(struct lt_out *o)
{
	sink_release(&o->sink);
	if (o->part)
		part_close(o->part);
	else if (o->sink.fd >= 0)
		close(o->sink.fd);
	free(o->name);
	free(o);
}

void
lt_out_on_warning(void (*say)(const char *message))
{
	part_on_warning(say);
}

/* Open a device or pipe.  Nothing can be taken back there: bytes go straight
 * out.
 */
static int
open_through(struct lt_out *o, const char *path, struct lt_err *err)
{
	RETRY(o->sink.fd, open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY));
	if (o->sink.fd < 0)
		return sink_fail(o->name, err);
	if (sink_is_gzip(path) && sink_start_gzip(&o->sink) < 0)
		return sink_fail(o->name, err);
	return 0;
}

static int
open_file(
	struct lt_out *o, const char *target, uint64_t keep, struct lt_err *err)
{
	o->part = part_open(o->name, target, keep, err);
	if (!o->part)
		return -1;
	o->sink.fd = part_fd(o->part);
	o->length = keep;
	return 0;
}

static int
open_any(struct lt_out *o, const char *path, uint64_t keep, struct lt_err *err)
{
	struct lt_outpath where;
	if (lt_outpath_find(&where, path) < 0)
		return sink_fail(o->name, err);
	int r = 0;
	if (where.fd >= 0) {
		RETRY(o->sink.fd, fcntl(where.fd, F_DUPFD_CLOEXEC, 3));
		if (o->sink.fd < 0)
			r = sink_fail(o->name, err);
		o->hold = !isatty(o->sink.fd);
	} else if (where.special) {
		r = open_through(o, where.path, err);
		o->hold = !r && !o->sink.gzip && !isatty(o->sink.fd);
	} else {
		r = open_file(o, where.path, keep, err);
	}
	free(where.path);
	return r;
}

struct lt_out *
lt_out_open_at(const char *path, uint64_t keep, struct lt_err *err)
{
	struct lt_err unwanted;
	if (!err)
		err = &unwanted;
	struct lt_out *o = out_new(path);
	if (open_any(o, path, keep, err) < 0) {
		out_free(o);
		return NULL;
	}
	return o;
}

struct lt_out *
lt_out_open(const char *path, struct lt_err *err)
{
	return lt_out_open_at(path, 0, err);
}

struct lt_out *
lt_out_open_binary(const char *path, const char *what, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(path, err);

	if (!o || o->part || !isatty(o->sink.fd))
		return o;
	lt_fail(err, LT_EUSAGE,
		"%s is a terminal, expected a file: %s is binary", o->name,
		what);
	lt_out_abandon(o);
	return NULL;
}

/* Opening a FIFO would wait for its reader or show it an end. */
static int
try_through(const struct lt_out *o, const struct lt_outpath *where,
	struct lt_err *err)
{
	int r = where->fd < 0 ? access(where->path, W_OK)
			      : fcntl(where->fd, F_GETFL);
	if (r >= 0 && where->fd >= 0 && (r & O_ACCMODE) == O_RDONLY) {
		errno = EBADF;
		r = -1;
	}
	return r < 0 ? sink_fail(o->name, err) : 0;
}

int
lt_out_try(const char *path, struct lt_err *err)
{
	struct lt_outpath where;
	struct lt_out *o = out_new(path);
	int r;
	if (lt_outpath_find(&where, path) < 0) {
		r = sink_fail(o->name, err);
	} else if (where.fd >= 0 || where.special) {
		r = try_through(o, &where, err);
		free(where.path);
	} else {
		r = part_try(o->name, where.path, err);
		free(where.path);
	}
	out_free(o);
	return r;
}

bool
lt_out_resumed(const struct lt_out *o)
{
	return o->part != NULL;
}

uint64_t
lt_out_length(const struct lt_out *o)
{
	return o->length;
}

/* How many of n bytes may be written now, so that what is out does not end in
 * LF.
 */
static size_t
piece_of(const unsigned char *p, size_t n)
{
	size_t k = n < PIECE ? n : PIECE;
	while (k && p[k - 1] == '\n')
		k--;
	return k || n < PIECE ? k : PIECE; /* nothing but line ends */
}

/* A stream cannot be taken back, so a reader must see from its end whether it
 * is whole.  The line end of the last line is the end mark, which only the
 * commit writes.  Until then every write ends within a line and is small enough
 * that a pipe takes it whole.  So a writer that is killed at any moment leaves
 * a last line without its end, which readers refuse (lt_in_line).  The bytes
 * are the same as those of a file. */
static int
flush_pieces(struct lt_out *o, bool end)
{
	size_t at = 0;
	while (at < o->used) {
		size_t left = o->used - at;
		size_t n = end && left <= PIECE ? left
						: piece_of(o->buf + at, left);
		if (!n)
			break;
		if (sink_put(o->sink.fd, o->buf + at, n) < 0)
			return -1;
		at += n;
	}
	o->used -= at;
	memmove(o->buf, o->buf + at, o->used);
	return 0;
}

/* After a failure nothing more is written: what follows would leave a hole. */
static int
flush(struct lt_out *o, bool end)
{
	if (o->saved) {
		o->used = 0;
	} else if (o->hold) {
		if (flush_pieces(o, end) < 0)
			o->saved = errno;
	} else {
		if (o->used && sink_write(&o->sink, o->buf, o->used) < 0)
			o->saved = errno;
		o->used = 0;
	}
	errno = o->saved;
	return o->saved ? -1 : 0;
}

void
lt_out_write(struct lt_out *o, const void *p, size_t n)
{
	const unsigned char *from = p;
	o->length += n;
	while (n && !o->saved) {
		if (!o->used && n >= SINK_CHUNK && !o->hold) {
			if (sink_write(&o->sink, from, n) < 0)
				o->saved = errno;
			return;
		}
		size_t room = SINK_CHUNK - o->used, some = n < room ? n : room;
		memcpy(o->buf + o->used, from, some);
		o->used += some;
		from += some;
		n -= some;
		if (o->used == SINK_CHUNK)
			flush(o, false);
	}
}

void
lt_out_printf(struct lt_out *o, const char *fmt, ...)
{
	char small[256], *s = small;
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	LT_BUG_ON(n < 0);
	if ((size_t)n >= sizeof(small)) {
		s = lt_alloc((size_t)n + 1, 1);
		va_start(ap, fmt);
		vsnprintf(s, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	lt_tame(s, "\t\n");
	lt_out_write(o, s, (size_t)n);
	if (s != small)
		free(s);
}

void
lt_out_text(struct lt_out *o, const char *text)
{
	char *s = lt_strdup(text);
	lt_tame(s, "");
	lt_out_write(o, s, strlen(s));
	free(s);
}

/* printf writes a sign before some nans. */
void
lt_out_number(struct lt_out *o, double v)
{
	if (isnan(v))
		lt_out_printf(o, "\tNaN");
	else
		lt_out_printf(o, "\t%.9g", v);
}

int
lt_out_sync(struct lt_out *o, struct lt_err *err)
{
	if (flush(o, false) < 0)
		return sink_fail(o->name, err);
	if (o->part && part_sync(o->part) < 0) {
		o->saved = errno;
		return sink_fail(o->name, err);
	}
	return 0;
}

/* An empty stream has no line end as its end mark; the size of the pipe is the
 * mark instead (lt_in_open).  If it cannot be set, readers refuse the stream.
 */
static void
vouch_empty(const struct lt_out *o)
{
	struct stat st;
	if (fstat(o->sink.fd, &st) == 0 && S_ISFIFO(st.st_mode))
		fcntl(o->sink.fd, F_SETPIPE_SZ, (int)sysconf(_SC_PAGESIZE));
}

int
lt_out_commit(struct lt_out *o, struct lt_err *err)
{
	int r = flush(o, true);
	if (r == 0 && o->part) {
		r = part_commit(o->part);
	} else if (r == 0) {
		if (!o->length && o->hold)
			vouch_empty(o);
		r = sink_finish(&o->sink);
		if (r == 0) {
			r = close(o->sink.fd);
			o->sink.fd = -1;
		}
	}
	if (r == 0) {
		out_free(o);
		return 0;
	}
	sink_fail(o->name, err);
	lt_out_abandon(o);
	return -1;
}

int
lt_out_keep(struct lt_out *o, struct lt_err *err)
{
	int r = lt_out_sync(o, err);
	out_free(o);
	return r;
}

void
lt_out_abandon(struct lt_out *o)
{
	if (!o)
		return;
	if (o->part)
		part_unlink(o->part);
	out_free(o);
}

int
lt_out_whole(const char *path, const void *p, size_t n, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(path, err);
	if (!o)
		return -1;
	lt_out_write(o, p, n);
	return lt_out_commit(o, err);
}
