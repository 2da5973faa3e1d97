/* Speed of the kernels, one thread: GFLOP/s of each layer shape and density,
 * and its share of the FMA ceiling measured around it in the same run.  That of
 * Winograd's kernels is of the multiplications of the direct sum.
 *
 *	kern_bench [-v v3|v4|ref] [-t seconds a figure] [NAME-PART]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/kern.h"

struct shape {
	const char *name;
	int c, o, hw, k, stride, rows; /* hw: output plane, rows: of a strip */
	int shards;
};

static const struct shape shapes[] = {
	{"demo.stem", 1, 16, 14, 3, 2, 14, 1},
	{"demo.16", 16, 16, 14, 3, 1, 14, 1},
	{"demo.32s2", 16, 32, 7, 3, 2, 7, 2},
	{"demo.32", 32, 32, 7, 3, 1, 7, 2},
	{"demo.64", 64, 64, 4, 3, 1, 4, 4},
	{"resnet20.stem", 3, 16, 32, 3, 1, 8, 1},
	{"resnet20.16", 16, 16, 32, 3, 1, 8, 1},
	{"resnet20.32s2", 16, 32, 16, 3, 2, 8, 1},
	{"resnet20.32", 32, 32, 16, 3, 1, 8, 1},
	{"resnet20.64", 64, 64, 8, 3, 1, 8, 1},
	{"vgg16.64", 64, 64, 32, 3, 1, 4, 1},
	{"vgg16.128", 128, 128, 16, 3, 1, 4, 1},
	{"vgg16.256", 256, 256, 8, 3, 1, 8, 2},
	{"vgg16.512a", 512, 512, 4, 3, 1, 4, 4},
	{"vgg16.512b", 512, 512, 2, 3, 1, 2, 8},
	{"lenet5.conv2", 6, 16, 10, 5, 1, 10, 1},
	{"plane28.32", 32, 32, 28, 3, 1, 7, 1},
	{"1x1.64", 64, 64, 8, 1, 1, 8, 1},
	{"linear.784", 784, 300, 1, 1, 1, 1, 8},
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
	float *src, *dst, *packed, *val, *acc, *grad, *wino, *scratch;
	size_t plane; /* floats of a channel of src */
};

static void
layer_init(struct layer *l, const struct shape *s, const struct lt_kern *k)
{
	size_t wp = (size_t)((s->hw - 1) * s->stride + s->k);
	size_t nr = (size_t)((s->rows - 1) * s->stride + s->k);
	size_t area = (size_t)(s->rows * s->hw) * LT_LANES, n = s->shards;
	*l = (struct layer){.s = s, .k = k, .terms = s->c * s->k * s->k};
	size_t weights = (size_t)s->o * l->terms;
	l->plane = nr * wp * LT_LANES;
	l->src = noise(n * s->c * l->plane);
	l->dst = noise(n * s->o * area);
	l->packed = noise((weights + 4 * l->terms));
	l->val = noise(weights);
	l->acc = noise(lt_wgrad_scratch(s->o, l->terms));
	l->grad = noise(weights);
	l->wino = noise(lt_wino_floats(s->o, s->c));
	l->scratch = noise(lt_wino_scratch(s->o, s->c));
	l->off = lt_alloc(l->terms, sizeof *l->off);
	l->kept_off = lt_alloc(weights, sizeof *l->off);
	l->ptr = lt_alloc(s->o + 1, sizeof *l->ptr);
	for (int t = 0; t < l->terms; t++) {
		int c = t / (s->k * s->k), r = t / s->k % s->k, q = t % s->k;
		l->off[t] = (int32_t)(((c * nr + r) * wp + q) * LT_LANES);
	}
	size_t row = wp * s->stride * LT_LANES, px = s->stride * LT_LANES;
	l->conv = (struct lt_conv_job){.dst = l->dst,
		.dst_sh = s->o * area,
		.dst_ch = area,
		.dst_row = s->hw * LT_LANES,
		.dst_px = LT_LANES,
		.src = l->src,
		.src_sh = s->c * l->plane,
		.src_row = row,
		.src_px = px,
		.n_out = s->o,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->hw};
	l->wgrad = (struct lt_wgrad_job){.x = l->src,
		.x_sh = s->c * l->plane,
		.x_row = row,
		.x_px = px,
		.dy = l->dst,
		.dy_sh = s->o * area,
		.dy_ch = area,
		.dy_row = s->hw * LT_LANES,
		.dy_px = LT_LANES,
		.n_out = s->o,
		.shards = s->shards,
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
	free(l->wino);
	free(l->scratch);
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

static void
run_conv_wino(const struct layer *l)
{
	l->k->conv_wino(&l->conv, l->wino, l->s->c, l->plane, l->scratch);
}

static void
run_wgrad_dense(const struct layer *l)
{
	l->k->wgrad_dense(l->grad, &l->wgrad, l->off, l->terms, l->acc);
}

static void
run_wgrad_sparse(const struct layer *l)
{
	l->k->wgrad_sparse(l->grad, &l->wgrad, l->ptr, l->kept_off, l->acc);
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
	bool sparse, wino;
} kinds[] = {
	{"conv_dense", run_conv_dense, false, false},
	{"conv_wino", run_conv_wino, false, true},
	{"conv_sparse", run_conv_sparse, true, false},
	{"wgrad_dense", run_wgrad_dense, false, false},
	{"wgrad_sparse", run_wgrad_sparse, true, false},
};

#define STEPS 1000

static void
run_burn(const struct layer *l)
{
	l->dst[0] = l->k->burn(STEPS);
}

static double
ceiling(const struct lt_kern *k, double budget)
{
	float out;
	struct layer l = {.k = k, .dst = &out};
	return 2.0 * LT_BURN * STEPS / seconds(run_burn, &l, budget) / 1e9;
}

static void
bench_shape(const struct shape *s, const struct lt_kern *k, double budget)
{
	struct layer l;
	layer_init(&l, s, k);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t nd = sizeof densities / sizeof *densities;
		if (kinds[i].wino && (s->k != 3 || s->stride != 1))
			continue;
		for (size_t d = 0; d < (kinds[i].sparse ? nd : 1); d++) {
			layer_prune(&l, densities[d]);
			double top = ceiling(k, budget / 4);
			double rate = 2.0 * l.kept * s->shards * s->rows *
				      s->hw * LT_LANES /
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
