#include "page/wrap.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "page/text.h"

#define WIDTH 80

struct layout {
	struct text out;
	bool holds;   /* the next word stays in this line */
	size_t width; /* of the line that is open; 0: none is */
	size_t indent;
	bool code, blank; /* inside of code; a blank line came last */
};

/* Characters of UTF-8 text. */
static size_t
characters(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

/* True if Markdown takes a line that begins with this word for something else
 * than the rest of a paragraph. */
static bool
begins_block(const char *word, size_t n)
{
	size_t digits = 0;

	while (digits < n && isdigit((unsigned char)word[digits]))
		digits++;
	if (digits && digits + 1 == n && strchr(".)", word[digits]))
		return true;
	return strchr("#>|=", *word) || (n == 1 && strchr("-+*", *word));
}

/* A sign between two numbers, or a unit, is not torn off: "(n = 3)", "4.5 %".
 */
static bool
binds(const char *word, size_t n)
{
	static const char *const signs[] = {"=", "\xc2\xb1", "(n"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strlen(signs[i]) <= n &&
			strncmp(word + n - strlen(signs[i]), signs[i],
				strlen(signs[i])) == 0)
			return true;
	return false;
}

static void
end_line(struct layout *l)
{
	if (l->width)
		text_put(&l->out, "\n");
	l->width = 0;
	l->holds = false;
}

static void
end_paragraph(struct layout *l)
{
	end_line(l);
	l->indent = 0;
}

static void
put_word(struct layout *l, const char *word, size_t n)
{
	size_t w = characters(word, n);

	if (l->width && l->width + 1 + w > WIDTH && !l->holds && *word != '%' &&
		!begins_block(word, n))
		end_line(l);
	l->holds = binds(word, n);
	if (l->width) {
		text_put(&l->out, " ");
		l->width++;
	} else if (l->indent) {
		text_put(&l->out, "  ");
		l->width += l->indent;
	}
	text_put_n(&l->out, word, n);
	l->width += w;
}

static void
put_words(struct layout *l, const char *line, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t length = 0;
		while (i < n && line[i] == ' ')
			i++;
		while (i + length < n && line[i + length] != ' ')
			length++;
		if (length)
			put_word(l, line + i, length);
		i += length;
	}
}

static void
put_plain(struct layout *l, const char *line, size_t n)
{
	if (n > 2 && strncmp(line, "- ", 2) == 0) {
		end_paragraph(l);
		text_put(&l->out, "-");
		l->width = 1;
		l->indent = 2;
		line += 2;
		n -= 2;
	}
	put_words(l, line, n);
}

static void
put_line(struct layout *l, const char *line, size_t n)
{
	bool fence = strncmp(line, "```", 3) == 0, was_blank = l->blank;

	while (n && !l->code && line[n - 1] == ' ')
		n--;
	if (!l->code && n == 0) {
		end_paragraph(l);
		if (!l->blank)
			text_put(&l->out, "\n");
		l->blank = true;
		return;
	}
	l->blank = false;
	if (!l->code && !fence && !strchr("|#!", *line)) {
		put_plain(l, line, n);
		return;
	}
	end_paragraph(l);
	if (strchr("#!", *line) && !l->code && !fence && !was_blank)
		text_put(&l->out, "\n");
	text_put_n(&l->out, line, n);
	text_put(&l->out, "\n");
	l->code ^= fence;
}

struct line {
	const char *s;
	size_t n;
	int level; /* of a head, 1 to 6; 0: it is none */
	bool blank;
	bool empty; /* a head of nothing */
};

struct lines {
	struct line *v;
	size_t n, cap;
};

static void
cut_lines(struct lines *l, const char *page)
{
	bool code = false;

	while (*page) {
		struct line v = {.s = page, .n = strcspn(page, "\n")};
		code ^= strncmp(page, "```", 3) == 0;
		v.level = code ? 0 : (int)strspn(page, "#");
		v.blank = strspn(page, " ") >= v.n;
		lt_grow(&l->v, &l->cap, l->n + 1, sizeof v);
		l->v[l->n++] = v;
		page += v.n + (page[v.n] == '\n');
	}
}

/* A head is empty if nothing stands between it and the next one that is not
 * below it, or the end. */
static void
find_empty(struct lines *l)
{
	int next = 1; /* the level of the next head; 0: text comes first */

	for (size_t i = l->n; i--;) {
		struct line *v = &l->v[i];
		if (v->blank)
			continue;
		v->empty = v->level && next && next <= v->level;
		if (!v->empty)
			next = v->level;
	}
}

char *
lt_wrap(const char *page)
{
	struct layout l = {.blank = true};
	struct lines lines = {0};

	cut_lines(&lines, page);
	find_empty(&lines);
	for (size_t i = 0; i < lines.n; i++)
		if (!lines.v[i].empty)
			put_line(&l, lines.v[i].s, lines.v[i].n);
	free(lines.v);
	end_paragraph(&l);
	while (l.out.n > 1 && l.out.s[l.out.n - 2] == '\n')
		l.out.s[--l.out.n] = '\0';
	return text_take(&l.out);
}
