/* What Linux and the GNU C library have and other systems have not, or do in
 * another way.  Of other files kern/kern_get.c alone has such a call, by which
 * it asks for tiles.
 *
 * LT_PORTABLE turns Linux's ways off, so that the others are compiled and
 * tested on Linux.  What a system needs beyond this file: POSIX 2008, flock(),
 * mkostemp(), vasprintf(), getopt_long() and OpenMP, which macOS and the BSDs
 * have.  Where /dev/fd/N is no link into /proc, opening it duplicates the
 * descriptor, which is what base/outpath.c wants.
 */
#ifndef LT_BASE_HOST_H
#define LT_BASE_HOST_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

/* Files hold numbers as memory does. */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "lt needs a little-endian machine"
#endif

#if defined(__linux__) && !defined(LT_PORTABLE)
#define LT_HOST_LINUX 1
#else
#define LT_HOST_LINUX 0
#endif

/* The name of the program that runs, for messages of the library. */
static inline const char *
lt_host_program(void)
{
#if LT_HOST_LINUX
	return program_invocation_short_name;
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || \
	defined(__NetBSD__) || defined(__DragonFly__)
	return getprogname();
#else
	return "lt";
#endif
}

/* Open a file without a name in a folder; -1 where that cannot be done, and the
 * caller makes one with a name. */
static inline int
lt_host_unnamed(const char *folder)
{
#if LT_HOST_LINUX
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#else
	(void)folder;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

/* Advise that memory should lie on huge pages. */
static inline void
lt_host_huge_pages(void *p, size_t bytes)
{
#if LT_HOST_LINUX
	madvise(p, bytes, MADV_HUGEPAGE);
#else
	(void)p;
	(void)bytes;
#endif
}

/* Advise that n bytes of a file will be read soon, so that the system begins to
 * read them; the call does not wait for them. */
static inline void
lt_host_will_read(int fd, uint64_t at, size_t n)
{
#if LT_HOST_LINUX
	posix_fadvise(fd, (off_t)at, (off_t)n, POSIX_FADV_WILLNEED);
#else
	(void)fd;
	(void)at;
	(void)n;
#endif
}

/* Execute this program once more.  Returns only where that cannot be done. */
static inline void
lt_host_again(char **argv)
{
#if LT_HOST_LINUX
	execv("/proc/self/exe", argv);
#else
	(void)argv;
#endif
}

/* Call f with the exit status at exit.  atexit() knows no status: there f is
 * not called. */
static inline void
lt_host_on_exit(void (*f)(int status, void *arg))
{
#if LT_HOST_LINUX && defined(__GLIBC__)
	on_exit(f, NULL);
#else
	(void)f;
#endif
}

/* Write standard error through a function; false where stderr is a constant. */
static inline bool
lt_host_errors_through(
	ssize_t (*f)(void *arg, const char *text, size_t n), void *arg)
{
#if LT_HOST_LINUX && defined(__GLIBC__)
	FILE *to = fopencookie(arg, "w", (cookie_io_functions_t){.write = f});

	if (!to)
		return false;
	setvbuf(to, NULL, _IOLBF, 0);
	stderr = to;
	return true;
#else
	(void)f;
	(void)arg;
	return false;
#endif
}

#endif
