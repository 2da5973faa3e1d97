/* Forward and backward over a graph, one batch at a time.
 *
 *	struct lt_engine *x = lt_engine_new(&model, &opt, err);
 *	lt_engine_set_mask(x, &mask);
 *	fill lt_engine_input(x); lt_engine_forward(x, n, true);
 *	lt_loss(...logits -> dlogits...); lt_engine_backward(x);
 *	lt_optim_step(&optim, x, rate, t);	     of run/optimizer.h
 *	lt_engine_free(x);
 *
 * Activations are sharded: image i of the batch is lane i % 16 of shard i / 16.
 * The model is borrowed; its weights and running statistics are updated in
 * place.  Results are the same bytes for every number of threads, kernel
 * variant and code path (dense or sparse) under the same mask, because every
 * sum has one order (lib/kern/README.md).
 */
#ifndef LT_ENGINE_ENGINE_H
#define LT_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "kern/kern.h"
#include "net/model.h"
#include "mask/mask.h"

enum lt_path { LT_PATH_AUTO, LT_PATH_DENSE, LT_PATH_SPARSE };

/* The mode: what convolutions and linear layers multiply.  Sums, weights,
 * moments and statistics are float32 in each.  With LT_COMPUTE_BF16, weights
 * and values are rounded to bfloat16 before they are multiplied, and tensors
 * of more than one pixel and their gradients are stored in it. */
enum lt_compute { LT_COMPUTE_F32, LT_COMPUTE_BF16 };
/* "f32", "bf16" */
extern const char *const lt_compute_name[];

struct lt_engine_opt {
	int batch;	/* largest batch, images */
	int threads;	/* 0: omp_get_max_threads() */
	bool eval_only; /* no backward pass, so memory is reused */
	enum lt_compute compute;
	bool half; /* f32: tensors and their gradients in half precision */
	/* Running statistics become the plain mean over the batches that
	 * lt_model.batches counts, whatever the momentum of a batch norm. */
	bool average;
	/* [g->nparam] the learning rate of each parameter as a multiple of the
	 * run's, and 0 for a frozen one, which never changes.  Gradients that
	 * no parameter needs are not computed.  A batch norm whose statistics
	 * have 0 uses its running statistics in training, too, and leaves them.
	 * NULL: 1 everywhere.  Borrowed until the engine is freed. */
	const double *scale;
	enum lt_path path;
	const char *kern; /* NULL: lt_kern_get's choice */
	uint64_t seed;	  /* of dropout and dropconnect */
};

struct lt_engine;

struct lt_engine *lt_engine_new(struct lt_model *m,
	const struct lt_engine_opt *opt, struct lt_err *err);
void lt_engine_free(struct lt_engine *x);

/* Put a mask in force; it is copied, and NULL removes it.  The model's masked
 * weights and their moments become exactly 0.  Layers that the mask does not
 * name are dense.  The mask must fit (lt_model_check_mask). */
void lt_engine_set_mask(struct lt_engine *x, const struct lt_mask *mask);
/* Report that the caller changed weights, for example with lt_model_copy. */
void lt_engine_touch(struct lt_engine *x);

/* The input of the next forward pass, [shards][C][H][W][16].  The caller sets
 * all lanes of the shards in use; lanes without an image are 0. */
float *lt_engine_input(struct lt_engine *x);
/* There are two input buffers, 0 and 1, so that the next batch can load while
 * this one is computed.  The first function returns a buffer, the second makes
 * one the input of the next forward pass. */
float *lt_engine_input_at(struct lt_engine *x, int which);
void lt_engine_use_input(struct lt_engine *x, int which);

/* Compute the logits of n images.  train: batch norms use the batch's
 * statistics, update the running ones and count the batch; dropout and
 * dropconnect draw for this iteration.  Otherwise batch norms use running
 * statistics and nothing is dropped. */
void lt_engine_forward(
	struct lt_engine *x, int n, bool train, uint64_t iteration);
/* Logits of the most recent forward pass, [shards][classes][16]. */
const float *lt_engine_logits(const struct lt_engine *x);
int lt_engine_classes(const struct lt_engine *x);
/* The gradient of the loss with respect to the logits, [shards][classes][16].
 * The caller fills it before each backward pass; dead lanes are 0. */
float *lt_engine_dlogits(struct lt_engine *x);
/* Compute the gradients of all trainable parameters and overwrite the old ones.
 * Masked weights and unused nodes get 0.  Those of frozen parameters have no
 * meaning, but are finite while the others are. */
void lt_engine_backward(struct lt_engine *x);
/* The same, but masked weights get the gradients that they would have if they
 * were not masked, and 0.  The gradients of data are computed under the mask.
 * No step may follow: the next pass or mask sets these gradients to 0. */
void lt_engine_backward_whole(struct lt_engine *x);
/* These gradients, laid out as lt_model.w; 0 in the places of statistics. */
const float *lt_engine_grad(const struct lt_engine *x);
/* Add l1 sign(w) to the gradients of the scales of normalizations, sign(0) = 0:
 * the gradient of l1 times the sum of |w|. */
void lt_engine_pull_scales(struct lt_engine *x, float l1);

/* Moment k < LT_MOMENTS: what an optimizer remembers of each weight, laid out
 * as lt_model.w.  It is 0 at first and where weights are masked.  The first
 * call makes the array.  States save and restore it. */
#define LT_MOMENTS 2
float *lt_engine_moment(struct lt_engine *x, int k);

/* Some weights of one parameter, for an optimizer. */
struct lt_slice {
	float *w, *moment[LT_MOMENTS];
	const float *g;	    /* gradients */
	const uint32_t *at; /* update the n elements at[0], at[1], ...; NULL:
			       the elements 0 to n - 1 */
	size_t n;
	double scale; /* the learning rate as a multiple of the run's, > 0 */
};
/* Update a slice; returns whether its weights and moments are finite now.  how
 * is what lt_engine_step was given. */
typedef bool lt_update_fn(
	const struct lt_kern *k, const struct lt_slice *s, const void *how);
/* Update all trainable parameters but frozen ones and those of unused nodes,
 * slice by slice, by all threads.  The update has so many moments. */
void lt_engine_step(struct lt_engine *x, int moments, lt_update_fn *update,
	const void *how);

/* True if everything that training steps have computed since the engine was
 * made is finite: running statistics, gradients, weights and moments.  If not,
 * *tensor is the first parameter that is not, in the order of the computation
 * (gradients from the last layer to the first), and *of is "the gradient of ",
 * "a moment of " or, for a statistic or a weight, "".  The check costs nothing
 * while all is finite. */
bool lt_engine_finite(
	const struct lt_engine *x, const char **of, const char **tensor);

/* Multiply-adds executed so far in convolution and linear layers (kept weights
 * only; forward 1, backward 2, or less where a gradient is not needed, as that
 * of the images).  The weights' gradients of lt_engine_backward_whole are those
 * of all weights. */
uint64_t lt_engine_macs(const struct lt_engine *x);
/* The memory floor of a pass like the most recent one, with its backward pass
 * if it trained: bytes of tensors and gradients that move between memory and
 * processor if each is written once and read once by every node or step of the
 * backward pass that uses it, and caches keep none of them. */
uint64_t lt_engine_traffic(const struct lt_engine *x);
/* Kept / all prunable weights; 1 without a mask. */
double lt_engine_density(const struct lt_engine *x);

/* The parts of the cost of a run.  The first two are those of a node; most
 * batch norms and ReLUs cost almost nothing there, because other nodes do their
 * work while they read or write.  The next two are the engine's work on
 * weights.  Callers charge the others. */
enum lt_cost_of {
	LT_COST_FORWARD,
	LT_COST_BACKWARD,
	LT_COST_REFRESH,
	LT_COST_UPDATE,
	LT_COST_LOSS,
	LT_COST_LOAD, /* batches waited for */
	LT_COST_SAVE,
	LT_COST_COUNT,
};
struct lt_cost {
	double seconds; /* of the wall clock */
	uint64_t calls,
		macs; /* multiply-adds, counted as lt_engine_macs does */
};
/* Start to measure, with all costs at 0; or stop, which drops all costs.  An
 * engine does not measure at first, and asks no clock then.  Results do not
 * change. */
void lt_engine_profile(struct lt_engine *x, bool on);
/* The cost of a part, and for the first two parts of a node; all 0 if the
 * engine does not measure. */
struct lt_cost lt_engine_cost(
	const struct lt_engine *x, enum lt_cost_of part, int node);
/* For the caller's own work: take the time, and charge a part with the time
 * that has passed since. */
double lt_engine_watch(const struct lt_engine *x);
void lt_engine_charge(struct lt_engine *x, double since, enum lt_cost_of part);

#endif
