#include "base/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/outpath.h"
#include "base/sink.h"

struct part {
	const char *name; /* of the output, for messages; borrowed */
	char *target;	  /* the file to which the part is renamed */
	char *path;	  /* ".NAME.part" beside the target */
	char *gz;    /* its compressed form while a commit lasts, or NULL */
	mode_t mode; /* to give before the rename; 0: as created */
	int fd;
};

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

static void (*on_warning)(const char *message);

void
part_on_warning(void (*say)(const char *message))
{
	on_warning = say;
}

/* The part, made if it is not there. */
static int
open_part(struct part *p, bool *fresh)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
	RETRY(p->fd, open(p->path, flags | O_EXCL, 0666));
	*fresh = p->fd >= 0;
	if (p->fd < 0 && errno == EEXIST)
		RETRY(p->fd, open(p->path, flags, 0666));
	return p->fd < 0 ? -1 : 0;
}

/* How often to try a lock again, and the pause between: another process may
 * hold it only while it checks that it can write here. */
#define TRIES 10
#define PAUSE_NS (5 * 1000 * 1000)

/* 1: locked, or the file system knows no locks; 0: another holds it; -1. */
static int
take_lock(const struct part *p)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	static bool warned;
	int r;

	for (int i = 0; i < TRIES; i++) {
		RETRY(r, flock(p->fd, LOCK_EX | LOCK_NB));
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
			p->name, strerror(errno));
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
fail_in_the_way(const struct part *p, struct lt_err *err)
{
	return lt_fail(err, LT_EIO,
		"%s: cannot write: %s is in the way: expected no file, or a "
		"regular file of this user with one name",
		p->name, p->path);
}

static int
fail_open(const struct part *p, struct lt_err *err)
{
	return errno == ELOOP ? fail_in_the_way(p, err)
			      : sink_fail(p->name, err);
}

/* Lock the open part.  If another writer finished between our open and our
 * lock, it has renamed or removed the file that we hold: then the part has
 * another inode or none, and we begin again.  1: locked, 0: begin again, -1. */
static int
lock_part(struct part *p, bool fresh, struct lt_err *err)
{
	struct stat mine, named;
	if (fstat(p->fd, &mine) < 0)
		return sink_fail(p->name, err);
	if (!is_ours(&mine, fresh))
		return fail_in_the_way(p, err);
	int r = take_lock(p);
	if (r == 0)
		return lt_fail(err, LT_EAGAIN,
			"%s: another process is writing it (%s is locked)",
			p->name, p->path);
	if (r < 0)
		return sink_fail(p->name, err);
	r = lstat(p->path, &named);
	if (r < 0 && errno != ENOENT)
		return sink_fail(p->name, err);
	if (r == 0 && named.st_ino == mine.st_ino &&
		named.st_dev == mine.st_dev)
		return 1;
	close(p->fd);
	p->fd = -1;
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
choose_mode(struct part *p, bool fresh)
{
	struct stat st;
	if (stat(p->target, &st) == 0)
		p->mode = st.st_mode & 0777;
	else if (!fresh)
		p->mode = default_mode();
	else
		return 0;
	return fchmod(p->fd, p->mode | 0600);
}

/* Cut the part back to keep bytes and go to its end. */
static int
cut_back(struct part *p, uint64_t keep, struct lt_err *err)
{
	struct stat st;
	if (fstat(p->fd, &st) < 0)
		return sink_fail(p->name, err);
	if ((uint64_t)st.st_size < keep)
		return lt_fail(err, LT_EDATA,
			"%s: cannot continue: expected %llu bytes in %s, found "
			"%llu",
			p->name, (unsigned long long)keep, p->path,
			(unsigned long long)st.st_size);
	int r;
	RETRY(r, ftruncate(p->fd, (off_t)keep));
	if (r < 0 || lseek(p->fd, (off_t)keep, SEEK_SET) < 0)
		return sink_fail(p->name, err);
	return 0;
}

/* Open the part and lock it: 0, or -1. */
static int
open_locked(struct part *p, bool *fresh, struct lt_err *err)
{
	int r;

	do {
		if (open_part(p, fresh) < 0)
			return fail_open(p, err);
		r = lock_part(p, *fresh, err);
	} while (r == 0);
	return r < 0 ? -1 : 0;
}

static struct part *
part_new(const char *name, const char *target)
{
	struct part *p = lt_alloc(1, sizeof *p);

	*p = (struct part){.name = name,
		.target = lt_strdup(target),
		.path = lt_outpath_part(target, ".part"),
		.fd = -1};
	return p;
}

struct part *
part_open(
	const char *name, const char *target, uint64_t keep, struct lt_err *err)
{
	struct part *p = part_new(name, target);
	bool fresh = false;
	int r = open_locked(p, &fresh, err);
	bool locked = r == 0;

	if (sink_is_gzip(target))
		p->gz = lt_outpath_part(target, ".part.gz");
	if (locked && p->gz)
		unlink(p->gz);
	if (locked)
		r = cut_back(p, keep, err);
	if (r == 0 && choose_mode(p, fresh) < 0)
		r = sink_fail(p->name, err);
	if (r == 0)
		return p;
	/* A part to resume from stays for another try, and a part that another
	 * process has locked stays alone. */
	if ((fresh || (locked && !keep)) && err->status != LT_EAGAIN)
		unlink(p->path);
	part_close(p);
	return NULL;
}

int
part_try(const char *name, const char *target, struct lt_err *err)
{
	struct part *p = part_new(name, target);
	bool fresh = false;
	int r = open_locked(p, &fresh, err);

	if (r < 0 && err->status == LT_EAGAIN)
		r = 0;
	else if (fresh)
		unlink(p->path);
	part_close(p);
	return r;
}

int
part_fd(const struct part *p)
{
	return p->fd;
}

int
part_sync(const struct part *p)
{
	return settle(p->fd);
}

/* Copy the plain part, from its beginning, into a gzip sink. */
static int
compress_into(struct sink *gz, int plain)
{
	unsigned char *chunk = lt_alloc(SINK_CHUNK, 1);
	ssize_t n = 0;
	int r = 0;
	for (off_t at = 0; r == 0; at += n) {
		RETRY(n, pread(plain, chunk, SINK_CHUNK, at));
		if (n <= 0)
			break;
		r = sink_write(gz, chunk, (size_t)n);
	}
	free(chunk);
	return n < 0 ? -1 : r;
}

/* Compress the plain part into p->gz, which is then renamed.  The part
 * itself, and with it the lock, stays. */
static int
compress_part(struct part *p)
{
	struct sink gz = {.fd = -1};
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	unlink(p->gz); /* what a killed run left, or a planted link */
	RETRY(gz.fd, open(p->gz, flags, 0666));
	if (gz.fd < 0)
		return -1;
	int r = sink_start_gzip(&gz);
	if (r == 0)
		r = compress_into(&gz, p->fd);
	if (r == 0)
		r = sink_finish(&gz);
	if (r == 0 && p->mode)
		r = fchmod(gz.fd, p->mode);
	if (r == 0)
		r = settle(gz.fd);
	sink_release(&gz);
	int saved = errno;
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

int
part_commit(struct part *p)
{
	const char *from = p->gz ? p->gz : p->path;
	if (p->gz ? compress_part(p) < 0
		  : (p->mode && fchmod(p->fd, p->mode) < 0) ||
				settle(p->fd) < 0)
		return -1;
	/* Opened first, so that failing to open leaves the old file alone; a
	 * directory that may not be read cannot be synced, and is not. */
	char *folder = lt_outpath_folder(p->target);
	int dir, r;
	RETRY(dir, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	free(folder);
	if (dir < 0 && errno != EACCES)
		return -1;
	RETRY(r, rename(from, p->target));
	if (r == 0 && p->gz)
		unlink(p->path);
	if (r == 0)
		r = sync_directory(dir);
	if (dir >= 0)
		close(dir);
	return r;
}

void
part_unlink(struct part *p)
{
	if (p->gz)
		unlink(p->gz);
	unlink(p->path);
}

void
part_close(struct part *p)
{
	if (p->fd >= 0)
		close(p->fd);
	free(p->target);
	free(p->path);
	free(p->gz);
	free(p);
}
