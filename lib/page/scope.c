#include "page/scope.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "base/outpath.h"
#include "base/tsv.h"

void
scope_init(struct scope *s, const char *folder, const char *template,
	struct lt_err *err)
{
	*s = (struct scope){.folder = folder, .template = template, .err = err};
	s->beside = strcmp(template, "-") == 0 ? lt_strdup(".")
					       : lt_outpath_folder(template);
}

void
scope_release(struct scope *s)
{
	scope_unbind(s, 0);
	for (size_t i = 0; i < s->n_words; i++)
		free(s->words[i].name);
	for (size_t i = 0; i < s->tables; i++) {
		lt_table_release(s->table[i]);
		free(s->table[i]);
		free(s->table_name[i]);
	}
	for (size_t i = 0; i < s->n_kept; i++)
		free(s->kept[i]);
	free(s->var);
	free(s->words);
	free(s->table);
	free(s->table_name);
	free(s->kept);
	free(s->beside);
}

int
scope_fail(struct scope *s, const char *fmt, ...)
{
	char text[900];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return lt_fail(s->err, LT_EDATA, "%s:%llu: %s",
		strcmp(s->template, "-") == 0 ? "standard input" : s->template,
		(unsigned long long)s->line, text);
}

const char *
scope_keep(struct scope *s, char *text)
{
	lt_grow(&s->kept, &s->kept_cap, s->n_kept + 1, sizeof *s->kept);
	return s->kept[s->n_kept++] = text;
}

/* Read a table once; key is what it is remembered by. */
static const struct lt_table *
load(struct scope *s, const char *key, const char *path)
{
	for (size_t i = 0; i < s->tables; i++)
		if (strcmp(s->table_name[i], key) == 0)
			return s->table[i];
	struct lt_err why;
	struct lt_table *t = lt_alloc(1, sizeof *t);
	if (lt_table_read(t, path, &why) < 0) {
		free(t);
		scope_fail(s, "%s", why.msg);
		return NULL;
	}
	lt_grow(&s->table, &s->table_cap, s->tables + 1, sizeof *s->table);
	lt_grow(&s->table_name, &s->name_cap, s->tables + 1,
		sizeof *s->table_name);
	s->table_name[s->tables] = lt_strdup(key);
	return s->table[s->tables++] = t;
}

static bool
is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0;
}

const struct lt_table *
scope_table(struct scope *s, const char *name)
{
	char *path = lt_asprintf("%s/%s.tsv", s->folder, name);
	char *other = lt_asprintf("%s/%s.tsv", s->beside, name);
	const char *from = !is_there(path) && is_there(other) ? other : path;
	const struct lt_table *t = load(s, from, from);

	free(path);
	free(other);
	return t;
}

bool
scope_exists(const struct scope *s, const char *name)
{
	char *path = lt_asprintf("%s/%s", s->folder, name);
	bool is = is_there(path);

	free(path);
	return is;
}

void
scope_bind(struct scope *s, const char *name, struct value v)
{
	lt_grow(&s->var, &s->var_cap, s->vars + 1, sizeof *s->var);
	s->var[s->vars++] = (struct variable){lt_strdup(name), v};
}

void
scope_unbind(struct scope *s, size_t n)
{
	while (s->vars > n)
		free(s->var[--s->vars].name);
}

const struct value *
scope_find(const struct scope *s, const char *name)
{
	for (size_t i = s->vars; i--;)
		if (strcmp(s->var[i].name, name) == 0)
			return &s->var[i].v;
	return NULL;
}

int
scope_words(struct scope *s, const char *name, const char *file,
	const char *key, const char *word)
{
	char *path = lt_asprintf("%s/%s", s->beside, file);
	const struct lt_table *t = load(s, path, path);

	free(path);
	if (!t)
		return -1;
	struct words w = {
		NULL, t, lt_table_find(t, key), lt_table_find(t, word)};
	if (w.key < 0 || w.word < 0)
		return scope_fail(s, "%s: expected a column '%s', found none",
			t->name, w.key < 0 ? key : word);
	w.name = lt_strdup(name);
	lt_grow(&s->words, &s->word_cap, s->n_words + 1, sizeof *s->words);
	s->words[s->n_words++] = w;
	return 0;
}

const struct words *
scope_find_words(const struct scope *s, const char *name)
{
	for (size_t i = 0; i < s->n_words; i++)
		if (strcmp(s->words[i].name, name) == 0)
			return &s->words[i];
	return NULL;
}

const char *
scope_word(struct scope *s, const struct words *w, const char *key)
{
	for (size_t i = 0; i < w->table->n; i++) {
		const char *k = cell_text(w->table, i, w->key);
		const char *word = cell_text(w->table, i, w->word);
		size_t n = strlen(k);

		if (strcmp(k, key) == 0)
			return word;
		if (n == 0 || k[n - 1] != '*' || strncmp(k, key, n - 1) != 0)
			continue;
		const char *star = strchr(word, '*');
		if (!star)
			return word;
		return scope_keep(s, lt_asprintf("%.*s%s%s", (int)(star - word),
					     word, key + n - 1, star + 1));
	}
	scope_fail(s, "%s has no '%s'", w->table->name, key);
	return NULL;
}

const char *
cell_text(const struct lt_table *t, size_t row, int column)
{
	LT_BUG_ON(row >= t->n || column < 0 || column >= t->columns);
	return t->cell[row * (size_t)t->columns + (size_t)column];
}

struct value
value_of_text(const char *text)
{
	struct value v = {.text = text, .number = NAN, .column = -1};

	v.is_number = lt_tsv_number(text, &v.number);
	if (!v.is_number)
		v.number = NAN;
	return v;
}

struct value
value_of_number(struct scope *s, double number)
{
	struct value v = {.number = number, .is_number = true, .column = -1};

	v.text = isnan(number) ? "NaN"
			       : scope_keep(s, lt_asprintf("%.9g", number));
	return v;
}

struct value
value_of_cell(const struct lt_table *t, size_t row, int column)
{
	struct value v = {.text = "", .number = NAN};

	if (column >= 0)
		v = value_of_text(cell_text(t, row, column));
	v.table = t;
	v.row = row;
	v.column = column;
	return v;
}
