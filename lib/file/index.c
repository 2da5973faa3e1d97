#include "file/index.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/out.h"
#include "file/npy.h"

/* A list in an order of its own may name a sample again; 64 MiB of indices. */
#define ORDER_MAX ((size_t)1 << 24)
/* Before a list longer than this grows, it is searched for duplicates, so that
 * memory follows the number of samples however often they are repeated. */
#define CHECK_FROM ((size_t)1 << 16)

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
				" occurs twice, expected each index once",
				name, ix->v[i]);
	return 0;
}

/* The source of a list, and whether duplicates are forbidden. */
struct list {
	struct lt_in *in;
	struct lt_npy *npy; /* or NULL: text */
	bool unique;
};

/* The next index: 1, 0 at the end, -1. */
static int
next(struct list *l, uint32_t *v, struct lt_err *err)
{
	char *line;
	size_t len;
	if (l->npy)
		return lt_npy_next(l->npy, l->in, v, err);
	int r = lt_in_row(l->in, &line, &len, err);
	if (r > 0 && !parse_line(line, len, v))
		return lt_in_fail(l->in, err,
			"expected a sample index (0 to %" PRIu32
			"), found '%.*s'",
			UINT32_MAX - 1, (int)(len < 40 ? len : 40), line);
	return r;
}

static int
read_all(struct lt_index *ix, struct list *l, struct lt_err *err)
{
	uint32_t v;
	int r;
	while ((r = next(l, &v, err)) > 0) {
		if (!l->unique && ix->n == ORDER_MAX)
			return lt_fail(err, LT_EDATA,
				"%s: expected at most %zu indices, found more",
				lt_in_name(l->in), ORDER_MAX);
		if (l->unique && ix->n == ix->cap && ix->n >= CHECK_FROM &&
			sort_unique(ix, lt_in_name(l->in), err) < 0)
			return -1;
		lt_index_push(ix, v);
	}
	if (r == 0 && l->unique)
		r = sort_unique(ix, lt_in_name(l->in), err);
	return r;
}

static int
read_list(
	struct lt_index *ix, const char *path, bool unique, struct lt_err *err)
{
	struct list l = {.in = lt_in_open(path, err), .unique = unique};
	const char *p;
	size_t n;
	*ix = (struct lt_index){0};
	if (!l.in)
		return -1;
	int r = lt_in_peek(l.in, &p, 6, &n, err);
	if (r == 0 && lt_npy_is(p, n)) {
		l.npy = lt_alloc(1, sizeof(*l.npy));
		r = lt_npy_begin(l.npy, l.in, err);
	}
	if (r == 0)
		r = read_all(ix, &l, err);
	free(l.npy);
	lt_in_close(l.in);
	if (r < 0)
		lt_index_release(ix);
	return r;
}

int
lt_index_read_order(struct lt_index *ix, const char *path, struct lt_err *err)
{
	return read_list(ix, path, false, err);
}

int
lt_index_read(struct lt_index *ix, const char *path, struct lt_err *err)
{
	return read_list(ix, path, true, err);
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

uint32_t
lt_index_crc(const struct lt_index *ix)
{
	return (uint32_t)crc32_z(0, (const void *)ix->v, ix->n * sizeof *ix->v);
}
