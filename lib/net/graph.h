/* A network as a graph, from net text (lt-net(5)): one node a line,
 * "name = operator inputs... attributes...".  Nodes are in topological order
 * because an input must stand above its use.  Immutable once read.
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

enum lt_op {
	LT_OP_INPUT,
	LT_OP_CONV,   /* conv IN OUT kK [sS=1] [pP=0] [gGROUPS=1] [bias] */
	LT_OP_LINEAR, /* linear IN OUT [bias]; flattens C,H,W as PyTorch does */
	LT_OP_BN,     /* bn IN [eps=1e-5] [momentum=0.1] */
	LT_OP_RELU,   /* relu IN */
	LT_OP_MAXPOOL, /* maxpool IN kK [sS=K] [pP=0] */
	LT_OP_AVGPOOL, /* avgpool IN kK [sS=K] [pP=0]; padding is counted */
	LT_OP_GAP,     /* gap IN: global average to 1x1 */
	LT_OP_ADD,     /* add A B */
	LT_OP_CONCAT,  /* concat A B ... along channels */
	LT_OP_PADCH,   /* padch IN OUT [sS=1]: every S-th pixel, zero channels
			  on both sides, (OUT - C) / 2 before: shortcut A */
	LT_OP_DROPOUT, /* dropout IN RATE */
	LT_OP_SIGMOID, /* sigmoid IN */
	LT_OP_SILU,    /* silu IN: x * sigmoid(x), also called swish */
	LT_OP_MUL, /* mul A B: of one shape, or B is Cx1x1 and each value of it
		      is spread over A's plane (squeeze-and-excite) */
	LT_OP_DROPCONNECT, /* dropconnect IN RATE: in training drops all of a
			      sample, scales the others by 1 / (1 - RATE) */
	LT_OP_ADAPTPOOL,   /* adaptpool IN kK: to KxK; window i of K over H is
			      rows floor(i H / K) to ceil((i + 1) H / K) - 1,
			      and K may be over H */
	LT_OP_COUNT,
};

#define LT_NODE_MAXIN 8

/* What a parameter is; the order within a node. */
enum lt_role {
	LT_ROLE_WEIGHT,	  /* conv OIHW, linear [out][in]: prunable */
	LT_ROLE_BIAS,	  /* conv, linear */
	LT_ROLE_BN_GAMMA, /* .weight */
	LT_ROLE_BN_BETA,  /* .bias */
	LT_ROLE_BN_MEAN,  /* .running_mean: a statistic, not trained */
	LT_ROLE_BN_VAR,	  /* .running_var */
};

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
	int k, stride, pad, groups;
	bool bias;
	bool unused;	     /* see lt_graph.nunused */
	float rate;	     /* dropout, dropconnect */
	float eps, momentum; /* bn */
	int param[4];	     /* weight, bias | gamma, beta, mean, var; or -1 */
};

struct lt_graph {
	char *name;
	char *text; /* canonical net text; lt_graph_parse(text) gives it again
		     */
	char *init; /* initialization named in the text, or NULL */
	int c, h, w;
	struct lt_node *node; /* node[0] is the input */
	int n;
	int output;		/* node number; its c = classes, h = w = 1 */
	struct lt_param *param; /* in net-text order, then role */
	int nparam;
	int nbn; /* batch-norm nodes: each has a num_batches_tracked */
	/* Nodes that do not lead to the output, all named by, or leading to a
	 * node named by, an "unused" line.  Their parameters are in the
	 * checkpoint as any others; they are never computed, statistics and
	 * weights stay as they are: no gradient, no momentum, no decay. */
	int nunused;
	size_t floats; /* length of lt_model.w, padding included */
};

/* source names the text in messages: "source:LINE:COLUMN: ...". */
struct lt_graph *lt_graph_parse(
	const char *text, const char *source, struct lt_err *err);
void lt_graph_free(struct lt_graph *g);
int lt_graph_find(const struct lt_graph *g, const char *node); /* or -1 */
int lt_graph_find_param(const struct lt_graph *g, const char *name);
size_t lt_graph_params(const struct lt_graph *g);  /* trainable scalars */
size_t lt_graph_weights(const struct lt_graph *g); /* prunable scalars */
/* Multiply-adds of one image's forward pass through a node with kept of its
 * weights left (SIZE_MAX: all): kept x output pixels.  Convolution and linear
 * nodes that are used only, else 0. */
uint64_t lt_graph_macs(const struct lt_graph *g, int node, size_t kept);

/* A node's words behind the '=', with its inputs' names or without: the
 * caller's. */
char *lt_node_words(const struct lt_graph *g, int node, bool inputs);
/* The canonical text, the caller's; what the parser keeps in text. */
char *lt_graph_text(const struct lt_graph *g);

/* One row an operator: the table that the parser, the manual and lint share. */
struct lt_op_info {
	const char *name;
	const char *attributes; /* as in lt-net(5) */
	const char *help;
};
extern const struct lt_op_info lt_op_table[LT_OP_COUNT];

#endif
