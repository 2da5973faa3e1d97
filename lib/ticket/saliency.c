#include "ticket/saliency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "learn/exact.h"
#include "learn/exec.h"
#include "learn/loss.h"

typedef int saliency_fn(
	struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err);

struct method {
	const char *name;
	saliency_fn *score; /* fills s->score */
	bool data;
};

struct lt_saliency {
	const struct method *method;
	const struct lt_model *model;
	struct lt_saliency_opt opt;
	int batch;
	struct lt_graph *g; /* the model's, without dropout */
	struct lt_model m;  /* of g: what the engine computes with */
	struct lt_exec *x;
	struct lt_exact *exact;
	uint32_t *order; /* places in samples->drawn */
	int32_t *label;	 /* [batch] */
	struct lt_outcome *out;
	double *score; /* as lt_model.w */
	uint64_t images, macs;
};

/* ---- gradients ----------------------------------------------------------- */

/* sum += share x the gradient of one batch's mean loss. */
static int
add_batch(struct lt_saliency *s, double *sum, const uint32_t *places, int n,
	struct lt_err *err)
{
	const struct lt_samples *from = s->opt.samples;
	struct lt_batch_opt b = {
		.data = &from->data, .index = &from->drawn, .norm = from->norm};
	double share = (double)n / (double)from->drawn.n;

	if (lt_batch_load(
		    lt_exec_input(s->x), s->label, &b, places, n, 0, err) < 0)
		return -1;
	lt_exec_forward(s->x, n, true, 0);
	double loss = lt_loss(s->out, lt_exec_dlogits(s->x),
		lt_exec_logits(s->x), s->label, n, lt_exec_classes(s->x));
	if (!isfinite(loss))
		return lt_fail(err, LT_EDATA,
			"the loss of a batch of %d is %s, expected a finite "
			"number",
			n, isnan(loss) ? "not a number" : "infinite");
	lt_exec_backward(s->x);
	const float *g = lt_exec_grad(s->x);
	for (size_t i = 0; i < s->g->floats; i++)
		sum[i] += share * (double)g[i];
	s->images += (uint64_t)n;
	return 0;
}

/* The gradient at the weights of s->m, under its mask. */
static int
gradient(struct lt_saliency *s, double *sum, struct lt_err *err)
{
	size_t n = s->opt.samples->drawn.n;
	size_t parts = (n + (size_t)s->batch - 1) / (size_t)s->batch, at = 0;
	int bad = 0;

	memset(sum, 0, s->g->floats * sizeof *sum);
	lt_exec_touch(s->x);
	for (size_t i = 0; i < parts && !bad; i++) {
		size_t end = n * (i + 1) / parts;
		bad = add_batch(s, sum, s->order + at, (int)(end - at), err);
		at = end;
	}
	s->macs = lt_exec_macs(s->x);
	return bad;
}

/* The weights that the mask keeps, statistics as they were. */
static void
restore(struct lt_saliency *s, const struct lt_mask *mask)
{
	memcpy(s->m.w, s->model->w, s->g->floats * sizeof *s->m.w);
	lt_exec_set_mask(s->x, mask);
}

static int
snip(struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	restore(s, mask);
	if (gradient(s, s->score, err) < 0)
		return -1;
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = fabs((double)s->m.w[i] * s->score[i]);
	return 0;
}

/* ---- SynFlow ------------------------------------------------------------- */

static int
synflow(struct lt_saliency *s, const struct lt_mask *mask, struct lt_err *err)
{
	double *w = lt_exact_weights(s->exact);

	(void)err;
	memcpy(s->m.w, s->model->w, s->g->floats * sizeof *s->m.w);
	lt_model_apply_mask(&s->m, mask);
	for (size_t i = 0; i < s->g->floats; i++)
		w[i] = fabs((double)s->m.w[i]);
	lt_exact_forward(s->exact, false);
	lt_exact_backward(s->exact);
	for (size_t i = 0; i < s->g->floats; i++)
		s->score[i] = w[i] * fabs(lt_exact_grad(s->exact)[i]);
	s->images++;
	s->macs = lt_exact_macs(s->exact);
	return 0;
}

static void
fill(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = 1;
}

/* One image of ones; of the sum of logits the gradient by each is 1. */
static void
start_exact(struct lt_saliency *s)
{
	int out = s->g->output;

	s->exact = lt_exact_new(s->g, 1, s->opt.threads);
	fill(lt_exact_input(s->exact),
		(size_t)s->g->c * lt_exact_plane(s->exact, 0));
	for (int c = 0; c < s->g->node[out].c; c++)
		lt_exact_dlogits(
			s->exact)[(size_t)c * lt_exact_plane(s->exact, out)] =
			1;
}

/* ---- the table ----------------------------------------------------------- */

static const struct method methods[] = {
	{"snip", snip, true},
	{"synflow", synflow, false},
};

static const struct method *
find_method(const char *name)
{
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

bool
lt_saliency_needs_data(const char *method)
{
	const struct method *m = find_method(method);

	return m && m->data;
}

int
lt_saliency_batch(const struct lt_graph *g)
{
	double bytes = 0;
	int batch = 256;

	for (int i = 0; i < g->n; i++)
		bytes += sizeof(float) * (double)g->node[i].c * g->node[i].h *
			 g->node[i].w;
	while (batch > 16 && bytes * batch > 0x1p32)
		batch /= 2;
	return batch;
}

/* What engine and samples need. */
static int
start_gradients(struct lt_saliency *s, struct lt_err *err)
{
	size_t n = s->opt.samples->drawn.n;
	int most = s->opt.batch ? s->opt.batch : lt_saliency_batch(s->g);

	s->batch = (size_t)most < n ? most : (int)n;
	struct lt_exec_opt xo = {.batch = s->batch, .threads = s->opt.threads};
	s->x = lt_exec_new(&s->m, &xo, err);
	if (!s->x)
		return -1;
	s->order = lt_alloc(n, sizeof *s->order);
	lt_batch_order(s->order, n, s->opt.seed, 0);
	s->label = lt_alloc((size_t)s->batch, sizeof *s->label);
	s->out = lt_alloc((size_t)s->batch, sizeof *s->out);
	return 0;
}

struct lt_saliency *
lt_saliency_new(const char *method, const struct lt_model *m,
	const struct lt_saliency_opt *opt, struct lt_err *err)
{
	struct lt_saliency *s = lt_alloc(1, sizeof *s);

	s->method = find_method(method);
	LT_BUG_ON(!s->method);
	s->model = m;
	s->opt = *opt;
	s->g = lt_graph_parse(m->g->text, m->g->name, err);
	if (!s->g)
		goto fail;
	for (int i = 0; i < s->g->n; i++)
		s->g->node[i].rate = 0;
	lt_model_init(&s->m, s->g);
	s->score = lt_alloc(s->g->floats, sizeof *s->score);
	if (!s->method->data)
		start_exact(s);
	else if (start_gradients(s, err) < 0)
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
	lt_exec_free(s->x);
	lt_exact_free(s->exact);
	lt_model_release(&s->m);
	lt_graph_free(s->g);
	free(s->order);
	free(s->label);
	free(s->out);
	free(s->score);
	free(s);
}

int
lt_saliency_score(double *const *score, const struct lt_prunable *layer,
	size_t n, const struct lt_mask *mask, void *arg, struct lt_err *err)
{
	struct lt_saliency *s = arg;

	if (s->method->score(s, mask, err) < 0)
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
