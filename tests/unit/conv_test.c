/* Convolutions of random shape through the engine alone (engine/engine.h):
 * against the plain computation of plain.h in double precision, and kernels,
 * threads and code paths against each other, bit by bit.
 *
 *	[LT_KERN=KERNELS] conv_test [SEED [COUNT]]
 *
 * runs the cases of these seeds, by those kernels alone; without, 0 to 199, in
 * which every number of channels from 1 to 67, of columns and of images from 1
 * to 33 has its turn.
 *
 * A seed's shapes make two networks.  In the exact one all numbers are small
 * integers and all sums of absolute values below 2^24: there float32 rounds
 * nothing in any order (nor does Winograd's F(2x2,3x3), which only halves), and
 * results must be equal.  The other has batch norms and real numbers, and is
 * held to TOLERANCE; there each beta puts the ReLU's zero into the widest gap
 * between values, so that rounding decides no sign.  Of activations in half
 * precision only the bits are compared. */
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "engine/engine.h"
#include "run/optimizer.h"
#include "plain.h"
#include "tap.h"

#define CHANNELS 67
#define PLANE 33
#define IMAGES 33
#define CASES (2 * CHANNELS + PLANE + IMAGES)
#define COST 1e6 /* multiply-adds of a forward pass, at most */
#define CLASSES 3
/* Difference allowed, as a part of what a sum is made of: the root of its
 * terms' squares times that of their number.  Float32 rounds by 6e-8. */
#define TOLERANCE 3e-5

static uint64_t seed;
static struct lt_rng rng;

static int
below(int n)
{
	return (int)lt_rng_below(&rng, (uint64_t)n);
}

/* From 1 to most, small ones more often. */
static int
upto(int most)
{
	return 1 + below(1 + below(most));
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* ---- shapes ------------------------------------------------------------- */

/* The convolution looked at, and (k1 ...) the one that makes its input. */
struct shape {
	int n, g, cg, og; /* images, groups, channels of a group */
	int h, w, k, s, p, d;
	int c1, h1, w1, k1, s1, p1;
};

/* Rows that the taps of the convolution looked at reach over. */
static int
span(const struct shape *z)
{
	return (z->k - 1) * z->d + 1;
}

static double
cost(const struct shape *z)
{
	double first = (double)z->h * z->w * z->c1 * z->k1 * z->k1;
	double px = (double)((z->h + 2 * z->p - span(z)) / z->s + 1) *
		    ((z->w + 2 * z->p - span(z)) / z->s + 1);

	return z->n * (double)(z->g * z->cg) *
	       (px * z->og * z->k * z->k + first);
}

static int
divisor(int n)
{
	int d, kind = below(4);

	if (kind < 2)
		return kind ? n : 1;
	do
		d = 1 + below(n);
	while (n % d);
	return d;
}

/* Sizes as they come; the one that has its turn in this seed. */
static int *
draw(struct shape *z)
{
	int turn = (int)(seed % CASES);

	*z = (struct shape){.n = upto(17), .h = upto(PLANE), .w = upto(PLANE)};
	z->g = divisor(upto(CHANNELS));
	z->cg = z->og = 0;
	if (turn < 2 * CHANNELS) {
		int *held = turn < CHANNELS ? &z->cg : &z->og;
		int channels = 1 + turn % CHANNELS;
		z->g = divisor(channels);
		z->cg = z->og = upto(CHANNELS / z->g);
		*held = channels / z->g;
		return held;
	}
	z->cg = upto(CHANNELS / z->g);
	z->og = upto(CHANNELS / z->g);
	turn -= 2 * CHANNELS;
	int *held = turn < PLANE ? &z->w : &z->n;
	*held = 1 + turn % PLANE;
	return held;
}

/* What is not held gives way until the case is cheap. */
static void
fit(struct shape *z, const int *held)
{
	int *give[] = {
		&z->n, &z->h, &z->w, &z->n, &z->h, &z->w, &z->cg, &z->og};

	z->k = 1 + 2 * below(4);
	z->s = 1 + below(2);
	z->d = below(3) ? 1 : 1 + below(4);
	z->p = below(span(z) / 2 + 2);
	for (;;) {
		int need = (span(z) - least(z->h, z->w) + 1) / 2;
		if (z->p < need)
			z->p = need;
		if (cost(z) <= COST)
			return;
		int *v = give[below(8)];
		if (v != held)
			*v = (*v + 1) / 2;
	}
}

static void
shape_init(struct shape *z)
{
	int *held = draw(z);

	z->c1 = 1 + below(3);
	z->k1 = 1 + 2 * below(2);
	fit(z, held);
	z->s1 = 1 + below(2);
	z->p1 = below(z->k1 / 2 + 2);
	/* An input that gives h x w, with up to s1 - 1 that no tap reaches. */
	int over = (least(z->h, z->w) - 1) * z->s1 + z->k1 - 1;
	z->p1 = least(z->p1, over / 2);
	z->h1 = (z->h - 1) * z->s1 + z->k1 - 2 * z->p1 + below(z->s1);
	z->w1 = (z->w - 1) * z->s1 + z->k1 - 2 * z->p1 + below(z->s1);
}

/* Two convolutions and a linear layer; batch norms and an average, or not. */
static void
net_text(char *t, const struct shape *z, bool exact)
{
	const char *top = "a";

	t += sprintf(t, "net t\ninput %d %d %d\n", z->c1, z->h1, z->w1);
	t += sprintf(t, "a = conv input %d k%d s%d p%d%s\n", z->g * z->cg,
		z->k1, z->s1, z->p1, below(2) ? " bias" : "");
	if (!exact)
		t += sprintf(t, "n = bn %s\n", top), top = "n";
	if (below(4))
		t += sprintf(t, "r = relu %s\n", top), top = "r";
	t += sprintf(t, "b = conv %s %d k%d s%d p%d g%d d%d%s\n", top,
		z->g * z->og, z->k, z->s, z->p, z->g, z->d,
		below(2) ? " bias" : "");
	top = "b";
	if (!exact)
		t += sprintf(t, "m = bn %s\n", top), top = "m";
	if (below(2))
		t += sprintf(t, "q = relu %s\n", top), top = "q";
	if (!exact)
		t += sprintf(t, "o = gap %s\n", top), top = "o";
	sprintf(t, "f = linear %s %d bias\noutput f\n", top, CLASSES);
}

/* ---- one case ----------------------------------------------------------- */

struct trial {
	bool exact, half, bf16, masked;
	bool whole; /* no layer is without a mask */
	struct shape z;
	struct lt_graph *g;
	struct lt_model m;
	struct lt_mask mask;
	struct plain p;
	size_t logits; /* images * classes */
};

static double
weight(const struct trial *t, const struct lt_param *q)
{
	size_t fan = q->count / (size_t)q->shape[0];
	double r = lt_rng_normal(&rng);

	if (!t->exact && q->role == LT_ROLE_WEIGHT)
		return r / sqrt((double)fan);
	if (!t->exact && q->role == LT_ROLE_BN_GAMMA)
		return r + (r < 0 ? -0.3 : 0.3);
	if (!t->exact)
		return q->role == LT_ROLE_BN_VAR ? 0.5 + fabs(r) : r;
	if (q->role == LT_ROLE_BIAS)
		return below(5) - 2;
	/* Most of a linear layer's many weights are 0, so that sums stay small.
	 */
	if (q->ndim == 2 && below((int)fan) >= 1024)
		return 0;
	return 2 * below(2) - 1;
}

static void
trial_mask(struct trial *t)
{
	static const double densities[] = {1, 0.6, 0.3, 0.1, 0.02, 0};

	t->masked = t->whole = below(4);
	for (int i = 0; t->masked && i < t->g->nparam; i++) {
		const struct lt_param *q = &t->g->param[i];
		double density = densities[below(6)];
		if (!q->prunable)
			continue;
		if (!below(9)) {
			t->whole = false;
			continue;
		}
		struct lt_mask_layer *l =
			lt_mask_add(&t->mask, q->name, q->ndim, q->shape);
		for (size_t j = 0; j < q->count; j++)
			l->keep[j] = lt_rng_f64(&rng) < density;
	}
	if (t->masked)
		lt_model_apply_mask(&t->m, &t->mask);
}

static void
trial_run(struct trial *t)
{
	struct plain *p = &t->p;
	double *x = p->a[0], *dy = p->da[t->g->n - 1];

	for (size_t i = 0; i < t->z.n * volume(&t->g->node[0]); i++)
		x[i] = t->exact ? below(5) - 2
				: (double)(float)lt_rng_normal(&rng);
	for (size_t i = 0; i < t->logits; i++)
		dy[i] = t->exact ? below(3) - 1
				 : (double)(float)lt_rng_normal(&rng);
	plain_forward(p);
	plain_backward(p);
	for (size_t i = 0; i < t->g->floats; i++)
		t->m.w[i] = (float)p->w[i];
}

static void
trial_init(struct trial *t, bool exact)
{
	struct lt_err err;
	char text[1000];

	*t = (struct trial){.exact = exact};
	lt_rng_init(&rng, seed, LT_STREAM_TEST, 0, 0);
	shape_init(&t->z);
	net_text(text, &t->z, exact);
	t->g = lt_graph_parse(text, "conv_test", &err);
	if (!t->g) {
		printf("%sBail out! seed %llu: %s\n", text,
			(unsigned long long)seed, err.msg);
		exit(1);
	}
	t->logits = (size_t)(t->z.n * CLASSES);
	lt_model_init(&t->m, t->g);
	for (int i = 0; i < t->g->nparam; i++)
		for (size_t j = 0; j < t->g->param[i].count; j++)
			t->m.w[t->g->param[i].offset + j] =
				(float)weight(t, &t->g->param[i]);
	trial_mask(t);
	plain_init(&t->p, t->g, t->z.n, t->m.w);
	trial_run(t);
}

static void
trial_release(struct trial *t)
{
	plain_release(&t->p);
	lt_model_release(&t->m);
	lt_mask_release(&t->mask);
	lt_graph_free(t->g);
}

/* ---- the engine --------------------------------------------------------- */

struct way {
	const char *kern;
	int threads;
	enum lt_path path;
};

/* [image][value] into [shard][value][16], dead lanes 0; or back. */
static void
lanes(float *shards, double *images, size_t v, int n, bool back)
{
	for (int i = 0; i < (n + 15) / 16 * 16; i++)
		for (size_t j = 0; j < v; j++) {
			float *at = &shards[((size_t)(i / 16) * v + j) * 16 +
					    i % 16];
			if (!back)
				*at = i < n ? (float)images[i * v + j] : 0;
			else if (i < n)
				images[i * v + j] = (double)*at;
		}
}

static void
forward(const struct trial *t, struct lt_engine *x, bool train, double *logits)
{
	if (t->masked)
		lt_engine_set_mask(x, &t->mask);
	lanes(lt_engine_input(x), t->p.a[0], volume(&t->g->node[0]), t->z.n,
		false);
	lt_engine_forward(x, t->z.n, train, 1);
	lanes((float *)lt_engine_logits(x), logits, CLASSES, t->z.n, true);
}

/* Logits of evaluation and of training, gradients, and all parameters and
 * statistics after a step; NULL where the processor lacks the kernels. */
static double *
engine(const struct trial *t, const struct way *way)
{
	struct lt_err err;
	struct lt_model m;
	struct lt_engine_opt opt = {.batch = t->z.n + below(40),
		.threads = way->threads,
		.half = t->half,
		.compute = t->bf16 ? LT_COMPUTE_BF16 : LT_COMPUTE_F32,
		.path = way->path,
		.eval_only = true,
		.kern = getenv("LT_KERN") ? NULL : way->kern};
	struct lt_optim sgd = {.momentum = 0.5};
	size_t floats = t->g->floats;
	double *out = lt_alloc(2 * (t->logits + floats), sizeof *out);
	double *grad = out + 2 * t->logits;

	lt_model_init(&m, t->g);
	lt_model_copy(&m, &t->m);
	struct lt_engine *y = lt_engine_new(&m, &opt, &err);
	opt.eval_only = false;
	struct lt_engine *x = lt_engine_new(&m, &opt, &err);
	if (x && y) {
		forward(t, y, false, out);
		forward(t, x, true, out + t->logits);
		lanes(lt_engine_dlogits(x), t->p.da[t->g->n - 1], CLASSES,
			t->z.n, false);
		lt_engine_backward(x);
		for (size_t i = 0; i < floats; i++)
			grad[i] = (double)lt_engine_grad(x)[i];
		lt_optim_step(&sgd, x, 0.125, 1);
		for (size_t i = 0; i < floats; i++)
			grad[floats + i] = (double)m.w[i];
	} else {
		free(out);
		out = NULL;
	}
	lt_engine_free(x);
	lt_engine_free(y);
	lt_model_release(&m);
	return out;
}

static void
complain(const struct trial *t, const struct way *way, const char *what)
{
	printf("# conv_test %llu: %s: %s, kernels %s, threads %d, path %d\n",
		(unsigned long long)seed,
		t->exact  ? "exact"
		: t->half ? "half"
		: t->bf16 ? "bf16"
			  : "real",
		what, way->kern ? way->kern : "default", way->threads,
		(int)way->path);
	for (const char *s = t->g->text; *s; s++)
		printf("%s%c", s == t->g->text || s[-1] == '\n' ? "#   " : "",
			*s);
	printf("#   %d images, mask:", t->z.n);
	for (size_t i = 0; i < t->mask.n; i++)
		printf(" %s", t->mask.layer[i].name);
	printf("\n");
}

/* Is got within scale * TOLERANCE of want?  Masked weights have no gradient. */
static bool
close_to(const struct trial *t, const char *name, const double *got,
	const double *want, size_t n, double scale)
{
	const struct lt_mask_layer *l = lt_mask_find(&t->mask, name);

	for (size_t i = 0; i < n; i++) {
		double is = l && !l->keep[i] ? 0 : want[i];
		double off = fabs(got[i] - is);
		if (off <= (t->exact || (l && !l->keep[i]) ? 0
							   : scale * TOLERANCE))
			continue;
		printf("# %s[%zu] is %.9g, not %.9g: off by %g of %g\n", name,
			i, got[i], is, off, scale);
		return false;
	}
	return true;
}

/* One parameter of node i; e: see passed(). */
static bool
gradient(const struct trial *t, const double *got, int i, int which, double e)
{
	const struct lt_node *n = &t->g->node[i];
	const struct lt_param *q = &t->g->param[n->param[which]];
	const struct plain *p = &t->p;
	double scale = e * sqrt((double)p->n * n->h * n->w);

	if (!q->trainable)
		return true;
	if (q->role == LT_ROLE_WEIGHT)
		scale = e * reach(p, i);
	return close_to(t, q->name, got + q->offset, p->dw + q->offset,
		q->count, scale * cancellation(p));
}

/* Of the batch norm in node i, after the pass; got: all parameters. */
static bool
statistics(const struct trial *t, const double *got, int i)
{
	const struct lt_node *n = &t->g->node[i];
	const struct plain *p = &t->p;
	size_t mean = offset(p, i, 2), var = offset(p, i, 3);
	double count = (double)p->n * n->h * n->w, m = (double)n->momentum;
	double rest = 1 - m, grow = count > 1 ? count / (count - 1) : 1;
	bool ok = true;

	for (int c = 0; c < n->c; c++) {
		double at = p->mean[offset(p, i, 0) + c];
		double v = pow(p->inv[offset(p, i, 0) + c], -2);
		double want[] = {rest * p->w[mean + c] + m * at,
			rest * p->w[var + c] + m * grow * (v - (double)n->eps)};
		ok = close_to(t, "mean", got + mean + c, want, 1,
			     1 + fabs(at)) &&
		     close_to(t, "variance", got + var + c, want + 1, 1,
			     cancellation(p) * (v + p->w[var + c])) &&
		     ok;
	}
	return ok;
}

static bool
agrees(const struct trial *t, const double *got)
{
	const struct plain *p = &t->p;
	int last = t->g->n - 1;
	size_t fan = volume(&t->g->node[last - 1]);
	double w = norm_of(p->w + offset(p, last, 0), 1, CLASSES, fan, 2);
	double scale = cancellation(p) * (w * reach(p, last) + 1);
	bool ok = close_to(
		t, "logits", got + t->logits, p->a[last], t->logits, scale);
	double e = norm_of(p->da[last], p->n, CLASSES, 1, 2);

	/* An evaluation knows other statistics. */
	if (t->exact &&
		!close_to(t, "evaluation", got, p->a[last], t->logits, 0))
		ok = false;
	got += 2 * t->logits;
	for (int i = last; i > 0; e = passed(p, i, e), i--) {
		if (t->g->node[i].op == LT_OP_BN &&
			!statistics(t, got + t->g->floats, i))
			ok = false;
		for (int j = 0; j < 4; j++)
			if (t->g->node[i].param[j] >= 0 &&
				!gradient(t, got, i, j, e))
				ok = false;
	}
	return ok;
}

/* Every way, each against the plain computation; the bits of those that run
 * through one code path, or where all layers have a mask through any. */
static bool
holds(const struct trial *t)
{
	static const struct way ways[] = {{"ref", 1, LT_PATH_AUTO},
		{"v3", 3, LT_PATH_AUTO}, {"v4", 1, LT_PATH_AUTO},
		{"neon", 1, LT_PATH_AUTO}, {"ref", 3, LT_PATH_SPARSE},
		{"v3", 1, LT_PATH_SPARSE}, {"v4", 3, LT_PATH_SPARSE},
		{"neon", 3, LT_PATH_SPARSE}, {"v3", 1, LT_PATH_DENSE},
		{"v4", 3, LT_PATH_DENSE}, {"neon", 3, LT_PATH_DENSE},
		{"tiles", 3, LT_PATH_DENSE}, {"tiles", 1, LT_PATH_AUTO},
		{"amx", 3, LT_PATH_DENSE}};
	const int n = sizeof ways / sizeof *ways;
	const int plain = n - 3; /* the last compute bf16 alone otherwise */
	size_t bytes = 2 * (t->logits + t->g->floats) * sizeof(double);
	double *first = NULL;
	bool ok = true;

	for (int i = 0; i < (t->bf16 ? n : plain) && ok; i++) {
		bool same = t->whole || t->bf16 ||
			    (i && ways[i].path == ways[i - 1].path);
		double *got = engine(t, &ways[i]);
		if (!got)
			continue;
		if (first && same && memcmp(first, got, bytes)) {
			complain(t, &ways[i], "other bits");
			ok = false;
		}
		if ((!first || !same) && !t->half && !t->bf16 &&
			!agrees(t, got)) {
			complain(t, &ways[i], "off the plain computation");
			ok = false;
		}
		if (!first || !same) {
			free(first);
			first = got;
		} else {
			free(got);
		}
	}
	free(first);
	return ok;
}

static uint64_t from, count;

static void
sweep(bool exact, bool half, bool bf16)
{
	int step = count < 9		? 1
		   : getenv("LT_QUICK") ? 9
		   : half || bf16	? 2
					: 1;

	for (seed = from; seed < from + count; seed += (uint64_t)step) {
		struct trial t;
		double most = 0;
		trial_init(&t, exact);
		t.half = half;
		t.bf16 = bf16;
		for (int i = 1; exact && i < t.g->n; i++)
			most = fmax(most, bound(&t.p, i));
		CHECK(most < 0x1p24);
		CHECK(holds(&t));
		trial_release(&t);
	}
}

static void
integers(void)
{
	sweep(true, false, false);
}

static void
reals(void)
{
	sweep(false, false, false);
}

static void
halves(void)
{
	sweep(false, true, false);
}

static void
bf16(void)
{
	sweep(false, false, true);
}

static void
all(uint64_t first, uint64_t n, const char *what)
{
	static void (*const kind[])(void) = {integers, reals, halves, bf16};
	static const char *const title[] = {
		"integers are exact, all ways the same",
		"real numbers are near, all ways the same",
		"in half precision all ways are the same",
		"in bf16 all ways are the same"};
	char text[200];

	from = first;
	count = n;
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof text, "%s: %s", what, title[i]);
		TEST(kind[i], text);
	}
}

int
main(int argc, char **argv)
{
	if (argc > 1) {
		all(strtoull(argv[1], NULL, 10),
			argc > 2 ? strtoull(argv[2], NULL, 10) : 1,
			"seeds given");
		return tap_done();
	}
	all(0, CHANNELS, "1 to 67 input channels");
	all(CHANNELS, CHANNELS, "1 to 67 output channels");
	all(2 * CHANNELS, PLANE, "1 to 33 columns");
	all(2 * CHANNELS + PLANE, IMAGES, "1 to 33 images");
	return tap_done();
}
