/* What the reader of net text shares with the families of operators: nettext.c
 * reads words and lines, netshape.c sets shapes and parameters, op_*.c have the
 * operators' rows.  Private to lib/net.
 */
#ifndef LT_NET_NETTEXT_H
#define LT_NET_NETTEXT_H

#include <stdbool.h>
#include "net/graph.h"

/* Limits of what a text may ask for, so that a hostile text asks for little. */
#define LT_NET_TEXT ((size_t)1 << 20) /* bytes */
#define LT_NET_NODES 4096
#define LT_NET_WORDS 32			  /* in a line */
#define LT_NET_SIDE 65536		  /* any number in the text */
#define LT_NET_PIXELS ((uint64_t)1 << 24) /* values of a node's output */
#define LT_NET_VALUES ((uint64_t)1 << 27) /* the same of all nodes */
#define LT_NET_FLOATS ((uint64_t)1 << 29) /* parameters, all nodes */

struct lt_net_word {
	char *s;
	int col;
};

struct lt_net_reader {
	struct lt_graph *g;
	const char *source;
	struct lt_err *err;
	size_t node_cap, param_cap, line_cap;
	uint64_t values; /* of the outputs so far */
	int *node_line;	 /* [g->n] where each node stands */
	int line;
	struct lt_net_word word[LT_NET_WORDS];
	int n;	  /* words in the line */
	int next; /* the next to be taken */
	bool input, output;
};

/* Fail with "SOURCE:LINE:COLUMN: ..." at a word of the line, or behind the last
 * one; always -1. */
int lt_net_fail(const struct lt_net_reader *r, int word, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The number of the word that has an attribute, as "g4" has g, or of the
 * operator. */
int lt_net_word_of(const struct lt_net_reader *r, char letter);
/* Set h and w of a node to the number of windows of K x K, with its stride and
 * padding, that fit over the h x w it has.  -1 if none fits. */
int lt_net_window(const struct lt_net_reader *r, struct lt_node *n);
/* Set c, h and w of a node whose inputs and attributes are set; before, c is
 * the attribute OUT.  -1 if the shape is impossible or too large. */
int lt_net_shape(struct lt_net_reader *r, struct lt_node *n);
/* Append the parameters of a node, number g->n, whose shape is set. */
int lt_net_params(struct lt_net_reader *r, struct lt_node *n);

/* Attributes that several operators take. */
#define ATTR_FIELD(name) offsetof(struct lt_node, name)
#define ATTR_OUT \
	{ \
		LT_ATTR_OUT, "OUT", ATTR_FIELD(c), LT_PRESET_NONE, 1 \
	}
#define ATTR_RATE \
	{ \
		LT_ATTR_RATE, "RATE", ATTR_FIELD(rate), LT_PRESET_NONE, 0 \
	}
#define ATTR_K \
	{ \
		LT_ATTR_LETTER, "k", ATTR_FIELD(k), LT_PRESET_NONE, 1 \
	}
#define ATTR_STRIDE(preset) \
	{ \
		LT_ATTR_LETTER, "s", ATTR_FIELD(stride), preset, 1 \
	}
#define ATTR_PAD \
	{ \
		LT_ATTR_LETTER, "p", ATTR_FIELD(pad), 0, 0 \
	}
#define ATTR_GROUPS(preset) \
	{ \
		LT_ATTR_LETTER, "g", ATTR_FIELD(groups), preset, 1 \
	}
#define ATTR_REAL(name, preset, least) \
	{ \
		LT_ATTR_REAL, #name, ATTR_FIELD(name), (double)preset, least \
	}
#define ATTR_FLAG(name) \
	{ \
		LT_ATTR_FLAG, #name, ATTR_FIELD(name), 0, 0 \
	}

/* The rows of the families. */
#define LT_OP_DECLARE(key, row) extern const struct lt_op_row lt_op_##row;
LT_OP_LIST(LT_OP_DECLARE)
#undef LT_OP_DECLARE

#endif
