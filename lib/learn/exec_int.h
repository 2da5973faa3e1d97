/* Inside the engine: what exec.c, exec_plan.c, exec_layer.c, exec_conv.c and
 * exec_ops.c share.  Nobody else includes this.
 *
 * Two ideas carry it.  A *value* is how a node's output is read: a stored
 * tensor (its root) seen through a batch norm and a ReLU that are applied where
 * it is read; so bn and relu nodes store nothing.  A *backward step* names the
 * gradient buffers it reads and writes, fixed once by exec_plan.c; a step that
 * completes a gradient also finishes it while it is in the cache: the ReLU's
 * mask, and the sums that the batch norms before it need.
 */
#ifndef LT_LEARN_EXEC_INT_H
#define LT_LEARN_EXEC_INT_H

#include "learn/exec.h"

#define MAXSUMS 4

struct value {
	int root; /* node whose tensor is read */
	int bn;	  /* index in lt_exec.bn, or -1 */
	bool relu;
};

/* A batch-norm node. Per-channel arrays of the node's c. */
struct norm {
	int node, slot; /* slot in lt_model.batches */
	int in;		/* the node normalized; its value is a plain tensor */
	bool by_conv;	/* in is a convolution that sums its own output */
	bool lazy;	/* ... and has no other reader: dy is made on staging */
	float *scale, *shift; /* v = y * scale + shift */
	float *mean, *inv;    /* of the batch */
	float *a, *b, *c0;    /* lt_bn_back */
	float *s1, *s2;	      /* [shard][strip][c] forward sums */
	float *t1, *t2;	      /* the same, backward */
	int strips, back_strips;
};

/* What is done to rows of a gradient that is complete. */
struct finish {
	int mask;		  /* node whose value > 0 lets it pass, or -1 */
	struct value mask_v;	  /* that value */
	int nsums, sums[MAXSUMS]; /* batch norms (index in lt_exec.bn) */
};

/* A sum over taps: for output channel o the terms t over the staged source, in
 * the order KERNELS fixes, as packed weights and as lists of the kept ones.
 * Weight of (o, t) = group(o) * gw + (o % gout) * ostride + tw[t]. */
struct terms {
	int n_out, n, gout;
	size_t gw, ostride, goff; /* goff: source offset from group to group */
	uint32_t *tw;		  /* [n] */
	int32_t *off;		  /* [n], in floats */
	float *packed;
	int32_t *ptr; /* [n_out + 1] */
	int32_t *loff;
	uint32_t *lidx;
	float *val;
};

/* A convolution or linear layer (a convolution of one pixel). */
struct layer {
	int node, in; /* in: the node read */
	struct value v;
	int c, h, w, o, oh, ow, k, stride, pad, groups;
	size_t nw;		/* weights */
	float *weight;		/* in the model */
	float *bias;		/* or NULL */
	size_t grad, bias_grad; /* offsets in the gradient array */
	bool masked, sparse;
	uint8_t *keep; /* [nw], when masked */
	size_t kept;
	bool direct; /* reads its root without staging */
	int norm;    /* the batch norm that sums this output, or -1 */
	struct terms fwd;
	/* forward and weight-gradient strips: rows of output */
	int rows, strips, in_rows, in_cols;
	/* backward to data: phases, strips of phase rows */
	struct terms *back; /* [stride * stride] */
	int lo, span; /* dy row of phase row i: i + lo .. i + lo + span-1 */
	int back_rows, back_strips, dy_cols;
	/* blocks of output channels for weight gradients: [nblock + 1] */
	int *block, nblock;
	size_t block_most; /* accumulators in any block of any mask */
};

enum back_kind {
	BACK_CONV, /* weights; data into dst when dst >= 0 */
	BACK_LINEAR,
	BACK_NORM,   /* coefficients; data into dst when dst >= 0 */
	BACK_POOL,   /* maxpool, avgpool, gap, padch */
	BACK_SLICE,  /* concat: channels from part of g */
	BACK_SCALE,  /* dropout */
	BACK_COPY,   /* dst = g */
	BACK_SUM,    /* dst = add + g */
	BACK_FINISH, /* finish g in place */
};

struct back_step {
	enum back_kind kind;
	int node;
	int input;    /* which of the node's inputs dst belongs to */
	int g;	      /* gradient read */
	int dst, add; /* buffer written; its partial sum so far, or -1 */
	bool lazy;    /* g stands behind a batch norm: dy is made on staging */
	int norm;
	struct finish fin; /* of dst (BACK_FINISH: of g) */
};

struct buffer {
	size_t shard; /* floats a shard */
	int refs;
	float *p;
};

struct lt_exec {
	struct lt_model *m;
	const struct lt_graph *g;
	const struct lt_kern *k;
	struct lt_exec_opt opt;
	int threads, max_shards;
	int n, shards;	   /* of the current batch */
	bool train, dirty; /* dirty: packed weights are stale */
	uint64_t macs, iteration;
	size_t kept, total;

	struct value *value; /* [g->n] */
	bool *stored;	     /* [g->n] the node has a tensor of its own */
	bool *relu_after;    /* [g->n] an addition stores its relu */
	int *readers;	     /* [g->n] how many nodes read it */
	float **tensor;	     /* [g->n] or NULL */
	float *input[2];
	float **drop; /* [g->n] dropout factors */
	struct layer *layer;
	int nlayer;
	int *layer_of; /* [g->n] or -1 */
	struct norm *bn;
	int nbn;
	int *bn_of; /* [g->n] or -1 */

	struct back_step *step;
	int nstep;
	struct buffer *buf;
	int nbuf, out_buf;

	float *grad, *momentum;
	float *part;	  /* weight-gradient sums, [shard][...] */
	float *bias_part; /* [shard][strip][o] */
	float **scratch;  /* [threads] */
	size_t scratch_floats, part_floats, bias_floats;
	double *tree;	     /* [max_shards] */
	float *ones, *zeros; /* [widest node] */
	float live[LT_LANES], all_live[LT_LANES];
};

/* exec_plan.c: values, then the backward steps. */
void plan_values(struct lt_exec *x);
void plan_backward(struct lt_exec *x);
void plan_eval_buffers(struct lt_exec *x);

/* exec_layer.c: geometry, taps, packing, lists. */
void layer_init(struct lt_exec *x, struct layer *l, int node);
void layer_set_mask(
	struct lt_exec *x, struct layer *l, const struct lt_mask_layer *mask);
void layer_refresh(struct layer *l, bool backward);
void layer_release(struct layer *l);

/* exec_conv.c */
void conv_forward(struct lt_exec *x, struct layer *l);
void conv_backward(
	struct lt_exec *x, struct layer *l, const struct back_step *s);
void linear_forward(struct lt_exec *x, struct layer *l);
void linear_backward(
	struct lt_exec *x, struct layer *l, const struct back_step *s);
size_t conv_scratch(const struct lt_exec *x, const struct layer *l);

/* exec_ops.c: the other operators. */
void node_forward(struct lt_exec *x, int node);
void step_backward(struct lt_exec *x, const struct back_step *s);
void finish_rows(struct lt_exec *x, const struct finish *f, float *g, int shard,
	int row0, int nrows, int strip, int strips);

/* Helpers. */
static inline size_t
node_floats(const struct lt_exec *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	return (size_t)n->c * n->h * n->w * LT_LANES;
}

/* The tensor a value reads, at a shard. */
static inline const float *
value_at(const struct lt_exec *x, struct value v, int shard)
{
	return x->tensor[v.root] + (size_t)shard * node_floats(x, v.root);
}

static inline struct lt_view
value_view(const struct lt_exec *x, struct value v)
{
	if (v.bn >= 0)
		return (struct lt_view){
			x->bn[v.bn].scale, x->bn[v.bn].shift, v.relu};
	if (v.relu)
		return (struct lt_view){x->ones, x->zeros, true};
	return (struct lt_view){NULL, NULL, false};
}

static inline bool
value_plain(struct value v)
{
	return v.bn < 0 && !v.relu;
}

static inline float *
buffer_at(const struct lt_exec *x, int buf, size_t floats, int shard)
{
	return x->buf[buf].p + (size_t)shard * floats;
}

/* Lanes that hold an image, in this shard of the current batch. */
static inline const float *
live_at(const struct lt_exec *x, int shard)
{
	return shard == x->shards - 1 ? x->live : x->all_live;
}

#endif
