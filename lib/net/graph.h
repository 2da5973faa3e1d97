/* A network as a graph, read from net text (lt-net(5)).  Each node is a line,
 * "name = operator inputs... attributes...".  Nodes are in topological order,
 * because an input must stand above its use.  A graph never changes.
 *
 *	struct lt_graph *g = lt_graph_parse(text, "resnet20.net", err);
 *	lt_graph_free(g);
 */
#ifndef LT_NET_GRAPH_H
#define LT_NET_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "net/op.h"

#define LT_NODE_MAXIN 8

struct lt_param {
	char *name; /* state-dict name: "<node>.weight" ... */
	int node;
	enum lt_role role;
	int ndim;
	uint64_t shape[4];
	size_t count;
	size_t offset;	/* in floats in lt_model.w; a multiple of 16 */
	bool trainable; /* false for statistics */
	bool prunable;	/* conv and linear weights */
};

struct lt_node {
	char *name;
	enum lt_op op;
	int nin, in[LT_NODE_MAXIN]; /* nodes, all with smaller numbers */
	int c, h, w;		    /* output shape; linear: out,1,1 */
	int k, stride, pad, groups, dilation;
	bool bias;
	bool plain;		   /* a norm without scale and shift */
	bool unused;		   /* see lt_graph.nunused */
	float rate;		   /* dropout, dropconnect */
	float eps, momentum;	   /* bn */
	float slope;		   /* what a function of one value is given */
	int param[LT_NODE_PARAMS]; /* weight, bias | gamma, beta, mean, var; or
				      -1 */
};

static inline const struct lt_op_row *
lt_op_row(const struct lt_node *n)
{
	return lt_op_rows[n->op];
}

/* The value of an attribute that is not given. */
static inline double
lt_attr_preset(const struct lt_attr *a, const struct lt_node *n)
{
	return a->preset == LT_PRESET_K ? n->k : a->preset;
}

struct lt_graph {
	char *name;
	char *text; /* the canonical net text, which gives the same graph */
	char *init; /* the initialization that the text names, or NULL */
	int c, h, w;
	struct lt_node *node; /* node[0] is the input */
	int n;
	int output;		/* node number; its c = classes, h = w = 1 */
	struct lt_param *param; /* in net-text order, then role */
	int nparam;
	int nbn; /* batch-norm nodes: each has a num_batches_tracked */
	/* Nodes that do not lead to the output.  An "unused" line names each of
	 * them, or a node that it leads to.  Checkpoints have their parameters,
	 * but they are never computed: their weights and statistics never
	 * change. */
	int nunused;
	size_t floats; /* length of lt_model.w, padding included */
};

/* Read net text.  Messages begin with "source:LINE:COLUMN: ".  The graph is the
 * caller's; NULL with LT_EDATA. */
struct lt_graph *lt_graph_parse(
	const char *text, const char *source, struct lt_err *err);
void lt_graph_free(struct lt_graph *g);
int lt_graph_find(const struct lt_graph *g, const char *node); /* or -1 */
int lt_graph_find_param(const struct lt_graph *g, const char *name);
size_t lt_graph_params(const struct lt_graph *g);  /* trainable scalars */
size_t lt_graph_weights(const struct lt_graph *g); /* prunable scalars */
/* Multiply-adds of one image's forward pass through a node of which kept
 * weights are left (SIZE_MAX: all): kept x output pixels for convolution and
 * linear nodes, 0 for others and for unused nodes. */
uint64_t lt_graph_macs(const struct lt_graph *g, int node, size_t kept);
/* The same of all nodes, with all weights. */
uint64_t lt_graph_all_macs(const struct lt_graph *g);

/* The words of a node behind '=', with the names of its inputs or without; the
 * result is the caller's. */
char *lt_node_words(const struct lt_graph *g, int node, bool inputs);
/* Write the canonical text; the result is the caller's. */
char *lt_graph_text(const struct lt_graph *g);

#endif
