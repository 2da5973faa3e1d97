/* lt-score: what ticket searches found. */
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "ticket/score.h"

static struct lt_common common;
static struct {
	const char *output;
	int select, stages;
	bool each;
} opt = {.output = "-"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write the table to FILE"},
	{0, "select", LT_OPT_CHOICE, &opt.select, "val|test", "val",
		"choose stages by val_acc or by test_acc"},
	{0, "stages", LT_OPT_POS, &opt.stages, "K", NULL,
		"a search has K sparse stages (default: the most there are)"},
	{0, "each", LT_OPT_FLAG, &opt.each, NULL, NULL,
		"write a row a search instead of a row a network"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-score", "[OPTION]... [TABLE]...",
	"Say how often ticket searches succeed, and what they gain.", options};

/* A column of doubles; stage: 0 is written for nan. */
struct column {
	const char *name;
	size_t offset;
	bool stage;
};

/* clang-format off */
#define ALL(name, member) {name, offsetof(struct lt_score, member), false}
#define MEAN(name, member) ALL(name, member.mean)
#define BOTH(name, member) MEAN(name, member), ALL(name "_std", member.std)
#define ONE(name, member)                                                      \
	{name, offsetof(struct lt_search_score, member), false}
#define STAGE(name, member)                                                    \
	{name, offsetof(struct lt_search_score, member), true}

static const struct column of_network[] = {
	ALL("sr", sr),
	ALL("sr_low", sr_low),
	ALL("sr_high", sr_high),
	ALL("sr_null", sr_null),
	BOTH("dense_acc", dense_acc),
	BOTH("best_acc", best.acc),
	BOTH("best_sparsity", best.sparsity),
	MEAN("best_stage", best.stage),
	BOTH("best_gain", best.gain),
	BOTH("best_length_gain", best.length_gain),
	BOTH("match_acc", match.acc),
	BOTH("match_sparsity", match.sparsity),
	BOTH("match_gain", match.gain),
	BOTH("match_length_gain", match.length_gain),
	BOTH("dense_length", dense_length),
	BOTH("best_length", best.length),
	BOTH("match_length", match.length),
	ALL("lts", lts),
	ALL("lts_all", lts_all),
	BOTH("success_gain", success_gain),
	BOTH("dense_gap", dense_gap),
	BOTH("best_gap", best.gap),
	BOTH("match_gap", match.gap),
	{NULL, 0, false},
};

static const struct column of_search[] = {
	ONE("dense_val_acc", dense_val),
	ONE("dense_acc", dense_acc),
	STAGE("best_stage", best.stage),
	ONE("best_sparsity", best.sparsity),
	ONE("best_acc", best.acc),
	ONE("best_gain", best.gain),
	ONE("best_length_gain", best.length_gain),
	STAGE("match_stage", match.stage),
	ONE("match_sparsity", match.sparsity),
	ONE("match_acc", match.acc),
	ONE("match_gain", match.gain),
	ONE("match_length_gain", match.length_gain),
	ONE("dense_gap", dense_gap),
	ONE("best_gap", best.gap),
	ONE("match_gap", match.gap),
	{NULL, 0, false},
};
/* clang-format on */

static void
put_names(struct lt_out *o, const struct column *c)
{
	for (; c->name; c++)
		lt_out_printf(o, "\t%s", c->name);
}

/* printf writes a sign before some zeros. */
static void
put_numbers(struct lt_out *o, const struct column *c, const void *from)
{
	for (; c->name; c++) {
		double v;
		memcpy(&v, (const char *)from + c->offset, sizeof v);
		bool zero = v == 0 || (c->stage && isnan(v));
		lt_out_number(o, zero ? 0 : v);
	}
}

static void
put_header(struct lt_out *o)
{
	if (opt.each) {
		lt_out_printf(o, "network\tseed\tstages");
		put_names(o, of_search);
		lt_out_printf(o, "\tsuccess\n");
		return;
	}
	lt_out_printf(o, "network\tsearches\tincomplete\tstages\tsuccesses");
	put_names(o, of_network);
	lt_out_printf(o, "\n");
}

static void
put_search(struct lt_out *o, const struct lt_search_group *g, size_t i,
	const struct lt_search_score *v, uint32_t stages)
{
	lt_out_printf(
		o, "%s\t%s\t%" PRIu32, g->network, g->search[i].seed, stages);
	put_numbers(o, of_search, v);
	lt_out_printf(o, "\t%d\n", v->success);
}

static void
put_network(struct lt_out *o, const char *name, const struct lt_score *s)
{
	lt_out_printf(o, "%s\t%zu\t%zu\t%" PRIu32 "\t%zu", name, s->searches,
		s->incomplete, s->stages, s->successes);
	put_numbers(o, of_network, s);
	lt_out_printf(o, "\n");
}

static void
warn(const struct lt_search_group *g, size_t i, const struct lt_search_score *v)
{
	static const char *const lack[] = {
		[LT_LACK_STAGE] = "is not there",
		[LT_LACK_ACCURACY] = "has nan for val_acc or test_acc",
		[LT_LACK_DENSE] = "has test_acc 0",
	};

	lt_cli_warn(&cmd, &common,
		"network '%s', seed '%s': incomplete, left out: stage %" PRIu32
		" %s",
		g->network, g->search[i].seed, v->lack_stage, lack[v->lack]);
}

static void
score(struct lt_out *o, const struct lt_search_group *g)
{
	uint32_t stages = opt.stages ? (uint32_t)opt.stages : g->stages;
	struct lt_search_score *v = lt_alloc(g->n, sizeof *v);
	struct lt_score s;

	for (size_t i = 0; i < g->n; i++) {
		lt_score_search(&v[i], &g->search[i], stages, opt.select == 1);
		if (v[i].lack)
			warn(g, i, &v[i]);
		else if (opt.each)
			put_search(o, g, i, &v[i], stages);
	}
	lt_score_network(&s, v, g->n, stages);
	if (!opt.each)
		put_network(o, g->network, &s);
	free(v);
}

static int
run(const char *const *paths, int n, struct lt_err *err)
{
	struct lt_searches all;
	struct lt_out *o;

	if (lt_searches_read(&all, paths, n, err) < 0)
		return -1;
	o = lt_out_open(opt.output, err);
	if (o) {
		put_header(o);
		for (size_t i = 0; i < all.n; i++)
			score(o, &all.group[i]);
	}
	lt_searches_release(&all);
	return o ? lt_out_commit(o, err) : -1;
}

static void
claim_files(const char *const *paths, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, LT_CLAIM_IN, "TABLE", paths[i]);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	static const char *const standard_input[] = {"-"};
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv);
	const char *const *paths = (const char *const *)argv;

	if (n == 0) {
		paths = standard_input;
		n = 1;
	}
	claim_files(paths, n);
	return run(paths, n, &err) ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
