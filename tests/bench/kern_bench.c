/* Speed of the kernels, one thread: GFLOP/s of each layer shape and density,
 * and its share of the FMA ceiling measured around it in the same run.
 *
 *	kern_bench [-v v3|v4|ref] [-t seconds a figure] [NAME-PART]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/mem.h"
#include "kern/kern.h"

struct shape {
	const char *name;
	int c, o, hw, k, stride, rows; /* hw: output plane, rows: of a strip */
};

static const struct shape shapes[] = {
	{"demo.stem", 1, 16, 14, 3, 2, 14},
	{"demo.16", 16, 16, 14, 3, 1, 14},
	{"demo.32s2", 16, 32, 7, 3, 2, 7},
	{"demo.32", 32, 32, 7, 3, 1, 7},
	{"demo.64", 64, 64, 4, 3, 1, 4},
	{"resnet20.stem", 3, 16, 32, 3, 1, 8},
	{"resnet20.16", 16, 16, 32, 3, 1, 8},
	{"resnet20.32s2", 16, 32, 16, 3, 2, 8},
	{"resnet20.32", 32, 32, 16, 3, 1, 8},
	{"resnet20.64", 64, 64, 8, 3, 1, 8},
	{"vgg16.64", 64, 64, 32, 3, 1, 4},
	{"vgg16.128", 128, 128, 16, 3, 1, 4},
	{"vgg16.256", 256, 256, 8, 3, 1, 8},
	{"vgg16.512a", 512, 512, 4, 3, 1, 4},
	{"vgg16.512b", 512, 512, 2, 3, 1, 2},
	{"lenet5.conv2", 6, 16, 10, 5, 1, 10},
	{"plane28.32", 32, 32, 28, 3, 1, 7},
	{"1x1.64", 64, 64, 8, 1, 1, 8},
	{"linear.784", 784, 300, 1, 1, 1, 1},
};

static const double densities[] = {1, 0.2, 0.1, 0.05, 0.02};

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *
noise(size_t n)
{
	static uint32_t s = 1;
	float *p = lt_alloc_aligned(n, sizeof *p);
	for (size_t i = 0; i < n; i++) {
		s = s * 1664525u + 1013904223u;
		p[i] = (float)(s >> 8) / (1 << 23) - 1;
	}
	return p;
}

/* One layer's buffers, packed and listed weights. */
struct layer {
	const struct shape *s;
	const struct lt_kern *k;
	struct lt_conv_job conv;
	struct lt_wgrad_job wgrad;
	int terms, kept;
	int32_t *off, *ptr, *kept_off;
	float *src, *dst, *packed, *val, *acc, *grad;
};

static void
layer_init(struct layer *l, const struct shape *s, const struct lt_kern *k)
{
	size_t wp = (size_t)((s->hw - 1) * s->stride + s->k);
	size_t nr = (size_t)((s->rows - 1) * s->stride + s->k);
	size_t area = (size_t)(s->rows * s->hw) * LT_LANES;
	*l = (struct layer){.s = s, .k = k, .terms = s->c * s->k * s->k};
	size_t weights = (size_t)s->o * l->terms;
	l->src = noise(s->c * nr * wp * LT_LANES);
	l->dst = noise(s->o * area);
	l->packed = noise((weights + 4 * l->terms));
	l->val = noise(weights);
	l->acc = noise(weights * LT_LANES);
	l->grad = noise(weights);
	l->off = lt_alloc(l->terms, sizeof *l->off);
	l->kept_off = lt_alloc(weights, sizeof *l->off);
	l->ptr = lt_alloc(s->o + 1, sizeof *l->ptr);
	for (int t = 0; t < l->terms; t++) {
		int c = t / (s->k * s->k), r = t / s->k % s->k, q = t % s->k;
		l->off[t] = (int32_t)(((c * nr + r) * wp + q) * LT_LANES);
	}
	size_t row = wp * s->stride * LT_LANES, px = s->stride * LT_LANES;
	l->conv = (struct lt_conv_job){.dst = l->dst,
		.dst_ch = area,
		.dst_row = s->hw * LT_LANES,
		.dst_px = LT_LANES,
		.src = l->src,
		.src_row = row,
		.src_px = px,
		.n_out = s->o,
		.rows = s->rows,
		.cols = s->hw};
	l->wgrad = (struct lt_wgrad_job){.x = l->src,
		.x_row = row,
		.x_px = px,
		.dy = l->dst,
		.dy_ch = area,
		.dy_row = s->hw * LT_LANES,
		.dy_px = LT_LANES,
		.n_out = s->o,
		.rows = s->rows,
		.cols = s->hw};
}

static void
layer_release(struct layer *l)
{
	free(l->src);
	free(l->dst);
	free(l->packed);
	free(l->val);
	free(l->acc);
	free(l->grad);
	free(l->off);
	free(l->kept_off);
	free(l->ptr);
}

static void
layer_prune(struct layer *l, double density)
{
	uint32_t s = 7, limit = (uint32_t)(density * 4294967295.0);
	int n = 0;
	for (int o = 0; o < l->s->o; o++) {
		l->ptr[o] = n;
		for (int t = 0; t < l->terms; t++) {
			s = s * 1664525u + 1013904223u;
			if (s <= limit)
				l->kept_off[n++] = l->off[t];
		}
	}
	l->ptr[l->s->o] = l->kept = n;
}

static bool
single(const struct layer *l)
{
	return l->s->rows * l->s->hw == 1;
}

static void
run_conv_dense(const struct layer *l)
{
	l->k->conv_dense(&l->conv, l->packed, l->off, l->terms);
}

static void
run_conv_sparse(const struct layer *l)
{
	l->k->conv_sparse(&l->conv, l->ptr, l->kept_off, l->val);
}

/* Gradients go in blocks of channels whose chains fit in the second-level
 * cache, as a caller of many channels does it. */
static int
block_of(const struct layer *l, int weights)
{
	int n = (1 << 18) / (weights / l->s->o * LT_LANES * 4 + 1);
	n = n / LT_OB * LT_OB;
	return n < LT_OB ? LT_OB : n < l->s->o ? n : l->s->o;
}

static void
run_wgrad_dense(const struct layer *l)
{
	struct lt_wgrad_job j = l->wgrad;
	if (single(l)) {
		l->k->outer_dense(l->grad, &j, l->off, l->terms);
		return;
	}
	int step = block_of(l, l->s->o * l->terms);
	for (int o = 0; o < l->s->o; o += step) {
		j.dy = l->wgrad.dy + o * j.dy_ch;
		j.n_out = o + step < l->s->o ? step : l->s->o - o;
		l->k->wgrad_dense(l->acc, &j, l->off, l->terms);
	}
}

static void
run_wgrad_sparse(const struct layer *l)
{
	struct lt_wgrad_job j = l->wgrad;
	if (single(l)) {
		l->k->outer_sparse(l->grad, &j, l->ptr, l->kept_off);
		return;
	}
	int step = block_of(l, l->kept);
	for (int o = 0; o < l->s->o; o += step) {
		j.dy = l->wgrad.dy + o * j.dy_ch;
		j.n_out = o + step < l->s->o ? step : l->s->o - o;
		l->k->wgrad_sparse(l->acc - l->ptr[o] * LT_LANES, &j,
			l->ptr + o, l->kept_off);
	}
}

/* Seconds of one call: the least of several bursts within the budget. */
static double
seconds(void (*run)(const struct layer *), const struct layer *l, double budget)
{
	double begin = now(), best = 1e9;
	int calls = 1;
	do {
		double t = now();
		for (int i = 0; i < calls; i++)
			run(l);
		t = now() - t;
		if (t / calls < best)
			best = t / calls;
		if (t < budget / 20)
			calls *= 2;
	} while (now() - begin < budget);
	return best;
}

static const struct kind {
	const char *name;
	void (*run)(const struct layer *);
	bool sparse;
} kinds[] = {
	{"conv_dense", run_conv_dense, false},
	{"conv_sparse", run_conv_sparse, true},
	{"wgrad_dense", run_wgrad_dense, false},
	{"wgrad_sparse", run_wgrad_sparse, true},
};

/* What the processor can do: chains of fused multiply-adds in registers, as
 * many as hide their latency. */
#define CHAINS 12
#define STEPS 1000

#define CEILING(name, target, vector, all, fma) \
	target static void name(const struct layer *l) \
	{ \
		vector a[CHAINS], x = all(0.5f), y = all(0.25f); \
		for (int i = 0; i < CHAINS; i++) \
			a[i] = all((float)i); \
		for (int n = 0; n < STEPS; n++) \
			_Pragma("GCC unroll 12") for (int i = 0; i < CHAINS; \
						      i++) a[i] = \
				fma(a[i], x, y); \
		for (int i = 1; i < CHAINS; i++) \
			a[0] = fma(a[i], x, a[0]); \
		memcpy(l->dst, &a[0], sizeof a[0]); \
	}

#define ITSELF(x) (x)
CEILING(ceiling_ref, , float, ITSELF, fmaf)
#if defined(__x86_64__)
CEILING(ceiling_v3, __attribute__((target("avx2,fma"))), __m256, _mm256_set1_ps,
	_mm256_fmadd_ps)
CEILING(ceiling_v4, __attribute__((target("avx512f"))), __m512, _mm512_set1_ps,
	_mm512_fmadd_ps)
#endif

static double
ceiling(const struct lt_kern *k, double budget)
{
	float out[LT_LANES];
	struct layer l = {.dst = out};
	void (*run)(const struct layer *) = ceiling_ref;
	int width = 1;
#if defined(__x86_64__)
	if (k == &lt_kern_v3) {
		run = ceiling_v3;
		width = 8;
	} else if (k == &lt_kern_v4) {
		run = ceiling_v4;
		width = 16;
	}
#endif
	return 2.0 * CHAINS * STEPS * width / seconds(run, &l, budget) / 1e9;
}

static void
bench_shape(const struct shape *s, const struct lt_kern *k, double budget)
{
	struct layer l;
	layer_init(&l, s, k);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t nd = sizeof densities / sizeof *densities;
		for (size_t d = 0; d < (kinds[i].sparse ? nd : 1); d++) {
			layer_prune(&l, densities[d]);
			double top = ceiling(k, budget / 4);
			double rate = 2.0 * l.kept * s->rows * s->hw *
				      LT_LANES /
				      seconds(kinds[i].run, &l, budget) / 1e9;
			printf("%s\t%s\t%s\t%g\t%.1f\t%.2f\n", k->name,
				kinds[i].name, s->name, densities[d], rate,
				rate / top);
			fflush(stdout);
		}
	}
	layer_release(&l);
}

int
main(int argc, char **argv)
{
	const char *why, *name = NULL;
	double budget = 0.05;
	for (int c; (c = getopt(argc, argv, "v:t:")) != -1;) {
		if (c == 'v')
			name = optarg;
		else if (c == 't')
			budget = atof(optarg);
		else
			return 2;
	}
	const struct lt_kern *k = lt_kern_get(name, &why);
	if (!k) {
		fprintf(stderr, "kern_bench: %s\n", why);
		return 1;
	}
	printf("kern\tfunction\tlayer\tdensity\tgflops\tshare\n");
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (optind >= argc || strstr(shapes[i].name, argv[optind]))
			bench_shape(&shapes[i], k, budget);
	return 0;
}
