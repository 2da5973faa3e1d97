/* lt-subset: sets of training samples. */
#include <stdlib.h>
#include <string.h>
#include "base/action.h"
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "file/dataset.h"
#include "file/index.h"
#include "ticket/subset.h"

static struct {
	const char *output, *rest, *of, *data;
	uint64_t count, size;
	double fraction;
	bool stratify, first;
	struct lt_common common;
} opt = {.output = "-"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write to FILE; - is standard output"},
	{0, "rest", LT_OPT_STR, &opt.rest, "FILE", NULL,
		"split: write the other part to FILE"},
	{0, "of", LT_OPT_STR, &opt.of, "LIST", NULL,
		"complement, sample, split: of the samples in LIST"},
	{0, "count", LT_OPT_U64, &opt.count, "N", NULL,
		"complement, sample, split: of the samples 0 to N - 1"},
	{0, "data", LT_OPT_STR, &opt.data, "DATA", NULL,
		"data set, for classes, and to check lists against"},
	{0, "size", LT_OPT_U64, &opt.size, "N", NULL,
		"sample, split: draw N samples"},
	{0, "fraction", LT_OPT_UNIT, &opt.fraction, "F", NULL,
		"sample, split: draw the fraction F of the samples"},
	{0, "first", LT_OPT_FLAG, &opt.first, NULL, NULL,
		"sample, split: take the first samples instead of drawing"},
	{0, "stratify", LT_OPT_FLAG, &opt.stratify, NULL, NULL,
		"sample: draw from each class in proportion"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-subset",
	"[OPTION]... union|intersect|subtract|complement|sample|split|count "
	"[LIST]...",
	"Combine, draw and count index lists of training samples.", options};

/* The data set of --data, open or {0}; only labels are used. */
static struct lt_dataset data;

/* Read a list and hold it against --data and --count. */
static int
read_list(struct lt_index *ix, const char *path, struct lt_err *err)
{
	if (lt_index_read(ix, path, err) < 0)
		return -1;
	if (opt.data && lt_index_check(ix, path, data.n, opt.data, err) < 0)
		return -1;
	if (lt_cli_given(&cmd, "count") && ix->n &&
		ix->v[ix->n - 1] >= opt.count)
		return lt_fail(err, LT_EDATA,
			"%s: expected indices below --count %llu, found %u",
			path, (unsigned long long)opt.count, ix->v[ix->n - 1]);
	return 0;
}

/* What --of, --count or --data speak of, the first that is given. */
static int
read_universe(struct lt_index *all, struct lt_err *err)
{
	if (opt.of)
		return read_list(all, opt.of, err);
	lt_index_all(all, lt_cli_given(&cmd, "count") ? opt.count : data.n);
	return 0;
}

static const char *
universe_name(void)
{
	return opt.of ? opt.of : opt.data ? opt.data : "--count";
}

typedef void combine_function(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b);

struct operation {
	struct lt_action is;
	int (*run)(const struct operation *op, char **lists, int n,
		struct lt_err *err);
	combine_function *combine;
	bool universe; /* begin with all samples, not with the first list */
};

/* *acc = combine(*acc, list), the list being within all unless that is NULL */
static int
fold(struct lt_index *acc, const char *path, combine_function *combine,
	const struct lt_index *all, struct lt_err *err)
{
	struct lt_index list = {0}, out = {0};
	int r = read_list(&list, path, err);
	uint32_t outside;
	if (r == 0 && all && lt_subset_outside(&outside, &list, all))
		r = lt_fail(err, LT_EDATA,
			"%s: expected samples of %s only, found %u", path,
			universe_name(), outside);
	if (r == 0) {
		combine(&out, acc, &list);
		lt_index_release(acc);
		*acc = out;
	}
	lt_index_release(&list);
	return r;
}

static int
run_combine(const struct operation *op, char **lists, int n, struct lt_err *err)
{
	struct lt_index acc = {0}, all = {0}, none = {0};
	int r = op->universe ? read_universe(&all, err)
			     : read_list(&acc, lists[0], err);
	if (r == 0 && op->universe)
		lt_subset_union(&acc, &all, &none);
	for (int i = op->universe ? 0 : 1; i < n && r == 0; i++)
		r = fold(&acc, lists[i], op->combine,
			op->universe ? &all : NULL, err);
	if (r == 0)
		r = lt_index_write(&acc, opt.output, err);
	lt_index_release(&acc);
	lt_index_release(&all);
	return r;
}

/* Draw as the options say; rest is what is left over. */
static int
draw(struct lt_index *out, struct lt_index *rest, bool stratify,
	struct lt_err *err)
{
	struct lt_index all = {0};
	int r = read_universe(&all, err);
	size_t k = lt_cli_given(&cmd, "size")
			   ? opt.size
			   : lt_subset_share(all.n, opt.fraction);
	if (r == 0 && k > all.n)
		r = lt_fail(err, LT_EDATA,
			"%s: expected at least the %zu samples to draw, found "
			"%zu",
			universe_name(), k, all.n);
	if (r == 0 && opt.first)
		lt_subset_first(out, &all, k);
	else if (r == 0 && stratify)
		lt_subset_stratified(out, &all, k, data.label, data.classes,
			opt.common.seed);
	else if (r == 0)
		lt_subset_sample(out, &all, k, opt.common.seed);
	if (r == 0)
		lt_subset_subtract(rest, &all, out);
	lt_index_release(&all);
	return r;
}

static int
run_draw(const struct operation *op, char **lists, int n, struct lt_err *err)
{
	struct lt_index out = {0}, rest = {0};
	(void)op, (void)lists, (void)n;
	int r = draw(&out, &rest, opt.stratify || opt.rest, err);
	if (r == 0)
		r = lt_index_write(&out, opt.output, err);
	if (r == 0 && opt.rest)
		r = lt_index_write(&rest, opt.rest, err);
	lt_index_release(&out);
	lt_index_release(&rest);
	return r;
}

static void
put_counts(struct lt_out *o, const char *name, const struct lt_index *ix)
{
	size_t *count = lt_alloc((size_t)data.classes, sizeof(*count));
	lt_subset_count(count, ix, data.label, data.classes);
	for (int c = 0; c < data.classes; c++)
		lt_out_printf(o, "%s\t%d\t%s\t%zu\n", name, c,
			data.class_name[c], count[c]);
	free(count);
}

/* One row a list and class; without a list, of the whole data set. */
static int
run_count(const struct operation *op, char **lists, int n, struct lt_err *err)
{
	(void)op;
	struct lt_out *o = lt_out_open(opt.output, err);
	if (!o)
		return -1;
	int r = 0;
	lt_out_printf(o, "list\tclass\tname\tcount\n");
	for (int i = 0; r == 0 && (i < n || i == 0); i++) {
		struct lt_index ix = {0};
		r = n ? read_list(&ix, lists[i], err) : read_universe(&ix, err);
		if (r == 0)
			put_counts(o, n ? lists[i] : "all", &ix);
		lt_index_release(&ix);
	}
	if (r == 0)
		return lt_out_commit(o, err);
	lt_out_abandon(o);
	return -1;
}

#define ANY (1 << 30)
#define LISTS "at least one list"
#define DRAW "of count data size fraction first"
static const struct operation operations[] = {
	{{"union", 1, ANY, LISTS, "data", ""}, run_combine, lt_subset_union,
		false},
	{{"intersect", 1, ANY, LISTS, "data", ""}, run_combine,
		lt_subset_intersect, false},
	{{"subtract", 1, ANY, LISTS, "data", ""}, run_combine,
		lt_subset_subtract, false},
	{{"complement", 1, ANY, LISTS, "of count data", ""}, run_combine,
		lt_subset_subtract, true},
	{{"sample", 0, 0, "no list", DRAW " stratify", ""}, run_draw, NULL,
		true},
	{{"split", 0, 0, "no list", DRAW " rest", "rest"}, run_draw, NULL,
		true},
	{{"count", 0, ANY, "lists", "data", "data"}, run_count, NULL, false},
};

/* What goes with what. */
static void
check_options(const struct operation *op)
{
	const char *name = op->is.name;
	bool count = lt_cli_given(&cmd, "count");

	if (opt.rest && !opt.first && !opt.data)
		lt_cli_usage(&cmd, "split needs --data or --first");
	if (op->universe && !opt.of && !count && !opt.data)
		lt_cli_usage(&cmd, "%s needs --of, --count or --data", name);
	if (opt.of && count)
		lt_cli_usage(&cmd, "--of and --count exclude each other");
	if (count && opt.count > UINT32_MAX)
		lt_cli_usage(&cmd, "--count: expected at most 4294967295");
	if (op->run != run_draw)
		return;
	if (lt_cli_given(&cmd, "size") == lt_cli_given(&cmd, "fraction"))
		lt_cli_usage(&cmd, "%s needs --size or --fraction", name);
	if (opt.first && opt.stratify)
		lt_cli_usage(&cmd, "--first and --stratify exclude each other");
	if (opt.stratify && !opt.data)
		lt_cli_usage(&cmd, "--stratify needs --data");
}

static void
check_streams(char **lists, int n)
{
	int in = opt.of && strcmp(opt.of, "-") == 0;
	for (int i = 0; i < n; i++)
		in += strcmp(lists[i], "-") == 0;
	if (in > 1)
		lt_cli_usage(&cmd, "standard input can be read only once");
	if (opt.rest && strcmp(opt.rest, opt.output) == 0)
		lt_cli_usage(&cmd, "--output and --rest are the same file");
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv) - 1;
	const struct operation *op =
		lt_action_find(&cmd, LT_ACTIONS(operations), argv, n);
	check_options(op);
	check_streams(argv + 1, n);
	int r = opt.data ? lt_dataset_open(&data, opt.data, &err) : 0;
	if (r == 0) {
		r = op->run(op, argv + 1, n, &err);
		if (opt.data)
			lt_dataset_close(&data);
	}
	return r < 0 ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
