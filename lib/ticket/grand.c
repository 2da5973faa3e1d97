/* Norms of the gradients of single samples. */
#include <math.h>
#include <stdlib.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "exact/exact.h"
#include "kern/kern.h"
#include "ticket/grand.h"

/* Samples that are read before threads share them. */
#define CHUNK 256

/* Lane i of shards -> the only image of x. */
static void
take_image(struct lt_exact *x, const struct lt_graph *g, const float *shards,
	size_t i)
{
	size_t px = (size_t)g->h * (size_t)g->w, all = (size_t)g->c * px;
	double *in = lt_exact_input(x);

	for (size_t j = 0; j < all; j++)
		in[j / px * lt_exact_plane(x, 0) + j % px] =
			(double)shards[(i / LT_LANES * all + j) * LT_LANES +
				       i % LT_LANES];
}

/* dlogits <- softmax - onehot; false if a logit is not finite. */
static bool
loss_gradient(struct lt_exact *x, const struct lt_graph *g, int32_t label)
{
	size_t plane = lt_exact_plane(x, g->output);
	const double *z = lt_exact_logits(x);
	double *d = lt_exact_dlogits(x), most = z[0], sum = 0;
	int classes = g->node[g->output].c;

	for (int c = 0; c < classes; c++) {
		if (!isfinite(z[(size_t)c * plane]))
			return false;
		most = fmax(most, z[(size_t)c * plane]);
	}
	for (int c = 0; c < classes; c++)
		sum += lt_exp(z[(size_t)c * plane] - most);
	for (int c = 0; c < classes; c++)
		d[(size_t)c * plane] =
			lt_exp(z[(size_t)c * plane] - most) / sum -
			(c == label);
	return true;
}

static double
norm_of_gradient(struct lt_exact *x, const struct lt_graph *g)
{
	const double *grad = lt_exact_grad(x);
	double sum = 0;

	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		if (!p->trainable)
			continue;
		for (size_t j = 0; j < p->count; j++)
			sum += grad[p->offset + j] * grad[p->offset + j];
	}
	return sqrt(sum);
}

static double
grand(struct lt_exact *x, const struct lt_graph *g, const float *shards,
	size_t i, int32_t label)
{
	take_image(x, g, shards, i);
	lt_exact_forward(x, false);
	if (!loss_gradient(x, g, label))
		return NAN;
	lt_exact_backward(x);
	return norm_of_gradient(x, g);
}

int
lt_grand(double *norm, uint64_t *macs, const struct lt_model *m,
	const struct lt_batch_opt *b, int threads, struct lt_err *err)
{
	const struct lt_graph *g = m->g;
	size_t n = b->index->n,
	       image = (size_t)g->c * (size_t)g->h * (size_t)g->w;
	float *shards = lt_alloc(image * CHUNK, sizeof *shards);
	int32_t label[CHUNK];
	uint32_t places[CHUNK];
	struct lt_exact **x = lt_alloc((size_t)threads, sizeof(void *));
	int bad = 0;

	for (int t = 0; t < threads; t++) {
		x[t] = lt_exact_new(g, 1, 1);
		for (size_t i = 0; i < g->floats; i++)
			lt_exact_weights(x[t])[i] = (double)m->w[i];
	}
	for (size_t first = 0; first < n && !bad; first += CHUNK) {
		size_t some = n - first < CHUNK ? n - first : CHUNK;
		for (size_t i = 0; i < some; i++)
			places[i] = (uint32_t)(first + i);
		bad = lt_batch_load(
			shards, label, b, places, (int)some, 0, err);
		if (bad)
			break;
#pragma omp parallel for num_threads(threads) schedule(static, 1)
		for (int t = 0; t < threads; t++)
			for (size_t i = (size_t)t; i < some;
				i += (size_t)threads)
				norm[first + i] =
					grand(x[t], g, shards, i, label[i]);
	}
	for (int t = 0; t < threads; t++) {
		if (macs)
			*macs += lt_exact_macs(x[t]);
		lt_exact_free(x[t]);
	}
	free(x);
	free(shards);
	return bad;
}
