/* Whole training steps (forward, loss, backward, update) of built-in networks,
 * and their forward passes alone.
 *
 *	step_bench [-k KERN] [-t THREADS] [-s SECONDS] [CASE...]
 *	step_bench -p [-k KERN] [-t THREADS] [-s SECONDS] CASE
 *	step_bench -i [-k KERN] [-t THREADS] CASE
 *	step_bench -n NET
 *	step_bench -l
 *	step_bench -c [-k KERN] [-t THREADS]
 *
 * A CASE is NET:BATCH:DENSITY[,DENSITY...][:WORD...].  Words: global (the
 * smallest weights of all layers but the first are masked, the default) or
 * uniform (the same share of each of them); eval (forward passes with running
 * statistics) instead of whole steps; f16 (tensors in half precision); bf16
 * (the mode).
 *
 * The first form prints the table of build/bench.tsv: the best step of each
 * case within SECONDS, and the FMA ceiling before and after.  macs is the
 * share of the dense network's multiply-adds that is executed; rss_mb the
 * peak of resident memory while steps run.  floor_mb are the bytes that a
 * step moves at least (lt_engine_traffic), and share_of_floor is how long
 * they would take at the bandwidth measured in this run, over the step.  -p
 * prints where their time goes, as lt-train --profile does.  -i answers each
 * line on standard input, a number of steps, by the seconds of the fastest;
 * an empty line by more columns.  bench_torch.py alternates it with PyTorch.
 * -n prints net text, -l the cases measured when none is given, -c the
 * kernels' name and the ceiling.
 */
#include <malloc.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "engine/engine.h"
#include "engine/loss.h"
#include "engine/peak.h"
#include "run/profile.h"
#include "mask/prune.h"
#include "net/arch.h"
#include "run/optimizer.h"

static const char *const standard[] = {
	"resnet20:128:1,0.2,0.1,0.05,0.02:uniform",
	"resnet20:128:1,0.2,0.1,0.05,0.02:uniform:f16",
	"resnet20:128:1,0.1,0.02:uniform:bf16",
	"resnet20:128:0.2,0.1,0.05,0.02:global",
	"resnet56:128:1,0.2,0.1,0.05,0.02:uniform",
	"vgg16_bn:128:1,0.2,0.1,0.05,0.02:uniform",
	"lenet5:128:1,0.1:uniform",
	"lenet-300-100:64:1,0.1:uniform",
	"resnet8-demo:64:1,0.07",
	"resnet20:128:1,0.1:uniform:eval",
	NULL,
};

struct opt {
	const char *kern;
	int threads;
	double seconds;
};

struct bench {
	char net[32];
	int batch, threads;
	double density;
	bool uniform, eval, half, bf16;
	struct lt_graph *g;
	struct lt_model m;
	struct lt_mask mask;
	struct lt_engine *x;
	int32_t *label;
	struct lt_outcome *outcome;
	uint64_t macs;	   /* of one step */
	double macs_share; /* of those of a dense one */
	double loss;
};

static struct lt_err err;

/* With one thread processor time, which other loads hardly change. */
static double
bench_clock(int threads)
{
	struct timespec t;

	if (threads > 1)
		return lt_clock();
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
die(void)
{
	fprintf(stderr, "step_bench: %s\n", err.msg);
	exit(err.status);
}

static bool
take_word(struct bench *b, const char *word)
{
	static const struct {
		const char *word;
		size_t at;
		bool value;
	} words[] = {
		{"global", offsetof(struct bench, uniform), false},
		{"uniform", offsetof(struct bench, uniform), true},
		{"train", offsetof(struct bench, eval), false},
		{"eval", offsetof(struct bench, eval), true},
		{"f32", offsetof(struct bench, half), false},
		{"f16", offsetof(struct bench, half), true},
		{"bf16", offsetof(struct bench, bf16), true},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i].word, word)) {
			*(bool *)((char *)b + words[i].at) = words[i].value;
			return true;
		}
	return false;
}

/* The case; of its densities the one numbered which: false beyond the last. */
static bool
parse_case(struct bench *b, const char *text, int which)
{
	char copy[128], *save = NULL, *more = NULL;
	uint64_t batch = 0;

	memset(b, 0, sizeof *b);
	snprintf(copy, sizeof copy, "%s", text);
	char *net = strtok_r(copy, ":", &save);
	char *size = strtok_r(NULL, ":", &save);
	char *density = strtok_r(NULL, ":", &save);
	bool ok = net && density && lt_num_u64(size, &batch) && batch > 0 &&
		  batch <= 65536;
	for (char *w; ok && (w = strtok_r(NULL, ":", &save));)
		ok = take_word(b, w);
	density = ok ? strtok_r(density, ",", &more) : NULL;
	for (; which && density; which--)
		density = strtok_r(NULL, ",", &more);
	if (ok && !density)
		return false;
	if (!ok || !lt_num_f64(density, &b->density) || b->density <= 0 ||
		b->density > 1) {
		lt_fail(&err, LT_EUSAGE,
			"'%s': expected NET:BATCH:DENSITY[,...][:global|"
			"uniform][:train|eval][:f32|f16|bf16], as "
			"resnet20:128:0.1",
			text);
		die();
	}
	snprintf(b->net, sizeof b->net, "%s", net);
	b->batch = (int)batch;
	return true;
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

/* All layers but the first. */
static void
prune(struct bench *b)
{
	const struct lt_graph *g = b->g;
	struct lt_prunable *l = lt_alloc((size_t)g->nparam, sizeof *l);
	size_t n = 0, first = 1;
	struct lt_prune_opt opt = {.method = "magnitude",
		.scope = b->uniform ? LT_SCOPE_LAYER : LT_SCOPE_NETWORK,
		.amount = 1 - b->density};

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
	lt_engine_set_mask(b->x, &b->mask);
}

static void
fill_batch(struct bench *b)
{
	size_t n = (size_t)(b->batch + LT_LANES - 1) / LT_LANES * LT_LANES *
		   (size_t)b->g->c * (size_t)b->g->h * (size_t)b->g->w;
	float *in = lt_engine_input(b->x);
	struct lt_rng r;

	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	for (size_t i = 0; i < n; i++)
		in[i] = (float)lt_rng_normal(&r);
	b->label = lt_alloc((size_t)b->batch, sizeof *b->label);
	b->outcome = lt_alloc((size_t)b->batch, sizeof *b->outcome);
	for (int i = 0; i < b->batch; i++)
		b->label[i] = (int32_t)lt_rng_below(
			&r, (uint64_t)lt_engine_classes(b->x));
}

static void
step(struct bench *b)
{
	static const struct lt_optim sgd = {
		.momentum = 0.9, .weight_decay = 1e-4};

	lt_engine_forward(b->x, b->batch, !b->eval, 0);
	if (b->eval)
		return;
	double t = lt_engine_watch(b->x);
	b->loss = lt_loss(b->outcome, lt_engine_dlogits(b->x),
		lt_engine_logits(b->x), b->label, b->batch,
		lt_engine_classes(b->x));
	lt_engine_charge(b->x, t, LT_COST_LOSS);
	lt_engine_backward(b->x);
	lt_optim_step(&sgd, b->x, 0.01, 1);
}

/* Backward twice as many as forward; the input of the network has no gradient.
 */
static uint64_t
dense_macs(const struct bench *b)
{
	uint64_t macs = 0;

	for (int i = 1; i < b->g->n; i++) {
		int passes = b->eval ? 1 : b->g->node[i].in[0] == 0 ? 2 : 3;
		macs += lt_graph_macs(b->g, i, SIZE_MAX) * (uint64_t)b->batch *
			(uint64_t)passes;
	}
	return macs;
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

/* Two steps are done, and what only they and the mask needed is forgotten. */
static bool
bench_init(struct bench *b, const char *text, int which, const struct opt *o)
{
	if (!parse_case(b, text, which))
		return false;
	b->threads = o->threads;
	b->g = built_in(b->net);
	lt_model_init(&b->m, b->g);
	if (lt_model_random(&b->m, NULL, 1, &err) < 0)
		die();
	struct lt_engine_opt opt = {.batch = b->batch,
		.threads = o->threads,
		.kern = o->kern,
		.eval_only = b->eval,
		.compute = b->bf16 ? LT_COMPUTE_BF16 : LT_COMPUTE_F32,
		.half = b->half && !b->bf16};
	b->x = lt_engine_new(&b->m, &opt, &err);
	if (!b->x)
		die();
	if (b->density < 1)
		prune(b);
	fill_batch(b);
	step(b);
	b->macs = lt_engine_macs(b->x);
	b->macs_share = (double)b->macs / (double)dense_macs(b);
	rss_forget();
	step(b);
	return true;
}

static void
bench_release(struct bench *b)
{
	lt_engine_free(b->x);
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
		best = fmin(best, bench_clock(b->threads) - t);
	}
	return best;
}

#define COLUMNS "net\tdensity\tmask\tmacs\tbatch\twork\tthreads\tstore"

static void
show_case(const struct bench *b)
{
	const char *mask = b->uniform ? "uniform" : "global";

	printf("%s\t%g\t%s\t%.4f\t%d\t%s\t%d\t%s", b->net, b->density,
		b->density < 1 ? mask : "none", b->macs_share, b->batch,
		b->eval ? "eval" : "train", b->threads,
		b->bf16	  ? "bf16"
		: b->half ? "f16"
			  : "f32");
}

static int
serve(const char *text, const struct opt *o)
{
	struct bench b;
	char line[64];

	if (!bench_init(&b, text, 0, o))
		return LT_EUSAGE;
	while (fgets(line, sizeof line, stdin)) {
		if (line[0] == '\n') {
			printf("%.9g\t%.9g\t", 2e-9 * (double)b.macs, rss_mb());
			show_case(&b);
			puts("");
		} else {
			printf("%.9g\n", fastest(&b, atol(line)));
		}
		fflush(stdout);
	}
	bench_release(&b);
	return 0;
}

/* The rows of a case; false beyond its last density. */
static bool
row(const char *text, int which, const struct opt *o, double top, double speed)
{
	struct bench b;

	if (!bench_init(&b, text, which, o))
		return false;
	double begin = bench_clock(o->threads), best = INFINITY;
	do
		best = fmin(best, fastest(&b, 1));
	while (bench_clock(o->threads) - begin < o->seconds);
	double gflops = 2e-9 * (double)b.macs / best;
	show_case(&b);
	double floor = (double)lt_engine_traffic(b.x);
	printf("\t%.1f\t%.1f\t%.3f\t%.0f\t%.1f\t%.3f\n", b.batch / best, gflops,
		gflops / top, rss_mb(), 1e-6 * floor,
		1e-9 * floor / speed / best);
	fflush(stdout);
	bench_release(&b);
	return true;
}

static void
show_load(const char *when, double top)
{
	double load[3] = {0};

	getloadavg(load, 3);
	fprintf(stderr, "%s: ceiling %.1f GFLOP/s, load %.2f\n", when, top,
		load[0]);
}

static const struct lt_kern *
kern_get(const struct opt *o)
{
	const char *why = NULL;
	const struct lt_kern *k = lt_kern_get(o->kern, &why);

	if (!k) {
		lt_fail(&err, LT_EUSAGE, "%s", why);
		die();
	}
	return k;
}

static int
table(const char *const *cases, const struct opt *o)
{
	const struct lt_kern *k = kern_get(o);
	struct bench b;

	for (int i = 0; cases[i]; i++)
		parse_case(&b, cases[i], 0);
	double before = lt_peak(k, o->threads);
	double speed = lt_bandwidth(o->threads);
	show_load("before", before);
	fprintf(stderr, "memory: %.1f GB/s\n", speed);
	puts(COLUMNS "\timages_per_s\tgflops_executed\tshare_of_peak\trss_mb"
		     "\tfloor_mb\tshare_of_floor");
	fflush(stdout);
	for (int i = 0; cases[i]; i++)
		for (int d = 0; row(cases[i], d, o, before, speed);)
			d++;
	double after = lt_peak(k, o->threads);
	show_load("after", after);
	if (fabs(after / before - 1) <= 0.05)
		return 0;
	fputs("void: the ceiling moved by more than 5 %\n", stderr);
	return 1;
}

static int
profile(const char *text, const struct opt *o)
{
	struct bench b;
	struct lt_out *out = lt_out_open("-", &err);
	double peak = lt_peak(kern_get(o), o->threads);

	if (!out)
		die();
	if (!bench_init(&b, text, 0, o))
		return LT_EUSAGE;
	lt_engine_profile(b.x, true);
	double begin = lt_clock();
	do
		step(&b);
	while (lt_clock() - begin < o->seconds);
	lt_profile_print(out, b.x, b.g, lt_clock() - begin, 0, peak);
	bench_release(&b);
	if (lt_out_commit(out, &err) < 0)
		die();
	return 0;
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
show_cases(void)
{
	for (int i = 0; standard[i]; i++)
		puts(standard[i]);
	return 0;
}

static int
show_ceiling(const struct opt *o)
{
	const struct lt_kern *k = kern_get(o);

	printf("%s\t%.6g\n", k->name, lt_peak(k, o->threads));
	return 0;
}

int
main(int argc, char **argv)
{
	struct opt o = {.threads = omp_get_max_threads(), .seconds = 2};
	int mode = 0;

	for (int c; (c = getopt(argc, argv, "pinlck:t:s:")) != -1;) {
		if (c == 'k')
			o.kern = optarg;
		else if (c == 't')
			o.threads = atoi(optarg);
		else if (c == 's')
			o.seconds = atof(optarg);
		else if (c == '?')
			return LT_EUSAGE;
		else
			mode = c;
	}
	const char *const *rest = (const char *const *)(argv + optind);
	bool one = mode && strchr("pin", mode);
	if (o.threads < 1 || !(o.seconds > 0) || (one && argc - optind != 1))
		return LT_EUSAGE;
	switch (mode) {
	case 'p':
		return profile(rest[0], &o);
	case 'i':
		return serve(rest[0], &o);
	case 'n':
		return show_net(rest[0]);
	case 'l':
		return show_cases();
	case 'c':
		return show_ceiling(&o);
	default:
		return table(*rest ? rest : standard, &o);
	}
}
