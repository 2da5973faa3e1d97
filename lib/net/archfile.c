/* A network named on a command line: built in, or a file of net text. */
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "net/arch.h"

bool
lt_arch_is_file(const char *name)
{
	size_t n = strlen(name);

	return !strcmp(name, "-") || strchr(name, '/') ||
	       (n > 4 && !strcmp(name + n - 4, ".net"));
}

void
lt_arch_claim(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	const char *name)
{
	if (name && lt_arch_is_file(name))
		lt_claim(c, kind, what, name);
}

static const char *
shown(const char *name)
{
	return strcmp(name, "-") ? name : "standard input";
}

char *
lt_arch_file(const char *path, struct lt_err *err)
{
	char *text;
	size_t size;

	if (lt_in_whole(path, (size_t)1 << 20, &text, &size, err) < 0)
		return NULL;
	bool ends = !size || text[size - 1] == '\n';
	if (strlen(text) == size && ends)
		return text;
	lt_fail(err, LT_EDATA, "%s: %s", shown(path),
		strlen(text) == size ? "truncated: the last line has no newline"
				     : "a NUL byte in a net text");
	free(text);
	return NULL;
}

struct lt_graph *
lt_arch_graph(const char *name, struct lt_err *err)
{
	static const struct lt_arch_opt plain = {0};
	bool file = lt_arch_is_file(name);
	char *text = file ? lt_arch_file(name, err)
			  : lt_arch_text(name, &plain, err);
	struct lt_graph *g =
		text ? lt_graph_parse(text, shown(name), err) : NULL;

	free(text);
	return g;
}
