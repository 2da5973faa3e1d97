#include "file/index.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/out.h"
#include "file/npy.h"

/* 93 million lines; what is larger is not an index list. */
#define WHOLE_MAX ((size_t)1 << 30)

void
lt_index_push(struct lt_index *ix, uint32_t v)
{
	if (ix->n == ix->cap)
		lt_grow(&ix->v, &ix->cap, ix->n + 1, sizeof(*ix->v));
	ix->v[ix->n++] = v;
}

void
lt_index_all(struct lt_index *ix, size_t count)
{
	lt_grow(&ix->v, &ix->cap, count, sizeof(*ix->v));
	for (size_t i = 0; i < count; i++)
		ix->v[i] = (uint32_t)i;
	ix->n = count;
}

void
lt_index_release(struct lt_index *ix)
{
	free(ix->v);
	*ix = (struct lt_index){0};
}

static const char *
show_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* One line without its LF: digits only. */
static bool
parse_line(const char *s, size_t len, uint32_t *v)
{
	uint64_t x = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		x = 10 * x + (uint64_t)(s[i] - '0');
		if (x >= UINT32_MAX)
			return false;
	}
	*v = (uint32_t)x;
	return len > 0;
}

static int
parse_text(struct lt_index *ix, const char *p, size_t size, const char *name,
	struct lt_err *err)
{
	uint64_t line = 1;
	for (size_t at = 0; at < size; line++) {
		const char *s = p + at, *lf = memchr(s, '\n', size - at);
		size_t len = lf ? (size_t)(lf - s) : size - at;
		uint32_t v;
		if (!parse_line(s, len, &v))
			return lt_fail(err, LT_EDATA,
				"%s:%" PRIu64
				": expected a sample index (0 to %" PRIu32
				"), found '%.*s'",
				name, line, UINT32_MAX - 1,
				(int)(len < 40 ? len : 40), s);
		if (!lf)
			return lt_fail(err, LT_EDATA,
				"%s:%" PRIu64
				": truncated: the last line has no line end",
				name, line);
		lt_index_push(ix, v);
		at += len + 1;
	}
	return 0;
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static int
sort_unique(struct lt_index *ix, const char *name, struct lt_err *err)
{
	bool sorted = true;
	for (size_t i = 1; sorted && i < ix->n; i++)
		sorted = ix->v[i - 1] <= ix->v[i];
	if (!sorted)
		qsort(ix->v, ix->n, sizeof(*ix->v), ascending);
	for (size_t i = 1; i < ix->n; i++)
		if (ix->v[i - 1] == ix->v[i])
			return lt_fail(err, LT_EDATA,
				"%s: index %" PRIu32
				" is there twice, expected each once",
				name, ix->v[i]);
	return 0;
}

int
lt_index_read_order(struct lt_index *ix, const char *path, struct lt_err *err)
{
	char *data;
	size_t size;
	*ix = (struct lt_index){0};
	if (lt_in_whole(path, WHOLE_MAX, &data, &size, err) < 0)
		return -1;
	int r;
	if (lt_npy_is(data, size)) {
		r = lt_npy_indices(
			data, size, show_name(path), &ix->v, &ix->n, err);
		ix->cap = ix->n;
	} else {
		r = parse_text(ix, data, size, show_name(path), err);
	}
	free(data);
	if (r < 0)
		lt_index_release(ix);
	return r;
}

int
lt_index_read(struct lt_index *ix, const char *path, struct lt_err *err)
{
	if (lt_index_read_order(ix, path, err) < 0)
		return -1;
	int r = sort_unique(ix, show_name(path), err);
	if (r < 0)
		lt_index_release(ix);
	return r;
}

int
lt_index_write(const struct lt_index *ix, const char *path, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(path, err);
	if (!o)
		return -1;
	for (size_t i = 0; i < ix->n; i++)
		lt_out_printf(o, "%07" PRIu32 "\n", ix->v[i]);
	return lt_out_commit(o, err);
}

int
lt_index_check(const struct lt_index *ix, const char *path, uint64_t count,
	const char *data_path, struct lt_err *err)
{
	uint32_t largest = 0;
	for (size_t i = 0; i < ix->n; i++)
		largest = ix->v[i] > largest ? ix->v[i] : largest;
	if (!ix->n || largest < count)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: index %" PRIu32 " is not in %s, which has %" PRIu64
		" samples",
		path, largest, data_path, count);
}
