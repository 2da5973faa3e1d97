/* lt-data: data sets from the formats they come in, and a look at them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/cli.h"
#include "base/num.h"
#include "file/dataset.h"
#include "file/index.h"
#include "file/pack.h"
#include "file/sheet.h"
#include "file/source.h"

static struct {
	const char *output, *split, *mean, *std, *stats, *shape, *index;
	bool coarse;
	uint64_t count, first, limit;
	int classes, columns, scale;
	double noise;
	struct lt_common common;
} opt = {.classes = 10,
	.shape = "1x28x28",
	.noise = 1,
	.limit = 100,
	.columns = 10,
	.scale = 1};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", NULL,
		"write to FILE; - is standard output, not a terminal"},
	{0, "split", LT_OPT_STR, &opt.split, "NAME", NULL,
		"pack: the part train, test or val of the source"},
	{0, "coarse", LT_OPT_FLAG, &opt.coarse, NULL, NULL,
		"pack: the 20 coarse labels of CIFAR-100"},
	{0, "mean", LT_OPT_STR, &opt.mean, "M,...", NULL,
		"pack, synth: record these channel means"},
	{0, "std", LT_OPT_STR, &opt.std, "S,...", NULL,
		"pack, synth: record these standard deviations"},
	{0, "stats", LT_OPT_STR, &opt.stats, "DATA", NULL,
		"pack, synth: mean, std and classes as in DATA"},
	{0, "count", LT_OPT_U64, &opt.count, "N", NULL,
		"synth: number of samples"},
	{0, "classes", LT_OPT_POS, &opt.classes, "K", "10",
		"synth: number of classes"},
	{0, "shape", LT_OPT_STR, &opt.shape, "CxHxW", "1x28x28",
		"synth: channels, height and width"},
	{0, "first", LT_OPT_U64, &opt.first, "I", "0",
		"synth: number of the first sample"},
	{0, "noise", LT_OPT_NONNEG, &opt.noise, "X", "1",
		"synth: strength of the noise"},
	{0, "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"sheet: show the samples of LIST"},
	{0, "limit", LT_OPT_U64, &opt.limit, "N", "100",
		"sheet: show at most N samples"},
	{0, "columns", LT_OPT_POS, &opt.columns, "N", "10",
		"sheet: show N samples in a row"},
	{0, "scale", LT_OPT_POS, &opt.scale, "N", "1",
		"sheet: show each pixel as N x N"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-data",
	"[OPTION]... -o FILE pack SOURCE [LABELS] | synth --count N | sheet "
	"DATA",
	"Pack, generate and show data sets.", options};

static void
progress(uint64_t images)
{
	fprintf(stderr, "\rlt-data: %" PRIu64 " images", images);
}

/* --mean and --std, c numbers each, both or neither. */
static void
read_stats(struct lt_pack *how, float *mean, float *std, int c)
{
	if (!opt.mean && !opt.std)
		return;
	if (!opt.mean || !opt.std)
		lt_cli_usage(&cmd, "--mean and --std go together");
	if (lt_stats_parse(opt.mean, mean, c) < 0)
		lt_cli_usage(&cmd, "--mean: expected %d numbers, found '%s'", c,
			opt.mean);
	bool ok = lt_stats_parse(opt.std, std, c) == 0;
	for (int i = 0; ok && i < c; i++)
		ok = std[i] > 0;
	if (!ok)
		lt_cli_usage(&cmd,
			"--std: expected %d positive numbers, found '%s'", c,
			opt.std);
	how->mean = mean;
	how->std = std;
}

/* Source to file; closes the source. */
static int
write_set(
	struct lt_source *s, const char *const *key_values, struct lt_err *err)
{
	float mean[4], std[4];
	struct lt_dataset like;
	uint64_t n;
	struct lt_pack how = {
		.split = opt.split, .tool = cmd.name, .key_values = key_values};
	bool show = !opt.common.quiet && isatty(STDERR_FILENO);
	read_stats(&how, mean, std, s->c);
	if (opt.stats && lt_dataset_open(&like, opt.stats, err) < 0) {
		lt_source_close(s);
		return -1;
	}
	how.like = opt.stats ? &like : NULL;
	how.progress = show ? progress : NULL;
	int r = lt_pack(opt.output, &n, s, &how, err);
	if (opt.stats)
		lt_dataset_close(&like);
	lt_source_close(s);
	if (show)
		fprintf(stderr, "\r%*s\r", 40, "");
	if (r == 0 && !opt.common.quiet)
		fprintf(stderr, "lt-data: %" PRIu64 " images\n", n);
	return r;
}

static int
run_pack(char **operand, int n, struct lt_err *err)
{
	if (opt.split && strcmp(opt.split, "train") != 0 &&
		strcmp(opt.split, "test") != 0 && strcmp(opt.split, "val") != 0)
		lt_cli_usage(&cmd,
			"--split: expected train, test or val, found '%s'",
			opt.split);
	if (n > 1 && strcmp(operand[0], "-") == 0 &&
		strcmp(operand[1], "-") == 0)
		lt_cli_usage(&cmd, "standard input can be read only once");
	struct lt_source_from from = {.path = operand[0],
		.labels = n > 1 ? operand[1] : NULL,
		.split = opt.split,
		.coarse = opt.coarse};
	struct lt_source *s = lt_source_open(&from, err);
	const char *const kv[] = {"coarse", opt.coarse ? "yes" : "no", "split",
		opt.split ? opt.split : "", NULL};
	return s ? write_set(s, kv, err) : -1;
}

/* "3x32x32" */
static void
read_shape(struct lt_synth *p)
{
	uint64_t v[3] = {0};
	char text[64], *part = text;
	int n = 0;
	snprintf(text, sizeof(text), "%s", opt.shape);
	for (; part && n < 4; n++) {
		char *x = strchr(part, 'x');
		if (x)
			*x++ = '\0';
		if (n == 3 || !lt_num_u64(part, &v[n]))
			break;
		part = x;
	}
	if (part || n != 3 || v[0] < 1 || v[0] > 4 || v[1] < 1 || v[2] < 1 ||
		v[1] > 1024 || v[2] > 1024)
		lt_cli_usage(&cmd,
			"--shape: expected CxHxW of 1 to 4 channels and 1 to "
			"1024 pixels a side, found '%s'",
			opt.shape);
	p->c = (int)v[0];
	p->h = (int)v[1];
	p->w = (int)v[2];
}

static int
run_synth(char **operand, int n, struct lt_err *err)
{
	struct lt_synth p = {.seed = opt.common.seed,
		.first = opt.first,
		.count = opt.count,
		.classes = opt.classes,
		.noise = opt.noise};
	char seed[24], first[24], noise[32];
	(void)operand;
	(void)n;
	read_shape(&p);
	if (opt.count < 1 || opt.count >= UINT32_MAX)
		lt_cli_usage(&cmd, "--count: expected 1 to 4294967294 samples");
	if (opt.first > INT64_MAX)
		lt_cli_usage(&cmd, "--first: too large");
	if (opt.classes > 1000)
		lt_cli_usage(&cmd, "--classes: expected 1 to 1000");
	if (opt.noise > 1000)
		lt_cli_usage(&cmd, "--noise: expected 0 to 1000");
	snprintf(seed, sizeof(seed), "%" PRIu64, p.seed);
	snprintf(first, sizeof(first), "%" PRIu64, p.first);
	snprintf(noise, sizeof(noise), "%.17g", p.noise);
	const char *const kv[] = {
		"first", first, "noise", noise, "seed", seed, NULL};
	return write_set(lt_source_synth(&p), kv, err);
}

static int
run_sheet(char **operand, int n, struct lt_err *err)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	(void)n;
	if (lt_dataset_open(&d, operand[0], err) < 0)
		return -1;
	int r = 0;
	if (!opt.index)
		lt_index_all(&ix, d.n < opt.limit ? d.n : opt.limit);
	else if ((r = lt_index_read(&ix, opt.index, err)) == 0)
		r = lt_index_check(&ix, opt.index, d.n, d.path, err);
	if (ix.n > opt.limit)
		ix.n = opt.limit;
	if (r == 0)
		r = lt_sheet_write(
			opt.output, &d, &ix, opt.columns, opt.scale, err);
	lt_index_release(&ix);
	lt_dataset_close(&d);
	return r;
}

static const struct action {
	const char *name, *takes; /* options that are not for all */
	int least, most;	  /* operands */
	int (*run)(char **operand, int n, struct lt_err *err);
} actions[] = {
	{"pack", "split coarse mean std stats", 1, 2, run_pack},
	{"synth", "mean std stats count classes shape first noise", 0, 0,
		run_synth},
	{"sheet", "index limit columns scale", 1, 1, run_sheet},
};

/* Is word one of the words of list? */
static bool
among(const char *list, const char *word)
{
	size_t k = strlen(word);
	for (const char *at = list; (at = strstr(at, word)); at += k)
		if ((at == list || at[-1] == ' ') && (at[k] == ' ' || !at[k]))
			return true;
	return false;
}

static const struct action *
find_action(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	lt_cli_usage(&cmd, "expected pack, synth or sheet, found '%s'", name);
}

static void
check_options(const struct action *a)
{
	for (const struct lt_opt *o = options; o->kind != LT_OPT_END_KIND; o++)
		if (lt_cli_given(&cmd, o->long_name) &&
			!among("output quiet seed threads", o->long_name) &&
			!among(a->takes, o->long_name))
			lt_cli_usage(&cmd, "%s does not take --%s", a->name,
				o->long_name);
	if (!opt.output)
		lt_cli_usage(&cmd, "%s needs --output", a->name);
	if (a->run == run_synth && !lt_cli_given(&cmd, "count"))
		lt_cli_usage(&cmd, "synth needs --count");
	if (opt.stats && (opt.mean || opt.std))
		lt_cli_usage(&cmd, "--stats excludes --mean and --std");
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv) - 1;
	if (n < 0)
		lt_cli_usage(&cmd, "expected pack, synth or sheet");
	const struct action *a = find_action(argv[0]);
	if (n < a->least || n > a->most)
		lt_cli_usage(&cmd, "%s: expected %s, found %d operands",
			a->name,
			a->run == run_synth   ? "no operand"
			: a->run == run_sheet ? "a data set"
					      : "a source",
			n);
	check_options(a);
	if (a->run(argv + 1, n, &err) == 0)
		return LT_EOK;
	if (err.status == LT_EUSAGE)
		lt_cli_usage(&cmd, "%s", err.msg);
	return lt_cli_fail(&cmd, &err);
}
