#include <math.h>
#include "base/mem.h"
#include "page/form.h"
#include "page/grid.h"
#include "page/html.h"
#include "page/template.h"
#include "page/wrap.h"
#include "scratch.h"
#include "tap.h"

/* A string that was allocated against what it should be. */
#define CHECK_MADE(made, want) \
	do { \
		char *made_ = (made); \
		CHECK_STR(made_, want); \
		free(made_); \
	} while (0)

static void
fixed(void)
{
	CHECK_MADE(lt_form_fixed(0, 0, false), "0");
	CHECK_MADE(lt_form_fixed(999.4, 0, false), "999");
	CHECK_MADE(lt_form_fixed(999.5, 0, false), "1,000");
	CHECK_MADE(lt_form_fixed(1234567.891, 2, false), "1,234,567.89");
	CHECK_MADE(lt_form_fixed(-123456, 1, false), "-123,456.0");
	CHECK_MADE(lt_form_fixed(-0.004, 2, false), "0.00");
	CHECK_MADE(lt_form_fixed(-0.004, 2, true), "+0.00");
	CHECK_MADE(lt_form_fixed(12, 0, true), "+12");
	CHECK_MADE(lt_form_fixed(NAN, 2, false), "\xe2\x80\x93");
	CHECK_MADE(lt_form_fixed(-INFINITY, 2, false), "-inf");
}

static void
large(void)
{
	CHECK_MADE(lt_form_short(999999), "999,999");
	CHECK_MADE(lt_form_short(1e6), "1.00 million");
	CHECK_MADE(lt_form_short(2.5e9), "2.50 billion");
	CHECK_MADE(lt_form_short(1234.5e12), "1,234.50 trillion");
}

static void
means(void)
{
	CHECK_MADE(lt_form_mean(1234.5, 0.25, 3, 1, " s", false),
		"1,234.5 \xc2\xb1 0.2 s (n = 3)");
	CHECK_MADE(
		lt_form_mean(1.5, 0, 12, 1, "", true), "1.5 \xc2\xb1 0.0 (12)");
	CHECK_MADE(lt_form_mean(1.5, NAN, 1, 1, " %", false), "1.5 % (n = 1)");
	CHECK_MADE(
		lt_form_mean(1.5, NAN, 1, 1, "", true), "1.5\xe2\x80\xa0 (1)");
	CHECK_MADE(lt_form_mean(NAN, NAN, 0, 1, " %", false), "\xe2\x80\x93");
}

static void
escapes(void)
{
	CHECK_MADE(lt_form_escape("a_b_ _c"), "a_b\\_ \\_c");
	CHECK_MADE(lt_form_escape("<i> & [x] `y` *z* | ~ \\"),
		"\\<i\\> \\& \\[x\\] \\`y\\` \\*z\\* \\| \\~ \\\\");
}

static void
grids(void)
{
	static const char *const cells[] = {
		"name", "x", "\xc3\xa9", "-1.5", "long", ""};
	struct grid g = {.columns = 2};
	for (int i = 0; i < 2; i++)
		grid_put(&g, lt_strdup(cells[i]));
	CHECK_MADE(grid_text(&g), "");
	for (int i = 2; i < 6; i++)
		grid_put(&g, lt_strdup(cells[i]));
	CHECK_MADE(grid_text(&g), "| name |    x |\n"
				  "|------|-----:|\n"
				  "| \xc3\xa9    | -1.5 |\n"
				  "| long |      |\n");
	grid_release(&g);
}

static void
wraps(void)
{
	/* 79 and 80 characters fit, 81 do not. */
	static const char line[] = "0123456789 123456789 123456789 123456789 "
				   "123456789 123456789 123456789 123456789";
	char text[200], want[200];
	CHECK_EQ(strlen(line), 80);
	snprintf(text, sizeof text, "%s\n", line);
	CHECK_MADE(lt_wrap(text), text);
	snprintf(text, sizeof text, "%s0 a\n", line);
	snprintf(want, sizeof want, "%.70s\n1234567890 a\n", line);
	CHECK_MADE(lt_wrap(text), want);
	/* No line begins with what would be a list item. */
	snprintf(text, sizeof text, "%s - a\n", line);
	snprintf(want, sizeof want, "%s -\na\n", line);
	CHECK_MADE(lt_wrap(text), want);
	/* Nor is a number torn off its sign, its unit or n. */
	snprintf(text, sizeof text, "%.70s1.5 \xc2\xb1 0.5 %% (n = 3) a\n",
		line);
	snprintf(want, sizeof want, "%.70s1.5 \xc2\xb1 0.5 %%\n(n = 3) a\n",
		line);
	CHECK_MADE(lt_wrap(text), want);
	CHECK_MADE(lt_wrap("- a\n# b\nc\n"), "- a\n\n# b\nc\n");
	CHECK_MADE(lt_wrap("a\n![b](c)\n\nd\n"), "a\n\n![b](c)\n\nd\n");
	/* Heads of nothing go, with those above that have nothing else. */
	CHECK_MADE(lt_wrap("# a\n## b\n### c\n\n## d\nx\n## e\n### f\n"),
		"# a\n\n## d\nx\n");
	CHECK_MADE(lt_wrap("x\n```\n# a\n# b\n```\n# c\n"),
		"x\n```\n# a\n# b\n```\n");
	CHECK_MADE(lt_wrap("\n\na\n b\n\n\n\nc\n\n"), "a b\n\nc\n");
	CHECK_MADE(lt_wrap(""), "");
}

static void
hostile(void)
{
	static const char *const bad[] = {"{", "{}", "{?}", "{:}", "{'}", "{x[",
		"{x[]", "{x[.", "{count(", "{count()}", "{pm(}", "{$}", "{.x}",
		"{1 +}", "{not}", "@if", "@each", "@each x", "@each x in",
		"@table", "@let", "@let x", "@let x =", "@words", "@words a b",
		"@across", "@else", "@elif", "@"};
	struct lt_err err;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[80];
		snprintf(text, sizeof text, "%s\n", bad[i]);
		scratch_put("t.md", text, strlen(text));
		err.status = 0;
		char *page = lt_template_fill("t.md", ".", &err);
		if (!CHECK(!page) || !CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strncmp(err.msg, "t.md:1: ", 8) == 0))
			printf("# %s: %s\n", bad[i], err.msg);
		free(page);
	}
}

/* HTML of another program is copied, however it ends. */
static void
html(void)
{
	static const char *const odd[] = {"", "<p>", "<h2>",
		"<p>Table: ", "<p>Table: x</p>\n<table>\n", "<p><img ",
		"<table>\n<tbody>\n<tr>\n<td>", "<a href=\"", "<h1>",
		"<p><img src=\"#\" /></p>\n<p>Figure: "};
	struct lt_err err;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		char *page = lt_html_page(
			&(struct lt_html){
				.body = odd[i], .name = "b", .folder = "."},
			&err);
		if (!CHECK(page && strstr(page, "</html>\n")))
			printf("# %s\n", odd[i]);
		free(page);
	}
	CHECK(!lt_html_page(
		&(struct lt_html){
			.body = "<a href=\"x\">", .name = "b", .folder = "."},
		&err));
	CHECK_STR(err.msg, "b: links to 'x', which is not in .");
}

int
main(void)
{
	scratch_enter();
	TEST(fixed, "numbers have commas and no negative zero");
	TEST(large, "large numbers have words");
	TEST(means,
		"a mean has its deviation and n, a single value no deviation");
	TEST(escapes, "text is no Markdown");
	TEST(grids, "a table is as wide as its cells");
	TEST(wraps, "paragraphs have 80 characters a line");
	TEST(hostile, "a line that is cut short is refused");
	TEST(html, "HTML that is cut short is copied");
	scratch_leave();
	return tap_done();
}
