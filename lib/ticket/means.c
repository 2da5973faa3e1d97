#include "ticket/means.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/table.h"
#include "file/index.h"
#include "ticket/moments.h"
#include "ticket/summary.h"

/* A column of means. */
struct mean_column {
	const char *name;
	double *v; /* [rows] */
	bool plain;
};

struct averaging {
	struct lt_table table;
	const struct lt_means *m;
	size_t d0; /* 0: unknown */
	int *key;  /* [keys], columns */
	struct mean_column *column;
	size_t columns, cap;
	bool *out;     /* [rows]: the row has no result */
	size_t *group; /* [rows] */
	size_t *first; /* [groups]: a row of each */
	size_t *order; /* [groups] */
	size_t groups;
	double *rank; /* [groups * keys] */
};

static bool
among(const char *const *list, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

/* The numbers of a column, or NULL if some cell is a word. */
static double *
all_numbers(const struct lt_table *t, int column)
{
	double *v = lt_alloc(t->n, sizeof(*v));

	for (size_t i = 0; i < t->n; i++) {
		const char *text = lt_table_text(t, i, column);
		v[i] = NAN;
		if (!lt_table_missing(text) && !lt_num_f64(text, &v[i])) {
			free(v);
			return NULL;
		}
	}
	return v;
}

static void
add_column(struct averaging *a, const char *name, double *v)
{
	lt_grow(&a->column, &a->cap, a->columns + 1, sizeof(*a->column));
	a->column[a->columns++] = (struct mean_column){
		name, v, among(a->m->plain, a->m->plains, name)};
}

/* set_share, and the multiply-adds of trainings and passes. */
static int
derive(struct averaging *a, struct lt_err *err)
{
	const struct lt_table *t = &a->table;
	double *size = lt_table_optional(t, "set_size", err);
	double *adds = lt_table_optional(t, "multiply_adds", err);
	double *passes = lt_table_optional(t, "forward_multiply_adds", err);
	bool good = size && adds && passes;

	for (size_t i = 0; i < t->n && good; i++) {
		size[i] = 100 * size[i] / (double)a->d0;
		adds[i] += isnan(passes[i]) ? 0 : passes[i];
	}
	if (good && a->d0) {
		add_column(a, "set_share", size);
		size = NULL;
	}
	if (good && lt_table_find(t, "multiply_adds") >= 0) {
		add_column(a, "all_multiply_adds", adds);
		adds = NULL;
	}
	free(size);
	free(adds);
	free(passes);
	return good ? 0 : -1;
}

static int
find_columns(struct averaging *a, struct lt_err *err)
{
	const struct lt_table *t = &a->table;

	a->key = lt_alloc((size_t)a->m->keys, sizeof(*a->key));
	for (int i = 0; i < a->m->keys; i++) {
		a->key[i] = lt_table_column(t, a->m->key[i], err);
		if (a->key[i] < 0)
			return -1;
	}
	for (int i = 0; i < t->columns; i++) {
		if (strcmp(t->title[i], "seed") == 0 ||
			among(a->m->key, a->m->keys, t->title[i]))
			continue;
		double *v = all_numbers(t, i);
		if (v)
			add_column(a, t->title[i], v);
	}
	return derive(a, err);
}

/* The keys of a row as one text, for free(). */
static char *
key_text(const struct averaging *a, size_t row)
{
	size_t bytes = 1;
	for (int i = 0; i < a->m->keys; i++)
		bytes += strlen(lt_table_text(&a->table, row, a->key[i])) + 1;
	char *text = lt_alloc(bytes, 1), *p = text;
	for (int i = 0; i < a->m->keys; i++)
		p = stpcpy(stpcpy(p, lt_table_text(&a->table, row, a->key[i])),
			"\t");
	return text;
}

static void
form_groups(struct averaging *a)
{
	struct lt_names names = {0};

	a->group = lt_alloc(a->table.n, sizeof(*a->group));
	a->first = lt_alloc(a->table.n, sizeof(*a->first));
	for (size_t i = 0; i < a->table.n; i++) {
		char *text = key_text(a, i);
		a->group[i] = lt_names_number(&names, text);
		if (names.n > a->groups)
			a->first[a->groups++] = i;
		free(text);
	}
	lt_names_release(&names);
}

/* A number ranks by its value; the k-th word of all keys has rank k. */
static void
rank_groups(struct averaging *a)
{
	size_t keys = (size_t)a->m->keys;
	struct lt_names words = {0};

	a->rank = lt_alloc(a->groups * keys, sizeof(*a->rank));
	for (size_t g = 0; g < a->groups; g++) {
		for (size_t i = 0; i < keys; i++) {
			const char *text = lt_table_text(
				&a->table, a->first[g], a->key[i]);
			double *rank = &a->rank[g * keys + i];
			if (lt_num_f64(text, rank))
				continue;
			char *word = lt_asprintf("%zu\t%s", i, text);
			*rank = lt_names_number(&words, word) + 1.0;
			free(word);
		}
	}
	lt_names_release(&words);
}

static int
compare(const struct averaging *a, size_t x, size_t y)
{
	size_t keys = (size_t)a->m->keys;

	for (size_t i = 0; i < keys; i++) {
		double p = a->rank[x * keys + i], q = a->rank[y * keys + i];
		if (p != q)
			return p < q ? -1 : 1;
	}
	return (x > y) - (x < y);
}

/* Groups mostly come in order, so that each belongs near the end. */
static void
sort_groups(struct averaging *a)
{
	size_t *half = lt_alloc(a->groups, sizeof(*half));

	a->order = lt_alloc(a->groups, sizeof(*a->order));
	for (size_t i = 0; i < a->groups; i++)
		a->order[i] = i;
	for (size_t width = 1; width < a->groups; width *= 2) {
		for (size_t i = 0; i < a->groups; i += 2 * width) {
			size_t mid =
				i + width < a->groups ? i + width : a->groups;
			size_t end = mid + width < a->groups ? mid + width
							     : a->groups;
			size_t p = i, q = mid;
			for (size_t k = i; k < end; k++) {
				bool left =
					q == end ||
					(p < mid && compare(a, a->order[p],
							    a->order[q]) < 0);
				half[k] = a->order[left ? p++ : q++];
			}
		}
		memcpy(a->order, half, a->groups * sizeof(*half));
	}
	free(half);
}

static void
put_header(struct lt_cells *c, const struct averaging *a)
{
	for (int i = 0; i < a->m->keys; i++)
		lt_cell_name(c, a->m->key[i]);
	lt_cell_name(c, "n");
	for (size_t i = 0; i < a->columns; i++) {
		lt_cell_name(c, a->column[i].name);
		if (a->column[i].plain)
			continue;
		char *std = lt_asprintf("%s_std", a->column[i].name);
		lt_cell_name(c, std);
		free(std);
	}
	lt_cells_end(c);
}

/* row[0..n) are those of the group; x has room for as many numbers. */
static void
put_group(struct lt_cells *c, const struct averaging *a, size_t group,
	const size_t *row, size_t n, double *x)
{
	size_t results = 0;

	for (int i = 0; i < a->m->keys; i++)
		lt_cell_text(c,
			lt_table_text(&a->table, a->first[group], a->key[i]));
	for (size_t i = 0; i < n; i++)
		results += !a->out[row[i]];
	lt_cell_whole(c, results);
	for (size_t i = 0; i < a->columns; i++) {
		const struct mean_column *m = &a->column[i];
		size_t count = 0;
		for (size_t j = 0; j < n; j++)
			if (!isnan(m->v[row[j]]) &&
				(m->plain || !a->out[row[j]]))
				x[count++] = m->v[row[j]];
		lt_cell_digits(c, lt_mean(x, count), 12);
		if (!m->plain)
			lt_cell_digits(c, lt_deviation(x, count), 12);
	}
	lt_cells_end(c);
}

static void
put_groups(struct lt_cells *c, const struct averaging *a)
{
	size_t rows = a->table.n;
	size_t *begin = lt_alloc(a->groups + 1, sizeof(*begin));
	size_t *row = lt_alloc(rows, sizeof(*row));
	double *x = lt_alloc(rows, sizeof(*x));

	for (size_t i = 0; i < rows; i++)
		begin[a->group[i] + 1]++;
	for (size_t g = 0; g < a->groups; g++)
		begin[g + 1] += begin[g];
	for (size_t i = rows; i-- > 0;)
		row[--begin[a->group[i] + 1]] = i;
	for (size_t g = 0; g < a->groups; g++) {
		size_t k = a->order[g];
		size_t end = k + 1 < a->groups ? begin[k + 2] : rows;
		put_group(c, a, k, &row[begin[k + 1]], end - begin[k + 1], x);
	}
	free(begin);
	free(row);
	free(x);
}

static int
average(struct averaging *a, const char *path, struct lt_err *err)
{
	struct lt_cells c;

	if (find_columns(a, err) < 0)
		return -1;
	a->out = lt_summary_diverged(&a->table);
	form_groups(a);
	rank_groups(a);
	sort_groups(a);
	if (lt_cells_open(&c, path, err) < 0)
		return -1;
	put_header(&c, a);
	put_groups(&c, a);
	return lt_cells_commit(&c, err);
}

int
lt_means_write(const char *path, const char *from, const struct lt_means *m,
	struct lt_err *err)
{
	struct averaging a = {.m = m};
	struct lt_index d0 = {0};
	int r = m->of ? lt_index_read(&d0, m->of, err) : 0;

	a.d0 = d0.n;
	lt_index_release(&d0);
	if (r == 0)
		r = lt_table_read(&a.table, from, err);
	if (r < 0)
		return -1;
	r = average(&a, path, err);
	for (size_t i = 0; i < a.columns; i++)
		free(a.column[i].v);
	free(a.column);
	free(a.key);
	free(a.out);
	free(a.group);
	free(a.first);
	free(a.order);
	free(a.rank);
	lt_table_release(&a.table);
	return r;
}
