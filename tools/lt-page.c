/* lt-page: pages from templates and tables. */
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/in.h"
#include "base/mem.h"
#include "base/out.h"
#include "page/html.h"
#include "page/template.h"

#define TEXT_MAX ((size_t)64 << 20)

static struct lt_common common;
static struct {
	const char *output, *folder, *style, *script;
	bool html, embed;
} opt = {.output = "-", .folder = "."};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write the page to FILE"},
	{'d', "data", LT_OPT_STR, &opt.folder, "FOLDER", ".",
		"find tables and pictures in FOLDER"},
	{0, "html", LT_OPT_FLAG, &opt.html, NULL, NULL,
		"make a whole page of cmark-gfm's output"},
	{0, "style", LT_OPT_STR, &opt.style, "FILE", NULL,
		"with --html: put this style sheet into the page"},
	{0, "script", LT_OPT_STR, &opt.script, "FILE", NULL,
		"with --html: put this script into the page"},
	{0, "embed", LT_OPT_FLAG, &opt.embed, NULL, NULL,
		"with --html: put pictures and linked files into the page"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-page", "[OPTION]... TEMPLATE",
	"Fill a Markdown template with the numbers of tables.",
	.options = options};

/* A text to put into the page, or NULL if no file was named. */
static int
read_text(const char *path, char **text, struct lt_err *err)
{
	size_t n;

	*text = NULL;
	return path ? lt_in_whole(path, TEXT_MAX, text, &n, err) : 0;
}

static char *
html(const char *path, struct lt_err *err)
{
	char *body = NULL, *style = NULL, *script = NULL, *page = NULL;

	if (read_text(path, &body, err) == 0 &&
		read_text(opt.style, &style, err) == 0 &&
		read_text(opt.script, &script, err) == 0)
		page = lt_html_page(
			&(struct lt_html){
				.body = body,
				.name = strcmp(path, "-") == 0
						? "standard input"
						: path,
				.folder = opt.folder,
				.style = style,
				.script = script,
				.embed = opt.embed,
			},
			err);
	free(body);
	free(style);
	free(script);
	return page;
}

static int
run(const char *path, struct lt_err *err)
{
	char *page = opt.html ? html(path, err)
			      : lt_template_fill(path, opt.folder, err);
	if (!page)
		return -1;
	int ret = lt_out_whole(opt.output, page, strlen(page), err);
	free(page);
	return ret;
}

static void
claim_files(const char *path)
{
	struct lt_claims c = {0};

	lt_claim(&c, LT_CLAIM_IN, opt.html ? "PAGE" : "TEMPLATE", path);
	lt_claim(&c, LT_CLAIM_IN, "--style", opt.style);
	lt_claim(&c, LT_CLAIM_IN, "--script", opt.script);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv);

	if (n != 1)
		lt_cli_usage(&cmd, "expected one TEMPLATE, found %d", n);
	lt_cli_needs(&cmd, "style script embed", opt.html, "--html");
	claim_files(argv[0]);
	return run(argv[0], &err) ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
