/* Graphs: their memory, look-ups, and counts. Reading net text: nettext.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "net/graph.h"

const struct lt_op_info lt_op_table[LT_OP_COUNT] = {
	[LT_OP_INPUT] = {"input", "C H W", "the image"},
	[LT_OP_CONV] = {"conv", "IN OUT kK [sS] [pP] [gG] [bias]",
		"convolution, K x K taps, stride S (1), padding P (0), G "
		"groups (1)"},
	[LT_OP_LINEAR] = {"linear", "IN OUT [bias]",
		"matrix product over the flattened input"},
	[LT_OP_BN] = {"bn", "IN [eps=E] [momentum=M]",
		"batch normalization, E 1e-05, M 0.1"},
	[LT_OP_RELU] = {"relu", "IN", "max(x, 0)"},
	[LT_OP_MAXPOOL] = {"maxpool", "IN kK [sS] [pP]",
		"largest of each window, stride S (K)"},
	[LT_OP_AVGPOOL] = {"avgpool", "IN kK [sS] [pP]",
		"mean of each window, padding counted, stride S (K)"},
	[LT_OP_GAP] = {"gap", "IN", "mean of each channel's plane"},
	[LT_OP_ADD] = {"add", "A B", "sum of two of the same shape"},
	[LT_OP_CONCAT] = {"concat", "A B...", "channels one after the other"},
	[LT_OP_PADCH] = {"padch", "IN OUT [sS]",
		"every S-th pixel, zero channels on both sides"},
	[LT_OP_DROPOUT] = {"dropout", "IN RATE",
		"while training, zero a share RATE, scale the rest"},
	[LT_OP_SIGMOID] = {"sigmoid", "IN",
		"logistic function, 1 / (1 + exp(-x))"},
	[LT_OP_SILU] = {"silu", "IN", "x sigmoid(x), also called swish"},
	[LT_OP_MUL] = {"mul", "A B",
		"product of two of the same shape, or B is Cx1x1"},
	[LT_OP_DROPCONNECT] = {"dropconnect", "IN RATE",
		"while training, zero a share RATE of samples, scale the rest"},
	[LT_OP_ADAPTPOOL] = {"adaptpool", "IN kK",
		"mean of each of K x K windows, as equal as can be"},
};

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

	if (n->unused || (n->op != LT_OP_CONV && n->op != LT_OP_LINEAR))
		return 0;
	if (kept == SIZE_MAX)
		kept = g->param[n->param[0]].count;
	return (uint64_t)kept * (uint64_t)n->h * (uint64_t)n->w;
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
put_float(FILE *f, const char *before, float v)
{
	char buf[32];
	int digits = 1;

	do
		snprintf(buf, sizeof buf, "%.*g", digits, (double)v);
	while (strtof(buf, NULL) != v && digits++ < 9);
	fprintf(f, "%s%s", before, buf);
}

/* The same network always has the same text. */
static void
put_words(
	FILE *f, const struct lt_graph *g, const struct lt_node *n, bool inputs)
{
	bool pool = n->op == LT_OP_MAXPOOL || n->op == LT_OP_AVGPOOL;

	fputs(lt_op_table[n->op].name, f);
	for (int j = 0; inputs && j < n->nin; j++)
		fprintf(f, " %s", g->node[n->in[j]].name);
	if (n->op == LT_OP_CONV || n->op == LT_OP_LINEAR ||
		n->op == LT_OP_PADCH)
		fprintf(f, " %d", n->c);
	if (n->op == LT_OP_DROPOUT || n->op == LT_OP_DROPCONNECT)
		put_float(f, " ", n->rate);
	if (n->k)
		fprintf(f, " k%d", n->k);
	if (n->stride != (pool ? n->k : 1))
		fprintf(f, " s%d", n->stride);
	if (n->pad)
		fprintf(f, " p%d", n->pad);
	if (n->groups != 1)
		fprintf(f, " g%d", n->groups);
	if (n->bias)
		fputs(" bias", f);
	if (n->op == LT_OP_BN && n->eps != 1e-5f)
		put_float(f, " eps=", n->eps);
	if (n->op == LT_OP_BN && n->momentum != 0.1f)
		put_float(f, " momentum=", n->momentum);
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
