/* lt-data: make data sets from published formats, and show their images. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/action.h"
#include "base/cli.h"
#include "base/threads.h"
#include "base/num.h"
#include "file/dataset.h"
#include "source/pack.h"
#include "source/remap.h"
#include "file/relabel.h"
#include "source/sheet.h"
#include "source/source.h"

static const char *
split_name(size_t i)
{
	static const char *const name[] = {"train", "test", "val", NULL};

	return name[i];
}

static struct {
	const char *output, *mean, *std, *stats, *shape, *size, *index, *map;
	bool coarse, skip_bad, whole;
	uint64_t count, first;
	int classes, resize;
	double noise;
	struct lt_pick split;
	struct lt_common common;
} opt = {.split = {.name = split_name}, .shape = "1x28x28"};
static struct lt_sheet sheet;

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", NULL,
		"write to FILE; - is standard output, which must not be a "
		"terminal"},
	{0, "split", LT_OPT_PICK, &opt.split, NULL, NULL,
		"pack: take this part of the source"},
	{0, "coarse", LT_OPT_FLAG, &opt.coarse, NULL, NULL,
		"pack: take the 20 coarse labels of CIFAR-100"},
	{0, "size", LT_OPT_STR, &opt.size, "HxW", NULL,
		"pack: scale and crop the images of a folder; N means NxN"},
	{0, "resize", LT_OPT_POS, &opt.resize, "N", NULL,
		"pack: scale the shorter side to N before cropping"},
	{0, "whole", LT_OPT_FLAG, &opt.whole, NULL, NULL,
		"pack: scale whole images to --size and crop nothing"},
	{0, "skip-bad", LT_OPT_FLAG, &opt.skip_bad, NULL, NULL,
		"pack: leave out files that cannot be read, and name them"},
	{0, "mean", LT_OPT_STR, &opt.mean, "M,...", NULL,
		"pack, synth: record these channel means"},
	{0, "std", LT_OPT_STR, &opt.std, "S,...", NULL,
		"pack, synth: record these standard deviations"},
	{0, "stats", LT_OPT_STR, &opt.stats, "DATA", NULL,
		"pack, synth: copy means, deviations and classes from DATA"},
	{0, "count", LT_OPT_U64, &opt.count, "N", NULL,
		"synth: generate N samples"},
	{0, "classes", LT_OPT_POS, &opt.classes, "K", "10",
		"synth, pack: number of classes (pack: of IDX labels)"},
	{0, "shape", LT_OPT_STR, &opt.shape, "CxHxW", "1x28x28",
		"synth: channels, height and width"},
	{0, "first", LT_OPT_U64, &opt.first, "I", "0",
		"synth: number of the first sample"},
	{0, "noise", LT_OPT_NONNEG, &opt.noise, "X", "1",
		"synth: strength of the noise"},
	{0, "map", LT_OPT_STR, &opt.map, "TABLE", NULL,
		"remap: take classes and their new names from TABLE"},
	{0, "index", LT_OPT_STR, &opt.index, "LIST", NULL,
		"relabel, sheet: take only the samples of LIST (sheet: in its "
		"order)"},
	{0, "caption", LT_OPT_STR, &sheet.table, "TABLE", NULL,
		"sheet: write a number from TABLE under each sample"},
	{0, "column", LT_OPT_STR, &sheet.column, "NAME", NULL,
		"sheet: take the numbers from this column of TABLE"},
	{0, "sort", LT_OPT_FLAG, &sheet.sort, NULL, NULL,
		"sheet: show the samples with the largest numbers first"},
	{0, "limit", LT_OPT_U64, &sheet.limit, "N", "100",
		"sheet: show at most N samples"},
	{0, "columns", LT_OPT_POS, &sheet.columns, "N", "10",
		"sheet: show N samples in a row"},
	{0, "scale", LT_OPT_POS, &sheet.scale, "N", "1",
		"sheet: show each pixel as N x N"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd;

static void
progress(uint64_t images)
{
	fprintf(stderr, "\rlt-data: packed %" PRIu64 " images", images);
}

static void
left_out(const char *msg)
{
	fprintf(stderr, "lt-data: left out: %s\n", msg);
}

/* --mean and --std, c numbers each, both or neither. */
static void
read_stats(struct lt_pack *how, float *mean, float *std, int c)
{
	if (!opt.mean && !opt.std)
		return;
	if (!opt.mean || !opt.std)
		lt_cli_usage(&cmd, "--mean and --std must be given together");
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

static void
warn_of_odd(const struct lt_source *s)
{
	for (int i = 0; i < LT_ODDITIES; i++)
		if (s->odd[i].n)
			lt_cli_warn(&cmd, &opt.common,
				"%s: %" PRIu64 ", the first is %s",
				lt_image_oddity[i].many, s->odd[i].n,
				s->odd[i].first);
}

/* Pack a source into a file, and close the source. */
/* The part that was asked for; NULL: none was. */
static const char *
split(void)
{
	return lt_cli_given(&cmd, "split") ? split_name(opt.split.i) : NULL;
}

static int
write_set(
	struct lt_source *s, const char *const *key_values, struct lt_err *err)
{
	float mean[4], std[4];
	struct lt_dataset like;
	uint64_t n;
	struct lt_pack how = {
		.split = split(), .tool = cmd.name, .key_values = key_values};
	bool show = !opt.common.quiet && isatty(STDERR_FILENO);
	read_stats(&how, mean, std, s->c);
	if (opt.stats && lt_dataset_open(&like, opt.stats, err) < 0) {
		lt_source_close(s);
		return -1;
	}
	how.like = opt.stats ? &like : NULL;
	how.progress = show ? progress : NULL;
	int r = lt_pack(opt.output, &n, s, &how, err);
	uint64_t skipped = s->skipped;
	if (opt.stats)
		lt_dataset_close(&like);
	if (show)
		fprintf(stderr, "\r%*s\r", 40, "");
	if (r == 0)
		warn_of_odd(s);
	lt_source_close(s);
	if (r == 0 && skipped)
		fprintf(stderr,
			"lt-data: %" PRIu64 " image%s, %" PRIu64
			" file%s left out\n",
			n, n == 1 ? "" : "s", skipped, skipped == 1 ? "" : "s");
	else if (r == 0 && !opt.common.quiet)
		fprintf(stderr, "lt-data: %" PRIu64 " image%s\n", n,
			n == 1 ? "" : "s");
	return r;
}

static int
run_pack(char **operand, int n, struct lt_err *err)
{
	if (opt.classes > 256 && lt_cli_given(&cmd, "classes"))
		lt_cli_usage(&cmd,
			"--classes: expected 1 to 256 classes of IDX labels");
	struct lt_source_from from = {.path = operand[0],
		.labels = n > 1 ? operand[1] : NULL,
		.split = split(),
		.coarse = opt.coarse,
		.classes = lt_cli_given(&cmd, "classes") ? opt.classes : 0,
		.gaps = opt.stats || lt_cli_given(&cmd, "classes"),
		.threads = lt_threads(opt.common.threads),
		.skip_bad = opt.skip_bad,
		.whole = opt.whole,
		.bad = left_out};
	char size[32], resize[16];
	if (opt.whole && (!opt.size || opt.resize))
		lt_cli_usage(&cmd, "--whole needs --size and no --resize");
	lt_cli_needs(&cmd, "resize", opt.size, "--size");
	if (lt_source_fit(&from, opt.size, opt.resize, err) < 0)
		return -1;
	struct lt_source *s = lt_source_open(&from, err);
	snprintf(size, sizeof(size), "%dx%d", from.h, from.w);
	if (opt.whole)
		snprintf(resize, sizeof(resize), "whole");
	else
		snprintf(resize, sizeof(resize), "%d", from.resize);
	const char *const kv[] = {"coarse", opt.coarse ? "yes" : "no", "split",
		split() ? split() : "", from.h ? "size" : NULL, size, "resize",
		resize, NULL};
	return s ? write_set(s, kv, err) : -1;
}

static void
read_shape(struct lt_synth *p)
{
	uint64_t v[3] = {0};

	if (lt_num_dims(opt.shape, v, 3) != 3 || v[0] < 1 || v[0] > 4 ||
		v[1] < 1 || v[2] < 1 || v[1] > 1024 || v[2] > 1024)
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
run_relabel(char **operand, int n, struct lt_err *err)
{
	struct lt_relabel how = {.data = operand[0],
		.list = opt.index,
		.seed = opt.common.seed,
		.tool = cmd.name};
	(void)n;
	return lt_relabel(opt.output, &how, err);
}

static int
run_remap(char **operand, int n, struct lt_err *err)
{
	struct lt_remap how = {
		.data = operand[0], .map = opt.map, .tool = cmd.name};
	uint64_t images;
	(void)n;
	if (lt_remap(opt.output, &images, &how, err) < 0)
		return -1;
	if (!opt.common.quiet)
		fprintf(stderr, "lt-data: %" PRIu64 " image%s\n", images,
			images == 1 ? "" : "s");
	return 0;
}

static int
run_sheet(char **operand, int n, struct lt_err *err)
{
	struct lt_dataset d;
	(void)n;
	sheet.list = opt.index;
	if (!sheet.table != !sheet.column)
		lt_cli_usage(
			&cmd, "--caption and --column must be given together");
	if (sheet.sort && !sheet.table)
		lt_cli_usage(&cmd, "--sort needs --caption");
	if (lt_dataset_open(&d, operand[0], err) < 0)
		return -1;
	int r = lt_sheet_write(opt.output, &d, &sheet, err);
	lt_dataset_close(&d);
	return r;
}

static const struct action {
	struct lt_action is;
	enum lt_claim_kind operands;
	int (*run)(char **operand, int n, struct lt_err *err);
} actions[] = {
	{{"pack", 1, 2, "a source",
		 "split coarse size resize whole skip-bad mean std stats "
		 "classes",
		 "output"},
		LT_CLAIM_HELD, run_pack},
	{{"synth", 0, 0, "no operand",
		 "mean std stats count classes shape first noise",
		 "output count"},
		LT_CLAIM_HELD, run_synth},
	{{"relabel", 1, 1, "a data set", "index", "output"}, LT_CLAIM_IN,
		run_relabel},
	{{"remap", 1, 1, "a data set", "map", "output map"}, LT_CLAIM_HELD,
		run_remap},
	{{"sheet", 1, 1, "a data set",
		 "index limit columns scale caption column sort", "output"},
		LT_CLAIM_HELD, run_sheet},
};

static const struct lt_cmd cmd = {"lt-data",
	"[OPTION]... -o FILE pack SOURCE [LABELS] | synth --count N | relabel "
	"DATA | remap --map TABLE DATA | sheet DATA",
	"Pack, generate, relabel, remap and show data sets.", options,
	LT_ACTIONS(actions)};

static void
claim_files(const struct action *a, char **operand, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, a->operands, i ? "LABELS" : "the operand",
			operand[i]);
	lt_claim(&c, LT_CLAIM_HELD, "--stats", opt.stats);
	lt_claim(&c, LT_CLAIM_IN, "--map", opt.map);
	lt_claim(&c, LT_CLAIM_IN, "--index", opt.index);
	lt_claim(&c, LT_CLAIM_IN, "--caption", sheet.table);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	lt_cli_wait_passively(argv);
	int n = lt_cli_parse(&cmd, argc, argv) - 1;
	const struct action *a = lt_action_find(&cmd, argv, n);
	if (opt.stats && (opt.mean || opt.std))
		lt_cli_usage(&cmd, "--stats excludes --mean and --std");
	claim_files(a, argv + 1, n);
	if (a->run(argv + 1, n, &err) == 0)
		return LT_EOK;
	return lt_cli_fail(&cmd, &err);
}
