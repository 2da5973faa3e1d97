/* Optimizers: one row of a table each.
 *
 *	struct lt_optim o = {.kind = LT_OPTIM_SGD, .momentum = 0.9};
 *	lt_optim_step(&o, x, rate, t);
 *
 * An optimizer updates the weights, which are its caller's, and remembers
 * moments of each weight, which the engine holds and masks
 * (lt_engine_moment).  The table is on this floor, and not on the engine's,
 * because the engine knows weights in slices but no settings of a run.
 */
#ifndef LT_RUN_OPTIMIZER_H
#define LT_RUN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "engine/engine.h"

enum lt_optim_kind { LT_OPTIM_SGD, LT_OPTIM_ADAM, LT_OPTIM_ADAMW, LT_OPTIMS };

/* The settings of all optimizers; each one reads its own. */
struct lt_optim {
	enum lt_optim_kind kind;
	double weight_decay; /* of all trainable parameters, >= 0 */
	double scale_l1;     /* L1 penalty on the scales of normalizations, >= 0
			      */
	double momentum;     /* SGD's, 0 to 1 */
	bool nesterov;
	double beta1, beta2; /* Adam's, >= 0 and < 1 */
	double eps;	     /* > 0, as a float too */
};

struct lt_optimizer {
	const char *name;
	int moments;
	const char *moment[LT_MOMENTS]; /* their names in a state */
	bool counts;			/* t matters: a state has it */
	double rate;			/* the usual learning rate */
	const char *settings; /* those that only some optimizers have, by their
				 keys in settings.c, separated by blanks */
	/* Step t, from 1, at a learning rate. */
	void (*step)(const struct lt_optim *o, struct lt_engine *x, double rate,
		uint64_t t);
};
extern const struct lt_optimizer lt_optimizers[LT_OPTIMS];
/* The name of a row; NULL after the last. */
const char *lt_optimizer_name(size_t kind);

/* After lt_engine_backward: update all trainable parameters.  t counts the
 * steps since the moments were 0, this one included. */
void lt_optim_step(
	const struct lt_optim *o, struct lt_engine *x, double rate, uint64_t t);

#endif
