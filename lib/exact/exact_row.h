/* The rows of operators, each in the file of its family; exact_ops.c has them
 * by key.  A function computes one channel of a node.  Backward functions add
 * to the gradients that are there already. */
#ifndef LT_EXACT_EXACT_ROW_H
#define LT_EXACT_EXACT_ROW_H

#include "exact/exact_int.h"

struct exact_row;

/* The computation of one channel of a node. */
struct pass {
	struct lt_exact *x;
	const struct exact_row *row;
	const struct lt_node *n;
	int node, c; /* c: of the node's own channels */
	size_t px;   /* of all images, of the node */
	double *y, *dy;
	uint32_t *held; /* NULL: choose */
};

typedef void pass_fn(const struct pass *p);

/* The pixels of its input that an output pixel reads: rows h0 to h1 - 1 and
 * columns w0 to w1 - 1 of the image that begins at base. */
struct window {
	int h0, h1, w0, w1, w;
	double share; /* of each value in a mean */
	size_t base;
};

/* The functions that compute an operator. */
struct exact_row {
	pass_fn *forward, *back; /* a channel */
	pass_fn *hold; /* writes p->held; NULL: the function has no kinks */
	/* NULL, or instead of these: the node, by threads of its own. */
	void (*whole)(struct lt_exact *x, int node);
	void (*whole_back)(struct lt_exact *x, int node);
	/* For a function of one value: the number of the piece on which x lies,
	 * if it has kinks; y; and what dy adds to dx. */
	uint32_t (*piece)(double x);
	double (*value)(const struct lt_node *n, double x, uint32_t piece);
	double (*chain)(const struct lt_node *n, double dy, double x, double y,
		uint32_t piece);
	/* For an operator that reads windows: cuts v, which is the whole plane,
	 * to the window of row y and column x. */
	void (*window)(const struct lt_node *n, const struct lt_node *in, int y,
		int x, struct window *v);
	bool alone; /* one thread computes it, because a channel may be read
		       twice */
};

#define EXACT_ROW(key, row) extern const struct exact_row exact_##key;
LT_OP_LIST(EXACT_ROW)
#undef EXACT_ROW

#define PASS(name) .forward = name, .back = name##_back

/* Channel c of an input's values or gradients, v; NULL if they are not wanted.
 */
static inline double *
plane(const struct pass *p, double **v, int input, int c)
{
	int in = p->n->in[input];

	return v[in] ? v[in] + (size_t)c * lt_exact_plane(p->x, in) : NULL;
}

#endif
