/* A directory of its own for a unit test: scratch_enter() makes one and goes
 * there, scratch_leave() removes it.  Short helpers for small files.
 */
#ifndef LT_TESTS_SCRATCH_H
#define LT_TESTS_SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch_path[] = "/tmp/lt-test-XXXXXX";

static inline void
scratch_enter(void)
{
	if (!mkdtemp(scratch_path) || chdir(scratch_path) < 0) {
		perror(scratch_path);
		exit(1);
	}
}

/* Remove every file in the current directory, and directories of files. */
static inline void
scratch_empty(void)
{
	DIR *d = opendir(".");
	struct dirent *e;
	while (d && (e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (unlink(e->d_name) == 0 || chdir(e->d_name) < 0)
			continue;
		scratch_empty();
		if (chdir("..") == 0)
			rmdir(e->d_name);
	}
	if (d)
		closedir(d);
}

static inline void
scratch_leave(void)
{
	scratch_empty();
	if (chdir("/") == 0)
		rmdir(scratch_path);
}

/* Number of entries in the current directory. */
static inline int
scratch_count(void)
{
	int n = 0;
	DIR *d = opendir(".");
	struct dirent *e;
	while (d && (e = readdir(d)))
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	if (d)
		closedir(d);
	return n;
}

static inline void
scratch_put(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

/* The file's bytes, NUL after them; NULL when it cannot be opened. */
static inline char *
scratch_get(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	size_t cap = 1 << 16, n = 0;
	char *p = malloc(cap + 1);
	while (p && (n += fread(p + n, 1, cap - n, f)) == cap)
		p = realloc(p, (cap *= 2) + 1);
	fclose(f);
	if (!p)
		exit(1);
	p[n] = '\0';
	if (size)
		*size = n;
	return p;
}

/* Does the file hold exactly these bytes? */
static inline int
scratch_holds(const char *path, const void *p, size_t n)
{
	size_t size = 0;
	char *found = scratch_get(path, &size);
	int ok = found && size == n && memcmp(found, p, n) == 0;
	free(found);
	return ok;
}

#endif
