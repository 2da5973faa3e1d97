/* The engine against a network evaluated naively in double precision: logits,
 * running statistics, and every operator's gradient against central
 * differences; then one set of bits for all threads, kernels and code paths. */
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "engine/engine.h"
#include "run/optimizer.h"
#include "ref.h"
#include "tap.h"

static const struct {
	const char *what, *text;
	int n; /* images */
} nets[] = {
	{"convolution, batch norm, relu, linear",
		"net a\ninput 3 7 6\nc = conv input 5 k3 p1\nb = bn c\n"
		"r = relu b\ng = gap r\nf = linear g 4 bias\noutput f\n",
		19},
	{"stride 2, biases, flattening",
		"net b\ninput 2 9 9\nc = conv input 6 k3 s2 p1 bias\n"
		"r = relu c\nd = conv r 7 k5 s1 bias\ns = relu d\n"
		"f = linear s 9 bias\nq = relu f\nh = linear q 3\noutput h\n",
		33},
	{"residual block with shortcut A",
		"net c\ninput 3 8 8\nc = conv input 4 k3 p1\nb = bn c\n"
		"r = relu b\nd = conv r 8 k3 s2 p1\ne = bn d\nh = relu e\n"
		"i = conv h 8 k3 p1\nj = bn i\nk = padch r 8 s2\nl = add j k\n"
		"m = relu l\nn = conv m 8 k3 p1\no = bn n\np = relu o\n"
		"q = conv p 8 k3 p1\nt = bn q\nu = add t m\nv = relu u\n"
		"g = gap v\nf = linear g 5 bias\noutput f\n",
		17},
	{"residual block with shortcut B",
		"net d\ninput 3 8 8\nc = conv input 4 k3 p1\nb = bn c\n"
		"r = relu b\nd = conv r 6 k3 s2 p1\ne = bn d\nh = relu e\n"
		"i = conv h 6 k3 p1\nj = bn i\nk = conv r 6 k1 s2\nl = bn k\n"
		"m = add j l\nn = relu m\ng = avgpool n k4\n"
		"f = linear g 5 bias\noutput f\n",
		16},
	{"pools, overlapping and padded",
		"net e\ninput 2 9 8\nc = conv input 4 k3 p1\nb = bn c\n"
		"r = relu b\nm = maxpool r k3 s2 p1\nd = conv m 4 k3 p1 bias\n"
		"a = avgpool d k2 s1 p1\ne = relu a\nn = maxpool e k2\n"
		"f = linear n 3\noutput f\n",
		5},
	{"concatenation, groups, many readers",
		"net f\ninput 4 6 6\nc = conv input 4 k3 p1 g2\nb = bn c\n"
		"r = relu b\nd = conv r 6 k3 p1 g2\ne = concat r d b\n"
		"h = relu e\ni = conv h 4 k1\nj = bn i\nk = add j r\n"
		"l = add k j\ng = gap l\nf = linear g 3 bias\noutput f\n",
		20},
	{"batch norm of anything",
		"net g\ninput 3 5 5\na = bn input\nc = conv a 4 k3 p1\n"
		"r = relu c\nb = bn r\nd = relu b\ne = conv d 4 k3 p1\n"
		"h = add e r\ni = bn h\nj = bn i\nk = linear j 6 bias\n"
		"l = bn k\nm = relu l\nf = linear m 3 bias\noutput f\n",
		31},
	{"dropout, depthwise, wide padding",
		"net h\ninput 3 5 5\nc = conv input 6 k3 p2 s3\nr = relu c\n"
		"d = dropout r 0.3\ne = conv d 6 k3 p1 g6\nh = relu e\n"
		"i = dropout h 0.5\nf = linear i 3 bias\no = relu f\noutput "
		"o\n",
		18},
	{"squeeze and excite, silu, dropconnect, nodes that nothing uses",
		"net i\ninput 3 6 7\nc = conv input 6 k3 p1\nb = bn c\n"
		"r = silu b\nu = conv r 8 k1\nv = bn u\nw = silu v\n"
		"unused w\nd = conv r 6 k3 p1 g6\ne = bn d\nh = silu e\n"
		"s = gap h\ni = conv s 2 k1 bias\nj = silu i\n"
		"k = conv j 6 k1 bias\nl = sigmoid k\nm = mul h l\n"
		"n = conv m 6 k1\no = bn n\np = dropconnect o 0.4\n"
		"q = add p r\nt = bn q\nx = gap t\nf = linear x 4 bias\n"
		"output f\n",
		21},
	{"products, sigmoids of views, dropconnect of a relu",
		"net j\ninput 2 5 6\nc = conv input 5 k3 p1\nb = bn c\n"
		"r = relu b\ns = sigmoid b\nm = mul r s\nn = mul m m\n"
		"d = dropconnect r 0.5\ne = mul d b\ng = gap r\nh = bn g\n"
		"i = relu h\nj = mul e i\nk = add n j\nl = silu k\n"
		"q = gap l\nt = sigmoid q\nu = mul q t\nv = dropout u 0\n"
		"f = linear v 3\noutput f\n",
		37},
	{"depthwise and grouped, more channels than stay in the cache",
		"net l\ninput 7 20 21\nd = conv input 7 k3 p1 g7\ne = bn d\n"
		"h = relu e\ni = conv h 14 k3 s2 p1 g7 bias\nk = silu i\n"
		"g = gap k\nf = linear g 3 bias\noutput f\n",
		3},
	{"dilated convolutions, strided, grouped, depthwise",
		"net o\ninput 3 11 10\nc = conv input 6 k3 p2 d2\nb = bn c\n"
		"r = relu b\nd = conv r 6 k3 s2 p3 d3 g6\ne = bn d\n"
		"h = relu e\ni = conv h 8 k2 s3 p2 g2 d4 bias\n"
		"j = silu i\nk = conv r 8 k5 p4 d2\nl = avgpool k k4 s5\n"
		"q = gap j\nt = gap l\nu = add q t\n"
		"f = linear u 3 bias\noutput f\n",
		18},
	{"batch norm without scale and shift",
		"net q\ninput 3 5 6\na = bn input plain\n"
		"c = conv a 6 k3 p1\nb = bn c plain\nr = relu b\n"
		"d = conv r 8 k3 p1\ne = bn d eps=0.001 plain\n"
		"h = add e e\ni = bn h plain\ng = gap i\n"
		"f = linear g 3 bias\noutput f\n",
		21},
	{"group norm, of the image, of views, of one group and of many",
		"net p\ninput 4 5 6\na = groupnorm input g2\n"
		"c = conv a 6 k3 p1\nb = groupnorm c g3 eps=0.01\n"
		"r = relu b\nd = conv r 8 k3 p1\ne = bn d\nh = relu e\n"
		"i = groupnorm h g8\nj = groupnorm e g1 plain\n"
		"k = add i j\nl = silu k\ng = gap l\n"
		"f = linear g 3 bias\noutput f\n",
		21},
	{"functions of one value",
		"net m\ninput 3 5 6\nc = conv input 5 k3 p1\nb = bn c\n"
		"r = relu b\ns = silu b\nt = sigmoid s\nu = add t r\n"
		/* values beyond 6 */
		"d = conv u 5 k1 bias\nh = add d d\ni = add h h\n"
		"y1 = relu6 i\nz1 = add y1 i\n"
		"y2 = leakyrelu i slope=0.2\nz2 = add y2 z1\n"
		"y3 = gelu i\nz3 = add y3 z2\n"
		"y4 = tanh i\nz4 = add y4 z3\n"
		"y5 = hardswish i\nz5 = add y5 z4\n"
		"g = gap z5\nf = linear g 6 bias\noutput f\n",
		21},
	{"adaptive pools, smaller and larger",
		"net k\ninput 2 7 9\nc = conv input 4 k3 p1 bias\n"
		"r = relu c\na = adaptpool r k4\nd = conv a 5 k3 p1 bias\n"
		"e = silu d\nh = adaptpool e k7\ni = adaptpool r k7\n"
		"j = conv i 5 k1\nk = add h j\nl = adaptpool k k3\n"
		"f = linear l 3\noutput f\n",
		18},
};
#define NETS ((int)(sizeof nets / sizeof *nets))

/* ---- one network in both ------------------------------------------------ */

struct both {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_mask mask;
	struct ref r;
	double *cost;
	int n;
};

static void
both_init(struct both *b, int which, double density)
{
	struct lt_err err;
	struct lt_rng rng;

	b->g = lt_graph_parse(nets[which].text, "test", &err);
	if (!b->g) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
	b->n = nets[which].n;
	lt_model_init(&b->m, b->g);
	lt_rng_init(&rng, REF_SEED, LT_STREAM_TEST, (uint64_t)which, 0);
	memset(&b->mask, 0, sizeof b->mask);
	for (int p = 0; p < b->g->nparam; p++) {
		const struct lt_param *q = &b->g->param[p];
		float *w = b->m.w + q->offset;
		double sd = q->role == LT_ROLE_WEIGHT
				    ? sqrt(2.0 * (double)q->shape[0] /
					      (double)q->count)
				    : 0.3;
		for (size_t i = 0; i < q->count; i++)
			w[i] = (float)(sd * lt_rng_normal(&rng) +
				       (q->role == LT_ROLE_BN_GAMMA) +
				       (q->role == LT_ROLE_BN_VAR) * 2);
		if (!q->prunable)
			continue;
		struct lt_mask_layer *l =
			lt_mask_add(&b->mask, q->name, q->ndim, q->shape);
		for (size_t i = 0; i < q->count; i++)
			l->keep[i] = lt_rng_f64(&rng) < density;
	}
	lt_model_apply_mask(&b->m, &b->mask);
	size_t in = volume(&b->g->node[0]);
	size_t out = volume(&b->g->node[b->g->output]);
	b->cost = lt_alloc(out * b->n, sizeof *b->cost);
	for (size_t i = 0; i < out * b->n; i++)
		b->cost[i] = (double)(float)lt_rng_normal(&rng);
	b->r = (struct ref){.g = b->g, .n = b->n};
	b->r.w = lt_alloc(b->g->floats, sizeof(double));
	for (size_t i = 0; i < b->g->floats; i++)
		b->r.w[i] = (double)b->m.w[i];
	b->r.a = lt_alloc((size_t)b->g->n, sizeof(double *));
	for (int i = 0; i < b->g->n; i++)
		b->r.a[i] =
			lt_alloc(volume(&b->g->node[i]) * b->n, sizeof(double));
	for (size_t i = 0; i < in * b->n; i++)
		b->r.a[0][i] = (double)(float)(1 + lt_rng_normal(&rng));
}

static void
both_release(struct both *b)
{
	for (int i = 0; i < b->g->n; i++)
		free(b->r.a[i]);
	free(b->r.a);
	free(b->r.w);
	free(b->cost);
	lt_model_release(&b->m);
	lt_mask_release(&b->mask);
	lt_graph_free(b->g);
}

/* [n][v] doubles into [shard][v][16] floats, dead lanes zero. */
static void
shard_out(float *dst, const double *src, size_t v, int n)
{
	for (int i = 0; i < (n + 15) / 16 * 16; i++)
		for (size_t j = 0; j < v; j++)
			dst[((size_t)(i / 16) * v + j) * 16 + i % 16] =
				i < n ? (float)src[i * v + j] : 0;
}

/* The mode of engines that are made next. */
static bool halves; /* tensors in half precision */
static enum lt_compute compute;
static const double *scale;

static struct lt_engine *
engine(struct both *b, int threads, enum lt_path path, const char *kern)
{
	struct lt_err err;
	struct lt_engine_opt opt = {.batch = b->n + 20,
		.threads = threads,
		.path = path,
		.kern = kern,
		.half = halves,
		.compute = compute,
		.scale = scale,
		.seed = REF_SEED};
	struct lt_engine *x = lt_engine_new(&b->m, &opt, &err);

	if (!x)
		return NULL;
	lt_engine_set_mask(x, &b->mask);
	return x;
}

typedef void backward_fn(struct lt_engine *x);

static void
pass_by(struct both *b, struct lt_engine *x, backward_fn *backward)
{
	shard_out(lt_engine_input(x), b->r.a[0], volume(&b->g->node[0]), b->n);
	lt_engine_forward(x, b->n, true, REF_ITERATION);
	shard_out(lt_engine_dlogits(x), b->cost,
		volume(&b->g->node[b->g->output]), b->n);
	backward(x);
}

static void
pass(struct both *b, struct lt_engine *x)
{
	pass_by(b, x, lt_engine_backward);
}

static void
compare_logits(struct both *b, struct lt_engine *x)
{
	size_t v = volume(&b->g->node[b->g->output]);
	const float *got = lt_engine_logits(x);
	double most = 0, off = 0;

	for (int i = 0; i < b->n; i++)
		for (size_t j = 0; j < v; j++) {
			double want = b->r.a[b->g->output][i * v + j];
			double is = (double)
				got[((size_t)(i / 16) * v + j) * 16 + i % 16];
			most = fmax(most, fabs(want));
			off = fmax(off, fabs(want - is));
		}
	if (!CHECK(off <= 1e-5 * most))
		printf("# logits off by %g of %g\n", off, most);
}

static void
compare_stats(struct both *b)
{
	int bns = 0;

	for (int i = 0; i < b->g->n; i++) {
		const struct lt_node *n = &b->g->node[i];
		if (n->op != LT_OP_BN)
			continue;
		CHECK_EQ(b->m.batches[bns++], !n->unused);
		if (n->unused)
			continue;
		for (int which = 0; which < 2; which++) {
			size_t at = b->g->param[n->param[2 + which]].offset;
			for (int c = 0; c < n->c; c++) {
				double want = (1 - (double)n->momentum) *
						      b->r.w[at + c] +
					      (double)n->momentum *
						      ref_stats[which][i][c];
				CHECK(fabs(want - (double)b->m.w[at + c]) <
					1e-5 * (1 + fabs(want)));
			}
		}
	}
}

/* The node that has a parameter; no node before it depends on that. */
static int
owner(const struct lt_graph *g, const struct lt_param *p)
{
	for (int i = 1; i < g->n; i++)
		for (int j = 0; j < 4; j++)
			if (g->node[i].param[j] == (int)(p - g->param))
				return i;
	return 1;
}

/* Parameters p, at most 24 of them, against central differences.  What is lost
 * to float32 is lost relative to the largest gradients around: some here are
 * zero by construction (a batch norm of a batch norm). */
static void
compare_gradient(struct both *b, const float *grad, const struct lt_param *p)
{
	const double h = 1e-6;
	size_t step = p->count / 24 + 1;
	double most = 0, off = 0;
	const struct lt_mask_layer *l = lt_mask_find(&b->mask, p->name);
	int node = owner(b->g, p);

	for (size_t i = 0; i < p->count; i += step) {
		double *w = &b->r.w[p->offset + i], was = *w;
		double is = (double)grad[p->offset + i];
		if (l && !l->keep[i]) {
			CHECK(is == 0);
			continue;
		}
		*w = was + h;
		double up = ref_from(&b->r, b->cost, node);
		*w = was - h;
		double down = ref_from(&b->r, b->cost, node);
		*w = was;
		double want = (up - down) / (2 * h);
		most = fmax(most, fabs(want));
		off = fmax(off, fabs(want - is));
	}
	ref_from(&b->r, b->cost, node);
	for (size_t i = 0; i < b->g->floats; i++)
		most = fmax(most, 0.01 * fabs((double)grad[i]));
	if (!CHECK(off <= 1e-4 * most))
		printf("# %s: %s: off by %g of %g\n", b->g->name, p->name, off,
			most);
}

static int current;
static double current_density;

static void
agrees(void)
{
	struct both b;

	both_init(&b, current, current_density);
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	ref_run(&b.r, b.cost);
	pass(&b, x);
	compare_logits(&b, x);
	compare_stats(&b);
	for (int p = 0; p < b.g->nparam; p++)
		if (b.g->param[p].trainable)
			compare_gradient(&b, lt_engine_grad(x), &b.g->param[p]);
	lt_engine_free(x);
	both_release(&b);
}

/* Gradients of all weights, the masked ones included. */
static float *
whole_gradients(
	struct both *b, int threads, enum lt_path path, const char *kern)
{
	struct lt_engine *x = engine(b, threads, path, kern);
	size_t size = b->g->floats * sizeof(float);

	if (!x)
		return NULL;
	float *was = lt_memdup(b->m.w, size);
	pass_by(b, x, lt_engine_backward_whole);
	float *whole = lt_memdup(lt_engine_grad(x), size);
	/* The next gradients are those of an engine that knows no others. */
	memcpy(b->m.w, was, size); /* running statistics */
	pass(b, x);
	float *next = lt_memdup(lt_engine_grad(x), size);
	lt_engine_free(x);
	memcpy(b->m.w, was, size);
	x = engine(b, threads, path, kern);
	pass(b, x);
	CHECK(!memcmp(next, lt_engine_grad(x), size));
	lt_engine_free(x);
	memcpy(b->m.w, was, size);
	free(was);
	free(next);
	return whole;
}

/* They are those of a network without a mask that has the same weights;
 * agrees() compares these with differences. */
static void
whole(void)
{
	struct both b;

	both_init(&b, current, current_density);
	float *grad = whole_gradients(&b, 2, LT_PATH_AUTO, NULL);
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	lt_engine_set_mask(x, NULL);
	pass(&b, x);
	const float *want = lt_engine_grad(x);
	double most = 0, off = 0;
	size_t masked = 0;
	for (int p = 0; p < b.g->nparam; p++) {
		const struct lt_param *q = &b.g->param[p];
		const struct lt_mask_layer *l = lt_mask_find(&b.mask, q->name);
		for (size_t i = 0; i < q->count; i++) {
			double is = (double)grad[q->offset + i];
			double w = (double)want[q->offset + i];
			most = fmax(most, fabs(w));
			off = fmax(off, fabs(w - is));
			masked += l && !l->keep[i] && is != 0;
		}
	}
	CHECK(masked > 0);
	if (!CHECK(off <= 1e-5 * most))
		printf("# off by %g of %g\n", off, most);
	lt_engine_free(x);
	free(grad);
	both_release(&b);
}

/* Nodes are frozen by pattern: the first half, the second, the even, the odd,
 * and all but the last with parameters. */
#define PATTERNS 5

static bool
is_frozen(int pattern, const struct lt_graph *g, int node)
{
	bool in[PATTERNS] = {node < g->n / 2, node >= g->n / 2, node % 2 == 0,
		node % 2 == 1, node < g->param[g->nparam - 1].node};

	return in[pattern];
}

/* Set running statistics to about those of the batch, so that values behind a
 * frozen batch norm are not far larger than others. */
static void
settle(struct both *b)
{
	ref_run(&b->r, b->cost);
	for (int i = 0; i < b->g->n; i++) {
		const struct lt_node *n = &b->g->node[i];
		for (int c = 0; n->op == LT_OP_BN && c < n->c; c++)
			for (int k = 0; k < 2 && !n->unused; k++) {
				size_t at = (size_t)c +
					    b->g->param[n->param[2 + k]].offset;
				b->m.w[at] = (float)(1.25 * ref_stats[k][i][c]);
				b->r.w[at] = (double)b->m.w[at];
			}
	}
}

/* What is frozen keeps its bytes, and the rest has the gradients of the network
 * in which the frozen batch norms use their running statistics. */
static void
frozen_under(int pattern)
{
	struct both b;
	struct lt_optim sgd = {.momentum = 0.9, .weight_decay = 0.1};
	bool any = false;

	both_init(&b, current, 0.5);
	settle(&b);
	double *by = lt_alloc((size_t)b.g->nparam, sizeof *by);
	bool *still = lt_alloc((size_t)b.g->n, sizeof *still);
	for (int p = 0; p < b.g->nparam; p++) {
		int node = b.g->param[p].node;
		still[node] = is_frozen(pattern, b.g, node);
		by[p] = still[node] ? 0 : 2;
		any |= !still[node] && b.g->param[p].trainable;
	}
	scale = by;
	b.r.still = still;
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	float *was = lt_memdup(b.m.w, b.g->floats * sizeof *was);
	ref_run(&b.r, b.cost);
	pass(&b, x);
	compare_logits(&b, x);
	for (int p = 0; any && p < b.g->nparam; p++)
		if (b.g->param[p].trainable && by[p] > 0)
			compare_gradient(&b, lt_engine_grad(x), &b.g->param[p]);
	lt_optim_step(&sgd, x, 0.01, 1);
	for (int p = 0; p < b.g->nparam; p++) {
		const struct lt_param *q = &b.g->param[p];
		bool same = !memcmp(was + q->offset, b.m.w + q->offset,
			q->count * sizeof *was);
		CHECK(same == (by[p] == 0 || b.g->node[q->node].unused));
	}
	for (int i = 0, bn = 0; i < b.g->n; i++)
		if (b.g->node[i].op == LT_OP_BN)
			CHECK_EQ(b.m.batches[bn++],
				!still[i] && !b.g->node[i].unused);
	lt_engine_free(x);
	both_release(&b);
	scale = NULL;
	free(was);
	free(by);
	free(still);
}

static void
frozen(void)
{
	for (int i = 0; i < PATTERNS; i++)
		frozen_under(i);
}

/* Three steps; the weights that come out. */
static float *
steps(double density, int threads, enum lt_path path, const char *kern)
{
	struct both b;
	struct lt_optim sgd = {.momentum = 0.9, .weight_decay = 1e-4};

	both_init(&b, current, density);
	struct lt_engine *x = engine(&b, threads, path, kern);
	if (!x) {
		both_release(&b);
		return NULL;
	}
	for (int i = 0; i < 3; i++) {
		pass(&b, x);
		lt_optim_step(&sgd, x, 0.01, 1);
	}
	float *w = lt_memdup(b.m.w, b.g->floats * sizeof(float));
	for (size_t i = 0; i < b.g->floats; i++)
		CHECK(isfinite(w[i]));
	lt_engine_free(x);
	both_release(&b);
	return w;
}

static const struct {
	int threads;
	const char *kern;
	enum lt_path path;
} ways[] = {
	{1, "ref", LT_PATH_SPARSE},
	{2, "ref", LT_PATH_AUTO},
	{1, "v3", LT_PATH_DENSE},
	{3, "v3", LT_PATH_SPARSE},
	{1, "v4", LT_PATH_DENSE},
	{2, "v4", LT_PATH_AUTO},
	{7, "v4", LT_PATH_SPARSE},
	{3, "v4", LT_PATH_DENSE},
	{1, "neon", LT_PATH_DENSE},
	{2, "neon", LT_PATH_AUTO},
	{3, "neon", LT_PATH_SPARSE},
	{1, "tiles", LT_PATH_DENSE},
	{3, "tiles", LT_PATH_AUTO},
	{2, "amx", LT_PATH_DENSE},
};

static void
same_bits(void)
{
	struct lt_err err;
	struct lt_graph *g = lt_graph_parse(nets[current].text, "test", &err);
	float *want = steps(current_density, 1, LT_PATH_DENSE, "ref");

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (halves && !strcmp(ways[i].kern, "ref"))
			continue; /* slow, and here already */
		if (compute == LT_COMPUTE_F32 &&
			(!strcmp(ways[i].kern, "tiles") ||
				!strcmp(ways[i].kern, "amx")))
			continue; /* they compute bf16 alone */
		float *w = steps(current_density, ways[i].threads, ways[i].path,
			ways[i].kern);
		if (!w) /* not on this processor */
			continue;
		if (!CHECK(!memcmp(w, want, g->floats * sizeof *w)))
			printf("# threads %d kernels %s path %d\n",
				ways[i].threads, ways[i].kern,
				(int)ways[i].path);
		free(w);
	}
	free(want);
	lt_graph_free(g);
}

/* The bits of gradients of all weights. */
static void
same_whole(void)
{
	struct both b;

	both_init(&b, current, current_density);
	size_t size = b.g->floats * sizeof(float);
	float *want = whole_gradients(&b, 1, LT_PATH_DENSE, "ref");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		bool tiles = !strcmp(ways[i].kern, "tiles") ||
			     !strcmp(ways[i].kern, "amx");
		float *got = tiles && compute == LT_COMPUTE_F32
				     ? NULL
				     : whole_gradients(&b, ways[i].threads,
					       ways[i].path, ways[i].kern);
		if (got && !CHECK(!memcmp(got, want, size)))
			printf("# threads %d kernels %s path %d\n",
				ways[i].threads, ways[i].kern,
				(int)ways[i].path);
		free(got);
	}
	free(want);
	both_release(&b);
}

static void
same_whole_of_all(void)
{
	same_whole();
	compute = LT_COMPUTE_BF16;
	same_whole();
	compute = LT_COMPUTE_F32;
}

static void
same_bits_of_halves(void)
{
	halves = true;
	same_bits();
	halves = false;
}

static void
same_bits_of_bf16(void)
{
	compute = LT_COMPUTE_BF16;
	same_bits();
	compute = LT_COMPUTE_F32;
}

/* Change everything that a pass reads by up to so much of it. */
static void
shake(struct both *b, double much, uint64_t draw)
{
	size_t in = volume(&b->g->node[0]) * (size_t)b->n;
	struct lt_rng rng;

	lt_rng_init(&rng, REF_SEED, LT_STREAM_TEST, 1000, draw);
	for (size_t i = 0; i < b->g->floats; i++)
		b->m.w[i] *= (float)(1 + much * (2 * lt_rng_f64(&rng) - 1));
	for (size_t i = 0; i < in; i++)
		b->r.a[0][i] *= 1 + much * (2 * lt_rng_f64(&rng) - 1);
}

/* Gradients of one pass, after a shake. */
static float *
gradients(size_t *n, double much, uint64_t draw)
{
	struct both b;

	both_init(&b, current, current_density);
	shake(&b, much, draw);
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	pass(&b, x);
	*n = b.g->floats;
	float *g = lt_memdup(lt_engine_grad(x), *n * sizeof *g);
	lt_engine_free(x);
	both_release(&b);
	return g;
}

/* Rounding to eleven bits at every store, some tens of them one after the
 * other, leaves gradients of a few correct digits, not of another size. */
static void
halves_are_near(void)
{
	size_t n;
	float *a = gradients(&n, 0, 0);
	halves = true;
	float *b = gradients(&n, 0, 0);
	halves = false;
	double far = 0, size = 0;

	for (size_t i = 0; i < n; i++) {
		double d = (double)a[i] - (double)b[i];
		far += d * d;
		size += (double)a[i] * (double)a[i];
	}
	if (!CHECK(sqrt(far / size) < 0.03) || !CHECK(far > 0))
		printf("# apart by %g of the gradient\n", sqrt(far / size));
	free(a);
	free(b);
}

#define SHAKES 3

/* The root of the mean square of a parameter's difference. */
static double
apart(const float *a, const float *b, const struct lt_param *p)
{
	double sum = 0;

	for (size_t i = p->offset; i < p->offset + p->count; i++)
		sum += ((double)a[i] - (double)b[i]) *
		       ((double)a[i] - (double)b[i]);
	return sqrt(sum / (double)p->count);
}

/* bf16 rounds by up to 2^-9 of a value.  A pass rounds what it reads and then
 * two or three values and gradients a node, of some twenty nodes: about sixty
 * steps, which add up to eight of them, as those of a random walk do.  So a
 * gradient is as far from float32's as a shake of 2^-6 of what a pass reads can
 * move it, which has the same relus and maxima near their edges.  Where a shake
 * cancels, as before a batch norm, there are such steps of the largest
 * gradient.
 */
static void
bf16_is_near(void)
{
	struct lt_err err;
	struct lt_graph *g = lt_graph_parse(nets[current].text, "test", &err);
	size_t n;
	float *a = gradients(&n, 0, 0), *shaken[SHAKES];
	double most = 0;

	compute = LT_COMPUTE_BF16;
	float *b = gradients(&n, 0, 0);
	compute = LT_COMPUTE_F32;
	for (uint64_t i = 0; i < SHAKES; i++)
		shaken[i] = gradients(&n, 0x1p-6, i);
	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs((double)a[i]));
	for (int i = 0; i < g->nparam; i++) {
		double far = apart(a, b, &g->param[i]), step = 0;
		for (int j = 0; j < SHAKES; j++)
			step = fmax(step, apart(a, shaken[j], &g->param[i]));
		if (!CHECK(far <= step + 0x1p-6 * most))
			printf("# %s: apart by %g, shaken by %g of %g\n",
				g->param[i].name, far, step, most);
	}
	for (int i = 0; i < SHAKES; i++)
		free(shaken[i]);
	free(a);
	free(b);
	lt_graph_free(g);
}

/* Where running statistics are the batch's, an evaluation, whose batch norms
 * are folded into the weights, gives what training gave. */
static void
folding(void)
{
	struct both b;

	both_init(&b, current, current_density);
	struct lt_graph *g = b.g;
	for (int i = 0; i < g->n; i++) {
		g->node[i].momentum = 1;
		g->node[i].rate = 0;
	}
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	size_t n = (size_t)(b.n + 15) / 16 * 16 * volume(&g->node[g->output]);
	pass(&b, x);
	float *want = lt_memdup(lt_engine_logits(x), n * sizeof *want);
	for (int i = 0; i < g->n; i++) {
		const struct lt_node *o = &g->node[i];
		double count = (double)b.n * o->h * o->w;
		if (o->op != LT_OP_BN || o->unused)
			continue;
		float *var = b.m.w + g->param[o->param[3]].offset;
		for (int c = 0; c < o->c; c++)
			var[c] = (float)((double)var[c] * (count - 1) / count);
	}
	lt_engine_forward(x, b.n, false, 0);
	double most = 0, far = 0;
	for (size_t i = 0; i < n; i++) {
		double d =
			fabs((double)lt_engine_logits(x)[i] - (double)want[i]);
		far = d > far ? d : far;
		most = fabs((double)want[i]) > most ? fabs((double)want[i])
						    : most;
	}
	if (!CHECK(far <= 1e-5 * most))
		printf("# apart by %g of %g\n", far, most);
	free(want);
	lt_engine_free(x);
	both_release(&b);
}

/* Evaluation alone reuses its memory and must give the training engine's
 * logits. */
static void
evaluates(void)
{
	struct both b;
	struct lt_err err;
	struct lt_engine_opt opt = {.batch = 40, .eval_only = true};

	both_init(&b, current, current_density);
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	struct lt_engine *y = lt_engine_new(&b.m, &opt, &err);
	size_t v = volume(&b.g->node[0]);
	lt_engine_set_mask(y, &b.mask);
	shard_out(lt_engine_input(x), b.r.a[0], v, b.n);
	shard_out(lt_engine_input(y), b.r.a[0], v, b.n);
	lt_engine_forward(x, b.n, false, 0);
	lt_engine_forward(y, b.n, false, 0);
	CHECK(!memcmp(lt_engine_logits(x), lt_engine_logits(y),
		(size_t)(b.n + 15) / 16 * 16 * sizeof(float) *
			volume(&b.g->node[b.g->output])));
	lt_engine_free(x);
	lt_engine_free(y);
	both_release(&b);
}

/* The gradients of all weights cost those of the masked ones more. */
static void
whole_costs(struct both *b, struct lt_engine *x, uint64_t masked)
{
	uint64_t before = lt_engine_macs(x);

	pass_by(b, x, lt_engine_backward_whole);
	for (int i = 0; i < b->g->n; i++) {
		const struct lt_node *n = &b->g->node[i];
		const struct lt_mask_layer *l =
			n->unused || (n->op != LT_OP_CONV &&
					     n->op != LT_OP_LINEAR)
				? NULL
				: lt_mask_find(&b->mask,
					  b->g->param[n->param[0]].name);
		if (l) /* a weight serves each pixel of its output */
			masked += (uint64_t)b->n * (uint64_t)n->h *
				  (uint64_t)n->w *
				  (l->count - lt_mask_layer_kept(l));
	}
	CHECK_EQ(lt_engine_macs(x) - before, masked);
}

/* Costs add up to the engine's count, and are there only when asked for. */
static void
costs(void)
{
	struct both b;
	uint64_t macs = 0;

	both_init(&b, current, current_density);
	struct lt_engine *x = engine(&b, 2, LT_PATH_AUTO, NULL);
	pass(&b, x);
	CHECK_EQ(lt_engine_cost(x, LT_COST_FORWARD, 1).calls, 0);
	lt_engine_profile(x, true);
	uint64_t before = lt_engine_macs(x);
	pass(&b, x);
	pass(&b, x);
	for (int i = 0; i < b.g->n; i++) {
		struct lt_cost f = lt_engine_cost(x, LT_COST_FORWARD, i);
		struct lt_cost r = lt_engine_cost(x, LT_COST_BACKWARD, i);
		CHECK_EQ(f.calls, b.g->node[i].unused ? 0 : 2);
		CHECK(f.seconds >= 0 && r.seconds >= 0 && r.calls % 2 == 0);
		CHECK(r.macs == 2 * f.macs || r.macs == f.macs);
		macs += f.macs + r.macs;
	}
	CHECK_EQ(macs, lt_engine_macs(x) - before);
	CHECK_EQ(lt_engine_cost(x, LT_COST_REFRESH, 0).calls, 2);
	CHECK_EQ(lt_engine_cost(x, LT_COST_UPDATE, 0).calls, 0);
	whole_costs(&b, x, macs / 2);
	lt_engine_profile(x, false);
	CHECK_EQ(lt_engine_cost(x, LT_COST_FORWARD, 1).calls, 0);
	lt_engine_free(x);
	both_release(&b);
}

/* Of 16 images, worked out by hand from the bytes of the image (i), of what the
 * convolution (c) and the linear layer (f) store: forward i + c + c + f,
 * backward f + c + c (the linear layer reads its gradient and c, and writes c's
 * gradient) and c + i (the convolution needs no gradient of the image). */
static void
traffic(void)
{
	static const char text[] =
		"net t\ninput 2 4 4\nc = conv input 3 k3 p1\n"
		"f = linear c 2\noutput f\n";
	static const uint64_t cell[] = {4, 2};
	struct lt_err err;
	struct lt_graph *g = lt_graph_parse(text, "test", &err);
	struct lt_model m;

	lt_model_init(&m, g);
	for (int i = 0; i < 2; i++) {
		struct lt_engine_opt opt = {
			.batch = 16, .compute = (enum lt_compute)i};
		struct lt_engine *x = lt_engine_new(&m, &opt, &err);
		uint64_t in = 2 * 16 * 16 * cell[i], c = 3 * 16 * 16 * cell[i];
		uint64_t f = 2 * 16 * 4; /* of one pixel: float32 */
		lt_engine_forward(x, 16, false, 0);
		CHECK_EQ(lt_engine_traffic(x), in + 2 * c + f);
		lt_engine_forward(x, 16, true, 0);
		CHECK_EQ(lt_engine_traffic(x), 2 * in + 5 * c + 2 * f);
		lt_engine_free(x);
	}
	lt_model_release(&m);
	lt_graph_free(g);
}

int
main(void)
{
	static const double density[] = {1, 0.3, 0.02};
	/* With LT_QUICK one density of each path. */
	int densities = getenv("LT_QUICK") ? 2 : 3;
	char title[200];

	TEST(traffic, "the memory floor of a step is that of its tensors");
	for (current = 0; current < NETS; current++)
		for (int d = 0; d < densities; d++) {
			current_density = density[d];
			const char *what = nets[current].what;
			snprintf(title, sizeof title,
				"%s, density %g: gradients are those of "
				"central differences",
				what, density[d]);
			TEST(agrees, title);
			snprintf(title, sizeof title,
				"%s, density %g: the same bits for threads, "
				"kernels, paths",
				what, density[d]);
			TEST(same_bits, title);
			snprintf(title, sizeof title,
				"%s, density %g: gradients in bf16 are those "
				"of float32 as far as rounding allows",
				what, density[d]);
			TEST(bf16_is_near, title);
			snprintf(title, sizeof title,
				"%s, density %g: bf16 has one set of bits",
				what, density[d]);
			TEST(same_bits_of_bf16, title);
			if (d == 1) {
				snprintf(title, sizeof title,
					"%s, density %g: ... in half precision",
					what, density[d]);
				TEST(same_bits_of_halves, title);
				snprintf(title, sizeof title,
					"%s, density %g: half precision is "
					"near",
					what, density[d]);
				TEST(halves_are_near, title);
				snprintf(title, sizeof title,
					"%s: masked weights get gradients, if "
					"they are wanted",
					what);
				TEST(whole, title);
				snprintf(title, sizeof title,
					"%s: ... of one set of bits", what);
				TEST(same_whole_of_all, title);
				snprintf(title, sizeof title,
					"%s: frozen layers change nothing, and "
					"the others have their gradients",
					what);
				TEST(frozen, title);
			}
			snprintf(title, sizeof title,
				"%s, density %g: folding changes little", what,
				density[d]);
			TEST(folding, title);
			snprintf(title, sizeof title,
				"%s, density %g: evaluation alone agrees", what,
				density[d]);
			TEST(evaluates, title);
			snprintf(title, sizeof title,
				"%s, density %g: its costs are counted", what,
				density[d]);
			TEST(costs, title);
		}
	return tap_done();
}
