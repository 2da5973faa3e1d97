/* Graphs: their memory, look-ups, and counts. Reading net text: nettext.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "net/graph.h"

int
lt_graph_find(const struct lt_graph *g, const char *node)
{
	for (int i = 0; i < g->n; i++)
		if (!strcmp(g->node[i].name, node))
			return i;
	return -1;
}

int
lt_graph_find_param(const struct lt_graph *g, const char *name)
{
	for (int i = 0; i < g->nparam; i++)
		if (!strcmp(g->param[i].name, name))
			return i;
	return -1;
}

size_t
lt_graph_params(const struct lt_graph *g)
{
	size_t n = 0;

	for (int i = 0; i < g->nparam; i++)
		n += g->param[i].trainable ? g->param[i].count : 0;
	return n;
}

size_t
lt_graph_weights(const struct lt_graph *g)
{
	size_t n = 0;

	for (int i = 0; i < g->nparam; i++)
		n += g->param[i].prunable ? g->param[i].count : 0;
	return n;
}

uint64_t
lt_graph_macs(const struct lt_graph *g, int node, size_t kept)
{
	const struct lt_node *n = &g->node[node];

	if (n->unused || !lt_op_row(n)->taps)
		return 0;
	if (kept == SIZE_MAX)
		kept = g->param[n->param[0]].count;
	return (uint64_t)kept * (uint64_t)n->h * (uint64_t)n->w;
}

uint64_t
lt_graph_all_macs(const struct lt_graph *g)
{
	uint64_t macs = 0;

	for (int i = 0; i < g->n; i++)
		macs += lt_graph_macs(g, i, SIZE_MAX);
	return macs;
}

void
lt_graph_free(struct lt_graph *g)
{
	if (!g)
		return;
	for (int i = 0; i < g->n; i++)
		free(g->node[i].name);
	for (int i = 0; i < g->nparam; i++)
		free(g->param[i].name);
	free(g->node);
	free(g->param);
	free(g->name);
	free(g->text);
	free(g->init);
	free(g);
}

/* The shortest text that is read as the same float. */
static void
put_float(FILE *f, float v)
{
	char buf[32];
	int digits = 1;

	do
		snprintf(buf, sizeof buf, "%.*g", digits, (double)v);
	while (strtof(buf, NULL) != v && digits++ < 9);
	fputs(buf, f);
}

static double
value_of(const struct lt_node *n, const struct lt_attr *a)
{
	const void *at = (const char *)n + a->field;

	if (a->kind == LT_ATTR_FLAG)
		return *(const bool *)at;
	if (a->kind == LT_ATTR_REAL || a->kind == LT_ATTR_RATE)
		return (double)*(const float *)at;
	return *(const int *)at;
}

static void
put_attribute(FILE *f, const struct lt_attr *a, double v)
{
	fputc(' ', f);
	if (!lt_attr_operand(a))
		fputs(a->word, f);
	if (a->kind == LT_ATTR_REAL)
		fputc('=', f);
	if (a->kind == LT_ATTR_REAL || a->kind == LT_ATTR_RATE)
		put_float(f, (float)v);
	else if (a->kind != LT_ATTR_FLAG)
		fprintf(f, "%d", (int)v);
}

/* The same network always has the same text, because attributes with their
 * default values are left out. */
static void
put_words(
	FILE *f, const struct lt_graph *g, const struct lt_node *n, bool inputs)
{
	const struct lt_op_row *op = lt_op_row(n);

	fputs(op->name, f);
	for (int j = 0; inputs && j < n->nin; j++)
		fprintf(f, " %s", g->node[n->in[j]].name);
	for (const struct lt_attr *a = op->attr; a->word; a++)
		if (value_of(n, a) != lt_attr_preset(a, n))
			put_attribute(f, a, value_of(n, a));
}

char *
lt_node_words(const struct lt_graph *g, int node, bool inputs)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	LT_BUG_ON(!f);
	put_words(f, g, &g->node[node], inputs);
	LT_BUG_ON(fclose(f) != 0);
	return text;
}

char *
lt_graph_text(const struct lt_graph *g)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	bool *read = lt_alloc((size_t)g->n, sizeof *read);

	LT_BUG_ON(!f);
	fprintf(f, "net %s\n", g->name);
	if (g->init)
		fprintf(f, "init %s\n", g->init);
	fprintf(f, "input %d %d %d\n", g->c, g->h, g->w);
	for (int i = 1; i < g->n; i++) {
		fprintf(f, "%s = ", g->node[i].name);
		put_words(f, g, &g->node[i], true);
		fputc('\n', f);
	}
	for (int i = 1; i < g->n; i++)
		for (int j = 0; j < g->node[i].nin; j++)
			read[g->node[i].in[j]] = true;
	for (int i = 1; i < g->n; i++)
		if (g->node[i].unused && !read[i])
			fprintf(f, "unused %s\n", g->node[i].name);
	free(read);
	fprintf(f, "output %s\n", g->node[g->output].name);
	LT_BUG_ON(fclose(f) != 0);
	return text;
}
