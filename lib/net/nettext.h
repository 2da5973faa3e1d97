/* What the two halves of the reader of net text share: nettext.c reads words
 * and lines, netshape.c infers shapes and parameters.  Private to lib/net.
 */
#ifndef LT_NET_NETTEXT_H
#define LT_NET_NETTEXT_H

#include <stdbool.h>
#include "net/graph.h"

/* Limits: what a text may ask for, so that a hostile one asks for little. */
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

/* "SOURCE:LINE:COLUMN: ..." at a word, or behind the last; always -1. */
int lt_net_fail(const struct lt_net_reader *r, int word, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Set c, h, w of a node whose inputs and attributes are set; c holds the OUT of
 * conv, linear and padch before.  -1 when it cannot be, or is too large. */
int lt_net_shape(struct lt_net_reader *r, struct lt_node *n);
/* Append the parameters of a node, number g->n, whose shape is set. */
int lt_net_params(struct lt_net_reader *r, struct lt_node *n);

#endif
