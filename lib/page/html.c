#include "page/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "page/text.h"

struct writer {
	const struct lt_html *h;
	struct lt_err *err;
	struct text out, sections;
	const char *p; /* what is left of the body */
	bool in_body;  /* of a table */
	bool first;    /* no cell of the row was there yet */
	bool is_head;  /* the cell that is open heads its row */
	int section;
};

static bool
at(const struct writer *w, const char *text)
{
	return strncmp(w->p, text, strlen(text)) == 0;
}

static bool
skip(struct writer *w, const char *text)
{
	if (!at(w, text))
		return false;
	w->p += strlen(text);
	return true;
}

/* --- Links. */

static const char *
type_of(const char *name)
{
	static const struct {
		const char *end, *type;
	} types[] = {{".svg", "image/svg+xml"}, {".png", "image/png"},
		{".pdf", "application/pdf"},
		{".tsv", "text/tab-separated-values"}};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (n > 4 && strcmp(name + n - 4, types[i].end) == 0)
			return types[i].type;
	return "text/plain";
}

static void
put_base64(struct text *t, const char *data, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = 0;
		char four[5] = "====";
		for (size_t j = 0; j < 3; j++)
			v = v << 8 |
			    (i + j < n ? (unsigned char)data[i + j] : 0u);
		for (size_t j = 0; j < 4 && i + j <= n; j++)
			four[j] = digit[v >> (18 - 6 * j) & 63];
		text_put(t, four);
	}
}

/* True for what is no file of the folder: other sites, places of this page. */
static bool
elsewhere(const char *link)
{
	return !*link || *link == '#' || strstr(link, "://") ||
	       strncmp(link, "mailto:", 7) == 0 ||
	       strncmp(link, "data:", 5) == 0;
}

#define FILE_MAX ((size_t)64 << 20)

/* Write name="link", which must lead somewhere. */
static int
put_link(struct writer *w, const char *name, const char *link)
{
	char *data, *path;
	size_t n;

	if (elsewhere(link)) {
		text_put(&w->out, name);
		text_put(&w->out, link);
		text_put(&w->out, "\"");
		return 0;
	}
	path = lt_asprintf("%s/%s", w->h->folder, link);
	int ret = lt_in_whole(path, FILE_MAX, &data, &n, w->err);
	free(path);
	if (ret < 0)
		return lt_fail(w->err, LT_EDATA,
			"%s: links to '%s', which is not in %s", w->h->name,
			link, w->h->folder);
	text_put(&w->out, name);
	if (w->h->embed) {
		text_put(&w->out, "data:");
		text_put(&w->out, type_of(link));
		text_put(&w->out, ";base64,");
		put_base64(&w->out, data, n);
	} else
		text_put(&w->out, link);
	text_put(&w->out, "\"");
	if (w->h->embed && strncmp(name, "href", 4) == 0) {
		text_put(&w->out, " download=\"");
		text_put(&w->out, link);
		text_put(&w->out, "\"");
	}
	free(data);
	return 0;
}

/* The attribute at w->p, with its link. */
static int
copy_link(struct writer *w, const char *name)
{
	w->p += strlen(name);
	size_t n = strcspn(w->p, "\"");
	char *link = lt_strndup(w->p, n);
	int ret = put_link(w, name, link);

	free(link);
	w->p += n + (w->p[n] == '"');
	return ret;
}

/* A tag, or any other character. */
static int
copy_one(struct writer *w)
{
	static const char *const tags[] = {"<a href=\"", "<img src=\""};

	for (int i = 0; i < 2; i++)
		if (at(w, tags[i])) {
			size_t n = strcspn(tags[i], " ") + 1;
			text_put_n(&w->out, tags[i], n);
			w->p += n;
			return copy_link(w, tags[i] + n);
		}
	text_put_n(&w->out, w->p++, 1);
	return 0;
}

/* All up to end, which is not copied. */
static int
copy_until(struct writer *w, const char *end)
{
	while (*w->p && !at(w, end))
		if (copy_one(w) < 0)
			return -1;
	skip(w, end);
	return 0;
}

/* --- Sections, tables, pictures. */

static void
section(struct writer *w)
{
	const char *end = strstr(w->p, "</h2>");
	size_t n = end ? (size_t)(end - w->p) : strlen(w->p);
	char *id = lt_asprintf("section-%d", ++w->section);

	text_put(&w->out, "<h2 id=\"");
	text_put(&w->out, id);
	text_put(&w->out, "\">");
	text_put(&w->sections, "<a href=\"#");
	text_put(&w->sections, id);
	text_put(&w->sections, "\">");
	text_put_n(&w->sections, w->p, n);
	text_put(&w->sections, "</a>\n");
	free(id);
}

static const char scroll[] = "<div class=\"scroll\">\n<table>\n";

/* True if a paragraph that begins with what is at w->p is followed by next. */
static bool
followed(const struct writer *w, const char *next)
{
	const char *end = strstr(w->p, "</p>\n");

	return end && strncmp(end + 5, next, strlen(next)) == 0;
}

static int
caption(struct writer *w)
{
	text_put(&w->out, scroll);
	text_put(&w->out, "<caption>");
	if (copy_until(w, "</p>\n<table>\n") < 0)
		return -1;
	text_put(&w->out, "</caption>\n");
	return 0;
}

static int
figure(struct writer *w)
{
	text_put(&w->out, "<figure>\n");
	if (copy_until(w, "</p>\n<p>Figure: ") < 0)
		return -1;
	text_put(&w->out, "\n<figcaption>");
	if (copy_until(w, "</p>") < 0)
		return -1;
	text_put(&w->out, "</figcaption>\n</figure>");
	return 0;
}

/* The first cell of a row heads it. */
static void
cell(struct writer *w)
{
	w->is_head = w->in_body && w->first;
	text_put(&w->out, w->is_head ? "<th scope=\"row\"" : "<td");
	w->first = false;
}

/* What is made anew of the text at w->p: 1 if there is such a thing. */
static int
changed(struct writer *w)
{
	if (skip(w, "<h2>"))
		section(w);
	else if (at(w, "<p>Table: ") && followed(w, "<table>\n"))
		return skip(w, "<p>Table: "), caption(w) < 0 ? -1 : 1;
	else if (at(w, "<p><img ") && followed(w, "<p>Figure: "))
		return skip(w, "<p>"), figure(w) < 0 ? -1 : 1;
	else if (skip(w, "<table>\n"))
		text_put(&w->out, scroll);
	else if (skip(w, "</table>"))
		text_put(&w->out, "</table>\n</div>");
	else if (at(w, "<th>") || at(w, "<th "))
		skip(w, "<th"), text_put(&w->out, "<th scope=\"col\"");
	else if (at(w, "<td>") || at(w, "<td "))
		skip(w, "<td"), cell(w);
	else if (w->is_head && skip(w, "</td>"))
		text_put(&w->out, "</th>");
	else
		return 0;
	return 1;
}

static int
copy_body(struct writer *w)
{
	while (*w->p) {
		w->in_body |= at(w, "<tbody>");
		w->in_body &= !at(w, "</tbody>");
		w->first |= at(w, "<tr>");
		int done = changed(w);
		if (done < 0 || (done == 0 && copy_one(w) < 0))
			return -1;
	}
	return 0;
}

/* --- The page. */

/* The text of the first heading, without tags. */
static void
put_title(struct text *t, const char *body)
{
	const char *p = strstr(body, "<h1>");
	bool tag = false;

	for (p = p ? p + 4 : ""; *p && strncmp(p, "</h1>", 5) != 0; p++) {
		tag |= *p == '<';
		if (!tag)
			text_put_n(t, p, 1);
		tag &= *p != '>';
	}
}

static void
put_head(struct text *t, const struct lt_html *h)
{
	text_put(t,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		"<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\">\n<title>");
	put_title(t, h->body);
	text_put(t, "</title>\n");
	if (h->style) {
		text_put(t, "<style>\n");
		text_put(t, h->style);
		text_put(t, "</style>\n");
	}
	text_put(t, "</head>\n<body>\n");
}

/* The list of sections stands behind the first paragraphs: before the second
 * heading, if there are several. */
static void
put_body(struct text *t, const struct writer *w)
{
	const char *body = w->out.s ? w->out.s : "";
	const char *here = strstr(body, "<h2 id=\"");

	if (!here || w->section < 3) {
		text_put(t, body);
		return;
	}
	text_put_n(t, body, (size_t)(here - body));
	text_put(t, "<nav>\n");
	text_put(t, w->sections.s);
	text_put(t, "</nav>\n");
	text_put(t, here);
}

char *
lt_html_page(const struct lt_html *h, struct lt_err *err)
{
	struct writer w = {.h = h, .err = err, .p = h->body};
	struct text page = {0};
	char *whole = NULL;

	if (copy_body(&w) == 0) {
		put_head(&page, h);
		put_body(&page, &w);
		if (h->script) {
			text_put(&page, "<script>\n");
			text_put(&page, h->script);
			text_put(&page, "</script>\n");
		}
		text_put(&page, "</body>\n</html>\n");
		whole = text_take(&page);
	}
	free(text_take(&w.out));
	free(text_take(&w.sections));
	return whole;
}
