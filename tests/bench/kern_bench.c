/* Speed of the kernels, one thread: GFLOP/s of each layer shape and density in
 * processor time, and its share of what the same table's burn reaches.
 *
 *	kern_bench [-k KERN] [-s SECONDS | -n CALLS] [PART...]
 *
 * A PART selects the figures whose FUNCTION/LAYER/DENSITY contains it; SECONDS
 * are spent on each.  With -n the figures that PARTs name in full are called so
 * often and nothing is measured, so that an emulator can count instructions
 * (tests/bench/count.sh).  A layer lies in memory as lib/engine makes it: a
 * strip of one shard, or of several where planes are small, staged with
 * padding.  Winograd's work is counted as that of the sums which it replaces.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/kern.h"

/* rows of a strip by cols of output pixels of so many shards. */
struct shape {
	const char *name;
	int c, o, k, stride, rows, cols, shards;
};

static const struct shape shapes[] = {
	{"tiny", 8, 8, 3, 1, 2, 8, 1},
	{"demo.stem", 1, 16, 3, 2, 14, 14, 1},
	{"demo.16", 16, 16, 3, 1, 14, 14, 1},
	{"demo.32s2", 16, 32, 3, 2, 7, 7, 2},
	{"demo.32", 32, 32, 3, 1, 7, 7, 2},
	{"demo.64", 64, 64, 3, 1, 4, 4, 4},
	{"resnet20.stem", 3, 16, 3, 1, 32, 32, 1},
	{"resnet20.16", 16, 16, 3, 1, 16, 32, 1},
	{"resnet20.32s2", 16, 32, 3, 2, 8, 16, 1},
	{"resnet20.32", 32, 32, 3, 1, 8, 16, 1},
	{"resnet20.64", 64, 64, 3, 1, 8, 8, 1},
	{"vgg.64", 64, 64, 3, 1, 2, 32, 1},
	{"vgg.128", 128, 128, 3, 1, 4, 16, 1},
	{"vgg.256", 256, 256, 3, 1, 8, 8, 1},
	{"vgg.512x4", 512, 512, 3, 1, 4, 4, 4},
	{"vgg.512x2", 512, 512, 3, 1, 2, 2, 8},
	{"lenet5.conv2", 6, 16, 5, 1, 10, 10, 1},
	{"1x1.64", 64, 64, 1, 1, 8, 8, 1},
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
	size_t src_ch, src_line;
	int32_t *off, *ptr, *kept_off;
	/* The terms of the bf16 mode, and those that are kept. */
	int32_t *off_bf16, *kept_bf16;
	uint8_t *begins, *kept_begins;
	float *src, *dst, *dy, *packed, *wino, *val, *scratch, *grad;
};

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Staged source and output of a sum over taps. */
static void
conv_init(struct layer *l)
{
	const struct shape *s = l->s;
	size_t wp = (size_t)(s->cols * s->stride + s->k / 2 * 2);
	size_t nr = (size_t)((s->rows - 1) * s->stride + s->k);
	size_t area = (size_t)(s->rows * s->cols) * LT_LANES;
	int kk = s->k * s->k;
	l->src_line = wp * LT_LANES;
	l->src_ch = nr * l->src_line;
	l->conv = (struct lt_conv_job){.dst_sh = area * (size_t)s->o,
		.dst_ch = area,
		.dst_row = (size_t)s->cols * LT_LANES,
		.dst_px = LT_LANES,
		.src_sh = l->src_ch * (size_t)s->c,
		.src_row = wp * (size_t)s->stride * LT_LANES,
		.src_px = (size_t)s->stride * LT_LANES,
		.n_out = s->o,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->cols};
	l->conv.src = l->src = noise(l->conv.src_sh * (size_t)s->shards);
	l->conv.dst = l->dst = noise(l->conv.dst_sh * (size_t)s->shards);
	for (int t = 0; t < l->terms; t++) {
		size_t c = t / kk, r = t % kk / s->k, q = t % s->k;
		l->off[t] = (int32_t)(((c * nr + r) * wp + q) * LT_LANES);
	}
}

/* Term (row, column, channel) of a kernel row's number i in the order of the
 * bf16 mode: blocks of 16 pairs of channels, in each the even channels. */
static void
order_bf16(struct layer *l)
{
	const struct shape *s = l->s;
	int padded = (s->c + 1) / 2 * 2, line = s->k * padded, n = 0;
	for (int r = 0; r < s->k; r++)
		for (int b = 0; b < line; b += 32)
			for (int i = 0; i < 32; i++) {
				int q = b + i % 16 * 2 + i / 16, c = q % padded;
				if (q >= line || c >= s->c)
					continue;
				l->begins[n] = i == 0	 ? LT_BLOCK
					       : i == 16 ? LT_ODD
							 : LT_GOES_ON;
				l->off_bf16[n++] =
					(int32_t)(c * l->src_ch +
						  r * l->src_line +
						  q / padded * LT_LANES);
			}
}

/* dy is staged with the padding that the way back to data wants. */
static void
wgrad_init(struct layer *l)
{
	const struct shape *s = l->s;
	size_t pad = (size_t)s->k / 2, wp = (size_t)s->cols + 2 * pad;
	size_t plane = wp * ((size_t)s->rows + 2 * pad) * LT_LANES;
	l->wgrad = (struct lt_wgrad_job){.x = l->src,
		.x_sh = l->conv.src_sh,
		.x_row = l->conv.src_row,
		.x_px = l->conv.src_px,
		.dy_sh = plane * (size_t)s->o,
		.dy_ch = plane,
		.dy_row = wp * LT_LANES,
		.dy_px = LT_LANES,
		.n_out = s->o,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->cols,
		.c = s->c,
		.x_ch = l->src_ch,
		.x_line = l->src_line};
	l->dy = noise(l->wgrad.dy_sh * (size_t)s->shards);
	l->wgrad.dy = l->dy + pad * (wp + 1) * LT_LANES;
}

static void
layer_init(struct layer *l, const struct shape *s, const struct lt_kern *k)
{
	*l = (struct layer){.s = s, .k = k, .terms = s->c * s->k * s->k};
	size_t n = (size_t)(s->o + LT_OB) * (size_t)l->terms;
	l->off = lt_alloc((size_t)l->terms, sizeof *l->off);
	l->kept_off = lt_alloc(n, sizeof *l->off);
	l->ptr = lt_alloc((size_t)s->o + 1, sizeof *l->ptr);
	l->off_bf16 = lt_alloc((size_t)l->terms, sizeof *l->off);
	l->kept_bf16 = lt_alloc(n, sizeof *l->off);
	l->begins = lt_alloc((size_t)l->terms, 1);
	l->kept_begins = lt_alloc(n, 1);
	conv_init(l);
	wgrad_init(l);
	order_bf16(l);
	l->packed = noise(n);
	l->val = noise(n);
	l->grad = noise(n);
	l->wino = noise(lt_wino_floats(s->o, s->c));
	l->scratch = lt_alloc_aligned(
		larger(lt_wgrad_bf16_scratch(&l->wgrad),
			larger(lt_wgrad_scratch(s->o, l->terms),
				lt_wino_scratch(s->o, s->c))),
		sizeof *l->scratch);
}

static void
layer_release(struct layer *l)
{
	free(l->src);
	free(l->dst);
	free(l->dy);
	free(l->packed);
	free(l->wino);
	free(l->val);
	free(l->scratch);
	free(l->grad);
	free(l->off);
	free(l->kept_off);
	free(l->ptr);
	free(l->off_bf16);
	free(l->kept_bf16);
	free(l->begins);
	free(l->kept_begins);
}

/* How kept term t begins, if *last was the kept one before it. */
static int
next_begins(const uint8_t *begins, int t, int *last)
{
	int how = LT_GOES_ON;
	for (int i = *last + 1; i <= t; i++)
		how = begins[i] > how ? begins[i] : how;
	*last = t;
	return how;
}

static void
layer_prune(struct layer *l, double density)
{
	uint32_t s = 7, limit = (uint32_t)(density * 4294967295.0);
	int n = 0;
	for (int o = 0; o < l->s->o; o++) {
		int last = -1;
		l->ptr[o] = n;
		for (int t = 0; t < l->terms; t++) {
			s = s * 1664525u + 1013904223u;
			if (s <= limit) {
				l->kept_begins[n] = (uint8_t)next_begins(
					l->begins, t, &last);
				l->kept_bf16[n] = l->off_bf16[t];
				l->kept_off[n++] = l->off[t];
			}
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
	l->k->conv_wino(&l->conv, l->wino, l->s->c, l->src_ch, l->scratch);
}

static void
run_wgrad_dense(const struct layer *l)
{
	l->k->wgrad_dense(l->grad, &l->wgrad, l->off, l->terms, l->scratch);
}

static void
run_wgrad_sparse(const struct layer *l)
{
	l->k->wgrad_sparse(l->grad, &l->wgrad, l->ptr, l->kept_off, l->scratch);
}

static void
run_dense_bf16(const struct layer *l)
{
	l->k->conv_dense_bf16(
		&l->conv, l->packed, l->off_bf16, l->begins, l->terms);
}

static void
run_sparse_bf16(const struct layer *l)
{
	l->k->conv_sparse_bf16(
		&l->conv, l->ptr, l->kept_bf16, l->kept_begins, l->val);
}

static void
run_wgrad_dense_bf16(const struct layer *l)
{
	l->k->wgrad_dense_bf16(
		l->grad, &l->wgrad, l->off, l->terms, l->scratch);
}

static void
run_wgrad_sparse_bf16(const struct layer *l)
{
	l->k->wgrad_sparse_bf16(
		l->grad, &l->wgrad, l->ptr, l->kept_off, l->scratch);
}

#define BURN 2000

static void
run_burn(const struct layer *l)
{
	l->scratch[0] = l->k->burn(BURN);
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
	{"bf16.conv_dense", run_dense_bf16, false, false},
	{"bf16.conv_sparse", run_sparse_bf16, true, false},
	{"bf16.wgrad_dense", run_wgrad_dense_bf16, false, false},
	{"bf16.wgrad_sparse", run_wgrad_sparse_bf16, true, false},
};

struct opt {
	double seconds;
	int calls;
	char **part;
};

static bool
wanted(const struct opt *o, const struct kind *kind, const struct shape *s,
	double density)
{
	char name[80];
	snprintf(name, sizeof name, "%s/%s/%g", kind->name, s->name, density);
	for (char **p = o->part; *p; p++)
		if (o->calls ? strcmp(name, *p) == 0 : strstr(name, *p) != NULL)
			return true;
	return !*o->part;
}

static void
bench(struct layer *l, const struct kind *kind, double density,
	const struct opt *o)
{
	const struct shape *s = l->s;
	layer_prune(l, density);
	for (int i = 0; i < o->calls; i++)
		kind->run(l);
	if (o->calls)
		return;
	double top =
		2.0 * LT_BURN * BURN / seconds(run_burn, l, o->seconds / 4);
	double work = 2.0 * l->kept * s->shards * s->rows * s->cols * LT_LANES;
	double rate = work / seconds(kind->run, l, o->seconds);
	printf("%s\t%s\t%s\t%g\t%.1f\t%.2f\n", l->k->name, kind->name, s->name,
		density, rate / 1e9, rate / top);
	fflush(stdout);
}

static void
bench_shape(const struct shape *s, const struct lt_kern *k, const struct opt *o)
{
	size_t nk = sizeof kinds / sizeof *kinds;
	size_t nd = sizeof densities / sizeof *densities;
	struct layer l = {NULL};
	for (size_t i = 0; i < nk; i++) {
		if (kinds[i].wino && (s->k != 3 || s->stride != 1))
			continue;
		for (size_t d = 0; d < (kinds[i].sparse ? nd : 1); d++) {
			if (!wanted(o, &kinds[i], s, densities[d]))
				continue;
			if (!l.s)
				layer_init(&l, s, k);
			bench(&l, &kinds[i], densities[d], o);
		}
	}
	layer_release(&l);
}

int
main(int argc, char **argv)
{
	const char *why, *name = NULL;
	struct opt o = {.seconds = 0.05};
	for (int c; (c = getopt(argc, argv, "k:s:n:")) != -1;) {
		if (c == 'k')
			name = optarg;
		else if (c == 's')
			o.seconds = atof(optarg);
		else if (c == 'n')
			o.calls = atoi(optarg);
		else
			return 2;
	}
	o.part = argv + optind;
	const struct lt_kern *k = lt_kern_get(name, &why);
	if (!k) {
		fprintf(stderr, "kern_bench: %s\n", why);
		return 1;
	}
	printf("kern\tfunction\tlayer\tdensity\tgflops\tshare\n");
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		bench_shape(&shapes[i], k, &o);
	return 0;
}
