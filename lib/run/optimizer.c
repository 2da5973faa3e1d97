/* The table of optimizers, and their steps. */
#include "run/optimizer.h"

/* ---- SGD with momentum, as PyTorch has it -------------------------------- */

struct sgd {
	float rate, momentum, decay;
	bool nesterov;
};

static bool
sgd_update(const struct lt_kern *k, const struct lt_slice *s, const void *how)
{
	const struct sgd *o = how;

	if (s->at)
		return k->sgd_kept(s->w, s->moment[0], s->g, s->at, s->n,
			o->rate, o->momentum, o->decay, o->nesterov);
	return k->sgd(s->w, s->moment[0], s->g, s->n, o->rate, o->momentum,
		o->decay, o->nesterov);
}

static void
sgd_step(const struct lt_optim *o, struct lt_engine *x, double rate, uint64_t t)
{
	const struct sgd how = {(float)rate, (float)o->momentum,
		(float)o->weight_decay, o->nesterov};

	(void)t;
	lt_engine_step(x, 1, sgd_update, &how);
}

/* ---- the table ----------------------------------------------------------- */

const struct lt_optimizer lt_optimizers[LT_OPTIMS] = {
	[LT_OPTIM_SGD] = {"sgd", 1, {"momentum"}, sgd_step},
};

void
lt_optim_step(
	const struct lt_optim *o, struct lt_engine *x, double rate, uint64_t t)
{
	lt_optimizers[o->kind].step(o, x, rate, t);
}
