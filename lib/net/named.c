#include "net/named.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/near.h"

static bool
is(const char *word, const char *name)
{
	return strcmp(word, name) == 0;
}

/* The node of the first or the last prunable parameter, or -1. */
static int
end_node(const struct lt_graph *g, bool last)
{
	int node = -1;

	for (int i = 0; i < g->nparam; i++)
		if (g->param[i].prunable && (last || node < 0))
			node = g->param[i].node;
	return node;
}

/* Does the word name parameter p?  end: the node that "first" or "last" stands
 * for, or -1. */
static bool
names(const char *word, int end, const struct lt_param *p)
{
	size_t n = strlen(word);

	if (is(word, "all") || p->node == end)
		return true;
	if (strncmp(word, p->name, n) != 0)
		return false;
	return p->name[n] == '.' || (p->name[n] == '\0' && p->trainable);
}

static int
no_such(const struct lt_graph *g, const char *word, struct lt_err *err)
{
	struct lt_near near = {.to = word};
	char like[LT_NEAR_TEXT];

	for (int i = 0; i < g->nparam; i++) {
		lt_near_try(&near, g->param[i].name);
		lt_near_try(&near, g->node[g->param[i].node].name);
	}
	return lt_fail(err, LT_EUSAGE,
		"network %s has no trainable parameter, layer or part '%s'%s",
		g->name, word, lt_near_text(like, &near));
}

static int
take_word(bool *use, const struct lt_graph *g, const char *word,
	struct lt_err *err)
{
	bool in = *word != '^', found = false;
	int end = -1;

	word += !in;
	if (is(word, "first") || is(word, "last"))
		end = end_node(g, is(word, "last"));
	for (int i = 0; i < g->nparam && *word; i++)
		if (names(word, end, &g->param[i])) {
			use[i] = in;
			found = true;
		}
	return found ? 0 : no_such(g, word, err);
}

int
lt_named_params(bool *use, const struct lt_graph *g, const char *list,
	size_t len, struct lt_err *err)
{
	char *copy = lt_strndup(list, len), *rest = copy, *word;
	int bad = 0;

	memset(use, 0, (size_t)g->nparam * sizeof *use);
	while (!bad && (word = strsep(&rest, ",")))
		bad = take_word(use, g, word, err);
	free(copy);
	return bad;
}
