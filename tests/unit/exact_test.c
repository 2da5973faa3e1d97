/* The network in double precision against one computed naively. */
#include "exact/exact.h"

#include <stdlib.h>
#include "base/mem.h"
#include "engine/engine.h"
#include "ref.h"
#include "tap.h"

#define N 3

static struct lt_err err;

/* Every operator, and nodes with several readers. */
static const char text[] =
	"net t\ninput 3 8 6\n"
	"c1 = conv input 8 k3 p1\nb1 = bn c1\nr1 = relu b1\n"
	"n1 = groupnorm r1 g4 eps=0.001\no1 = groupnorm n1 g2 plain\n"
	"m1 = maxpool o1 k3 s1 p1\n"
	"c2 = conv m1 8 k3 p2 g4 d2\nb2 = bn c2 plain\na2 = add b2 r1\nu2 = "
	"silu a2\n"
	"q2 = gap u2\ne2 = conv q2 8 k1 bias\ng2 = sigmoid e2\n"
	"x2 = mul u2 g2\n"
	"c3 = conv x2 10 k3 s2 p1\nb3 = bn c3\ns3 = padch x2 10 s2\n"
	"k3 = dropconnect b3 0.3\na3 = add k3 s3\n"
	"c4 = conv a3 5 k5 p2 bias\nh4 = mul a3 a3\nj4 = concat c4 h4 c4\n"
	"p4 = avgpool j4 k2 s1 p1\nt4 = adaptpool p4 k3\nd4 = dropout t4 0.3\n"
	"f5 = linear d4 6 bias\nr5 = relu f5\ne11 = linear r5 6 bias\ny1 = "
	"relu6 e11\n"
	"e21 = linear y1 6 bias\ny2 = leakyrelu e21 slope=0.2\n"
	"e31 = linear y2 6 bias\ny3 = gelu e31\n"
	"e41 = linear y3 6 bias\ny4 = tanh e41\n"
	"e51 = linear y4 6 bias\ny5 = hardswish e51\n"
	"f6 = linear y5 4\n"
	"output f6\n";

struct pair {
	struct lt_graph *g;
	struct lt_exact *x;
	struct ref r;
	double *cost; /* [n][classes] */
};

/* Dropout is off; weights are small, statistics are like trained ones. */
static void
pair_init(struct pair *p, int threads)
{
	struct lt_rng rng;

	lt_rng_init(&rng, 1, LT_STREAM_TEST, 1, 0);
	p->g = lt_graph_parse(text, "t", &err);
	for (int i = 0; i < p->g->n; i++)
		p->g->node[i].rate = 0;
	p->x = lt_exact_new(p->g, N, threads);
	p->r = (struct ref){.g = p->g,
		.w = lt_alloc(p->g->floats, sizeof *p->r.w),
		.a = lt_alloc((size_t)p->g->n, sizeof *p->r.a),
		.n = N};
	for (int i = 0; i < p->g->nparam; i++) {
		const struct lt_param *q = &p->g->param[i];
		for (size_t j = 0; j < q->count; j++)
			p->r.w[q->offset + j] =
				q->role == LT_ROLE_BN_VAR ||
						q->role == LT_ROLE_BN_GAMMA
					? 0.5 + lt_rng_f64(&rng)
					: 0.3 * lt_rng_normal(&rng);
	}
	memcpy(lt_exact_weights(p->x), p->r.w, p->g->floats * sizeof *p->r.w);
	for (int i = 0; i < p->g->n; i++)
		p->r.a[i] =
			lt_alloc(N * volume(&p->g->node[i]), sizeof **p->r.a);
	size_t px = (size_t)p->g->h * p->g->w, at = lt_exact_plane(p->x, 0);
	for (size_t i = 0; i < N * volume(&p->g->node[0]); i++) {
		size_t image = i / px / p->g->c, c = i / px % p->g->c;
		p->r.a[0][i] = lt_rng_normal(&rng);
		lt_exact_input(p->x)[c * at + image * px + i % px] =
			p->r.a[0][i];
	}
	int out = p->g->output, classes = p->g->node[out].c;
	p->cost = lt_alloc((size_t)(N * classes), sizeof *p->cost);
	for (int i = 0; i < N * classes; i++) {
		p->cost[i] = lt_rng_normal(&rng);
		lt_exact_dlogits(p->x)[(size_t)(i % classes) *
					       lt_exact_plane(p->x, out) +
				       i / classes] = p->cost[i];
	}
}

static void
pair_release(struct pair *p)
{
	for (int i = 0; i < p->g->n; i++)
		free(p->r.a[i]);
	free(p->r.a);
	free(p->r.w);
	free(p->cost);
	lt_exact_free(p->x);
	lt_graph_free(p->g);
}

static double
logit(const struct pair *p, int image, int c)
{
	return lt_exact_logits(
		p->x)[(size_t)c * lt_exact_plane(p->x, p->g->output) + image];
}

static double
cost_of(const struct pair *p)
{
	int classes = p->g->node[p->g->output].c;
	double sum = 0;

	for (int i = 0; i < N * classes; i++)
		sum += p->cost[i] * logit(p, i / classes, i % classes);
	return sum;
}

static void
forward(void)
{
	struct pair p;

	pair_init(&p, 2);
	double want = ref_run(&p.r, p.cost);
	lt_exact_forward(p.x, true);
	CHECK(fabs(cost_of(&p) - want) < 1e-12 * fabs(want));
	int out = p.g->output, classes = p.g->node[out].c;
	for (int i = 0; i < N * classes; i++)
		CHECK(fabs(logit(&p, i / classes, i % classes) -
			      p.r.a[out][i]) < 1e-12);
	pair_release(&p);
}

/* The engine's float32, as both begin with the running statistics. */
static void
evaluation(void)
{
	struct pair p;
	struct lt_model m;
	struct lt_engine_opt o = {.batch = N, .threads = 1, .eval_only = true};

	pair_init(&p, 2);
	lt_model_init(&m, p.g);
	for (size_t i = 0; i < p.g->floats; i++)
		m.w[i] = (float)p.r.w[i];
	struct lt_engine *x = lt_engine_new(&m, &o, &err);
	size_t v = volume(&p.g->node[0]);
	for (size_t i = 0; i < N * v; i++)
		lt_engine_input(x)[i % v * LT_LANES + i / v] =
			(float)p.r.a[0][i];
	lt_engine_forward(x, N, false, 0);
	lt_exact_forward(p.x, false);
	for (int i = 0; i < N; i++)
		for (int c = 0; c < lt_engine_classes(x); c++)
			CHECK(fabs(logit(&p, i, c) -
				      (double)lt_engine_logits(
					      x)[c * LT_LANES + i]) <
				1e-5 * (1 + fabs(logit(&p, i, c))));
	lt_engine_free(x);
	lt_model_release(&m);
	pair_release(&p);
}

/* Central differences of the naive network, or of our own forward pass. */
static void
gradients(bool train)
{
	struct pair p;
	double h = 1e-5;
	size_t bad = 0, all = 0;

	pair_init(&p, 2);
	double *w = lt_exact_weights(p.x);
	lt_exact_forward(p.x, train);
	lt_exact_backward(p.x);
	for (int i = 0; i < p.g->nparam; i++) {
		const struct lt_param *q = &p.g->param[i];
		for (size_t j = q->offset; j < q->offset + q->count; j += 13) {
			double f[2], was = w[j], g = lt_exact_grad(p.x)[j];
			for (int k = 0; k < 2; k++) {
				p.r.w[j] = w[j] = was + (k ? h : -h);
				if (!train)
					lt_exact_forward(p.x, false);
				f[k] = train ? ref_run(&p.r, p.cost)
					     : cost_of(&p);
			}
			p.r.w[j] = w[j] = was;
			double want =
				q->trainable ? (f[1] - f[0]) / (2 * h) : 0;
			bad += fabs(g - want) > 1e-6 * (1 + fabs(want));
			all++;
		}
	}
	CHECK(all > 250);
	CHECK_EQ(bad, 0);
	pair_release(&p);
}

static void
training_gradients(void)
{
	gradients(true);
}

static void
evaluation_gradients(void)
{
	gradients(false);
}

static void
threads(void)
{
	struct pair p[3];

	for (int i = 0; i < 3; i++) {
		pair_init(&p[i], i + 1);
		lt_exact_forward(p[i].x, true);
		lt_exact_backward(p[i].x);
		CHECK(!memcmp(lt_exact_grad(p[0].x), lt_exact_grad(p[i].x),
			p[0].g->floats * sizeof(double)));
		CHECK_EQ(lt_exact_macs(p[0].x), lt_exact_macs(p[i].x));
	}
	for (int i = 0; i < 3; i++)
		pair_release(&p[i]);
}

/* Zeros change no other gradient; and they cost nothing. */
static void
zeros(void)
{
	struct pair a, b;
	struct lt_rng rng;

	lt_rng_init(&rng, 2, LT_STREAM_TEST, 1, 0);
	pair_init(&a, 1);
	pair_init(&b, 1);
	for (int i = 0; i < a.g->nparam; i++) {
		const struct lt_param *q = &a.g->param[i];
		for (size_t j = q->offset; j < q->offset + q->count; j++)
			if (q->prunable && lt_rng_below(&rng, 2)) {
				lt_exact_weights(a.x)[j] *= 1e-200;
				lt_exact_weights(b.x)[j] = 0;
			}
	}
	lt_exact_forward(a.x, true);
	lt_exact_forward(b.x, true);
	lt_exact_backward(a.x);
	lt_exact_backward(b.x);
	for (int i = 0; i < a.g->nparam; i++) {
		const struct lt_param *q = &a.g->param[i];
		for (size_t j = q->offset; j < q->offset + q->count; j++) {
			double w = lt_exact_weights(b.x)[j];
			double want = q->prunable && w == 0
					      ? 0
					      : lt_exact_grad(a.x)[j];
			CHECK(fabs(lt_exact_grad(b.x)[j] - want) <=
				1e-12 * fabs(want) + 1e-100);
		}
	}
	CHECK(lt_exact_macs(b.x) < 0.6 * (double)lt_exact_macs(a.x));
	/* Unless their gradients are wanted. */
	lt_exact_dense(b.x, true);
	lt_exact_forward(b.x, true);
	lt_exact_backward(b.x);
	for (size_t j = 0; j < a.g->floats; j++)
		CHECK(fabs(lt_exact_grad(b.x)[j] - lt_exact_grad(a.x)[j]) <=
			1e-12 * fabs(lt_exact_grad(a.x)[j]) + 1e-100);
	pair_release(&a);
	pair_release(&b);
}

int
main(void)
{
	TEST(forward, "values are those of the naive network");
	TEST(evaluation, "in evaluation they are the engine's");
	TEST(training_gradients, "gradients are differences, in training");
	TEST(evaluation_gradients, "and in evaluation");
	TEST(threads, "the same bytes for any number of threads");
	TEST(zeros, "a weight of 0 has no gradient and no cost");
	return tap_done();
}
