/* A reader against a file cut at every byte, and with every bit flipped; the
 * cut ones as a file and as a pipe.
 */
#ifndef LT_TESTS_CUTS_H
#define LT_TESTS_CUTS_H

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/err.h"
#include "tap.h"
#include "scratch.h"

typedef int reader(const char *path, struct lt_err *err);

struct cuts_feed {
	int fd;
	const char *p;
	size_t n;
};

static inline void *
cuts_feed(void *arg)
{
	struct cuts_feed *f = arg;
	for (size_t at = 0; at < f->n;) {
		ssize_t k = write(f->fd, f->p + at, f->n - at);
		if (k <= 0)
			break;
		at += (size_t)k;
	}
	close(f->fd);
	return NULL;
}

/* Read n bytes as a regular file in memory: a thousand files on a disk would
 * take seconds. */
static inline int
cuts_file(reader *read, const char *p, size_t n, struct lt_err *err)
{
	char path[32];
	int fd = memfd_create("cut", 0);
	if (fd < 0 || pwrite(fd, p, n, 0) != (ssize_t)n)
		return -2;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int r = read(path, err);
	close(fd);
	return r;
}

/* Read n bytes from a pipe that ends after them. */
static inline int
cuts_pipe(reader *read, const char *p, size_t n, struct lt_err *err)
{
	int fd[2];
	char path[32];
	pthread_t thread;
	signal(SIGPIPE, SIG_IGN);
	if (pipe(fd) < 0)
		return -2;
	struct cuts_feed feed = {fd[1], p, n};
	pthread_create(&thread, NULL, cuts_feed, &feed);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd[0]);
	int r = read(path, err);
	close(fd[0]);
	pthread_join(thread, NULL);
	return r;
}

/* The number of lengths from 0 on that are not refused as bad data, of those
 * that may_end does not allow (NULL: none is allowed). */
static inline size_t
cuts_missed(reader *read, const char *path, bool pipes,
	bool (*may_end)(const char *p, size_t n))
{
	struct lt_err err;
	size_t n = 0, missed = 0;
	char *p = scratch_get(path, &n);
	for (size_t cut = 0; cut < n; cut++) {
		if (may_end && may_end(p, cut))
			continue;
		err.status = 0;
		bool bad = cuts_file(read, p, cut, &err) == 0 ||
			   err.status != LT_EDATA;
		if (pipes) {
			err.status = 0;
			bad |= cuts_pipe(read, p, cut, &err) == 0 ||
			       err.status != LT_EDATA;
		}
		if (bad)
			printf("# %s cut to %zu of %zu bytes\n", path, cut, n);
		missed += bad;
	}
	free(p);
	return missed;
}

/* The number of single flipped bits that are not refused as bad data. */
static inline size_t
cuts_flips_missed(reader *read, const char *path)
{
	struct lt_err err;
	size_t n = 0, missed = 0;
	char *p = scratch_get(path, &n);
	for (size_t bit = 0; bit < 8 * n; bit++) {
		p[bit / 8] ^= (char)(1 << bit % 8);
		err.status = 0;
		int r = cuts_file(read, p, n, &err);
		p[bit / 8] ^= (char)(1 << bit % 8);
		if (r == 0 || err.status != LT_EDATA) {
			printf("# bit %zu of byte %zu\n", bit % 8, bit / 8);
			missed++;
		}
	}
	free(p);
	return missed;
}

#endif
