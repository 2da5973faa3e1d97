/* SNIP, FORCE and SynFlow by their definitions, in double. */
#include "ticket/saliency.h"
#include "ticket/criteria.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "exact/exact.h"
#include "net/prunable.h"
#include "scratch.h"
#include "tap.h"
#include "tiny.h"

static struct lt_err err;

/* For tiny_data: a residual sum, a group a channel, a bias. */
static const char text[] =
	"net t\ninput 2 5 7\n"
	"c1 = conv input 6 k3 p1\nb1 = bn c1\nr1 = relu b1\n"
	"c2 = conv r1 6 k3 p1 g6\nb2 = bn c2\na2 = add b2 r1\nr2 = relu a2\n"
	"c3 = conv r2 8 k3 s2\nb3 = bn c3\nr3 = relu b3\n"
	"g = gap r3\nd = dropout g 0.5\nf = linear d 4 bias\noutput f\n";

/* A network, a mask over its layers, and room for scores. */
struct bed {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_mask mask;
	struct lt_prunable *p;
	size_t n;
	double *score[8];
	struct lt_samples samples;
};

static void
bed_init(struct bed *b, uint64_t seed, bool statistics)
{
	struct lt_rng rng;
	struct lt_samples_from from = {"d.data", NULL, 6, 1};
	struct lt_st st = {0};

	*b = (struct bed){.g = lt_graph_parse(text, "t", &err)};
	lt_model_init(&b->m, b->g);
	CHECK_EQ(lt_model_random(&b->m, "kaiming-normal-in", seed, &err), 0);
	lt_rng_init(&rng, seed, LT_STREAM_TEST, 1, 0);
	for (int i = 0; i < b->g->nparam; i++) {
		const struct lt_param *q = &b->g->param[i];
		float *w = b->m.w + q->offset;
		for (size_t j = 0; j < q->count; j++) {
			if (q->role == LT_ROLE_BN_GAMMA)
				w[j] = 0.5f + lt_rng_f32(&rng);
			if (q->role == LT_ROLE_BN_BETA)
				w[j] = lt_rng_f32(&rng) - 0.5f;
			if (statistics && q->role == LT_ROLE_BN_VAR)
				w[j] = 0.5f + lt_rng_f32(&rng);
		}
	}
	b->p = lt_prunable_of(&b->m, &b->n, NULL, NULL, &err);
	for (size_t i = 0; i < b->n; i++) {
		struct lt_mask_layer *l = lt_mask_add(
			&b->mask, b->p[i].name, b->p[i].ndim, b->p[i].shape);
		for (size_t j = 0; j < l->count; j++)
			l->keep[j] = lt_rng_below(&rng, 3) > 0;
		b->score[i] = lt_alloc(b->p[i].count, sizeof **b->score);
	}
	CHECK_EQ(lt_samples_open(&b->samples, &from, b->g, &st, "t", &err), 0);
	CHECK_EQ(b->samples.drawn.n, 24);
}

static void
bed_release(struct bed *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->score[i]);
	free(b->p);
	lt_mask_release(&b->mask);
	lt_model_release(&b->m);
	lt_graph_free(b->g);
	lt_samples_release(&b->samples);
}

static void
score(struct bed *b, const char *method, int batch, bool eval)
{
	uint64_t images, macs;
	float *was = lt_memdup(b->m.w, b->g->floats * sizeof *was);
	struct lt_saliency_opt o = {.samples = &b->samples,
		.temperature = 200,
		.bn_eval = eval,
		.batch = batch,
		.threads = 2,
		.seed = 1};
	struct lt_saliency *s =
		lt_saliency_new(lt_criterion_find(method), &b->m, &o, &err);

	CHECK_EQ(lt_saliency_score(b->score, b->p, b->n, &b->mask, s, &err), 0);
	lt_saliency_cost(s, &images, &macs);
	CHECK(images > 0 && macs > 0);
	lt_saliency_free(s);
	/* Neither weights nor statistics have changed. */
	CHECK(!memcmp(was, b->m.w, b->g->floats * sizeof *was));
	free(was);
}

/* Weight j of layer i in the whole network's array, and whether it is kept. */
static bool
weight_at(const struct bed *b, size_t i, size_t j, size_t *at)
{
	int q = lt_graph_find_param(b->g, b->p[i].name);

	*at = b->g->param[q].offset + j;
	return lt_mask_find(&b->mask, b->p[i].name)->keep[j];
}

/* x's weights: the model's under the mask. */
static void
put_weights(struct lt_exact *x, const struct bed *b, bool absolute)
{
	double *w = lt_exact_weights(x);
	size_t at;

	for (size_t i = 0; i < b->g->floats; i++)
		w[i] = absolute ? fabs((double)b->m.w[i]) : (double)b->m.w[i];
	for (size_t i = 0; i < b->n; i++)
		for (size_t j = 0; j < b->p[i].count; j++)
			if (!weight_at(b, i, j, &at))
				w[at] = 0;
}

/* ---- SynFlow ------------------------------------------------------------- */

static double
sum_of_logits(struct lt_exact *x, const struct lt_graph *g)
{
	double sum = 0;

	lt_exact_forward(x, false);
	for (int c = 0; c < g->node[g->output].c; c++)
		sum += lt_exact_logits(
			x)[(size_t)c * lt_exact_plane(x, g->output)];
	return sum;
}

/* Nothing is negative, so R is linear in each weight, and a score is what R
 * loses without it. */
static void
synflow(void)
{
	struct bed b;

	bed_init(&b, 1, true);
	score(&b, "synflow", 0, false);
	struct lt_exact *x = lt_exact_new(b.g, 1, 1);
	put_weights(x, &b, true);
	for (size_t i = 0; i < 2 * lt_exact_plane(x, 0); i++)
		lt_exact_input(x)[i] = 1;
	double *w = lt_exact_weights(x), all = sum_of_logits(x, b.g);
	for (size_t i = 0; i < b.n; i++)
		for (size_t j = 0; j < b.p[i].count; j++) {
			size_t at;
			if (!weight_at(&b, i, j, &at))
				continue;
			double was = w[at];
			w[at] = 0;
			double lost = all - sum_of_logits(x, b.g);
			w[at] = was;
			CHECK(fabs(b.score[i][j] - lost) <= 1e-12 * all);
			CHECK(b.score[i][j] > 0);
		}
	lt_exact_free(x);
	bed_release(&b);
}

/* Into and out of a layer flows the same, where biases add nothing (Tanaka et
 * al., theorem 1). */
static void
conservation(void)
{
	static const char plain[] =
		"net t\ninput 2 5 7\nc1 = conv input 6 k3 p1\nr1 = relu c1\n"
		"c2 = conv r1 9 k3 s2\nr2 = relu c2\nf = linear r2 4\n"
		"output f\n";
	struct lt_graph *g = lt_graph_parse(plain, "t", &err);
	struct lt_model m;
	struct lt_mask mask = {0};
	struct lt_saliency_opt o = {.threads = 1};
	double sum[3] = {0};
	size_t n;

	lt_model_init(&m, g);
	CHECK_EQ(lt_model_random(&m, NULL, 1, &err), 0);
	struct lt_prunable *p = lt_prunable_of(&m, &n, NULL, NULL, &err);
	struct lt_saliency *s =
		lt_saliency_new(lt_criterion_find("synflow"), &m, &o, &err);
	double *v[3];
	for (size_t i = 0; i < n; i++)
		v[i] = lt_alloc(p[i].count, sizeof **v);
	CHECK_EQ(lt_saliency_score(v, p, n, &mask, s, &err), 0);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < p[i].count; j++)
			sum[i] += v[i][j];
		CHECK(fabs(sum[i] - sum[0]) < 1e-12 * sum[0]);
		free(v[i]);
	}
	lt_saliency_free(s);
	free(p);
	lt_model_release(&m);
	lt_graph_free(g);
}

/* ---- methods of samples -------------------------------------------------- */

/* Samples places[0..n) as x takes them. */
static int32_t *
put_images(
	struct lt_exact *x, const struct bed *b, const uint32_t *places, int n)
{
	const struct lt_dataset *d = &b->samples.data;
	struct lt_batch_opt bo = {
		.data = d, .index = &b->samples.drawn, .norm = b->samples.norm};
	size_t px = (size_t)d->h * d->w, plane = lt_exact_plane(x, 0);
	float *v =
		lt_alloc((size_t)(n + 15) / 16 * 16 * d->img_size, sizeof *v);
	int32_t *label = lt_alloc((size_t)n, sizeof *label);

	CHECK_EQ(lt_batch_load(v, label, &bo, places, n, 0, &err), 0);
	for (int i = 0; i < n; i++)
		for (size_t j = 0; j < d->img_size; j++)
			lt_exact_input(x)[j / px * plane + i * px + j % px] =
				v[(i / 16 * d->img_size + j) * 16 + i % 16];
	free(v);
	return label;
}

/* grad += the gradient of the sum of n losses at logits / t. */
static void
add_gradient(double *grad, struct lt_exact *x, const struct lt_graph *g,
	const int32_t *label, int n, double t, bool eval)
{
	int classes = g->node[g->output].c;
	size_t plane = lt_exact_plane(x, g->output);

	lt_exact_forward(x, !eval);
	const double *z = lt_exact_logits(x);
	for (int i = 0; i < n; i++) {
		double all = 0;
		for (int c = 0; c < classes; c++)
			all += exp(z[c * plane + i] / t);
		for (int c = 0; c < classes; c++)
			lt_exact_dlogits(x)[c * plane + i] =
				(exp(z[c * plane + i] / t) / all -
					(c == label[i])) /
				t;
	}
	lt_exact_backward(x);
	for (size_t i = 0; i < g->floats; i++)
		grad[i] += lt_exact_grad(x)[i];
}

/* The gradient of the mean loss in batches of at most batch, at the model's
 * masked weights and by times v (NULL: 0) away from them. */
static double *
gradient(const struct bed *b, int batch, double t, bool eval, const double *v,
	double by)
{
	size_t n = b->samples.drawn.n, at = 0;
	size_t parts = (n + batch - 1) / batch;
	double *grad = lt_alloc(b->g->floats, sizeof *grad);
	uint32_t *order = lt_alloc(n, sizeof *order);

	lt_batch_order(order, n, 1, 0);
	for (size_t k = 0; k < parts; k++) {
		int m = (int)(n * (k + 1) / parts - at);
		struct lt_exact *x = lt_exact_new(b->g, m, 1);
		lt_exact_dense(x, true);
		put_weights(x, b, false);
		for (size_t i = 0; v && i < b->g->floats; i++)
			lt_exact_weights(x)[i] += by * v[i];
		int32_t *label = put_images(x, b, order + at, m);
		add_gradient(grad, x, b->g, label, m, t, eval);
		free(label);
		lt_exact_free(x);
		at += m;
	}
	for (size_t i = 0; i < b->g->floats; i++)
		grad[i] /= (double)n;
	free(order);
	return grad;
}

/* Distance of the scores from want (as lt_model.w) over its length: of weights
 * that the mask keeps, or of those that it removes. */
static double
error_where(const struct bed *b, const double *want, bool kept)
{
	double off = 0, all = 0;
	size_t at;

	for (size_t i = 0; i < b->n; i++)
		for (size_t j = 0; j < b->p[i].count; j++)
			if (weight_at(b, i, j, &at) == kept) {
				off += pow(b->score[i][j] - want[at], 2);
				all += want[at] * want[at];
			}
	return sqrt(off / all);
}

static double
error_of(const struct bed *b, const double *want)
{
	return error_where(b, want, true);
}

static void
snip_batch(int batch)
{
	struct bed b;

	bed_init(&b, 2, false);
	score(&b, "snip", batch, false);
	double *want = gradient(&b, batch, 1, false, NULL, 0);
	for (size_t i = 0; i < b.g->floats; i++)
		want[i] = fabs(want[i] * (double)b.m.w[i]);
	double e = error_of(&b, want);
	printf("# batch %d: %.2g\n", batch, e);
	CHECK(e < 1e-5);
	free(want);
	bed_release(&b);
}

static void
snip(void)
{
	snip_batch(24);
	snip_batch(9); /* three of eight */
	snip_batch(7); /* four of six */
	snip_batch(5); /* five of four or five */
}

/* Scores of all weights, with the gradient under the mask. */
static void
force_batch(int batch, bool eval)
{
	struct bed b;

	bed_init(&b, 2, eval);
	score(&b, "force", batch, eval);
	double *want = gradient(&b, batch, 1, eval, NULL, 0);
	for (size_t i = 0; i < b.g->floats; i++)
		want[i] = fabs(want[i] * (double)b.m.w[i]);
	double kept = error_where(&b, want, true),
	       removed = error_where(&b, want, false);
	printf("# batch %d: %.2g, removed %.2g\n", batch, kept, removed);
	CHECK(kept < (eval ? 1e-12 : 1e-5) && removed < (eval ? 1e-12 : 1e-5));
	free(want);
	bed_release(&b);
}

static void
force(void)
{
	force_batch(24, false);
	force_batch(7, false);
	force_batch(9, true);
}

/* The mean loss of the n images in x with running statistics. */
static double
loss_of(struct lt_exact *x, const struct lt_graph *g, const int32_t *label,
	int n)
{
	size_t plane = lt_exact_plane(x, g->output);
	double sum = 0;

	lt_exact_forward(x, false);
	const double *z = lt_exact_logits(x);
	for (int i = 0; i < n; i++) {
		double all = 0;
		for (int c = 0; c < g->node[g->output].c; c++)
			all += exp(z[c * plane + i]);
		sum += log(all) - z[label[i] * plane + i];
	}
	return sum / n;
}

/* By differences of losses, with no gradient but for ReLUs that are held at the
 * weights: all samples as one batch, which the score need not be. */
static void
snip_eval(void)
{
	struct bed b;
	size_t at;

	bed_init(&b, 3, true);
	int n = (int)b.samples.drawn.n;
	score(&b, "snip", 9, true);
	double *want = lt_alloc(b.g->floats, sizeof *want);
	uint32_t *places = lt_alloc((size_t)n, sizeof *places);
	for (int i = 0; i < n; i++)
		places[i] = (uint32_t)i;
	struct lt_exact *x = lt_exact_new(b.g, n, 1);
	put_weights(x, &b, false);
	int32_t *label = put_images(x, &b, places, n);
	loss_of(x, b.g, label, n);
	lt_exact_hold(x, true);
	double *w = lt_exact_weights(x), h = 1e-5;
	for (size_t i = 0; i < b.n; i++)
		for (size_t j = 0; j < b.p[i].count; j++) {
			if (!weight_at(&b, i, j, &at))
				continue;
			double was = w[at];
			w[at] = was + h;
			want[at] = loss_of(x, b.g, label, n);
			w[at] = was - h;
			want[at] -= loss_of(x, b.g, label, n);
			want[at] = fabs(want[at] * was / (2 * h));
			w[at] = was;
		}
	double e = error_of(&b, want);
	printf("# running statistics: %.2g\n", e);
	CHECK(e < 1e-8);
	/* Those of the batch give other scores. */
	score(&b, "snip", 24, false);
	CHECK(error_of(&b, want) > 0.01);
	lt_exact_free(x);
	free(label);
	free(places);
	free(want);
	bed_release(&b);
}

/* By the products of a central difference in double, whose own error is that of
 * a far smaller step. */
static void
grasp_batch(int batch, bool eval)
{
	struct bed b;
	size_t at;

	bed_init(&b, 2, eval);
	score(&b, "grasp", batch, eval);
	double *g = gradient(&b, batch, 200, eval, NULL, 0), ww = 0, gg = 0;
	for (size_t i = 0; i < b.g->floats; i++)
		ww += (double)b.m.w[i] * (double)b.m.w[i];
	double *v = lt_alloc(b.g->floats, sizeof *v);
	for (size_t i = 0; i < b.n; i++)
		for (size_t j = 0; j < b.p[i].count; j++)
			if (weight_at(&b, i, j, &at))
				v[at] = g[at];
	for (size_t i = 0; i < b.g->floats; i++)
		gg += v[i] * v[i];
	double h = 1e-7 * sqrt(ww / gg);
	double *up = gradient(&b, batch, 200, eval, v, h);
	double *down = gradient(&b, batch, 200, eval, v, -h);
	for (size_t i = 0; i < b.g->floats; i++)
		up[i] = (double)b.m.w[i] * (up[i] - down[i]) / (2 * h);
	double e = error_of(&b, up);
	printf("# batch %d: %.2g\n", batch, e);
	CHECK(e < 1e-6);
	free(v);
	free(g);
	free(up);
	free(down);
	bed_release(&b);
}

static void
grasp(void)
{
	grasp_batch(24, false);
	grasp_batch(9, false);
	grasp_batch(24, true);
	grasp_batch(9, true);
}

static void
batches(void)
{
	struct bed b;

	bed_init(&b, 1, false);
	CHECK_EQ(lt_saliency_batch(b.g, 4), 256);
	b.g->node[1].h = b.g->node[1].w = 2000; /* 96 MB an image */
	CHECK_EQ(lt_saliency_batch(b.g, 4), 32);
	b.g->node[1].h = b.g->node[1].w = 20000;
	CHECK_EQ(lt_saliency_batch(b.g, 4), 16);
	bed_release(&b);
}

static void
bad_loss(void)
{
	struct bed b;

	bed_init(&b, 1, false);
	((float *)b.p[b.n - 1].w)[0] = NAN;
	memset(lt_mask_find(&b.mask, b.p[b.n - 1].name)->keep, 1,
		b.p[b.n - 1].count);
	struct lt_saliency_opt o = {.samples = &b.samples,
		.temperature = 200,
		.threads = 1,
		.seed = 1};
	struct lt_saliency *s =
		lt_saliency_new(lt_criterion_find("snip"), &b.m, &o, &err);
	CHECK_EQ(lt_saliency_score(b.score, b.p, b.n, &b.mask, s, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strstr(err.msg, "the loss of a batch of 24 is not a number"));
	lt_saliency_free(s);
	bed_release(&b);
}

int
main(void)
{
	scratch_enter();
	tiny_data("d.data");
	TEST(synflow, "a SynFlow score is what R loses without the weight");
	TEST(conservation, "SynFlow is conserved from layer to layer");
	TEST(snip, "a SNIP score is that of a gradient in double");
	TEST(snip_eval,
		"SNIP with running statistics is the loss's difference");
	TEST(force, "a FORCE score is that of a gradient under the mask");
	TEST(grasp, "a GraSP score is that of a Hessian in double");
	TEST(batches, "batches are as large as memory allows");
	TEST(bad_loss, "a loss that is not finite is an error");
	scratch_leave();
	return tap_done();
}
