/* Whole training steps (forward, loss, backward, update) of built-in networks.
 *
 *	step_bench [-k KERN] [-t THREADS] [-s SECONDS] [CASE...]
 *	step_bench -i [-k KERN] [-t THREADS] CASE
 *	step_bench -n NET
 *	step_bench -c [-k KERN] [-t THREADS]
 *
 * A CASE is NET:BATCH:DENSITY.  The first form prints the table of
 * build/bench.tsv: the best step of each case within SECONDS, and the FMA
 * ceiling before and after.  -i answers each line on standard input, a number
 * of steps, by the seconds of the fastest; an empty line by the row's last
 * columns.  bench_torch.py alternates it with PyTorch.  -n prints net text, -c
 * the kernels' name and the ceiling.
 */
#include <malloc.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "learn/exec.h"
#include "learn/loss.h"
#include "learn/peak.h"
#include "mask/criteria.h"
#include "net/arch.h"

static const char *const standard[] = {
	"resnet20:128:1",
	"resnet20:128:0.2",
	"resnet20:128:0.1",
	"resnet20:128:0.05",
	"resnet20:128:0.02",
	"resnet8-demo:64:1",
	"resnet8-demo:64:0.07",
	"lenet5:64:1",
	"lenet5:64:0.05",
	"vgg16_bn:64:1",
	"vgg16_bn:64:0.1",
	NULL,
};

struct bench {
	char net[32];
	int batch, threads;
	double density;
	struct lt_graph *g;
	struct lt_model m;
	struct lt_mask mask;
	struct lt_exec *x;
	int32_t *label;
	struct lt_outcome *outcome;
	uint64_t macs; /* of one step */
	double loss;
};

static struct lt_err err;

/* With one thread processor time, which other loads hardly change. */
static double
bench_clock(int threads)
{
	struct timespec t;

	clock_gettime(
		threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
die(void)
{
	fprintf(stderr, "step_bench: %s\n", err.msg);
	exit(err.status);
}

static void
parse_case(struct bench *b, const char *text)
{
	char copy[96], *save = NULL;
	uint64_t batch = 0;

	snprintf(copy, sizeof copy, "%s", text);
	char *net = strtok_r(copy, ":", &save);
	char *size = strtok_r(NULL, ":", &save);
	char *density = strtok_r(NULL, ":", &save);
	if (!net || !size || !density || !lt_num_u64(size, &batch) ||
		batch < 1 || batch > 65536 ||
		!lt_num_f64(density, &b->density) || b->density <= 0 ||
		b->density > 1) {
		lt_fail(&err, LT_EUSAGE,
			"'%s': expected NET:BATCH:DENSITY, as "
			"resnet20:128:0.1",
			text);
		die();
	}
	snprintf(b->net, sizeof b->net, "%s", net);
	b->batch = (int)batch;
}

static struct lt_graph *
built_in(const char *net)
{
	char *text = lt_arch_text(net, &(struct lt_arch_opt){.width = 1}, &err);
	struct lt_graph *g = text ? lt_graph_parse(text, net, &err) : NULL;

	free(text);
	if (!g)
		die();
	return g;
}

/* The smallest weights of every layer but the first, together. */
static void
prune(struct bench *b)
{
	const struct lt_graph *g = b->g;
	struct lt_prunable *l = lt_alloc((size_t)g->nparam, sizeof *l);
	size_t n = 0, first = 1;
	struct lt_prune_opt opt = {
		.method = "magnitude", .amount = 1 - b->density};

	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		if (!p->prunable || first-- == 1)
			continue;
		l[n++] = (struct lt_prunable){p->name, p->ndim, p->shape,
			p->count, b->m.w + p->offset};
	}
	if (lt_prune(&b->mask, l, n, NULL, &opt, &err) < 0)
		die();
	free(l);
	lt_exec_set_mask(b->x, &b->mask);
}

static void
fill_batch(struct bench *b)
{
	size_t n = (size_t)(b->batch + LT_LANES - 1) / LT_LANES * LT_LANES *
		   (size_t)b->g->c * (size_t)b->g->h * (size_t)b->g->w;
	float *in = lt_exec_input(b->x);
	struct lt_rng r;

	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	for (size_t i = 0; i < n; i++)
		in[i] = (float)lt_rng_normal(&r);
	b->label = lt_alloc((size_t)b->batch, sizeof *b->label);
	b->outcome = lt_alloc((size_t)b->batch, sizeof *b->outcome);
	for (int i = 0; i < b->batch; i++)
		b->label[i] = (int32_t)lt_rng_below(
			&r, (uint64_t)lt_exec_classes(b->x));
}

static void
step(struct bench *b)
{
	static const struct lt_sgd sgd = {0.01f, 0.9f, 1e-4f, false};

	lt_exec_forward(b->x, b->batch, true, 0);
	b->loss =
		lt_loss(b->outcome, lt_exec_dlogits(b->x), lt_exec_logits(b->x),
			b->label, b->batch, lt_exec_classes(b->x));
	lt_exec_backward(b->x);
	lt_exec_step(b->x, &sgd);
}

static void
bench_init(struct bench *b, const char *text, const char *kern, int threads)
{
	memset(b, 0, sizeof *b);
	parse_case(b, text);
	b->threads = threads;
	b->g = built_in(b->net);
	lt_model_init(&b->m, b->g);
	if (lt_model_random(&b->m, NULL, 1, &err) < 0)
		die();
	struct lt_exec_opt opt = {
		.batch = b->batch, .threads = threads, .kern = kern};
	b->x = lt_exec_new(&b->m, &opt, &err);
	if (!b->x)
		die();
	if (b->density < 1)
		prune(b);
	fill_batch(b);
	step(b);
	b->macs = lt_exec_macs(b->x);
	step(b);
}

static void
bench_release(struct bench *b)
{
	lt_exec_free(b->x);
	lt_model_release(&b->m);
	lt_mask_release(&b->mask);
	lt_graph_free(b->g);
	free(b->label);
	free(b->outcome);
}

/* The fastest of n steps. */
static double
fastest(struct bench *b, long n)
{
	double best = INFINITY;

	for (long i = 0; i < n; i++) {
		double t = bench_clock(b->threads);
		step(b);
		t = bench_clock(b->threads) - t;
		best = t < best ? t : best;
	}
	return best;
}

/* The peak of resident memory since it was last forgotten: Linux keeps it.
 * What is free goes back first. */
static void
rss_forget(void)
{
	malloc_trim(0);
	FILE *f = fopen("/proc/self/clear_refs", "w");

	if (f) {
		fputs("5", f);
		fclose(f);
	}
}

static double
rss_mb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	double kb = NAN;

	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "VmHWM:", 6))
			kb = atof(line + 6);
	if (f)
		fclose(f);
	return kb / 1024;
}

static int
interactive(struct bench *b)
{
	char line[64];

	while (fgets(line, sizeof line, stdin)) {
		if (line[0] == '\n')
			printf("%.9g\t%.0f\n", 2e-9 * (double)b->macs,
				rss_mb());
		else
			printf("%.9g\n", fastest(b, atol(line)));
		fflush(stdout);
	}
	return 0;
}

static void
row(const char *text, const char *kern, int threads, double seconds, double top)
{
	struct bench b;
	double best, begin = bench_clock(threads);

	rss_forget();
	bench_init(&b, text, kern, threads);
	best = fastest(&b, 1);
	while (bench_clock(threads) - begin < seconds) {
		double t = fastest(&b, 5);
		best = t < best ? t : best;
	}
	double gflops = 2e-9 * (double)b.macs / best;
	printf("%s\t%g\t%d\t%d\tf32\t%.1f\t%.1f\t%.3f\t%.0f\n", b.net,
		b.density, b.batch, threads, b.batch / best, gflops,
		gflops / top, rss_mb());
	fflush(stdout);
	bench_release(&b);
}

static void
show_load(const char *when, double top)
{
	double load[3] = {0};

	getloadavg(load, 3);
	fprintf(stderr, "%s: ceiling %.1f GFLOP/s, load %.2f\n", when, top,
		load[0]);
}

/* The kernels that a name (NULL: the choice made here) stands for. */
static const struct lt_kern *
kern_get(const char *kern)
{
	const char *why = NULL;
	const struct lt_kern *k = lt_kern_get(kern, &why);

	if (!k) {
		lt_fail(&err, LT_EUSAGE, "%s", why);
		die();
	}
	return k;
}

static int
table(const char *const *cases, const char *kern, int threads, double seconds)
{
	const struct lt_kern *k = kern_get(kern);
	double before = lt_peak(k, threads);
	show_load("before", before);
	puts("net\tdensity\tbatch\tthreads\tstore\timages_per_s\t"
	     "gflops_executed\tshare_of_peak\trss_mb");
	fflush(stdout);
	for (int i = 0; cases[i]; i++)
		row(cases[i], kern, threads, seconds, before);
	double after = lt_peak(k, threads);
	show_load("after", after);
	if (fabs(after / before - 1) <= 0.05)
		return 0;
	fputs("void: the ceiling moved by more than 5 %\n", stderr);
	return 1;
}

static int
serve(const char *text, const char *kern, int threads)
{
	struct bench b;

	bench_init(&b, text, kern, threads);
	int status = interactive(&b);
	bench_release(&b);
	return status;
}

static int
show_net(const char *net)
{
	struct lt_graph *g = built_in(net);

	fputs(g->text, stdout);
	lt_graph_free(g);
	return 0;
}

static int
show_ceiling(const char *kern, int threads)
{
	const struct lt_kern *k = kern_get(kern);

	printf("%s\t%.6g\n", k->name, lt_peak(k, threads));
	return 0;
}

int
main(int argc, char **argv)
{
	const char *kern = NULL;
	int threads = omp_get_max_threads(), mode = 0;
	double seconds = 2;

	for (int c; (c = getopt(argc, argv, "inck:t:s:")) != -1;) {
		if (c == 'k')
			kern = optarg;
		else if (c == 't')
			threads = atoi(optarg);
		else if (c == 's')
			seconds = atof(optarg);
		else if (c == '?')
			return LT_EUSAGE;
		else
			mode = c;
	}
	const char *const *rest = (const char *const *)(argv + optind);
	if (threads < 1 || !(seconds > 0) ||
		((mode == 'i' || mode == 'n') && argc - optind != 1))
		return LT_EUSAGE;
	switch (mode) {
	case 'i':
		return serve(rest[0], kern, threads);
	case 'n':
		return show_net(rest[0]);
	case 'c':
		return show_ceiling(kern, threads);
	default:
		return table(*rest ? rest : standard, kern, threads, seconds);
	}
}
