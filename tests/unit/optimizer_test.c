/* Optimizers against plain code in double: the formulas of the papers. */
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "run/optimizer.h"
#include "tap.h"
#include "tiny.h"

#define STEPS 20
#define IMAGES 5

static struct lt_graph *g;
static struct lt_model m;
static struct lt_engine *x;
static const double *scale; /* of the parameters' rates, or NULL */

static void
open_engine(enum lt_path path, const struct lt_mask *mask, int threads)
{
	struct lt_engine_opt opt = {.batch = IMAGES,
		.threads = threads,
		.path = path,
		.scale = scale};
	struct lt_err err;

	g = lt_graph_parse(tiny_net, "test", &err);
	lt_model_init(&m, g);
	CHECK_EQ(lt_model_random(&m, NULL, 1, &err), 0);
	x = lt_engine_new(&m, &opt, &err);
	lt_engine_set_mask(x, mask);
}

static void
close_engine(void)
{
	lt_engine_free(x);
	lt_model_release(&m);
	lt_graph_free(g);
}

/* A gradient of every parameter, another one in every step. */
static void
make_gradient(int t)
{
	struct lt_rng r;
	float *in = lt_engine_input(x), *d;

	lt_rng_init(&r, 1, LT_STREAM_TEST, (uint64_t)t, 0);
	for (int i = 0; i < 2 * 5 * 7 * LT_LANES; i++)
		in[i] = i % LT_LANES < IMAGES ? (float)lt_rng_normal(&r) : 0;
	lt_engine_forward(x, IMAGES, true, (uint64_t)t);
	d = lt_engine_dlogits(x);
	for (int i = 0; i < 4 * LT_LANES; i++)
		d[i] = i % LT_LANES < IMAGES ? (float)lt_rng_normal(&r) : 0;
	lt_engine_backward(x);
}

/* The rate changes from step to step, and from parameter to parameter. */
static double factor = 1;

static double
rate_of(int t)
{
	return factor * 0.01 / t;
}

/* ---- the plain way ------------------------------------------------------- */

/* One weight: w, and what its optimizer remembers. */
struct plain {
	double w, m, v;
};

/* Sutskever et al. 2013 as PyTorch has it: v accumulates gradients, and the
 * rate is outside of it. */
static void
plain_sgd(struct plain *p, const struct lt_optim *o, double grad, int t)
{
	double d = grad + o->weight_decay * p->w;

	p->m = o->momentum * p->m + d;
	p->w -= rate_of(t) * (o->nesterov ? d + o->momentum * p->m : p->m);
}

/* Kingma & Ba 2015, algorithm 1, line by line; the decay is that of the loss
 * plus decay / 2 w^2, or, decoupled, Loshchilov & Hutter 2019, algorithm 2,
 * line 12, with the rate as PyTorch has it. */
static void
plain_adam(struct plain *p, const struct lt_optim *o, double grad, int t)
{
	bool decoupled = o->kind == LT_OPTIM_ADAMW;
	double w = p->w, d = grad + (decoupled ? 0 : o->weight_decay * w);

	p->m = o->beta1 * p->m + (1 - o->beta1) * d;
	p->v = o->beta2 * p->v + (1 - o->beta2) * d * d;
	double m_hat = p->m / (1 - pow(o->beta1, t));
	double v_hat = p->v / (1 - pow(o->beta2, t));
	p->w = w - rate_of(t) * m_hat / (sqrt(v_hat) + o->eps);
	if (decoupled)
		p->w -= rate_of(t) * o->weight_decay * w;
}

static const struct lt_optim kinds[] = {
	{.kind = LT_OPTIM_SGD, .weight_decay = 0.1, .momentum = 0.9},
	{.kind = LT_OPTIM_SGD,
		.weight_decay = 0.1,
		.momentum = 0.5,
		.nesterov = true},
	{.kind = LT_OPTIM_ADAM,
		.weight_decay = 0.1,
		.beta1 = 0.9,
		.beta2 = 0.999,
		.eps = 1e-8},
	{.kind = LT_OPTIM_ADAMW,
		.weight_decay = 0.1,
		.beta1 = 0.8,
		.beta2 = 0.9,
		.eps = 1e-3},
	{.kind = LT_OPTIM_ADAM,
		.eps = 1e-8}, /* no memory: signs of gradients */
	{.kind = LT_OPTIM_SGD, .scale_l1 = 0.3, .momentum = 0.9},
	{.kind = LT_OPTIM_ADAMW,
		.scale_l1 = 0.3,
		.weight_decay = 0.1,
		.beta1 = 0.9,
		.beta2 = 0.999,
		.eps = 1e-3},
};
#define KINDS (int)(sizeof kinds / sizeof *kinds)

/* Scales of all signs, if they are pulled towards 0. */
static void
set_scales(const struct lt_optim *o)
{
	float *w = m.w + g->param[lt_graph_find_param(g, "b.weight")].offset;

	if (o->scale_l1 > 0)
		memcpy(w, (float[]){0.5F, -0.5F, 0, -0.25F}, 4 * sizeof *w);
}

/* The derivative of the penalty: of b's scales alone. */
static double
pull(const struct lt_optim *o, size_t i, double w)
{
	size_t at = g->param[lt_graph_find_param(g, "b.weight")].offset;

	return i < at || i >= at + 4 || w == 0 ? 0
	       : w > 0			       ? o->scale_l1
					       : -o->scale_l1;
}

/* The factor of the parameter that has weight i. */
static double
factor_at(size_t i)
{
	int p = 0;

	while (p + 1 < g->nparam && g->param[p + 1].offset <= i)
		p++;
	return scale ? scale[p] : 1;
}

static void
follow(const struct lt_optim *o, struct plain *p)
{
	set_scales(o);
	for (size_t i = 0; i < g->floats; i++)
		p[i] = (struct plain){.w = (double)m.w[i]};
	for (int t = 1; t <= STEPS; t++) {
		make_gradient(t);
		for (size_t i = 0; i < g->floats; i++) {
			double grad = (double)lt_engine_grad(x)[i] +
				      pull(o, i, (double)m.w[i]);
			factor = factor_at(i);
			if (o->kind == LT_OPTIM_SGD)
				plain_sgd(&p[i], o, grad, t);
			else
				plain_adam(&p[i], o, grad, t);
		}
		factor = 1;
		lt_optim_step(o, x, rate_of(t), (uint64_t)t);
	}
}

static void
formulas(void)
{
	for (int k = 0; k < KINDS; k++) {
		open_engine(LT_PATH_AUTO, NULL, 1);
		struct plain *p = lt_alloc(g->floats, sizeof *p);
		double most = 0;
		follow(&kinds[k], p);
		for (int i = 0; i < g->nparam; i++) {
			const struct lt_param *q = &g->param[i];
			for (size_t j = 0; q->trainable && j < q->count; j++) {
				double want = p[q->offset + j].w;
				double off = (double)m.w[q->offset + j] - want;
				most = fmax(most, fabs(off));
			}
		}
		/* Each step rounds weights of up to 1 to 2^-24. */
		if (!CHECK(most < STEPS * 0x1p-21))
			printf("# kind %d: %g\n", k, most);
		free(p);
		close_engine();
	}
}

static void
scaled(void)
{
	/* c.weight, b.weight, b.bias, two statistics, f.weight, f.bias */
	static const double by[] = {0.5, 3, 0.25, 1, 1, 10, 2};

	scale = by;
	formulas();
	scale = NULL;
}

/* ---- under a mask -------------------------------------------------------- */

static void
make_mask(struct lt_mask *mask)
{
	struct lt_mask_layer *l = lt_mask_add(
		mask, "c.weight", 4, (const uint64_t[]){4, 2, 3, 3});

	for (size_t i = 0; i < l->count; i++)
		l->keep[i] = i % 5 == 0;
}

/* Weights and moments after some steps: the caller's. */
static float *
train(const struct lt_optim *o, enum lt_path path, const struct lt_mask *mask,
	int threads)
{
	open_engine(path, mask, threads);
	size_t n = g->floats;
	float *all = lt_alloc(3 * n, sizeof *all);
	for (int t = 1; t <= 3; t++) {
		make_gradient(t);
		lt_optim_step(o, x, rate_of(t), (uint64_t)t);
	}
	memcpy(all, m.w, n * sizeof *all);
	for (int k = 0; k < lt_optimizers[o->kind].moments; k++)
		memcpy(all + (1 + (size_t)k) * n, lt_engine_moment(x, k),
			n * sizeof *all);
	return all;
}

static void
masked(void)
{
	struct lt_mask mask = {0};

	make_mask(&mask);
	for (int k = 0; k < KINDS; k++) {
		float *a = train(&kinds[k], LT_PATH_DENSE, &mask, 1);
		close_engine();
		float *b = train(&kinds[k], LT_PATH_SPARSE, &mask, 3);
		size_t n = g->floats, alive = 0;
		CHECK(memcmp(a, b, 3 * n * sizeof *a) == 0);
		int c = lt_graph_find_param(g, "c.weight");
		for (size_t i = 0; i < g->param[c].count; i++)
			for (size_t j = 0; j < 3 && i % 5; j++)
				alive += b[j * n + g->param[c].offset + i] != 0;
		CHECK_EQ(alive, 0);
		close_engine();
		free(a);
		free(b);
	}
	lt_mask_release(&mask);
}

/* A gradient whose square is no float leaves the weight finite. */
static void
moments(void)
{
	const char *of, *tensor;

	open_engine(LT_PATH_AUTO, NULL, 1);
	make_gradient(1);
	for (int i = 0; i < 4 * LT_LANES; i++)
		lt_engine_dlogits(x)[i] = 1e30F;
	lt_engine_backward(x);
	CHECK(lt_engine_finite(x, &of, &tensor));
	lt_optim_step(&kinds[2], x, 0.01, 1);
	CHECK(!lt_engine_finite(x, &of, &tensor));
	CHECK_STR(of, "a moment of ");
	close_engine();
}

int
main(void)
{
	TEST(formulas, "each optimizer follows its formulas");
	TEST(scaled, "... at a learning rate of each parameter");
	TEST(masked, "masked weights and moments stay 0, on every path");
	TEST(moments, "a moment that is not finite is noticed");
	return tap_done();
}
