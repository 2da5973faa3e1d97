#include "base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "base/outpath.h"
#include "base/tame.h"

#define CHUNK ((size_t)1 << 16)
/* The largest write that a pipe takes whole or not at all (PIPE_BUF). */
#define PIECE ((size_t)4096)

/* Where bytes go: a descriptor, by way of deflate when gzip is set. */
struct sink {
	int fd;
	bool gzip;
	z_stream z;
};

struct lt_out {
	char *name;	 /* as given, for messages */
	char *target;	 /* the file that part is renamed to; NULL: no file */
	char *part;	 /* ".NAME.part" beside the target */
	char *part_gz;	 /* its compressed form while a commit lasts, or NULL */
	mode_t mode;	 /* to give before the rename; 0: as created */
	int saved;	 /* errno of the first failure, or 0 */
	uint64_t length; /* plain bytes, buffered ones included */
	bool hold; /* line ends at the end of buf wait: see flush_pieces */
	struct sink sink;
	size_t used;
	unsigned char buf[CHUNK];
};

/* EINTR only means: again. */
#define RETRY(r, call) \
	do \
		(r) = (call); \
	while ((r) < 0 && errno == EINTR)

static bool
ends_in_gz(const char *path)
{
	size_t len = strlen(path);
	return len > 3 && strcmp(path + len - 3, ".gz") == 0;
}

static int
write_all(int fd, const unsigned char *p, size_t n)
{
	while (n) {
		ssize_t r = write(fd, p, n < CHUNK * 256 ? n : CHUNK * 256);
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
static int
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
		if (write_all(s->fd, out, made) < 0)
			return -1;
	} while (s->z.avail_out == 0);
	return 0;
}

static int
sink_write(struct sink *s, const void *p, size_t n)
{
	if (!s->gzip)
		return write_all(s->fd, p, n);
	const unsigned char *q = p;
	while (n) {
		size_t some = n < CHUNK ? n : CHUNK;
		if (sink_deflate(s, q, some, Z_NO_FLUSH) < 0)
			return -1;
		q += some;
		n -= some;
	}
	return 0;
}

static int
sink_finish(struct sink *s)
{
	int r = 0;
	if (s->gzip) {
		r = sink_deflate(s, NULL, 0, Z_FINISH);
		deflateEnd(&s->z);
		s->gzip = false;
	}
	return r;
}

/* A close can report a failed write (NFS), but closing would also give up the
 * lock before the rename; closing a duplicate reports and keeps the lock. */
static int
settle(int fd)
{
	int r, copy;
	RETRY(r, fsync(fd));
	if (r < 0)
		return -1;
	RETRY(copy, fcntl(fd, F_DUPFD_CLOEXEC, 3));
	if (copy < 0)
		return -1;
	return close(copy) < 0 && errno != EINTR ? -1 : 0;
}

static int
fail_write(const struct lt_out *o, struct lt_err *err)
{
	return lt_fail(
		err, LT_EIO, "%s: cannot write: %s", o->name, strerror(errno));
}

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
	if (o->sink.gzip)
		deflateEnd(&o->sink.z);
	if (o->sink.fd >= 0)
		close(o->sink.fd);
	free(o->name);
	free(o->target);
	free(o->part);
	free(o->part_gz);
	free(o);
}

static void (*on_warning)(const char *message);

void
lt_out_on_warning(void (*say)(const char *message))
{
	on_warning = say;
}

/* The part, made if it is not there. */
static int
open_part(struct lt_out *o, bool *fresh)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
	RETRY(o->sink.fd, open(o->part, flags | O_EXCL, 0666));
	*fresh = o->sink.fd >= 0;
	if (o->sink.fd < 0 && errno == EEXIST)
		RETRY(o->sink.fd, open(o->part, flags, 0666));
	return o->sink.fd < 0 ? -1 : 0;
}

/* How often to try a lock again, and the pause between: another process may
 * hold it only while it checks that it can write here. */
#define TRIES 10
#define PAUSE_NS (5 * 1000 * 1000)

/* 1: locked, or the file system knows no locks; 0: another holds it; -1. */
static int
take_lock(const struct lt_out *o)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	static bool warned;
	int r;

	for (int i = 0; i < TRIES; i++) {
		RETRY(r, flock(o->sink.fd, LOCK_EX | LOCK_NB));
		if (r == 0)
			return 1;
		if (errno != EWOULDBLOCK)
			break;
		nanosleep(&pause, NULL);
	}
	if (errno == EWOULDBLOCK)
		return 0;
	/* Lustre and some NFS servers. */
	if (errno != ENOSYS && errno != EOPNOTSUPP && errno != ENOLCK)
		return -1;
	if (!warned && on_warning) {
		char *message = lt_asprintf(
			"%s: cannot be locked: %s; do not start two programs "
			"that write the same file",
			o->name, strerror(errno));
		on_warning(message);
		free(message);
	}
	warned = true;
	return 1;
}

/* Check that only this user's programs can have made the open part.  A hard
 * link, a symbolic link or a device there would lead the output to somewhere
 * else. */
static bool
is_ours(const struct stat *part, bool fresh)
{
	return S_ISREG(part->st_mode) && part->st_nlink <= 1 &&
	       (fresh || part->st_uid == geteuid());
}

static int
fail_in_the_way(const struct lt_out *o, struct lt_err *err)
{
	return lt_fail(err, LT_EIO,
		"%s: cannot write: %s is in the way: expected no file, or a "
		"regular file of this user with one name",
		o->name, o->part);
}

static int
fail_open(const struct lt_out *o, struct lt_err *err)
{
	return errno == ELOOP ? fail_in_the_way(o, err) : fail_write(o, err);
}

/* Lock the open part.  If another writer finished between our open and our
 * lock, it has renamed or removed the file that we hold: then the part has
 * another inode or none, and we begin again.  1: locked, 0: begin again, -1. */
static int
lock_part(struct lt_out *o, bool fresh, struct lt_err *err)
{
	struct stat mine, named;
	if (fstat(o->sink.fd, &mine) < 0)
		return fail_write(o, err);
	if (!is_ours(&mine, fresh))
		return fail_in_the_way(o, err);
	int r = take_lock(o);
	if (r == 0)
		return lt_fail(err, LT_EAGAIN,
			"%s: another process is writing it (%s is locked)",
			o->name, o->part);
	if (r < 0)
		return fail_write(o, err);
	r = lstat(o->part, &named);
	if (r < 0 && errno != ENOENT)
		return fail_write(o, err);
	if (r == 0 && named.st_ino == mine.st_ino &&
		named.st_dev == mine.st_dev)
		return 1;
	close(o->sink.fd);
	o->sink.fd = -1;
	return 0;
}

static mode_t
default_mode(void)
{
	mode_t mask = umask(077);
	umask(mask);
	return 0666 & ~mask;
}

/* The final mode: the old file's or, for a new file, the mode that open() gives
 * to a new part.  Until the rename the part stays writable for us, so that a
 * killed run can be resumed. */
static int
choose_mode(struct lt_out *o, bool fresh)
{
	struct stat st;
	if (stat(o->target, &st) == 0)
		o->mode = st.st_mode & 0777;
	else if (!fresh)
		o->mode = default_mode();
	else
		return 0;
	return fchmod(o->sink.fd, o->mode | 0600);
}

/* Cut the part back to keep bytes and go to its end. */
static int
cut_back(struct lt_out *o, uint64_t keep, struct lt_err *err)
{
	struct stat st;
	if (fstat(o->sink.fd, &st) < 0)
		return fail_write(o, err);
	if ((uint64_t)st.st_size < keep)
		return lt_fail(err, LT_EDATA,
			"%s: cannot continue: expected %llu bytes in %s, found "
			"%llu",
			o->name, (unsigned long long)keep, o->part,
			(unsigned long long)st.st_size);
	int r;
	RETRY(r, ftruncate(o->sink.fd, (off_t)keep));
	if (r < 0 || lseek(o->sink.fd, (off_t)keep, SEEK_SET) < 0)
		return fail_write(o, err);
	o->length = keep;
	return 0;
}

static int
open_file(struct lt_out *o, uint64_t keep, struct lt_err *err)
{
	bool fresh;
	int r;
	o->part = lt_outpath_part(o->target, ".part");
	if (ends_in_gz(o->target))
		o->part_gz = lt_outpath_part(o->target, ".part.gz");
	do {
		if (open_part(o, &fresh) < 0)
			return fail_open(o, err);
		r = lock_part(o, fresh, err);
	} while (r == 0);
	bool locked = r == 1;
	if (locked && o->part_gz)
		unlink(o->part_gz);
	if (locked)
		r = cut_back(o, keep, err);
	if (locked && r == 0 && choose_mode(o, fresh) < 0)
		r = fail_write(o, err);
	/* A part to resume from stays for another try, and a part that another
	 * process has locked stays alone. */
	if (r < 0 && (fresh || (locked && !keep)) && err->status != LT_EAGAIN)
		unlink(o->part);
	return r < 0 ? -1 : 0;
}

/* Open a device or pipe.  Nothing can be taken back there: bytes go straight
 * out.
 */
static int
open_through(struct lt_out *o, const char *path, struct lt_err *err)
{
	RETRY(o->sink.fd, open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY));
	if (o->sink.fd < 0)
		return fail_write(o, err);
	if (ends_in_gz(path) && sink_start_gzip(&o->sink) < 0)
		return fail_write(o, err);
	return 0;
}

static int
open_any(struct lt_out *o, const char *path, uint64_t keep, struct lt_err *err)
{
	struct lt_outpath where;
	if (lt_outpath_find(&where, path) < 0)
		return fail_write(o, err);
	int r = 0;
	if (where.fd >= 0) {
		RETRY(o->sink.fd, fcntl(where.fd, F_DUPFD_CLOEXEC, 3));
		if (o->sink.fd < 0)
			r = fail_write(o, err);
		o->hold = !isatty(o->sink.fd);
	} else if (where.special) {
		r = open_through(o, where.path, err);
		o->hold = !r && !o->sink.gzip && !isatty(o->sink.fd);
	} else {
		o->target = lt_strdup(where.path);
		r = open_file(o, keep, err);
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

/* An existing part stays untouched, because an interrupted run resumes from it.
 * A target that another process is writing counts as writable. */
static int
try_file(struct lt_out *o, struct lt_err *err)
{
	bool fresh;
	int r;
	o->part = lt_outpath_part(o->target, ".part");
	do {
		if (open_part(o, &fresh) < 0)
			return fail_open(o, err);
		r = lock_part(o, fresh, err);
	} while (r == 0);
	if (r < 0 && err->status == LT_EAGAIN)
		return 0;
	if (fresh)
		unlink(o->part);
	return r < 0 ? -1 : 0;
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
	return r < 0 ? fail_write(o, err) : 0;
}

int
lt_out_try(const char *path, struct lt_err *err)
{
	struct lt_outpath where;
	struct lt_out *o = out_new(path);
	int r;
	if (lt_outpath_find(&where, path) < 0) {
		r = fail_write(o, err);
	} else if (where.fd >= 0 || where.special) {
		r = try_through(o, &where, err);
		free(where.path);
	} else {
		o->target = where.path;
		r = try_file(o, err);
	}
	out_free(o);
	return r;
}

bool
lt_out_resumed(const struct lt_out *o)
{
	return o->target != NULL;
}

bool
lt_out_terminal(const struct lt_out *o)
{
	return !o->target && isatty(o->sink.fd);
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
		if (write_all(o->sink.fd, o->buf + at, n) < 0)
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
		if (!o->used && n >= CHUNK && !o->hold) {
			if (sink_write(&o->sink, from, n) < 0)
				o->saved = errno;
			return;
		}
		size_t room = CHUNK - o->used, some = n < room ? n : room;
		memcpy(o->buf + o->used, from, some);
		o->used += some;
		from += some;
		n -= some;
		if (o->used == CHUNK)
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
		return fail_write(o, err);
	if (o->target && settle(o->sink.fd) < 0) {
		o->saved = errno;
		return fail_write(o, err);
	}
	return 0;
}

/* Copy the plain part, from its beginning, into a gzip sink. */
static int
compress_into(struct sink *gz, int plain)
{
	unsigned char *chunk = lt_alloc(CHUNK, 1);
	ssize_t n = 0;
	int r = 0;
	for (off_t at = 0; r == 0; at += n) {
		RETRY(n, pread(plain, chunk, CHUNK, at));
		if (n <= 0)
			break;
		r = sink_write(gz, chunk, (size_t)n);
	}
	free(chunk);
	return n < 0 ? -1 : r;
}

/* Compress the plain part into part_gz, which is then renamed.  The part
 * itself, and with it the lock, stays. */
static int
compress_part(struct lt_out *o)
{
	struct sink gz = {.fd = -1};
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	unlink(o->part_gz); /* what a killed run left, or a planted link */
	RETRY(gz.fd, open(o->part_gz, flags, 0666));
	if (gz.fd < 0)
		return -1;
	int r = sink_start_gzip(&gz);
	if (r == 0)
		r = compress_into(&gz, o->sink.fd);
	if (r == 0)
		r = sink_finish(&gz);
	if (r == 0 && o->mode)
		r = fchmod(gz.fd, o->mode);
	if (r == 0)
		r = settle(gz.fd);
	int saved = errno;
	if (gz.gzip)
		deflateEnd(&gz.z);
	close(gz.fd);
	errno = saved;
	return r;
}

/* Make the rename survive a power cut, where the file system can. */
static int
sync_directory(int dir)
{
	int r;
	if (dir < 0)
		return 0;
	RETRY(r, fsync(dir));
	return r < 0 && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
}

static int
commit_file(struct lt_out *o)
{
	const char *from = o->part_gz ? o->part_gz : o->part;
	if (o->part_gz ? compress_part(o) < 0
		       : (o->mode && fchmod(o->sink.fd, o->mode) < 0) ||
				 settle(o->sink.fd) < 0)
		return -1;
	/* Opened first, so that failing to open leaves the old file alone; a
	 * directory that may not be read cannot be synced, and is not. */
	char *folder = lt_outpath_folder(o->target);
	int dir, r;
	RETRY(dir, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	free(folder);
	if (dir < 0 && errno != EACCES)
		return -1;
	RETRY(r, rename(from, o->target));
	if (r == 0 && o->part_gz)
		unlink(o->part);
	if (r == 0)
		r = sync_directory(dir);
	if (dir >= 0)
		close(dir);
	return r;
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
	if (r == 0 && o->target) {
		r = commit_file(o);
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
	fail_write(o, err);
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
	if (o->part_gz)
		unlink(o->part_gz);
	if (o->part)
		unlink(o->part);
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
