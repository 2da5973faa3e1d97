/* The operators of net text (lt-net(5)), each as a row of a table.  No code
 * compares the operator of a node: the reader of net text, shapes, parameters,
 * counts and reachability use its row.  lib/engine and lib/exact have rows
 * under the same key that say how to compute the operator.
 *
 *	lt_op_row(n)->name
 *
 * To add an operator: enter it in LT_OP_LIST, write its row in the op_*.c of
 * its family, its row engine_KEY in lib/engine, and its row
 * exact_KEY in lib/exact.
 */
#ifndef LT_NET_OP_H
#define LT_NET_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(KEY, row) for each operator: X(CONV, conv) stands for the key LT_OP_CONV
 * and the row lt_op_conv.  Suggestions for a misspelt name follow this order.
 * The first is the image, which only the 'input' line makes. */
#define LT_OP_LIST(X) \
	X(INPUT, input) \
	X(CONV, conv) \
	X(LINEAR, linear) \
	X(BN, bn) \
	X(RELU, relu) \
	X(MAXPOOL, maxpool) \
	X(AVGPOOL, avgpool) \
	X(GAP, gap) \
	X(ADD, add) \
	X(CONCAT, concat) \
	X(PADCH, padch) \
	X(DROPOUT, dropout) \
	X(SIGMOID, sigmoid) \
	X(SILU, silu) \
	X(MUL, mul) \
	X(DROPCONNECT, dropconnect) \
	X(ADAPTPOOL, adaptpool) \
	X(RELU6, relu6) \
	X(LEAKYRELU, leakyrelu) \
	X(GELU, gelu) \
	X(TANH, tanh) \
	X(HARDSWISH, hardswish) \
	X(GROUPNORM, groupnorm)

#define LT_OP_KEY(key, row) LT_OP_##key,
enum lt_op { LT_OP_LIST(LT_OP_KEY) LT_OP_COUNT };
#undef LT_OP_KEY

struct lt_graph;
struct lt_node;
struct lt_net_reader;

/* An attribute: what follows the inputs in a node's line.  Attributes are in
 * the order of the canonical text. */
enum lt_attr_kind {
	LT_ATTR_OUT,	/* a whole number: channels of the output */
	LT_ATTR_RATE,	/* a number in [0, 1) */
	LT_ATTR_LETTER, /* k3: a letter and a whole number */
	LT_ATTR_REAL,	/* eps=1e-5 */
	LT_ATTR_FLAG,	/* bias */
};

struct lt_attr {
	enum lt_attr_kind kind;
	const char *word; /* the letter, the word before '=', the flag */
	size_t field;  /* offset in struct lt_node of an int (OUT, letters), a
			  float (rates, reals) or a bool (flags) */
	double preset; /* the default: LT_PRESET_* or a value */
	double least;  /* the smallest value; the largest real is 1 */
};
#define LT_PRESET_NONE (-1) /* it must be given */
#define LT_PRESET_K (-2)    /* K, the size of the window */

/* True for an attribute that is a bare number, recognized by its place. */
static inline bool
lt_attr_operand(const struct lt_attr *a)
{
	return a->kind == LT_ATTR_OUT || a->kind == LT_ATTR_RATE;
}

#define LT_OP_ATTRS 8 /* the most attributes of an operator */

/* The kinds of parameters, in their order within a node. */
enum lt_role {
	LT_ROLE_WEIGHT,	  /* conv OIHW, linear [out][in]: prunable */
	LT_ROLE_BIAS,	  /* conv, linear */
	LT_ROLE_BN_GAMMA, /* .weight of a normalization */
	LT_ROLE_BN_BETA,  /* .bias of one */
	LT_ROLE_BN_MEAN,  /* .running_mean: a statistic, not trained */
	LT_ROLE_BN_VAR,	  /* .running_var */
};

/* A parameter that a node has, before it is entered in the graph. */
#define LT_NODE_PARAMS 4
struct lt_param_shape {
	enum lt_role role;
	const char *suffix; /* the parameter is NODE.suffix */
	int slot;	    /* in lt_node.param */
	int ndim;
	uint64_t shape[4];
};

struct lt_op_row {
	const char *name;
	const char *attributes; /* as in lt-net(5) */
	const char *help;
	int least_in, most_in;		  /* inputs */
	struct lt_attr attr[LT_OP_ATTRS]; /* ends where word is NULL */
	/* Sets c, h and w, which are those of the first input before; out is
	 * the attribute OUT.  -1 after lt_net_fail.  NULL: they stay. */
	int (*shape)(const struct lt_net_reader *r, struct lt_node *n, int out);
	/* Writes the shapes of up to LT_NODE_PARAMS parameters; returns how
	 * many, or -1 if one is far too large.  NULL: there are none. */
	int (*params)(const struct lt_graph *g, const struct lt_node *n,
		struct lt_param_shape *p);
	/* For a layer, whose outputs are sums over a weight (param[0], of shape
	 * [outputs][inputs / groups]...): how many weights join one input
	 * channel to one output.  NULL: the operator has no weight. */
	int (*taps)(const struct lt_graph *g, const struct lt_node *n);
	/* For an operator without a weight: channel c of input j goes to output
	 * channel c + place(g, n, j).  NULL: 0. */
	int (*place)(const struct lt_graph *g, const struct lt_node *n, int j);
	bool flattens; /* a layer whose input channels are the input's values */
	bool mixes;    /* no layer, but each of its n->groups groups of channels
			  is computed from all channels of the group */
	bool tracked;  /* counts batches: .num_batches_tracked */
	bool sums;     /* adds its two inputs, channel by channel */
};

/* Rows by key. */
extern const struct lt_op_row *const lt_op_rows[LT_OP_COUNT];

#endif
