#include "base/outpath.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "base/num.h"

#define LINKS_MAX 40
#define NAME_BYTES 255 /* the longest name that file systems take */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

char *
lt_outpath_folder(const char *path)
{
	size_t n = (size_t)(base_name(path) - path);
	if (n == 0)
		return lt_strdup(".");
	return lt_strndup(path, n == 1 ? 1 : n - 1);
}

char *
lt_outpath_beside(const char *path, const char *before, const char *after)
{
	const char *name = base_name(path);
	int folder = (int)(name - path);
	size_t n = strlen(name);
	size_t added = strlen(before) + strlen(after);

	if (n + added <= NAME_BYTES)
		return lt_asprintf(
			"%.*s%s%s%s", folder, path, before, name, after);
	/* "~" and eight digits stand for the rest.  A cut within a character
	 * would make a name that some file systems refuse. */
	size_t k = NAME_BYTES - added - 9;
	while (k > 0 && k < n && ((unsigned char)name[k] & 0xc0) == 0x80)
		k--;
	return lt_asprintf("%.*s%s%.*s~%08lx%s", folder, path, before, (int)k,
		name, crc32_z(0, (const void *)name, n), after);
}

char *
lt_outpath_times(const char *path)
{
	static const char suffix[] = ".tsv";
	const char *name = base_name(path);
	size_t n = strlen(name), k = sizeof suffix - 1;

	if (n <= k || strcmp(name + n - k, suffix) != 0)
		return lt_outpath_beside(path, "", ".time.tsv");
	char *stem = lt_strndup(path, strlen(path) - k);
	char *times = lt_outpath_beside(stem, "", ".time.tsv");
	free(stem);
	return times;
}

char *
lt_outpath_part(const char *path, const char *suffix)
{
	return lt_outpath_beside(path, ".", suffix);
}

enum place { ORDINARY, OUR_DESCRIPTOR, THEIR_DESCRIPTOR };

/* /dev/fd/N, /dev/stdout and their like all lead into /proc/PID/fd.  Opening
 * such a name again would start at byte 0 of what it refers to, so the number
 * is parsed and our own descriptor is used. */
static enum place
proc_place(const char *path, int *fd)
{
	char *folder = lt_outpath_folder(path);
	char *real = realpath(folder, NULL);
	free(folder);
	if (!real)
		return ORDINARY;
	char ours[64];
	snprintf(ours, sizeof(ours), "/proc/%ld/fd", (long)getpid());
	size_t n = strlen(real);
	enum place place = ORDINARY;
	uint64_t number;
	bool numbered =
		lt_num_u64(base_name(path), &number) && number <= INT_MAX;
	if (numbered && strncmp(real, "/proc/", 6) == 0 &&
		strcmp(real + n - 3, "/fd") == 0) {
		place = strcmp(real, ours) == 0 ? OUR_DESCRIPTOR
						: THEIR_DESCRIPTOR;
		*fd = (int)number;
	}
	free(real);
	return place;
}

/* Return the target of the link at path, as a path from here; NULL with errno.
 */
static char *
follow(const char *path)
{
	char to[PATH_MAX];
	ssize_t n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return NULL;
	to[n] = '\0';
	if (to[0] == '/')
		return lt_strdup(to);
	return lt_asprintf("%.*s%s", (int)(base_name(path) - path), path, to);
}

/* where->path is no link any more: what is it? */
static int
classify(struct lt_outpath *where, const struct stat *st)
{
	if (S_ISDIR(st->st_mode)) {
		errno = EISDIR;
		return -1;
	}
	where->special = !S_ISREG(st->st_mode);
	return 0;
}

/* 1: followed a link, look again; 0: arrived; -1. */
static int
step(struct lt_outpath *where)
{
	switch (proc_place(where->path, &where->fd)) {
	case OUR_DESCRIPTOR:
		return 0;
	case THEIR_DESCRIPTOR:
		where->fd = -1;
		where->special = true;
		return 0;
	case ORDINARY:
		break;
	}
	if (!*base_name(where->path)) {
		errno = *where->path ? EISDIR : ENOENT;
		return -1;
	}
	struct stat st;
	if (lstat(where->path, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISLNK(st.st_mode))
		return classify(where, &st);
	char *next = follow(where->path);
	if (!next)
		return -1;
	free(where->path);
	where->path = next;
	return 1;
}

int
lt_outpath_find(struct lt_outpath *where, const char *path)
{
	*where = (struct lt_outpath){.fd = -1};
	if (strcmp(path, "-") == 0) {
		where->fd = STDOUT_FILENO;
		return 0;
	}
	where->path = lt_strdup(path);
	int r = 1;
	for (int i = 0; r == 1 && i < LINKS_MAX; i++)
		r = step(where);
	if (r == 0)
		return 0;
	if (r == 1)
		errno = ELOOP;
	int saved = errno;
	free(where->path);
	errno = saved;
	return -1;
}
