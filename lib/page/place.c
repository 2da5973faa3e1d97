/* {PLACES} of a line: expressions and the forms of their values. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/block.h"
#include "page/form.h"

/* ":±2 %": a cell with the deviation beside it and the number of values. */
static int
form_mean(struct scope *s, const struct value *v, const char *digits,
	const char *unit, char **out)
{
	if (!v->table || v->column < 0)
		return scope_fail(s,
			"'%s' is no cell of a table, which ± needs", v->text);
	const char *name = v->table->title[v->column];
	char *std = lt_asprintf("%s_std", name);
	int around = lt_table_find(v->table, std);
	int n = lt_table_find(v->table, "n");
	free(std);
	if (around < 0 || n < 0)
		return scope_fail(s,
			"%s: expected a column '%s%s' for ±, found "
			"none",
			v->table->name, around < 0 ? name : "n",
			around < 0 ? "_std" : "");
	struct value a = value_of_cell(v->table, v->row, around);
	struct value b = value_of_cell(v->table, v->row, n);
	*out = lt_form_mean(
		v->number, a.number, b.number, *digits - '0', unit, s->narrow);
	return 0;
}

/* The format between ':' and '}'. */
static int
form(struct scope *s, const struct value *v, char *f, char **out)
{
	static const char pm[] = "\xc2\xb1";
	bool mean = strncmp(f, pm, 2) == 0, sign = *f == '+';
	const char *digits = f + (mean ? 2 : sign ? 2 : 1);

	if (strcmp(f, "raw") == 0) {
		*out = lt_strdup(v->text);
		return 0;
	}
	if (strcmp(f, ",") == 0) {
		bool whole = v->is_number && v->number == floor(v->number);
		*out = whole ? lt_form_fixed(v->number, 0, false)
			     : lt_form_escape(v->text);
		return 0;
	}
	bool is_short = strcmp(f, "short") == 0;
	bool fixed = (*f == '.' || strncmp(f, "+.", 2) == 0) &&
		     isdigit((unsigned char)*digits) && !digits[1];
	if (!is_short && !fixed && !(mean && isdigit((unsigned char)*digits)))
		return scope_fail(s, "there is no format ':%s'", f);
	if (!v->is_number)
		return scope_fail(s, "expected a number for ':%s', found '%s'",
			f, v->text);
	if (mean)
		return form_mean(s, v, digits, digits + 1, out);
	*out = is_short ? lt_form_short(v->number)
			: lt_form_fixed(v->number, *digits - '0', sign);
	return 0;
}

static char *
form_plain(const struct value *v)
{
	if (v->is_number && isnan(v->number))
		return lt_form_fixed(NAN, 0, false);
	return lt_form_escape(v->text);
}

/* What stands between the braces. */
static int
place(struct scope *s, const char *p, char **out)
{
	struct value v;
	bool optional = expr_take(&p, "?");

	s->lenient = optional;
	s->missing = false;
	int ret = expr_value(s, &p, &v);
	s->lenient = false;
	if (ret < 0)
		return -1;
	if (*p && *p != ':')
		return scope_fail(s, "expected ':' or '}', found '%s'", p);
	if (optional && s->missing) {
		*out = lt_strdup("");
		return 0;
	}
	if (!*p) {
		*out = form_plain(&v);
		return 0;
	}
	char *f = lt_strdup(p + 1);
	ret = form(s, &v, f, out);
	free(f);
	return ret;
}

/* The end of the place that begins at p; NULL if there is none. */
static const char *
place_end(const char *p)
{
	bool in_quotes = false;

	for (; *p; p++) {
		in_quotes ^= *p == '\'';
		if (*p == '}' && !in_quotes)
			return p;
	}
	return NULL;
}

/* Append line with its places filled. */
int
place_fill(struct scope *s, const char *line, struct text *out)
{
	for (;;) {
		size_t n = strcspn(line, "{");
		text_put_n(out, line, n);
		line += n;
		if (!*line)
			return 0;
		if (line[1] == '{') {
			text_put(out, "{");
			line += 2;
			continue;
		}
		const char *end = place_end(line);
		if (!end)
			return scope_fail(s, "expected '}' after '%s'", line);
		char *inside = lt_strndup(line + 1, (size_t)(end - line) - 1);
		char *text = NULL;
		int ret = place(s, inside, &text);
		free(inside);
		if (ret < 0)
			return -1;
		text_put(out, text);
		free(text);
		line = end + 1;
	}
}
