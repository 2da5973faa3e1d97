#include "base/claim.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/out.h"
#include "base/outpath.h"

struct lt_claim {
	enum lt_claim_kind kind;
	const char *what, *path;
	char *own; /* path, where it is ours */
	char *key; /* equal for equal files; NULL: equal to no other */
	size_t place;
};

static bool
is_output(const struct lt_claim *f)
{
	return f->kind == LT_CLAIM_OUT || f->kind == LT_CLAIM_SIDE;
}

static bool
is_stream(const struct lt_claim *f)
{
	return strcmp(f->path, "-") == 0;
}

static struct lt_claim *
add(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	const char *path)
{
	lt_grow(&c->v, &c->cap, c->n + 1, sizeof(*c->v));
	c->v[c->n] = (struct lt_claim){
		.kind = kind, .what = what, .path = path, .place = c->n};
	return &c->v[c->n++];
}

void
lt_claim(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	const char *path)
{
	if (path)
		add(c, kind, what, path);
}

/* False for pipes and devices, beside which no file can stand. */
static bool
has_beside(const char *path)
{
	struct lt_outpath where;

	if (!path || lt_outpath_find(&where, path) < 0)
		return false;
	free(where.path);
	return where.fd < 0 && !where.special;
}

static void
add_own(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	char *own)
{
	add(c, kind, what, own)->own = own;
}

void
lt_claim_beside(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	const char *path, const char *before, const char *after)
{
	if (has_beside(path))
		add_own(c, kind, what, lt_outpath_beside(path, before, after));
}

void
lt_claim_times(struct lt_claims *c, const char *what, const char *path)
{
	if (has_beside(path))
		add_own(c, LT_CLAIM_SIDE, what, lt_outpath_times(path));
}

/* Bytes that go to a device (a terminal, /dev/null) do not mix with others in a
 * file, and the two directions of a socket are two things. */
static char *
key_of(const struct stat *st)
{
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode))
		return NULL;
	return lt_asprintf("%llu:%llu", (unsigned long long)st->st_dev,
		(unsigned long long)st->st_ino);
}

/* The key of a file that does not exist yet is made of its folder and name. */
static char *
key_of_new(const char *path)
{
	struct stat st;
	char *folder = lt_outpath_folder(path), *key = NULL;
	const char *slash = strrchr(path, '/');

	if (stat(folder, &st) == 0)
		key = lt_asprintf("%llu:%llu/%s", (unsigned long long)st.st_dev,
			(unsigned long long)st.st_ino,
			slash ? slash + 1 : path);
	free(folder);
	return key;
}

static char *
output_key(const char *path)
{
	struct lt_outpath where;
	struct stat st;
	char *key = NULL;

	if (lt_outpath_find(&where, path) < 0)
		return NULL; /* the trial says why */
	if (where.fd >= 0)
		key = fstat(where.fd, &st) == 0 ? key_of(&st) : NULL;
	else if (stat(where.path, &st) == 0)
		key = key_of(&st);
	else
		key = key_of_new(where.path);
	free(where.path);
	return key;
}

static char *
input_key(const struct lt_claim *f)
{
	struct stat st;
	int r = is_stream(f) ? fstat(STDIN_FILENO, &st) : stat(f->path, &st);

	return r == 0 ? key_of(&st) : NULL;
}

static int
by_key(const void *pa, const void *pb)
{
	const struct lt_claim *a = pa, *b = pb;
	int d = strcmp(a->key ? a->key : "", b->key ? b->key : "");

	return d ? d : (a->place > b->place) - (a->place < b->place);
}

static int
check_streams(const struct lt_claims *c, struct lt_err *err)
{
	const struct lt_claim *first = NULL;
	int read = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct lt_claim *f = &c->v[i];
		if (!is_stream(f))
			continue;
		if (is_output(f) && first)
			return lt_fail(err, LT_EUSAGE,
				"only one of %s and %s can be standard output",
				first->what, f->what);
		if (is_output(f))
			first = f;
		else if (read++)
			return lt_fail(err, LT_EUSAGE,
				"standard input can be read only once");
	}
	return 0;
}

/* The claims of one file, n of them. */
static int
check_file(const struct lt_claim *f, size_t n, struct lt_err *err)
{
	const struct lt_claim *first[LT_CLAIM_KINDS] = {0}, *out = NULL;

	for (size_t i = 0; i < n; i++) {
		if (is_output(&f[i]) && out)
			return lt_fail(err, LT_EUSAGE,
				"%s and %s are the same file: '%s'", out->what,
				f[i].what, f[i].path);
		if (is_output(&f[i]))
			out = &f[i];
		if (!first[f[i].kind])
			first[f[i].kind] = &f[i];
	}
	const struct lt_claim *in = first[LT_CLAIM_HELD];
	if (!in && first[LT_CLAIM_SIDE])
		in = first[LT_CLAIM_IN];
	if (!out || !in)
		return 0;
	return lt_fail(err, LT_EUSAGE, "%s would replace the file of %s: '%s'",
		out->what, in->what, out->path);
}

int
lt_claims_check(struct lt_claims *c, struct lt_err *err)
{
	if (check_streams(c, err) < 0)
		return -1;
	for (size_t i = 0; i < c->n; i++) {
		struct lt_claim *f = &c->v[i];
		if (!f->key)
			f->key = is_output(f) ? output_key(f->path)
					      : input_key(f);
	}
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), by_key);
	for (size_t i = 0, j; i < c->n; i = j) {
		for (j = i + 1; j < c->n && c->v[i].key && c->v[j].key &&
				strcmp(c->v[i].key, c->v[j].key) == 0;)
			j++;
		if (check_file(&c->v[i], j - i, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < c->n; i++)
		if (is_output(&c->v[i]) && lt_out_try(c->v[i].path, err) < 0)
			return -1;
	return 0;
}

void
lt_claims_release(struct lt_claims *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].own);
		free(c->v[i].key);
	}
	free(c->v);
	*c = (struct lt_claims){0};
}
