#include "page/wrap.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "page/text.h"

#define WIDTH 80

struct layout {
	struct text out;
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

static void
end_line(struct layout *l)
{
	if (l->width)
		text_put(&l->out, "\n");
	l->width = 0;
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

	if (l->width && l->width + 1 + w > WIDTH && !begins_block(word, n))
		end_line(l);
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
	bool fence = strncmp(line, "```", 3) == 0;

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
	text_put_n(&l->out, line, n);
	text_put(&l->out, "\n");
	l->code ^= fence;
}

char *
lt_wrap(const char *page)
{
	struct layout l = {.blank = true};

	while (*page) {
		size_t n = strcspn(page, "\n");
		put_line(&l, page, n);
		page += n + (page[n] == '\n');
	}
	end_paragraph(&l);
	while (l.out.n > 1 && l.out.s[l.out.n - 2] == '\n')
		l.out.s[--l.out.n] = '\0';
	return text_take(&l.out);
}
