#include "info/differ.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "info/history.h"

/* The table in the making. */
struct diff {
	struct lt_answer *a;
	size_t rows;
};

static void
cell(struct lt_answer *a, const char *column, const char *text)
{
	if (text)
		lt_answer_text(a, column, text);
	else
		lt_answer_missing(a, column);
}

static void
begin(struct diff *d, const char *part, const char *name)
{
	d->rows++;
	lt_answer_text(d->a, "part", part);
	lt_answer_text(d->a, "name", name);
}

/* A row of two texts, of which NULL is missing; none if they are equal. */
static void
compare(struct diff *d, const char *part, const char *name, const char *x,
	const char *y)
{
	if (x == y || (x && y && strcmp(x, y) == 0))
		return;
	begin(d, part, name);
	cell(d->a, "a", x);
	cell(d->a, "b", y);
	lt_answer_missing(d->a, "differing");
	lt_answer_missing(d->a, "largest");
	lt_answer_row(d->a);
}

/* ---- metadata ------------------------------------------------------------ */

/* Compared below, or no more than a sum over the content. */
static bool
compared_elsewhere(const char *key)
{
	static const char *const keys[] = {"format", "lt.crc32",
		"lt.header_crc32", "lt.history", "lt.net", "lt.run.settings"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static void
compare_metadata(struct diff *d, const struct lt_st *x, const struct lt_st *y)
{
	for (size_t i = 0; i < x->nmeta; i++) {
		const char *key = x->meta[2 * i];
		if (!compared_elsewhere(key))
			compare(d, "metadata", key, x->meta[2 * i + 1],
				lt_st_meta(y, key));
	}
	for (size_t i = 0; i < y->nmeta; i++) {
		const char *key = y->meta[2 * i];
		if (!compared_elsewhere(key) && !lt_st_meta(x, key))
			compare(d, "metadata", key, NULL, y->meta[2 * i + 1]);
	}
}

/* ---- settings and net text: words and lines ------------------------------ */

/* The part of text up to one of these characters, and what follows it. */
static char *
cut(const char **text, const char *between)
{
	size_t n = strcspn(*text, between);
	char *part = lt_strndup(*text, n);

	*text += n + ((*text)[n] != 0);
	return part;
}

/* The value of NAME in words NAME=VALUE; the caller's to free, or NULL. */
static char *
value_of(const char *words, const char *name)
{
	size_t n = strlen(name);

	while (*words) {
		char *word = cut(&words, " ");
		bool found = strncmp(word, name, n) == 0 && word[n] == '=';
		char *value = found ? lt_strdup(word + n + 1) : NULL;
		free(word);
		if (found)
			return value;
	}
	return NULL;
}

/* Compare the words of x with those of y; or only those that y lacks, which are
 * then b's. */
static void
compare_words(struct diff *d, const char *x, const char *y, bool lacking)
{
	while (*x) {
		char *word = cut(&x, " "), *equal = strchr(word, '=');
		if (equal)
			*equal = 0;
		char *other = equal ? value_of(y, word) : NULL;
		if (equal && lacking && !other)
			compare(d, "setting", word, NULL, equal + 1);
		else if (equal && !lacking)
			compare(d, "setting", word, equal + 1, other);
		free(other);
		free(word);
	}
}

static bool
has_line(const char *text, const char *line)
{
	bool found = false;

	while (*text && !found) {
		char *one = cut(&text, "\n");
		found = strcmp(one, line) == 0;
		free(one);
	}
	return found;
}

/* Rows of the lines of x that y lacks. */
static void
compare_lines(struct diff *d, const char *x, const char *y, bool swapped)
{
	while (*x) {
		char *line = cut(&x, "\n");
		if (!has_line(y, line))
			compare(d, "network", "lt.net", swapped ? NULL : line,
				swapped ? line : NULL);
		free(line);
	}
}

static const char *
text_of(const struct lt_st *st, const char *key)
{
	const char *text = lt_st_meta(st, key);

	return text ? text : "";
}

/* ---- history ------------------------------------------------------------- */

static void
compare_values(struct diff *d, size_t i, json_t *x, json_t *y)
{
	const char *key;
	json_t *v;

	for (int turn = 0; turn < 2; turn++)
		json_object_foreach(turn ? y : x, key, v)
		{
			json_t *other = json_object_get(turn ? x : y, key);
			char *name = lt_asprintf(
				"%zu %s %s", i + 1, lt_history_tool(x), key);
			if (!turn)
				compare(d, "history", name,
					json_string_value(v),
					json_string_value(other));
			else if (!other)
				compare(d, "history", name, NULL,
					json_string_value(v));
			free(name);
		}
}

static void
compare_entries(struct diff *d, size_t i, json_t *x, json_t *y)
{
	char *a = x ? lt_history_line(x) : NULL;
	char *b = y ? lt_history_line(y) : NULL;
	char *name = lt_asprintf("%zu", i + 1);

	if (x && y && strcmp(lt_history_tool(x), lt_history_tool(y)) == 0)
		compare_values(d, i, x, y);
	else
		compare(d, "history", name, a, b);
	free(name);
	free(a);
	free(b);
}

static void
compare_history(struct diff *d, const struct lt_st *x, const struct lt_st *y)
{
	json_t *a = lt_history_load(x), *b = lt_history_load(y);
	size_t n = json_array_size(a), m = json_array_size(b);

	for (size_t i = 0; i < n || i < m; i++)
		compare_entries(
			d, i, json_array_get(a, i), json_array_get(b, i));
	json_decref(a);
	json_decref(b);
}

/* ---- tensors ------------------------------------------------------------- */

struct change {
	size_t kept[2], differing;
	double largest;
};

static double
number(const struct lt_st_tensor *t, size_t i)
{
	const char *p = (const char *)t->data + i * lt_dtype_size(t->dtype);
	float f;
	int64_t v;
	int32_t k;

	switch (t->dtype) {
	case LT_F32:
		memcpy(&f, p, sizeof f);
		return (double)f;
	case LT_I64:
		memcpy(&v, p, sizeof v);
		return (double)v;
	case LT_I32:
		memcpy(&k, p, sizeof k);
		return (double)k;
	default:
		return (double)*(const uint8_t *)p;
	}
}

static struct change
change_of(const struct lt_st_tensor *x, const struct lt_st_tensor *y)
{
	size_t size = lt_dtype_size(x->dtype);
	struct change c = {.largest = 0};

	for (size_t i = 0; i < x->count; i++) {
		double a = number(x, i), b = number(y, i), far = fabs(a - b);
		c.kept[0] += a != 0;
		c.kept[1] += b != 0;
		if (!memcmp((const char *)x->data + i * size,
			    (const char *)y->data + i * size, size))
			continue;
		c.differing++;
		far = isfinite(a) && isfinite(b) ? far : (double)INFINITY;
		c.largest = far > c.largest ? far : c.largest;
	}
	return c;
}

static const char *
part_of(const struct lt_st_tensor *t)
{
	size_t n = strlen(t->name);

	return t->dtype == LT_BOOL && n > 5 &&
			       strcmp(t->name + n - 5, "_mask") == 0
		       ? "mask"
		       : "tensor";
}

/* "F32 6x1x5x5" */
static char *
form_of(const struct lt_st_tensor *t)
{
	char *text = lt_asprintf(
		"%s%s", lt_dtype_name(t->dtype), t->ndim ? "" : " scalar");

	for (int i = 0; i < t->ndim; i++) {
		char *more = lt_asprintf("%s%s%llu", text, i ? "x" : " ",
			(unsigned long long)t->shape[i]);
		free(text);
		text = more;
	}
	return text;
}

static void
compare_forms(struct diff *d, const struct lt_st_tensor *x,
	const struct lt_st_tensor *y)
{
	char *a = x ? form_of(x) : NULL, *b = y ? form_of(y) : NULL;

	compare(d, part_of(x ? x : y), x ? x->name : y->name, a, b);
	free(a);
	free(b);
}

static void
compare_tensors(struct diff *d, const struct lt_st_tensor *x,
	const struct lt_st_tensor *y)
{
	if (!x || !y || x->dtype != y->dtype || x->ndim != y->ndim ||
		memcmp(x->shape, y->shape,
			(size_t)x->ndim * sizeof *x->shape) != 0) {
		compare_forms(d, x, y);
		return;
	}
	struct change c = change_of(x, y);
	if (!c.differing)
		return;
	begin(d, part_of(x), x->name);
	lt_answer_count(d->a, "a", c.kept[0]);
	lt_answer_count(d->a, "b", c.kept[1]);
	lt_answer_count(d->a, "differing", c.differing);
	lt_answer_number(d->a, "largest", c.largest);
	lt_answer_row(d->a);
}

size_t
lt_describe_diff(
	struct lt_answer *a, const struct lt_st *x, const struct lt_st *y)
{
	struct diff d = {a, 0};
	const char *words[] = {
		text_of(x, "lt.run.settings"), text_of(y, "lt.run.settings")};
	const char *net[] = {text_of(x, "lt.net"), text_of(y, "lt.net")};

	lt_answer_table(a, "part\tname\ta\tb\tdiffering\tlargest");
	compare_metadata(&d, x, y);
	compare_words(&d, words[0], words[1], false);
	compare_words(&d, words[1], words[0], true);
	compare_history(&d, x, y);
	compare_lines(&d, net[0], net[1], false);
	compare_lines(&d, net[1], net[0], true);
	for (size_t i = 0; i < x->n; i++)
		compare_tensors(
			&d, &x->tensor[i], lt_st_find(y, x->tensor[i].name));
	for (size_t i = 0; i < y->n; i++)
		if (!lt_st_find(x, y->tensor[i].name))
			compare_tensors(&d, NULL, &y->tensor[i]);
	return d.rows;
}
