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
 * The model is borrowed and its weights and running statistics are updated in
 * place.  Results are the same bytes for every number of threads, kernel
 * variant and code path (dense or sparse) over the same mask: the order of
 * summation is KERNELS' "one order of summation".
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

struct lt_engine_opt {
	int batch;	/* largest batch, images */
	int threads;	/* 0: omp_get_max_threads() */
	bool eval_only; /* no backward: activations are reused */
	bool half;	/* tensors and their gradients in half precision */
	enum lt_path path;
	const char *kern; /* NULL: lt_kern_get's choice */
	uint64_t seed;	  /* dropout, dropconnect */
};

struct lt_engine;

struct lt_engine *lt_engine_new(struct lt_model *m,
	const struct lt_engine_opt *opt, struct lt_err *err);
void lt_engine_free(struct lt_engine *x);

/* Take over a mask (copied; NULL: none): the model's masked weights become
 * exactly 0 and so do their moments. Layers that it does not name are
 * dense. The mask must fit (lt_model_check_mask). */
void lt_engine_set_mask(struct lt_engine *x, const struct lt_mask *mask);
/* Weights were changed from outside (lt_model_copy into the model, ...). */
void lt_engine_touch(struct lt_engine *x);

/* Input of the next forward: [shards][C][H][W][16]; every lane of the shards in
 * use must be set (zero where there is no image). */
float *lt_engine_input(struct lt_engine *x);
/* Two input buffers let the next batch load while this one runs: swap makes
 * the other one current.  which = 0 or 1 for lt_engine_input_at. */
float *lt_engine_input_at(struct lt_engine *x, int which);
void lt_engine_use_input(struct lt_engine *x, int which);

/* Forward pass of n images; train: batch statistics (running ones updated,
 * num_batches_tracked + 1), dropout and dropconnect of this iteration; else
 * running statistics. */
void lt_engine_forward(
	struct lt_engine *x, int n, bool train, uint64_t iteration);
/* Of the last forward: [shards][classes][16]. */
const float *lt_engine_logits(const struct lt_engine *x);
int lt_engine_classes(const struct lt_engine *x);
/* Gradient of the loss by the logits, the caller fills it before backward,
 * [shards][classes][16], zero in dead lanes. */
float *lt_engine_dlogits(struct lt_engine *x);
/* Gradients of all trainable parameters, overwriting, zero where masked or
 * unused. */
void lt_engine_backward(struct lt_engine *x);
/* Laid out as lt_model.w; statistics' places are 0. */
const float *lt_engine_grad(const struct lt_engine *x);

/* What an optimizer remembers of each weight, its moments: arrays laid out as
 * lt_model.w, 0 at first and where weights are masked.  An array is there from
 * the first call that asks for it on; k < LT_MOMENTS.  A state reads and writes
 * it. */
#define LT_MOMENTS 2
float *lt_engine_moment(struct lt_engine *x, int k);

/* Some weights of one parameter, for an optimizer. */
struct lt_slice {
	float *w, *moment[LT_MOMENTS];
	const float *g;	    /* gradients */
	const uint32_t *at; /* update the n elements at[0], at[1], ...; NULL:
			       the elements 0 to n - 1 */
	size_t n;
};
/* Update a slice; returns whether its weights and moments are finite now.  how
 * is what lt_engine_step was given. */
typedef bool lt_update_fn(
	const struct lt_kern *k, const struct lt_slice *s, const void *how);
/* Update all trainable parameters but those of unused nodes, slice by slice, by
 * all threads.  The update has so many moments. */
void lt_engine_step(struct lt_engine *x, int moments, lt_update_fn *update,
	const void *how);

/* Is everything finite that training steps have computed since the engine was
 * made: running statistics, gradients, weights and moments?  If not, *tensor is
 * the first parameter that is not, in the order of the computation, and *of is
 * "" for a statistic or a weight, "the gradient of " for a gradient (the last
 * layer comes first), "a moment of " for a moment.  While the answer is yes, it
 * costs nothing. */
bool lt_engine_finite(
	const struct lt_engine *x, const char **of, const char **tensor);

/* Multiply-adds executed so far in convolution and linear layers (kept weights
 * only; forward 1, backward 2, the first layer's data gradient not counted). */
uint64_t lt_engine_macs(const struct lt_engine *x);
/* Kept / all prunable weights; 1 without a mask. */
double lt_engine_density(const struct lt_engine *x);

/* What a run costs.  Of a node: its work forward and backward; one whose work
 * others do while they read or write, as most batch norms and ReLUs, costs next
 * to nothing.  Then (node is not looked at) the engine's other work: packing
 * weights that have changed, updating them; and what callers charge. */
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
/* Measure from here on, beginning at 0; or no more (as at first): no clock is
 * asked then, and what was measured is gone.  Results are the same bytes. */
void lt_engine_profile(struct lt_engine *x, bool on);
/* All 0 when nothing is measured. */
struct lt_cost lt_engine_cost(
	const struct lt_engine *x, enum lt_cost_of part, int node);
/* For work around the engine's: a moment; charge the time since then. */
double lt_engine_watch(const struct lt_engine *x);
void lt_engine_charge(struct lt_engine *x, double since, enum lt_cost_of part);

#endif
