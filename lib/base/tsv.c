#include "base/tsv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/num.h"

struct lt_tsv {
	struct lt_in *in;
	char *header;	    /* holds the names */
	const char **names; /* columns of them */
	const char **field; /* of the current row, borrowed from in */
	int columns;
};

/* Cut line at its tabs and store at most max fields; returns their number. */
static int
split(char *line, const char **field, int max)
{
	int n = 0;
	for (char *p = line; p; n++) {
		char *tab = strchr(p, '\t');
		if (n < max)
			field[n] = p;
		if (tab)
			*tab++ = '\0';
		p = tab;
	}
	return n;
}

static int
count_fields(const char *line)
{
	int n = 1;
	for (; *line; line++)
		n += *line == '\t';
	return n;
}

/* Empty and repeated names would make columns unreachable. */
static int
check_names(const struct lt_tsv *t, struct lt_err *err)
{
	for (int i = 0; i < t->columns; i++) {
		if (!*t->names[i])
			return lt_in_fail(t->in, err,
				"expected a column name, found nothing in "
				"field %d",
				i + 1);
		for (int j = 0; j < i; j++) {
			if (strcmp(t->names[i], t->names[j]) == 0)
				return lt_in_fail(t->in, err,
					"column '%s' occurs twice",
					t->names[i]);
		}
	}
	return 0;
}

#define COLUMNS_MAX 4096

/* lost: NULL, or set if there is nothing, not even a header. */
static int
read_header(struct lt_tsv *t, bool *lost, struct lt_err *err)
{
	char *line;
	size_t len;
	int r = lt_in_row(t->in, &line, &len, err);
	if (r < 0)
		return -1;
	if (lost)
		*lost = r == 0;
	if (r == 0 && lost)
		return 0;
	if (r == 0)
		return lt_fail(err, LT_EDATA,
			"%s: expected a header line, found nothing",
			lt_in_name(t->in));
	t->columns = count_fields(line);
	if (t->columns > COLUMNS_MAX)
		return lt_in_fail(t->in, err,
			"expected at most %d columns, found %d", COLUMNS_MAX,
			t->columns);
	t->header = lt_strdup(line);
	t->names = lt_alloc((size_t)t->columns, sizeof(*t->names));
	t->field = lt_alloc((size_t)t->columns, sizeof(*t->field));
	split(t->header, t->names, t->columns);
	return check_names(t, err);
}

static struct lt_tsv *
open_table(const char *path, bool *lost, struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);
	if (!in)
		return NULL;
	struct lt_tsv *t = lt_alloc(1, sizeof(*t));
	t->in = in;
	if (read_header(t, lost, err) < 0) {
		lt_tsv_close(t);
		return NULL;
	}
	return t;
}

struct lt_tsv *
lt_tsv_open(const char *path, struct lt_err *err)
{
	return open_table(path, NULL, err);
}

struct lt_tsv *
lt_tsv_open_lost(const char *path, bool *lost, struct lt_err *err)
{
	return open_table(path, lost, err);
}

int
lt_tsv_columns(const struct lt_tsv *t)
{
	return t->columns;
}

const char *
lt_tsv_title(const struct lt_tsv *t, int column)
{
	LT_BUG_ON(column < 0 || column >= t->columns);
	return t->names[column];
}

void
lt_tsv_close(struct lt_tsv *t)
{
	if (!t)
		return;
	lt_in_close(t->in);
	free(t->header);
	free(t->names);
	free(t->field);
	free(t);
}

int
lt_tsv_lacks(const char *file, const char *name, const char *const *title,
	int columns, struct lt_err *err)
{
	return lt_fail(err, LT_EDATA,
		"%s: expected a column '%s', found none%s", file, name,
		columns == 1 && strpbrk(title[0], ",; ")
			? ": no tabs separate the columns"
			: "");
}

int
lt_tsv_column(struct lt_tsv *t, const char *name, struct lt_err *err)
{
	for (int i = 0; i < t->columns; i++) {
		if (strcmp(t->names[i], name) == 0)
			return i;
	}
	return lt_tsv_lacks(lt_in_name(t->in), name, t->names, t->columns, err);
}

int
lt_tsv_next(struct lt_tsv *t, struct lt_err *err)
{
	char *line;
	size_t len;
	int r = lt_in_row(t->in, &line, &len, err);
	if (r <= 0)
		return r;
	int n = split(line, t->field, t->columns);
	if (n != t->columns)
		return lt_in_fail(t->in, err,
			"expected %d tab-separated fields, found %d",
			t->columns, n);
	return 1;
}

const char *
lt_tsv_text(const struct lt_tsv *t, int column)
{
	LT_BUG_ON(column < 0 || column >= t->columns || !t->field[column]);
	return t->field[column];
}

int
lt_tsv_refuse(const struct lt_tsv *t, int column, const char *expected,
	struct lt_err *err)
{
	return lt_in_fail(t->in, err, "column '%s': expected %s, found '%s'",
		t->names[column], expected, lt_tsv_text(t, column));
}

uint64_t
lt_tsv_line(const struct lt_tsv *t)
{
	return lt_in_lineno(t->in);
}

int
lt_tsv_u64(struct lt_tsv *t, int column, uint64_t *v, struct lt_err *err)
{
	if (lt_num_u64(lt_tsv_text(t, column), v))
		return 0;
	return lt_tsv_refuse(t, column, "a whole number", err);
}

bool
lt_tsv_number(const char *text, double *v)
{
	static const struct {
		const char *text;
		double v;
	} words[] = {{"NaN", NAN}, {"nan", NAN}, {"inf", INFINITY},
		{"-inf", -INFINITY}};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(text, words[i].text) == 0) {
			*v = words[i].v;
			return true;
		}
	}
	return lt_num_f64(text, v);
}

int
lt_tsv_f64(struct lt_tsv *t, int column, double *v, struct lt_err *err)
{
	if (lt_tsv_number(lt_tsv_text(t, column), v))
		return 0;
	return lt_tsv_refuse(t, column, "a number, inf or NaN", err);
}
