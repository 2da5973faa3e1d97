/* How often ticket searches succeed, and what they gain. */
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "actions.h"
#include "ticket/facts.h"
#include "ticket/order.h"
#include "ticket/score.h"

/* A column of doubles; stage: 0 is written for NaN. */
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

/* A network in its place in the table; its facts, if there are any. */
struct ranked {
	const struct lt_search_group *group;
	const char *fact[LT_FACTS_N];
	double parameters;
};

/* Order networks by their size; without facts they stay as they came. */
static int
rank(struct ranked *v, const struct lt_searches *all, const struct lt_facts *f,
	struct lt_err *err)
{
	for (size_t i = 0; i < all->n; i++) {
		struct ranked k = {.group = &all->group[i]};
		size_t at = i;
		if (lt_facts_find(k.fact, &k.parameters, f, k.group->network,
			    err) < 0)
			return -1;
		for (; at && v[at - 1].parameters > k.parameters; at--)
			v[at] = v[at - 1];
		v[at] = k;
	}
	return 0;
}

static void
put_header(struct lt_out *o, bool each)
{
	if (each) {
		lt_out_printf(o, "network\tseed\tstages");
		put_names(o, of_search);
		lt_out_printf(o, "\tsuccess\n");
		return;
	}
	lt_out_printf(o, "network");
	if (opt.facts.n)
		lt_out_printf(o, "\t%s\t%s\t%s\t%s", lt_facts_names[0],
			lt_facts_names[1], lt_facts_names[2],
			lt_facts_names[3]);
	lt_out_printf(o, "\tsearches\tincomplete\tstages\tsuccesses");
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
put_network(struct lt_out *o, const struct ranked *k, const struct lt_score *s)
{
	lt_out_printf(o, "%s", k->group->network);
	for (int i = 0; opt.facts.n && i < LT_FACTS_N; i++) {
		lt_out_printf(o, "\t");
		lt_out_text(o, k->fact[i]);
	}
	lt_out_printf(o, "\t%zu\t%zu\t%" PRIu32 "\t%zu", s->searches,
		s->incomplete, s->stages, s->successes);
	put_numbers(o, of_network, s);
	lt_out_printf(o, "\n");
}

static void
warn(const struct lt_search_group *g, size_t i, const struct lt_search_score *v)
{
	static const char *const lack[] = {
		[LT_LACK_STAGE] = "is missing",
		[LT_LACK_ACCURACY] = "has NaN for val_acc or test_acc",
		[LT_LACK_DENSE] = "has test_acc 0",
	};

	lt_cli_warn(&score_cmd, &opt.common,
		"network '%s', seed '%s': incomplete and left out: stage "
		"%" PRIu32 " %s",
		g->network, g->search[i].seed, v->lack_stage, lack[v->lack]);
}

static void
score(struct lt_out *o, const struct ranked *k, bool each)
{
	const struct lt_search_group *g = k->group;
	uint32_t stages = opt.stages ? (uint32_t)opt.stages : g->stages;
	struct lt_search_score *v = lt_alloc(g->n, sizeof *v);
	struct lt_score s;

	for (size_t i = 0; i < g->n; i++) {
		lt_score_search(&v[i], &g->search[i], stages, opt.select == 1);
		if (v[i].lack)
			warn(g, i, &v[i]);
		else if (each)
			put_search(o, g, i, &v[i], stages);
	}
	lt_score_network(&s, v, g->n, stages);
	if (!each)
		put_network(o, k, &s);
	free(v);
}

static int
put_table(const struct ranked *v, size_t n, bool each, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.output, err);

	if (!o)
		return -1;
	put_header(o, each);
	for (size_t i = 0; i < n; i++)
		score(o, &v[i], each);
	return lt_out_commit(o, err);
}

static int
run(char **operand, int n, bool each, struct lt_err *err)
{
	const char *const *paths = (const char *const *)operand;
	struct lt_searches all;
	struct lt_facts facts;
	int r = -1;

	if (lt_searches_read(&all, paths, n, err) < 0)
		return -1;
	if (lt_facts_read(&facts, opt.facts.v, opt.facts.n, err) == 0) {
		struct ranked *v = lt_alloc(all.n, sizeof *v);
		r = rank(v, &all, &facts, err);
		if (r == 0)
			r = put_table(v, all.n, each, err);
		free(v);
		lt_facts_release(&facts);
	}
	lt_searches_release(&all);
	return r;
}

int
score_networks(char **tables, int n, struct lt_err *err)
{
	return run(tables, n, false, err);
}

int
score_searches(char **tables, int n, struct lt_err *err)
{
	return run(tables, n, true, err);
}

int
score_order(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_order_write(opt.output, operand[0], err);
}
