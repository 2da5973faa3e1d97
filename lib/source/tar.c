/* For plain files with short names, the POSIX pax format, ustar and GNU tar are
 * alike: a header of 512 bytes, then the data, padded to a multiple of 512. */
#include "source/tar.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "source/source.h"

#define BLOCK 512
#define FILES 100000		  /* that an archive may hold */
#define BYTES ((uint64_t)1 << 30) /* and in all, unpacked */
#define PADDING ((size_t)1 << 20) /* of zeros behind its end */

struct lt_tar {
	struct lt_in *in;
	const char *path;   /* borrowed from in */
	char *name;	    /* of messages */
	uint64_t left, pad; /* bytes of the file, and behind it */
	uint64_t all;	    /* of all files so far */
};

/* An octal number of n digits, or -1. */
static int64_t
octal(const unsigned char *p, size_t n)
{
	int64_t v = 0;
	size_t i = 0;

	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v * 8 + (p[i] - '0');
	return i == n || p[i] == ' ' || p[i] == '\0' ? v : -1;
}

/* The sum of a header's bytes, its own field taken as blanks. */
static bool
sum_is_right(const unsigned char *p)
{
	int64_t sum = 8 * ' ';

	for (int i = 0; i < BLOCK; i++)
		sum += i < 148 || i >= 156 ? p[i] : 0;
	return octal(p + 148, 8) == sum;
}

int
lt_tar_is(const char *path, struct lt_err *err)
{
	unsigned char p[BLOCK];
	struct lt_err why = {0};
	size_t got = 0;
	struct lt_in *in = strcmp(path, "-") ? lt_in_open(path, &why) : NULL;
	bool is = in && lt_in_read(in, p, BLOCK, &got, &why) == 0 &&
		  got == BLOCK && p[0] && sum_is_right(p);

	lt_in_close(in);
	return why.status == LT_EIO ? lt_fail(err, LT_EIO, "%s", why.msg) : is;
}

static int
skip(struct lt_tar *t, uint64_t n, struct lt_err *err)
{
	char buf[65536];

	while (n) {
		size_t k = n < sizeof(buf) ? (size_t)n : sizeof(buf);
		if (lt_in_exact(t->in, buf, k, err) < 0)
			return -1;
		n -= k;
	}
	return 0;
}

/* Only zeros may remain.  They are read to the end, because gzip's checksum is
 * compared there. */
static int
finish(struct lt_tar *t, struct lt_err *err)
{
	char p[BLOCK];
	size_t got = BLOCK;

	for (size_t n = 0; got == BLOCK; n += got) {
		if (lt_in_read(t->in, p, BLOCK, &got, err) < 0)
			return -1;
		for (size_t i = 0; i < got; i++)
			if (p[i] || n > PADDING)
				return lt_fail(err, LT_EDATA,
					"%s: too long: more follows the end "
					"of the archive",
					t->path);
	}
	return 0;
}

/* The next regular file's base name in name[101]: 1, 0 at the end, -1. */
static int
next(struct lt_tar *t, char *name, struct lt_err *err)
{
	unsigned char p[BLOCK];

	for (;;) {
		if (skip(t, t->left + t->pad, err) < 0 ||
			lt_in_exact(t->in, p, BLOCK, err) < 0)
			return -1;
		t->left = t->pad = 0;
		if (!p[0])
			return finish(t, err);
		int64_t size = octal(p + 124, 12);
		if (!sum_is_right(p) || size < 0)
			return lt_fail(err, LT_EDATA,
				"%s: damaged: a header of the archive is wrong",
				t->path);
		t->left = (uint64_t)size;
		t->all += t->left;
		if (t->all > BYTES)
			return lt_fail(err, LT_EDATA,
				"%s: more than 1 GiB, too much for an archive "
				"of CIFAR",
				t->path);
		t->pad = (BLOCK - (uint64_t)size % BLOCK) % BLOCK;
		if (p[156] != '0' && p[156] != '\0')
			continue; /* folders, links, notes of the format */
		char full[101] = {0};
		memcpy(full, p, 100);
		strcpy(name, lt_source_base(full));
		return 1;
	}
}

static struct lt_tar *
open_archive(const char *path, struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);

	if (!in)
		return NULL;
	struct lt_tar *t = lt_alloc(1, sizeof(*t));
	t->in = in;
	t->path = lt_in_name(in);
	return t;
}

int
lt_tar_list(const char *path, char ***names, size_t *n, struct lt_err *err)
{
	struct lt_tar *t = open_archive(path, err);
	char name[101];
	size_t cap = 0;
	int r = t ? 1 : -1;

	*names = NULL;
	*n = 0;
	while (r > 0 && (r = next(t, name, err)) > 0) {
		if (*n == FILES)
			r = lt_fail(err, LT_EDATA, "%s: more than %d files",
				path, FILES);
		lt_grow(names, &cap, *n + 1, sizeof(char *));
		(*names)[(*n)++] = lt_strdup(name);
	}
	lt_tar_close(t);
	return r;
}

struct lt_tar *
lt_tar_open(const char *path, const char *name, struct lt_err *err)
{
	struct lt_tar *t = open_archive(path, err);
	char found[101] = "";
	int r = t ? 1 : -1;

	while (r > 0 && strcmp(found, name) != 0)
		r = next(t, found, err);
	if (r == 0)
		lt_fail(err, LT_EDATA, "%s: contains no file '%s'", path, name);
	if (r > 0) {
		t->name = lt_asprintf("%s(%s)", path, name);
		return t;
	}
	lt_tar_close(t);
	return NULL;
}

int
lt_tar_read(
	struct lt_tar *t, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	size_t k = n < t->left ? n : (size_t)t->left;

	*got = 0;
	if (lt_in_exact(t->in, buf, k, err) < 0)
		return -1;
	t->left -= k;
	*got = k;
	return 0;
}

const char *
lt_tar_name(const struct lt_tar *t)
{
	return t->name;
}

void
lt_tar_close(struct lt_tar *t)
{
	if (!t)
		return;
	lt_in_close(t->in);
	free(t->name);
	free(t);
}
