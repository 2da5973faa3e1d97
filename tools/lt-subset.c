/* lt-subset: sets of training samples. */
#include <string.h>
#include "base/action.h"
#include "base/cli.h"
#include "file/column.h"
#include "file/dataset.h"
#include "file/index.h"
#include "ticket/shares.h"
#include "ticket/subset.h"
#include "ticket/universe.h"

static struct {
	const char *output, *rest, *of, *data, *column;
	uint64_t count, size;
	double fraction;
	int per_class;
	bool stratify, first, lowest;
	struct lt_common common;
} opt = {.output = "-"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write to FILE; - is standard output"},
	{0, "rest", LT_OPT_STR, &opt.rest, "FILE", NULL,
		"split: write the remaining samples to FILE"},
	{0, "of", LT_OPT_STR, &opt.of, "LIST", NULL,
		"complement, sample, split, top, count: choose from the "
		"samples of LIST"},
	{0, "count", LT_OPT_U64, &opt.count, "N", NULL,
		"complement, sample, split: choose from the samples 0 to N - "
		"1"},
	{0, "data", LT_OPT_STR, &opt.data, "DATA", NULL,
		"take classes from DATA, and check that it has all samples"},
	{0, "size", LT_OPT_U64, &opt.size, "N", NULL,
		"sample, split, top: take N samples"},
	{0, "fraction", LT_OPT_UNIT, &opt.fraction, "F", NULL,
		"sample, split, top: take the fraction F of the samples"},
	{0, "first", LT_OPT_FLAG, &opt.first, NULL, NULL,
		"sample, split: take the first samples instead of drawing"},
	{0, "stratify", LT_OPT_FLAG, &opt.stratify, NULL, NULL,
		"sample, top: take from each class in proportion"},
	{0, "per-class", LT_OPT_POS, &opt.per_class, "N", NULL,
		"sample: draw N samples of each class"},
	{0, "column", LT_OPT_STR, &opt.column, "NAME", NULL,
		"top: compare by this column of TABLE"},
	{0, "lowest", LT_OPT_FLAG, &opt.lowest, NULL, NULL,
		"top: take the smallest values instead of the largest"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd;

/* The data set of --data, open or {0}; only labels are used. */
static struct lt_dataset data;
static struct lt_universe universe;

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
	int r = lt_universe_read(&list, &universe, path, err);
	if (r == 0 && all)
		r = lt_universe_within(&list, path, all, &universe, err);
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
	int r = op->universe ? lt_universe_all(&all, &universe, err)
			     : lt_universe_read(&acc, &universe, lists[0], err);
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

/* Return how many of the n samples of from the options ask for. */
static int
read_size(size_t *k, size_t n, const char *from, struct lt_err *err)
{
	*k = lt_cli_given(&cmd, "size") ? opt.size
					: lt_subset_share(n, opt.fraction);
	if (*k <= n)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: expected at least the %zu samples to draw, found %zu",
		from, *k, n);
}

/* Draw as the options say; rest is what is left over. */
static int
draw(struct lt_index *out, struct lt_index *rest, bool stratify,
	struct lt_err *err)
{
	struct lt_index all = {0};
	int r = lt_universe_all(&all, &universe, err);
	size_t k = 0;
	if (r == 0 && !opt.per_class)
		r = read_size(&k, all.n, lt_universe_name(&universe), err);
	if (r == 0 && opt.per_class)
		lt_subset_balanced(out, &all, (size_t)opt.per_class, data.label,
			data.classes, opt.common.seed);
	else if (r == 0 && opt.first)
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

/* The rows of a table that may be taken. */
static int
read_column(struct lt_column *c, const char *path, struct lt_err *err)
{
	struct lt_index of = {0};
	if (lt_column_read(c, path, opt.column, err) < 0)
		return -1;
	int r = opt.data ? lt_index_check(
				   &c->index, c->table, data.n, opt.data, err)
			 : 0;
	if (r == 0 && opt.of)
		r = lt_universe_all(&of, &universe, err);
	if (r == 0 && opt.of)
		r = lt_column_restrict(c, &of, err);
	lt_index_release(&of);
	return r == 0 ? lt_column_check(c, err) : -1;
}

/* c <- the mean of the column over all tables, which have the same samples. */
static int
read_columns(struct lt_column *c, char **tables, int n, struct lt_err *err)
{
	int r = read_column(c, tables[0], err);

	for (int i = 1; i < n && r == 0; i++) {
		struct lt_column more = {0};
		r = read_column(&more, tables[i], err);
		if (r == 0 && more.index.n != c->index.n)
			r = lt_fail(err, LT_EDATA,
				"%s has %zu samples and %s %zu, expected the "
				"same",
				tables[0], c->index.n, tables[i], more.index.n);
		if (r == 0)
			r = lt_column_restrict(&more, &c->index, err);
		for (size_t j = 0; r == 0 && j < c->index.n; j++)
			c->value[j] += more.value[j];
		lt_column_release(&more);
	}
	for (size_t j = 0; r == 0 && j < c->index.n; j++)
		c->value[j] /= n;
	return r == 0 ? lt_column_check(c, err) : r;
}

static int
run_top(const struct operation *op, char **tables, int n, struct lt_err *err)
{
	struct lt_column c = {0};
	struct lt_index out = {0};
	size_t k;
	(void)op;
	int r = read_columns(&c, tables, n, err);
	if (r == 0)
		r = read_size(&k, c.index.n, opt.of ? opt.of : c.table, err);
	if (r == 0) {
		lt_subset_top(&out, &c, k, opt.lowest,
			opt.stratify ? data.label : NULL, data.classes);
		r = lt_index_write(&out, opt.output, err);
	}
	lt_index_release(&out);
	lt_column_release(&c);
	return r;
}

static int
run_count(const struct operation *op, char **lists, int n, struct lt_err *err)
{
	(void)op;
	return lt_shares_write(opt.output, lists, n, &universe, err);
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
	{{"sample", 0, 0, "no list", DRAW " stratify per-class", ""}, run_draw,
		NULL, true},
	{{"split", 0, 0, "no list", DRAW " rest", "rest"}, run_draw, NULL,
		true},
	{{"top", 1, ANY, "at least one table",
		 "of data size fraction stratify column lowest", "column"},
		run_top, NULL, false},
	{{"count", 0, ANY, "lists", "of data", "data"}, run_count, NULL, false},
};

static const struct lt_cmd cmd = {"lt-subset",
	"[OPTION]... union|intersect|subtract|complement|sample|split|count "
	"[LIST]... | top TABLE...",
	"Combine, draw, select and count index lists of training samples.",
	options, LT_ACTIONS(operations)};

/* Check the combinations of options. */
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
	if (op->run != run_draw && op->run != run_top)
		return;
	if (lt_cli_given(&cmd, "size") + lt_cli_given(&cmd, "fraction") +
			(opt.per_class > 0) !=
		1)
		lt_cli_usage(&cmd, "%s needs --size or --fraction%s", name,
			opt.rest || op->run == run_top ? ""
						       : ", or --per-class");
	if (opt.first + opt.stratify + (opt.per_class > 0) > 1)
		lt_cli_usage(&cmd,
			"--first, --stratify and --per-class exclude each "
			"other");
	if ((opt.stratify || opt.per_class) && !opt.data)
		lt_cli_usage(&cmd, "--%s needs --data",
			opt.stratify ? "stratify" : "per-class");
}

static void
claim_files(char **operand, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, LT_CLAIM_IN, "the operand", operand[i]);
	lt_claim(&c, LT_CLAIM_IN, "--of", opt.of);
	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_claim(&c, LT_CLAIM_OUT, "--rest", opt.rest);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv) - 1;
	const struct operation *op = lt_action_find(&cmd, argv, n);
	check_options(op);
	claim_files(argv + 1, n);
	int r = opt.data ? lt_dataset_open(&data, opt.data, &err) : 0;
	universe = (struct lt_universe){.of = opt.of,
		.count = lt_cli_given(&cmd, "count") ? &opt.count : NULL,
		.count_name = "--count",
		.data = opt.data ? &data : NULL};
	if (r == 0) {
		r = op->run(op, argv + 1, n, &err);
		if (opt.data)
			lt_dataset_close(&data);
	}
	return r < 0 ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
