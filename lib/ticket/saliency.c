#include "ticket/saliency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "ticket/criteria.h"
#include "ticket/saliency_int.h"

/* ---- batches ------------------------------------------------------------- */

int
lt_saliency_batch(const struct lt_graph *g, size_t value)
{
	double bytes = 0;
	int batch = 256;

	for (int i = 0; i < g->n; i++)
		bytes += (double)value * g->node[i].c * g->node[i].h *
			 g->node[i].w;
	while (batch > 16 && bytes * batch > 0x1p32)
		batch /= 2;
	return batch;
}

static void
start_batches(struct lt_saliency *s)
{
	size_t n = s->opt.samples->drawn.n;
	int most = s->opt.batch ? s->opt.batch
				: lt_saliency_batch(s->g, s->kind->value);

	s->batch = (size_t)most < n ? most : (int)n;
	s->order = lt_alloc(n, sizeof *s->order);
	lt_batch_order(s->order, n, s->opt.seed, 0);
	s->label = lt_alloc((size_t)s->batch, sizeof *s->label);
}

typedef int batch_fn(struct lt_saliency *s, const uint32_t *places, int n,
	void *arg, struct lt_err *err);

static int
each_batch(struct lt_saliency *s, batch_fn *fn, void *arg, struct lt_err *err)
{
	size_t n = s->opt.samples->drawn.n, at = 0;
	size_t parts = (n + (size_t)s->batch - 1) / (size_t)s->batch;

	for (size_t i = 0; i < parts; i++) {
		size_t end = n * (i + 1) / parts;
		if (fn(s, s->order + at, (int)(end - at), arg, err) < 0)
			return -1;
		at = end;
	}
	return 0;
}

/* ---- gradients ----------------------------------------------------------- */

/* sum += share x the gradient of one batch's mean loss. */
static int
add_batch(struct lt_saliency *s, const uint32_t *places, int n, void *arg,
	struct lt_err *err)
{
	double *sum = arg;
	const struct lt_samples *from = s->opt.samples;
	struct lt_batch_opt b = {
		.data = &from->data, .index = &from->drawn, .norm = from->norm};
	double share = (double)n / (double)from->drawn.n;

	if (lt_batch_load(
		    lt_engine_input(s->x), s->label, &b, places, n, 0, err) < 0)
		return -1;
	lt_engine_forward(s->x, n, true, 0);
	double loss = lt_loss(s->out, lt_engine_dlogits(s->x),
		lt_engine_logits(s->x), s->label, n, lt_engine_classes(s->x));
	if (!isfinite(loss))
		return lt_fail(err, LT_EDATA,
			"the loss of a batch of %d is %s, expected a finite "
			"number",
			n, isnan(loss) ? "not a number" : "infinite");
	lt_engine_backward(s->x);
	const float *g = lt_engine_grad(s->x);
	for (size_t i = 0; i < s->g->floats; i++)
		sum[i] += share * (double)g[i];
	s->images += (uint64_t)n;
	return 0;
}

/* The gradient at the weights of s->m, under its mask. */
int
lt_saliency_gradient(struct lt_saliency *s, double *sum, struct lt_err *err)
{
	memset(sum, 0, s->g->floats * sizeof *sum);
	int bad = each_batch(s, add_batch, sum, err);
	s->macs = lt_engine_macs(s->x);
	return bad;
}

/* Restore statistics, and the weights that the mask keeps; others are 0. */
void
lt_saliency_restore(struct lt_saliency *s, const struct lt_mask *mask)
{
	memcpy(s->m.w, s->model->w, s->g->floats * sizeof *s->m.w);
	lt_engine_set_mask(s->x, mask);
}

int
lt_saliency_engine(struct lt_saliency *s, struct lt_err *err)
{
	start_batches(s);
	struct lt_engine_opt xo = {
		.batch = s->batch, .threads = s->opt.threads};
	s->x = lt_engine_new(&s->m, &xo, err);
	if (!s->x)
		return -1;
	s->out = lt_alloc((size_t)s->batch, sizeof *s->out);
	return 0;
}

/* ---- in double ----------------------------------------------------------- */

/* Images and labels of a batch, in the layout of s->exact. */
static int
load_exact(struct lt_saliency *s, const uint32_t *places, int n,
	struct lt_err *err)
{
	const struct lt_samples *from = s->opt.samples;
	struct lt_batch_opt b = {
		.data = &from->data, .index = &from->drawn, .norm = from->norm};
	size_t px = (size_t)s->g->h * (size_t)s->g->w;
	size_t all = (size_t)s->g->c * px;
	double *in = lt_exact_input(s->exact);

	if (lt_batch_load(s->image, s->label, &b, places, n, 0, err) < 0)
		return -1;
	for (size_t i = 0; i < (size_t)n; i++)
		for (size_t j = 0; j < all; j++)
			in[j / px * lt_exact_plane(s->exact, 0) + i * px +
				j % px] =
				(double)s->image[(i / LT_LANES * all + j) *
							 LT_LANES +
						 i % LT_LANES];
	return 0;
}

/* dlogits of image i <- the gradient of its loss at logits / temperature,
 * divided by the number of all samples. */
static int
loss_exact(struct lt_saliency *s, size_t i, struct lt_err *err)
{
	size_t plane = lt_exact_plane(s->exact, s->g->output);
	const double *z = lt_exact_logits(s->exact) + i;
	double *d = lt_exact_dlogits(s->exact) + i, most = z[0], sum = 0;
	double t = s->temperature;
	double share = 1 / (t * (double)s->opt.samples->drawn.n);
	int classes = s->g->node[s->g->output].c;

	for (int c = 0; c < classes; c++) {
		double v = z[(size_t)c * plane];
		if (!isfinite(v))
			return lt_fail(err, LT_EDATA,
				"a logit is %s, expected a finite number",
				isnan(v) ? "not a number" : "infinite");
		most = v > most ? v : most;
	}
	for (int c = 0; c < classes; c++)
		sum += lt_exp((z[(size_t)c * plane] - most) / t);
	for (int c = 0; c < classes; c++)
		d[(size_t)c * plane] =
			(lt_exp((z[(size_t)c * plane] - most) / t) / sum -
				(c == s->label[i])) *
			share;
	return 0;
}

/* sum += factor x the gradient of a batch's part of the loss at the masked
 * weights plus h g. */
static int
add_exact(struct lt_saliency *s, double *sum, double factor, int n, double h,
	struct lt_err *err)
{
	double *w = lt_exact_weights(s->exact);

	for (size_t i = 0; i < s->g->floats; i++)
		w[i] = (double)s->m.w[i] + h * s->flow[i];
	lt_exact_forward(s->exact, !s->opt.bn_eval);
	for (int i = 0; i < n; i++)
		if (loss_exact(s, (size_t)i, err) < 0)
			return -1;
	lt_exact_backward(s->exact);
	for (size_t i = 0; i < s->g->floats; i++)
		sum[i] += factor * lt_exact_grad(s->exact)[i];
	s->images += (uint64_t)n;
	return 0;
}

/* One batch's part of the gradient g (h 0), or of H g by a central difference:
 * the first of its three gradients is added to no sum; it only determines what
 * is then held. */
static int
exact_batch(struct lt_saliency *s, const uint32_t *places, int n, void *arg,
	struct lt_err *err)
{
	double h = *(double *)arg;

	s->exact = lt_exact_new(s->g, n, s->opt.threads);
	lt_exact_dense(s->exact, s->kind->dense);
	int bad = load_exact(s, places, n, err);
	if (!bad && h == 0)
		bad = add_exact(s, s->flow, 1, n, 0, err);
	for (int side = 1; !bad && h != 0 && side >= -1; side -= 2) {
		if (side == 1) {
			bad = add_exact(s, s->score, 0, n, 0, err);
			lt_exact_hold(s->exact, true);
		}
		if (!bad)
			bad = add_exact(
				s, s->score, side / (2 * h), n, side * h, err);
	}
	s->macs += lt_exact_macs(s->exact);
	lt_exact_free(s->exact);
	s->exact = NULL;
	return bad;
}

/* flow <- the gradient of the loss at the weights that the mask keeps. */
int
lt_saliency_flow(
	struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	double h = 0;

	memcpy(s->m.w, s->model->w, s->g->floats * sizeof *s->m.w);
	lt_model_apply_mask(&s->m, mask);
	memset(s->flow, 0, s->g->floats * sizeof *s->flow);
	return each_batch(s, exact_batch, &h, err);
}

int
lt_saliency_curve(struct lt_saliency *s, double h, struct lt_err *err)
{
	return each_batch(s, exact_batch, &h, err);
}

int
lt_saliency_exact(struct lt_saliency *s, struct lt_err *err)
{
	size_t image = (size_t)s->g->c * (size_t)s->g->h * (size_t)s->g->w;

	(void)err;
	start_batches(s);
	s->image = lt_alloc(
		image * (size_t)(s->batch + LT_LANES - 1), sizeof *s->image);
	s->flow = lt_alloc(s->g->floats, sizeof *s->flow);
	s->temperature = 1;
	return 0;
}

/* ---- the interface ------------------------------------------------------- */

struct lt_saliency *
lt_saliency_new(const struct lt_criterion *c, const struct lt_model *m,
	const struct lt_saliency_opt *opt, struct lt_err *err)
{
	struct lt_saliency *s = lt_alloc(1, sizeof *s);

	s->kind = opt->bn_eval ? c->eval : c->train;
	LT_BUG_ON(!s->kind);
	s->model = m;
	s->opt = *opt;
	s->g = lt_graph_parse(m->g->text, m->g->name, err);
	if (!s->g)
		goto fail;
	for (int i = 0; i < s->g->n; i++)
		s->g->node[i].rate = 0;
	lt_model_init(&s->m, s->g);
	s->score = lt_alloc(s->g->floats, sizeof *s->score);
	if (s->kind->start(s, err) < 0)
		goto fail;
	return s;
fail:
	lt_saliency_free(s);
	return NULL;
}

void
lt_saliency_free(struct lt_saliency *s)
{
	if (!s)
		return;
	lt_engine_free(s->x);
	lt_exact_free(s->exact);
	lt_model_release(&s->m);
	lt_graph_free(s->g);
	free(s->order);
	free(s->label);
	free(s->out);
	free(s->image);
	free(s->flow);
	free(s->score);
	free(s);
}

int
lt_saliency_score(double *const *score, const struct lt_prunable *layer,
	size_t n, const struct lt_mask *mask, void *arg, struct lt_err *err)
{
	struct lt_saliency *s = arg;

	if (s->kind->score(s, mask, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int p = lt_graph_find_param(s->g, layer[i].name);
		LT_BUG_ON(p < 0);
		memcpy(score[i], s->score + s->g->param[p].offset,
			layer[i].count * sizeof **score);
	}
	return 0;
}

void
lt_saliency_cost(const struct lt_saliency *s, uint64_t *images, uint64_t *macs)
{
	*images = s->images;
	*macs = s->macs;
}
