/* Private to lib/engine.  engine.c makes an engine and runs it step by step.
 * plan.c decides what is stored and lists the backward steps.  rows.c has the
 * table of operators.  layer.c and conv.c compute layers, and norm.c batch
 * norms. passes.c takes every other node through its channels, which the
 * families of operators compute: point.c, drop.c, pool.c, join.c.  All of these
 * use channels.c.
 *
 * Three ideas carry it.  A *value* is how a node's output is read: a stored
 * tensor (its root) seen through a batch norm and a ReLU that are applied where
 * it is read; so bn and relu nodes store nothing.  A *strip* is what a thread
 * works on: some rows of one shard, or of a group of shards where planes are
 * small, staged from tensors into float32 scratch that stays in the second-
 * level cache, and drained from there into a tensor of float32 or half
 * precision.  A *backward step* names the gradient buffers it reads and writes,
 * fixed once by plan.c; what completes a gradient also finishes it as it
 * drains: the ReLU's mask, and the sums that the batch norms before it need.
 */
#ifndef LT_ENGINE_ENGINE_INT_H
#define LT_ENGINE_ENGINE_INT_H

#include "engine/engine.h"

#define MAXSUMS 4

struct value {
	int root; /* node whose tensor is read */
	int bn;	  /* index in lt_engine.bn, or -1 */
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
	bool still;  /* it keeps its running statistics, and uses them */
	bool folded; /* into the convolution's weights, of an evaluation */
};

/* These are the uses of the rows of a complete gradient. */
struct finish {
	int mask;		  /* node whose value > 0 lets it pass, or -1 */
	struct value mask_v;	  /* that value */
	int nsums, sums[MAXSUMS]; /* batch norms (index in lt_engine.bn) */
};

/* Taps along the rows or the columns of a kernel, in the order of what they
 * read. */
struct axis {
	int n, *tap, *at; /* [n] which tap; the pixel that it reads */
};

/* What a sum over taps ranges over in a group: the channels that are read, and
 * the taps of both axes. */
struct grid {
	int n;
	struct axis row, col;
	size_t w, k;	 /* weights from channel to channel, row to row */
	size_t ch, line; /* the same of floats of the staged source */
};

/* The same sum as products of tiles: blocks of 32 terms, where each begins in a
 * P strip (kern/tile.h) and the weight of each term, -1: none, of output 0. */
struct tile_sum {
	int blocks;
	int32_t *off;	  /* [blocks], in cells */
	int32_t *at;	  /* [blocks * 32] */
	uint16_t *packed; /* NULL: of a layer that is not on tiles */
};

/* A sum over taps: for output channel o the terms t over the staged source, in
 * the order that lib/kern/README.md fixes, as packed weights and as lists of
 * the kept ones. Weight of (o, t) = group(o) * gw + (o % gout) * ostride +
 * tw[t]. */
struct terms {
	int n_out, n, gout, per;  /* per: layer.per */
	size_t gw, ostride, goff; /* goff: source offset from group to group */
	uint32_t *tw;		  /* [n] */
	int32_t *off;		  /* [n], in floats */
	int *chain;		  /* [n] bf16: its chain; else NULL */
	uint8_t *begins;	  /* [n] bf16: of lt_kern.conv_dense_bf16 */
	float *packed;
	int32_t *ptr; /* [n_out + 1] */
	int32_t *loff;
	uint8_t *lbegins;
	uint32_t *lidx;
	float *val;
	struct tile_sum tile; /* bf16, without groups */
};

/* A convolution or linear layer (a convolution of one pixel). */
struct layer {
	int node, in; /* in: the node read */
	struct value v;
	int c, h, w, o, oh, ow, k, stride, pad, groups, dilation;
	int flat;		/* features that a channel of in makes: 1, or
				   of a linear layer, its pixels */
	size_t nw;		/* weights */
	float *weight;		/* in the model */
	float *bias;		/* or NULL */
	size_t grad, bias_grad; /* offsets in the gradient array */
	bool masked, sparse;
	uint8_t *keep; /* [nw], when masked */
	size_t kept;
	bool direct;	 /* reads its root without staging */
	bool wino;	 /* its shape suits Winograd's kernels */
	bool tiles;	 /* dense, and computed on tiles */
	int32_t *tap_at; /* [k * k] bf16: a tap's begin in a T strip */
	int norm;	 /* the batch norm that sums this output, or -1 */
	struct terms fwd;
	struct terms *wgrad;	/* the same in the order of the weights: fwd, or
				   of bf16 another, for gradients alone */
	struct terms *back;	/* phases: [stride * stride] */
	float *u;		/* Winograd's weights, of an evaluation */
	float *fold_w, *fold_b; /* evaluation: with the batch norm's */
	int per;		/* groups an item takes, when they are several:
				   few, whose planes stay in the cache */
	/* Strip i: output rows i*rows on, of sg shards, from staged rows;
	 * backward, input rows i*back_rows*stride on, from staged rows of dy
	 * that serve the weights' gradient too. */
	int sg, strips, rows, back_rows;
	struct lt_stage src, dy; /* all but row0 */
	int lo;			 /* dy row of phase row i: from i + lo on */
};

enum back_kind {
	BACK_LAYER,  /* weights; data into dst when dst >= 0 */
	BACK_OWN,    /* the operator's: its row computes dst, when dst >= 0 */
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
	bool weights; /* BACK_LAYER: their gradients are needed */
	bool lazy; /* g is the gradient behind a batch norm: staging makes dy */
	int norm;
	struct finish fin; /* of dst (BACK_FINISH: of g) */
};

/* Scratch for the channels of a node, one after the other: three planes as
 * large as its largest. */
struct planes {
	float *a, *tmp, *own;
};

struct planner;

/* The number of floats that a node keeps for each shard from pass to pass, in
 * x->kept_by[node]. */
typedef size_t keeps_fn(const struct lt_engine *x, int node);
/* Prepare a shard before its channels are computed, forward. */
typedef void begin_fn(struct lt_engine *x, int node, int shard, float *scratch);
/* Compute channels c0 to c1 - 1, at least one, of a shard's tensor.  scratch
 * has room for struct planes. */
typedef void forward_fn(struct lt_engine *x, int node, int shard, int c0,
	int c1, float *scratch);
/* Return channel c of the gradient of input s->input, in t or where it is
 * stored. */
typedef const float *back_fn(const struct lt_engine *x,
	const struct back_step *s, int shard, int c, const struct planes *t);

/* An operator's functions that plan and compute it; all may be NULL or false.
 */
struct engine_row {
	/* Decides how the node's value is read.  NULL: the node has a
	 * tensor. */
	void (*plan)(struct lt_engine *x, int node);
	bool rectifies;	  /* the value passes where it is not <= 0 */
	bool stores_relu; /* if only a ReLU reads the node, the ReLU is applied
			     when the node is stored */
	bool sums;	  /* a layer that can sum its output for a batch norm */
	/* Enters the sums that batch norms before the node need of its complete
	 * gradient. */
	void (*finish)(struct planner *p, struct finish *f, int node);
	/* Emits the backward steps.  NULL: one BACK_OWN step for each input. */
	void (*plan_back)(struct planner *p, int node);

	keeps_fn *keeps;
	void (*prepare)(struct lt_engine *x, int node); /* before a batch */
	begin_fn *begin;
	forward_fn *forward; /* NULL: the tensor is as the input's value */

	/* Before the channels of a backward step. */
	void (*prepare_back)(struct lt_engine *x, const struct back_step *s);
	back_fn *back;
	enum lt_curve curve; /* of functions of one value */
};

struct buffer {
	size_t shard; /* bytes a shard */
	int refs;
	char *p;
};

/* The items of a region that belong to a thread.  Each has its cache line. */
struct share {
	int first, n, taken;
	char apart[52];
};

struct lt_engine {
	struct lt_model *m;
	const struct lt_graph *g;
	const struct lt_kern *k;
	struct lt_engine_opt opt;
	int threads, max_shards;
	int n, shards; /* of the current batch */
	bool train;
	bool dirty, folded; /* packed weights are stale; are an evaluation's */
	bool spoilt;	    /* see lt_engine_finite */
	bool whole; /* the latest gradients are those of masked weights, too */
	bool down;  /* the region under way visits its items so */
	struct share *share; /* [threads] its items */
	uint64_t macs, iteration;
	size_t kept, total;

	struct value *value; /* [g->n] */
	bool *stored;	     /* [g->n] the node has a tensor of its own */
	bool *relu_after;    /* [g->n] an addition stores its relu */
	int *readers;	     /* [g->n] how many nodes read it */
	bool *wanted;	     /* [g->n] the gradient of its output is needed */
	enum lt_format *format; /* [g->n] of its tensor and gradient */
	char **tensor;		/* [g->n] or NULL */
	size_t *step_bytes;	/* [g->n] from shard to shard of it */
	char *logits;		/* an evaluation's own output, or NULL */
	float unscale;		/* of gradients, which are kept scaled */
	float *input[2];	/* what the caller fills: float32 */
	int which;
	float **kept_by; /* [g->n] what its row keeps, or NULL */
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

	float *grad;
	float *moment[LT_MOMENTS]; /* NULL: not asked for yet */
	float *part;	     /* weight-gradient sums, [group][strip][...] */
	float *bias_part;    /* [shard][strip][o] */
	float *u;	     /* Winograd's weights, of the layer under way */
	float **scratch;     /* [threads] */
	double *tree;	     /* [max_shards] */
	float *ones, *zeros; /* [widest node] */
	float live[LT_LANES], all_live[LT_LANES];
	struct lt_cost *cost; /* NULL, or [cost_slot's] */
};

/* The row of each operator, in the file of its family; rows.c has them by key.
 */
#define ENGINE_ROW(key, row) extern const struct engine_row engine_##key;
LT_OP_LIST(ENGINE_ROW)
#undef ENGINE_ROW
const struct engine_row *engine_row(const struct lt_engine *x, int node);

/* plan.c: values, then the backward steps. */
void plan_values(struct lt_engine *x);
void plan_backward(struct lt_engine *x);
void plan_eval_buffers(struct lt_engine *x);
void plan_store(struct lt_engine *x, int node); /* the node has a tensor */
/* Is a parameter frozen? */
bool plan_frozen(const struct lt_engine *x, int param);
/* A relu that alone reads an addition is applied as the sum is stored. */
bool plan_fused_relu(const struct lt_engine *x, int node);

struct planner {
	struct lt_engine *x;
	int *g;	      /* [n] buffer of a node's gradient so far, or -1 */
	int *pending; /* [n] readers whose share has not come yet */
	bool *done;   /* [n] finished: masked, sums taken */
	bool *lazy;   /* [n] of a layer: g stands behind its batch norm */
};
/* Appends a step that reads buffer g. */
struct back_step *plan_emit(
	struct lt_engine *x, enum back_kind kind, int node, int g);
/* A buffer for a share of node's gradient that a step computes: s->dst, over
 * the partial sum s->add. */
void plan_share(struct planner *p, struct back_step *s, int node);
/* Every input's gradient has the node's own as a share. */
void plan_same(struct planner *p, int node);
/* The batch norm of node wants its sums taken with a complete gradient. */
void plan_sums(struct planner *p, struct finish *f, int node);

/* terms.c: the terms of a sum over grid, of which the sizes (n_out, gout, per,
 * gw, ostride, goff) are set; lists of the kept weights, of which there are so
 * many, keep NULL: of all; or room for packed weights; the weights, by all
 * threads of a region. */
void terms_init(struct terms *t, const struct grid *g, bool bf16);
void terms_list(struct terms *t, const uint8_t *keep, size_t kept);
void terms_dense(struct terms *t);
void terms_refresh(
	const struct lt_kern *k, struct terms *t, const float *w, bool sparse);
void terms_release(struct terms *t);

/* layer.c: geometry, taps, masks. */
void layer_init(struct lt_engine *x, struct layer *l, int node);
void layer_set_mask(
	struct lt_engine *x, struct layer *l, const struct lt_mask_layer *mask);
void layer_prepare(
	struct lt_engine *x, struct layer *l); /* then, by all threads: */
void layer_refresh(struct lt_engine *x, struct layer *l);
bool layer_wino(const struct layer *l);
bool layer_lists_gradients(const struct lt_engine *x, const struct layer *l);
int dy_first(const struct layer *l, int strip);
void layer_release(struct layer *l);

/* conv.c.  An item of work: shards sh0 .. sh0 + n - 1, a strip of them, a part
 * of the channels. */
struct item {
	int sh0, n, strip, part, parts;
};
void conv_forward(struct lt_engine *x, struct layer *l);
void conv_forward_shards(
	struct lt_engine *x, struct layer *l, int sh0, int n, float *scratch);
void conv_backward(
	struct lt_engine *x, struct layer *l, const struct back_step *s);
size_t conv_scratch(const struct lt_engine *x, const struct layer *l);

/* tile.c: layers on tiles. */
bool tile_fits(const struct lt_engine *x, const struct layer *l);
bool tile_pays(const struct layer *l);
void tile_terms(
	struct terms *t, const struct grid *g, const struct lt_stage *s);
void tile_taps_init(struct layer *l);
void tile_dense(struct terms *t);
void tile_refresh(const struct lt_engine *x, struct terms *t, const float *w);
size_t tile_refresh_floats(const struct layer *l);
void tile_release(struct terms *t);
struct lt_stage tile_source(const struct layer *l);
size_t tile_source_floats(const struct lt_engine *x, const struct layer *l);
size_t tile_dy_floats(const struct layer *l);
size_t tile_part(const struct layer *l);
void tile_stage_source(const struct lt_engine *x, const struct layer *l,
	const struct item *t, float *scratch);
void tile_stage_dy(const struct lt_engine *x, const struct layer *l,
	const struct back_step *s, const struct item *t, float *dst, int o0,
	int o1);
void tile_taps(const struct lt_engine *x, const struct terms *t,
	const struct lt_conv_job *j, const struct lt_stage *s,
	const float *strip, size_t first, int o0, int o1);
void tile_weights(struct lt_engine *x, const struct layer *l,
	const struct item *t, float *scratch, const float *dy, int o0, int o1);
void tile_gather(struct lt_engine *x, const struct layer *l, int units,
	size_t first, size_t end);

/* norm.c: batch norm. */
void norms_refresh(
	struct lt_engine *x); /* before an evaluation, or after one */

/* passes.c: a node that no layer computes, forward and backward. */
forward_fn copy_channels;
void input_narrow(struct lt_engine *x);
void node_forward(struct lt_engine *x, int node);
void node_forward_shard(
	struct lt_engine *x, int node, int shard, float *scratch);
void step_backward(struct lt_engine *x, const struct back_step *s);

/* channels.c: channel c of a value or a gradient as float32, in place or in
 * tmp; where a node's channel is computed, and how it gets to its tensor. */
size_t plane_cells(const struct lt_engine *x, int node);
size_t node_scratch(const struct lt_engine *x, int node);
struct planes planes_of(const struct lt_engine *x, int node, float *scratch);
/* How a node that is stored reads an input: a batch norm or ReLU whose reader
 * needs a plain tensor does its own work. */
struct value input_value(const struct lt_engine *x, int node, int input);
/* Channel c of an input as it is stored, and the view that shows its value. */
const void *input_at(const struct lt_engine *x, int node, int input, int shard,
	int c, struct lt_view *view);
const float *widen(const struct lt_engine *x, int node, const void *p,
	const struct lt_view *v, float *tmp);
const float *read_plane(const struct lt_engine *x, struct value v, int shard,
	int c, float *tmp);
const float *read_gradient(const struct lt_engine *x, int buf, int node,
	int shard, int c, float *tmp);
float *plane_place(
	const struct lt_engine *x, int node, int shard, int c, float *tmp);
void write_plane(const struct lt_engine *x, int node, int shard, int c,
	const float *src);
/* fn(x, what, shard, first channel, last + 1, scratch) of all channels, in
 * parallel. */
typedef void channels_fn(struct lt_engine *x, const void *what, int shard,
	int c0, int c1, float *scratch);
void each_channels(
	struct lt_engine *x, int channels, channels_fn *fn, const void *what);
void each_shard(struct lt_engine *x, begin_fn *fn, int node);
/* The items of a region: set them before it; then its threads take them, until
 * there are none (-1). */
void items_begin(struct lt_engine *x, int items);
int items_next(struct lt_engine *x);
/* The number of parts into which to cut channels so that items x parts keep the
 * threads busy; and the first channel of a part. */
int channel_parts(const struct lt_engine *x, int items, int channels);
int part_begin(int part, int parts, int channels);

/* The destination of a complete strip of a gradient: c channels from c0 and npx
 * pixels from px0 of a shard of the node's gradient, in buffer dst. */
struct drain_to {
	int node, dst, add; /* add: buffer of a partial sum, or -1 */
	int shard, c0, c;
	size_t px0, npx, src_ch;
	int strip, strips;
};
void drain_gradient(const struct lt_engine *x, const struct finish *f,
	const struct drain_to *to, const float *src);

/* Helpers. */
static inline bool
engine_bf16(const struct lt_engine *x)
{
	return x->opt.compute == LT_COMPUTE_BF16;
}

static inline size_t
node_cells(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	return (size_t)n->c * n->h * n->w * LT_LANES;
}

/* A shard's bytes of a node's tensor or gradient. */
static inline size_t
node_bytes(const struct lt_engine *x, int node)
{
	return node_cells(x, node) * lt_format_bytes(x->format[node]);
}

/* A node's tensor, and a gradient of the same shape, at a shard's cell. */
static inline char *
tensor_at(const struct lt_engine *x, int node, int shard, size_t cell)
{
	return x->tensor[node] + (size_t)shard * x->step_bytes[node] +
	       cell * lt_format_bytes(x->format[node]);
}

static inline char *
buffer_at(const struct lt_engine *x, int buf, int node, int shard, size_t cell)
{
	return x->buf[buf].p + (size_t)shard * node_bytes(x, node) +
	       cell * lt_format_bytes(x->format[node]);
}

static inline struct lt_view
value_view(const struct lt_engine *x, struct value v)
{
	if (v.bn >= 0 && x->bn[v.bn].folded)
		v.bn = -1;
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

/* Lanes that hold an image, in this shard of the current batch. */
static inline const float *
live_at(const struct lt_engine *x, int shard)
{
	return shard == x->shards - 1 ? x->live : x->all_live;
}

#endif
