#include "file/column.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/tsv.h"

/* Before a table longer than this grows, it is searched for duplicates. */
#define CHECK_FROM ((size_t)1 << 16)

struct row {
	double value;
	uint32_t index;
};

struct rows {
	struct row *v;
	size_t n, cap;
};

static int
by_index(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

static void
sort_rows(struct rows *rows)
{
	bool sorted = true;
	for (size_t i = 1; sorted && i < rows->n; i++)
		sorted = rows->v[i - 1].index <= rows->v[i].index;
	if (!sorted)
		qsort(rows->v, rows->n, sizeof(*rows->v), by_index);
}

static int
sort_unique(struct rows *rows, const struct lt_column *c, struct lt_err *err)
{
	sort_rows(rows);
	for (size_t i = 1; i < rows->n; i++)
		if (rows->v[i].index == rows->v[i - 1].index)
			return lt_fail(err, LT_EDATA,
				"%s: index %" PRIu32
				" occurs twice, expected each index once",
				c->table, rows->v[i].index);
	return 0;
}

/* Move the sorted rows into two arrays. */
static void
take_apart(struct lt_column *c, const struct rows *rows)
{
	c->value = lt_alloc(rows->n, sizeof(*c->value));
	for (size_t i = 0; i < rows->n; i++) {
		lt_index_push(&c->index, rows->v[i].index);
		c->value[i] = rows->v[i].value;
	}
}

static int
read_rows(struct rows *rows, struct lt_tsv *t, const struct lt_column *c,
	struct lt_err *err)
{
	int index = lt_tsv_column(t, "index", err), r;
	int column = index < 0 ? -1 : lt_tsv_column(t, c->name, err);
	if (column < 0)
		return -1;
	while ((r = lt_tsv_next(t, err)) > 0) {
		uint64_t i;
		struct row row;
		if (lt_tsv_u64(t, index, &i, err) < 0 ||
			lt_tsv_f64(t, column, &row.value, err) < 0)
			return -1;
		if (i >= UINT32_MAX)
			return lt_fail(err, LT_EDATA,
				"%s: index %" PRIu64 " is too large", c->table,
				i);
		row.index = (uint32_t)i;
		/* Make room in such a way that memory follows the number of
		 * samples, not the number of rows that repeat them. */
		if (rows->n == rows->cap && rows->n >= CHECK_FROM &&
			sort_unique(rows, c, err) < 0)
			return -1;
		lt_grow(&rows->v, &rows->cap, rows->n + 1, sizeof(*rows->v));
		rows->v[rows->n++] = row;
	}
	return r;
}

int
lt_column_read(struct lt_column *c, const char *path, const char *name,
	struct lt_err *err)
{
	struct rows rows = {0};
	*c = (struct lt_column){0};
	struct lt_tsv *t = lt_tsv_open(path, err);
	if (!t)
		return -1;
	c->table = lt_strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	c->name = lt_strdup(name);
	int r = read_rows(&rows, t, c, err);
	lt_tsv_close(t);
	if (r == 0)
		r = sort_unique(&rows, c, err);
	if (r == 0)
		take_apart(c, &rows);
	free(rows.v);
	if (r < 0)
		lt_column_release(c);
	return r;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

int
lt_column_restrict(
	struct lt_column *c, const struct lt_index *ix, struct lt_err *err)
{
	struct lt_index index = {0};
	double *value = lt_alloc(ix->n, sizeof(*value));
	for (size_t i = 0; i < ix->n; i++) {
		const uint32_t *at =
			c->index.n ? bsearch(&ix->v[i], c->index.v, c->index.n,
					     sizeof(*at), by_number)
				   : NULL;
		if (!at) {
			lt_index_release(&index);
			free(value);
			return lt_fail(err, LT_EDATA,
				"%s: expected a row of sample %" PRIu32
				", found none",
				c->table, ix->v[i]);
		}
		lt_index_push(&index, *at);
		value[i] = c->value[at - c->index.v];
	}
	lt_index_release(&c->index);
	free(c->value);
	c->index = index;
	c->value = value;
	return 0;
}

static int
by_value(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (isnan(x->value) || isnan(y->value)) {
		int order = (isnan(x->value) != 0) - (isnan(y->value) != 0);
		return order ? order : by_index(a, b);
	}
	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return by_index(a, b);
}

void
lt_column_sort(struct lt_column *c)
{
	size_t n = c->index.n;
	struct row *v = lt_alloc(n, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct row){c->value[i], c->index.v[i]};
	if (n)
		qsort(v, n, sizeof(*v), by_value);
	for (size_t i = 0; i < n; i++) {
		c->index.v[i] = v[i].index;
		c->value[i] = v[i].value;
	}
	free(v);
}

int
lt_column_check(const struct lt_column *c, struct lt_err *err)
{
	for (size_t i = 0; i < c->index.n; i++)
		if (isnan(c->value[i]))
			return lt_fail(err, LT_EDATA,
				"%s: column '%s': expected a number for sample "
				"%" PRIu32 ", found NaN",
				c->table, c->name, c->index.v[i]);
	return 0;
}

void
lt_column_release(struct lt_column *c)
{
	free(c->table);
	free(c->name);
	lt_index_release(&c->index);
	free(c->value);
	*c = (struct lt_column){0};
}
