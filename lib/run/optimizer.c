/* The table of optimizers, and their steps. */
#include "run/optimizer.h"

#include <float.h>
#include <math.h>

/* ---- SGD with momentum, as PyTorch has it -------------------------------- */

struct sgd {
	double rate;
	float momentum, decay;
	bool nesterov;
};

static bool
sgd_update(const struct lt_kern *k, const struct lt_slice *s, const void *how)
{
	const struct sgd *o = how;
	float rate = (float)(o->rate * s->scale);

	if (s->at)
		return k->sgd_kept(s->w, s->moment[0], s->g, s->at, s->n, rate,
			o->momentum, o->decay, o->nesterov);
	return k->sgd(s->w, s->moment[0], s->g, s->n, rate, o->momentum,
		o->decay, o->nesterov);
}

static void
sgd_step(const struct lt_optim *o, struct lt_engine *x, double rate, uint64_t t)
{
	const struct sgd how = {
		rate, (float)o->momentum, (float)o->weight_decay, o->nesterov};

	(void)t;
	lt_engine_step(x, 1, sgd_update, &how);
}

/* ---- Adam and AdamW ------------------------------------------------------ */

/* Kingma & Ba 2015, algorithm 1, as PyTorch computes it: of weight w with
 * gradient g, in step t,
 *
 *	m = m + (1 - beta1) (g - m)
 *	v = beta2 v + (1 - beta2) g^2
 *	w = w - rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 *
 * Adam's decay is a part of the gradient, g + decay w.  AdamW's (Loshchilov &
 * Hutter 2019) is decoupled: w shrinks by rate * decay before the step.  Each
 * operation rounds to float by itself, so every processor gives the same bits.
 * A masked weight is 0 and has no gradient, so it stays 0 with both moments.
 */
struct adam {
	float rest1, beta2, rest2; /* rest: 1 - beta */
	float step;		   /* rate / (1 - beta1^t) */
	float root;		   /* sqrt(1 - beta2^t) */
	float eps;
	float decay;  /* in the gradient */
	float shrink; /* what is left of a weight before the step */
};

/* True if weight and moments are finite.  The first moment needs no check: it
 * is no larger than the gradients, whose squares the second moment sums. */
static inline bool
adam_one(const struct adam *a, float *w, float *m, float *v, float g)
{
	float x = *w * a->shrink;

	g += a->decay * x;
	*m += a->rest1 * (g - *m);
	*v = a->beta2 * *v + a->rest2 * g * g;
	*w = x - a->step * *m / (sqrtf(*v) / a->root + a->eps);
	return fabsf(*w) <= FLT_MAX && *v <= FLT_MAX;
}

/* What the steps of all parameters share; their learning rates differ. */
struct adam_run {
	const struct lt_optim *o;
	double rate;
	double left1, left2; /* 1 - beta^t */
};

static struct adam
adam_at(const struct adam_run *r, double rate)
{
	const struct lt_optim *o = r->o;
	bool decoupled = o->kind == LT_OPTIM_ADAMW;

	return (struct adam){.rest1 = (float)(1 - o->beta1),
		.beta2 = (float)o->beta2,
		.rest2 = (float)(1 - o->beta2),
		.step = (float)(rate / r->left1),
		.root = (float)sqrt(r->left2),
		.eps = (float)o->eps,
		.decay = decoupled ? 0 : (float)o->weight_decay,
		.shrink = decoupled ? (float)(1 - rate * o->weight_decay) : 1};
}

static bool
adam_update(const struct lt_kern *k, const struct lt_slice *s, const void *how)
{
	const struct adam_run *run = how;
	const struct adam a = adam_at(run, run->rate * s->scale);
	float *m = s->moment[0], *v = s->moment[1];
	int finite = 1;

	(void)k;
	for (size_t i = 0; !s->at && i < s->n; i++)
		finite &= adam_one(&a, s->w + i, m + i, v + i, s->g[i]);
	for (size_t i = 0; s->at && i < s->n; i++) {
		uint32_t at = s->at[i];
		finite &= adam_one(&a, s->w + at, m + at, v + at, s->g[at]);
	}
	return finite;
}

/* beta^t with the same bits everywhere, which pow() does not promise. */
static double
power(double base, uint64_t n)
{
	double result = 1;

	for (; n; n >>= 1, base *= base)
		if (n & 1)
			result *= base;
	return result;
}

static void
adam_step(
	const struct lt_optim *o, struct lt_engine *x, double rate, uint64_t t)
{
	const struct adam_run how = {
		o, rate, 1 - power(o->beta1, t), 1 - power(o->beta2, t)};

	lt_engine_step(x, 2, adam_update, &how);
}

/* ---- the table ----------------------------------------------------------- */

const struct lt_optimizer lt_optimizers[LT_OPTIMS] = {
	[LT_OPTIM_SGD] = {"sgd", 1, {"momentum"}, false, 0.1,
		"momentum nesterov", sgd_step},
	[LT_OPTIM_ADAM] = {"adam", 2, {"exp_avg", "exp_avg_sq"}, true, 0.001,
		"beta1 beta2 eps", adam_step},
	[LT_OPTIM_ADAMW] = {"adamw", 2, {"exp_avg", "exp_avg_sq"}, true, 0.001,
		"beta1 beta2 eps", adam_step},
};

const char *
lt_optimizer_name(size_t kind)
{
	return kind < LT_OPTIMS ? lt_optimizers[kind].name : NULL;
}

void
lt_optim_step(
	const struct lt_optim *o, struct lt_engine *x, double rate, uint64_t t)
{
	if (o->scale_l1 > 0)
		lt_engine_pull_scales(x, (float)o->scale_l1);
	lt_optimizers[o->kind].step(o, x, rate, t);
}
