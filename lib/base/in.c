#include "base/in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "base/signature.h"

#define CHUNK ((size_t)1 << 16)
#define LINE_MAX_BYTES ((size_t)1 << 20)
#define READ_MAX ((size_t)1 << 30)

struct lt_in {
	char *name;
	int fd;
	bool gzip, ended; /* ended: no byte will come any more */
	bool pipe; /* or a socket: only its end says whether it is whole */
	uint64_t lineno;
	uint64_t count; /* bytes handed out, for messages */
	/* Bytes as the file has them; raw[raw_pos..raw_end) is unread. */
	unsigned char raw[CHUNK];
	size_t raw_pos, raw_end;
	z_stream z;
	/* Inflated and unread: text[pos..end), allocated cap + 1. */
	char *text;
	size_t pos, end, cap;
};

/* One read(); 0 at the end. */
static int
read_some(
	struct lt_in *in, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	ssize_t r;
	do
		r = read(in->fd, buf, n < READ_MAX ? n : READ_MAX);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return lt_fail(err, LT_EIO, "%s: cannot read: %s", in->name,
			strerror(errno));
	*got = (size_t)r;
	return 0;
}

/* Make raw hold at least one byte unless the file has ended. */
static int
refill(struct lt_in *in, struct lt_err *err)
{
	if (in->raw_pos < in->raw_end)
		return 0;
	in->raw_pos = in->raw_end = 0;
	return read_some(in, in->raw, CHUNK, &in->raw_end, err);
}

/* The pipe ended without a byte: its writer may have been stopped before the
 * first one.  A writer that meant the stream to be empty has set the size of
 * the pipe to one page (lt_out_commit), which other programs do not do.  Linux
 * before 5.14 makes such pipes itself for a user who has very many. */
static int
check_empty(const struct lt_in *in, struct lt_err *err)
{
	if (!in->pipe ||
		fcntl(in->fd, F_GETPIPE_SZ) == (int)sysconf(_SC_PAGESIZE))
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: nothing came through the pipe: its writer failed or was "
		"stopped; an empty input must be a file or come directly from "
		"an lt program",
		in->name);
}

/* Find out from the first two bytes whether the input is gzip, however slowly a
 * pipe sends them. */
static int
detect(struct lt_in *in, struct lt_err *err)
{
	while (in->raw_end < 2) {
		size_t got;
		if (read_some(in, in->raw + in->raw_end, CHUNK - in->raw_end,
			    &got, err) < 0)
			return -1;
		if (!got)
			break;
		in->raw_end += got;
	}
	if (!in->raw_end && check_empty(in, err) < 0)
		return -1;
	in->gzip = in->raw_end >= 2 && in->raw[0] == 0x1f && in->raw[1] == 0x8b;
	size_t len = strlen(in->name);
	if (!in->gzip && len > 3 && strcmp(in->name + len - 3, ".gz") == 0)
		return lt_fail(err, LT_EDATA,
			"%s: not gzip data, though its name ends in .gz",
			in->name);
	if (in->gzip && inflateInit2(&in->z, 15 + 16) != Z_OK) {
		in->gzip = false;
		return lt_fail(err, LT_EBUG, "%s: out of memory", in->name);
	}
	return 0;
}

static int
open_fd(struct lt_in *in, struct lt_err *err)
{
	do
		in->fd = open(in->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	while (in->fd < 0 && errno == EINTR);
	return in->fd < 0 ? lt_fail_errno(err, in->name) : 0;
}

static int
look_at(struct lt_in *in, struct lt_err *err)
{
	struct stat st;
	if (fstat(in->fd, &st) < 0)
		return lt_fail_errno(err, in->name);
	if (S_ISDIR(st.st_mode))
		return lt_fail(err, LT_EIO,
			"%s: is a directory, expected a file", in->name);
	in->pipe = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
	return 0;
}

/* The path that replaces the descriptor as standard input, or NULL. */
static struct lt_in *kept;

void
lt_in_keep(struct lt_in *in)
{
	struct lt_in *old = kept;
	kept = NULL;
	lt_in_close(old);
	kept = in;
}

struct lt_in *
lt_in_open(const char *path, struct lt_err *err)
{
	if (kept && strcmp(path, "-") == 0)
		return kept;
	struct lt_in *in = lt_alloc(1, sizeof(*in));
	bool is_stdin = strcmp(path, "-") == 0;
	in->name = lt_strdup(is_stdin ? "standard input" : path);
	in->fd = STDIN_FILENO;
	if ((!is_stdin && open_fd(in, err) < 0) || look_at(in, err) < 0 ||
		detect(in, err) < 0) {
		lt_in_close(in);
		return NULL;
	}
	return in;
}

void
lt_in_close(struct lt_in *in)
{
	if (!in || in == kept)
		return;
	if (in->gzip)
		inflateEnd(&in->z);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in->text);
	free(in->name);
	free(in);
}

const char *
lt_in_name(const struct lt_in *in)
{
	return in->name;
}

/* Check that nothing follows the gzip stream. */
static int
gzip_end(struct lt_in *in, struct lt_err *err)
{
	if (refill(in, err) < 0)
		return -1;
	if (in->raw_pos < in->raw_end)
		return lt_fail(err, LT_EDATA,
			"%s: bytes follow the end of the gzip data", in->name);
	in->ended = true;
	return 0;
}

/* Inflate up to n bytes; *got is 0 at the end only. */
static int
pull_gzip(
	struct lt_in *in, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	n = n < READ_MAX ? n : READ_MAX;
	in->z.next_out = buf;
	in->z.avail_out = (uInt)n;
	while (in->z.avail_out == n && !in->ended) {
		if (refill(in, err) < 0)
			return -1;
		if (in->raw_pos == in->raw_end)
			return lt_fail(err, LT_EDATA,
				"%s: truncated: the gzip data stop early",
				in->name);
		in->z.next_in = in->raw + in->raw_pos;
		in->z.avail_in = (uInt)(in->raw_end - in->raw_pos);
		int r = inflate(&in->z, Z_NO_FLUSH);
		in->raw_pos = in->raw_end - in->z.avail_in;
		if (r == Z_STREAM_END && gzip_end(in, err) < 0)
			return -1;
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
			return lt_fail(err, LT_EDATA,
				"%s: damaged gzip data: %s", in->name,
				in->z.msg ? in->z.msg : "no reason given");
	}
	*got = n - in->z.avail_out;
	return 0;
}

static int
pull_plain(
	struct lt_in *in, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	size_t have = in->raw_end - in->raw_pos;
	if (have) {
		*got = n < have ? n : have;
		memcpy(buf, in->raw + in->raw_pos, *got);
		in->raw_pos += *got;
		return 0;
	}
	if (read_some(in, buf, n, got, err) < 0)
		return -1;
	in->ended = *got == 0;
	return 0;
}

/* Read some bytes, up to n >= 1; *got is 0 at the end only. */
static int
pull(struct lt_in *in, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	*got = 0;
	if (in->ended)
		return 0;
	return in->gzip ? pull_gzip(in, buf, n, got, err)
			: pull_plain(in, buf, n, got, err);
}

int
lt_in_read(
	struct lt_in *in, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	size_t have = in->end - in->pos, done = n < have ? n : have, some = 1;
	if (done)
		memcpy(buf, in->text + in->pos, done);
	in->pos += done;
	while (done < n && some) {
		if (pull(in, (char *)buf + done, n - done, &some, err) < 0)
			return -1;
		done += some;
	}
	in->count += done;
	*got = done;
	return 0;
}

int
lt_in_exact(struct lt_in *in, void *buf, size_t n, struct lt_err *err)
{
	size_t got;
	uint64_t at = in->count;
	if (lt_in_read(in, buf, n, &got, err) < 0)
		return -1;
	if (got == n)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: truncated: expected %zu bytes at byte %llu, found %zu",
		in->name, n, (unsigned long long)at, got);
}

int
lt_in_end(struct lt_in *in, struct lt_err *err)
{
	char c;
	size_t got;
	uint64_t at = in->count;
	if (lt_in_read(in, &c, 1, &got, err) < 0)
		return -1;
	if (!got)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: too long: expected the end at byte %llu, found more",
		in->name, (unsigned long long)at);
}

/* Read more into text, moving the unread part to its front. */
static int
more_text(struct lt_in *in, size_t *got, struct lt_err *err)
{
	if (in->pos) {
		memmove(in->text, in->text + in->pos, in->end - in->pos);
		in->end -= in->pos;
		in->pos = 0;
	}
	if (in->cap - in->end < CHUNK) {
		in->cap = in->cap ? in->cap * 2 : 2 * CHUNK;
		in->text = lt_realloc(in->text, in->cap + 1, 1);
	}
	if (pull(in, in->text + in->end, in->cap - in->end, got, err) < 0)
		return -1;
	in->end += *got;
	return 0;
}

int
lt_in_peek(struct lt_in *in, const char **p, size_t n, size_t *got,
	struct lt_err *err)
{
	size_t some = 1;
	while (in->end - in->pos < n && some)
		if (more_text(in, &some, err) < 0)
			return -1;
	*p = in->text + in->pos;
	*got = in->end - in->pos < n ? in->end - in->pos : n;
	return 0;
}

/* Find the next LF, reading on as needed; *lf is NULL at the end. */
static int
find_lf(struct lt_in *in, char **lf, struct lt_err *err)
{
	size_t seen = 0, got;
	for (;;) {
		size_t have = in->end - in->pos;
		*lf = have > seen ? memchr(in->text + in->pos + seen, '\n',
					    have - seen)
				  : NULL;
		if (*lf)
			return 0;
		if (have > LINE_MAX_BYTES)
			return 0;
		seen = have;
		if (more_text(in, &got, err) < 0)
			return -1;
		if (!got)
			return 0;
	}
}

int
lt_in_line(struct lt_in *in, char **line, size_t *len, struct lt_err *err)
{
	char *lf;
	if (find_lf(in, &lf, err) < 0)
		return -1;
	size_t have = in->end - in->pos;
	if (!lf && !have)
		return 0;
	in->lineno++;
	char *start = in->text + in->pos;
	size_t n = lf ? (size_t)(lf - start) : have;
	if (n > LINE_MAX_BYTES)
		return lt_in_fail(in, err, "line is longer than %zu bytes",
			LINE_MAX_BYTES);
	if (!lf)
		return lt_in_fail(in, err,
			"truncated: the last line has no newline%s",
			in->pipe ? ": the writer of this stream failed or was "
				   "stopped"
				 : "");
	if (memchr(start, '\0', n)) {
		const char *kind =
			in->lineno == 1 ? lt_signature_name(start, n) : NULL;
		return lt_in_fail(in, err, "NUL byte in a line of text%s%s",
			kind ? ": the file is " : "", kind ? kind : "");
	}
	*lf = '\0';
	in->pos += n + 1;
	in->count += n + 1;
	*line = start;
	*len = n;
	return 1;
}

const char *
lt_in_mark(const char *text, size_t n)
{
	static const struct {
		const char *bytes, *name;
	} marks[] = {{"\xef\xbb\xbf", "a byte order mark (UTF-8 with BOM)"},
		{"\xff\xfe", "a byte order mark of UTF-16"},
		{"\xfe\xff", "a byte order mark of UTF-16"}};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t len = strlen(marks[i].bytes);
		if (n >= len && memcmp(text, marks[i].bytes, len) == 0)
			return marks[i].name;
	}
	return NULL;
}

int
lt_in_row(struct lt_in *in, char **line, size_t *len, struct lt_err *err)
{
	if (!in->lineno) {
		const char *text, *mark;
		size_t got;
		if (lt_in_peek(in, &text, 3, &got, err) < 0)
			return -1;
		mark = lt_in_mark(text, got);
		if (mark)
			return lt_fail(err, LT_EDATA,
				"%s: expected plain UTF-8, found %s",
				lt_in_name(in), mark);
	}
	int r = lt_in_line(in, line, len, err);
	if (r > 0 && *len && (*line)[*len - 1] == '\r')
		return lt_in_fail(in, err,
			"a carriage return; lines end in a newline alone");
	return r;
}

uint64_t
lt_in_lineno(const struct lt_in *in)
{
	return in->lineno;
}

/* Memory doubles as bytes really arrive, up to max + 1; the one byte more
 * distinguishes a file that is too long from one that just fits. */
static int
slurp(struct lt_in *in, size_t max, char **data, size_t *size,
	struct lt_err *err)
{
	size_t cap = 0, got;
	for (;;) {
		cap = cap ? cap * 2 : CHUNK;
		if (cap > max)
			cap = max + 1;
		*data = lt_realloc(*data, cap + 1, 1);
		if (lt_in_read(in, *data + *size, cap - *size, &got, err) < 0)
			return -1;
		*size += got;
		if (*size > max)
			return lt_fail(err, LT_EDATA,
				"%s: too long: expected at most %zu bytes",
				in->name, max);
		if (*size < cap)
			break;
	}
	(*data)[*size] = '\0';
	return 0;
}

int
lt_in_whole(const char *path, size_t max, char **data, size_t *size,
	struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);
	if (!in)
		return -1;
	LT_BUG_ON(max > PTRDIFF_MAX / 2);
	char *p = NULL;
	size_t n = 0;
	int r = slurp(in, max, &p, &n, err);
	lt_in_close(in);
	if (r < 0) {
		free(p);
		return -1;
	}
	*data = p;
	*size = n;
	return 0;
}

int
lt_in_fail(const struct lt_in *in, struct lt_err *err, const char *fmt, ...)
{
	char msg[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return lt_fail(err, LT_EDATA, "%s:%llu: %s", in->name,
		(unsigned long long)in->lineno, msg);
}
