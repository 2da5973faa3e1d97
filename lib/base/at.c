#include "base/at.h"

#include <math.h>
#include <string.h>
#include "base/words.h"

int
lt_at_table(struct lt_table *t, const char *path, struct lt_err *err)
{
	*t = (struct lt_table){0};
	return path ? lt_table_read(t, path, err) : 0;
}

size_t
lt_at_last(const struct lt_table *t)
{
	return t->n ? t->n - 1 : LT_AT_NONE;
}

int
lt_at_where(size_t *row, const struct lt_table *t, const char *name,
	const char *value, struct lt_err *err)
{
	*row = LT_AT_NONE;
	int column = t->n ? lt_table_column(t, name, err) : -1;
	if (t->n && column < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(lt_table_text(t, i, column), value) == 0)
			*row = i;
	return 0;
}

int
lt_at_where_number(size_t *row, const struct lt_table *t, const char *name,
	double value, struct lt_err *err)
{
	double v;

	*row = LT_AT_NONE;
	for (size_t i = 0; i < t->n; i++) {
		if (lt_at_numbers(&v, t, i, name, err) < 0)
			return -1;
		if (v == value)
			*row = i;
	}
	return 0;
}

int
lt_at_highest(size_t *row, const struct lt_table *t, const char *name,
	struct lt_err *err)
{
	double v, most = NAN;

	*row = LT_AT_NONE;
	for (size_t i = 0; i < t->n; i++) {
		if (lt_at_numbers(&v, t, i, name, err) < 0)
			return -1;
		if (isnan(v) || v <= most)
			continue;
		most = v;
		*row = i;
	}
	return 0;
}

int
lt_at_text(const char **text, const struct lt_table *t, size_t row,
	const char *name, struct lt_err *err)
{
	*text = "NaN";
	if (row >= t->n)
		return 0;
	int column = lt_table_column(t, name, err);
	if (column < 0)
		return -1;
	*text = lt_table_text(t, row, column);
	return 0;
}

int
lt_at_numbers(double *v, const struct lt_table *t, size_t row,
	const char *names, struct lt_err *err)
{
	struct lt_words w;
	int r = 0;

	lt_words_init(&w, names);
	for (size_t i = 0; r == 0 && i < w.n; i++) {
		v[i] = NAN;
		if (row >= t->n)
			continue;
		int column = lt_table_column(t, w.v[i], err);
		if (column < 0 || lt_table_f64(t, row, column, &v[i], err) < 0)
			r = -1;
	}
	lt_words_release(&w);
	return r;
}
