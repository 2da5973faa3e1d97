/* A built-in network as a graph. */
#ifndef LT_TESTS_BUILTIN_H
#define LT_TESTS_BUILTIN_H

#include <stdio.h>
#include <stdlib.h>
#include "net/arch.h"
#include "net/graph.h"
#include "tap.h"

/* The result is the caller's; NULL, with a failed check, if there is none. */
static inline struct lt_graph *
built_in(const char *name, const struct lt_arch_opt *opt)
{
	struct lt_err err;
	char *text = lt_arch_text(name, opt, &err);
	struct lt_graph *g = text ? lt_graph_parse(text, name, &err) : NULL;

	if (!CHECK(g))
		printf("# %s\n", err.msg);
	free(text);
	return g;
}

#endif
