/* lt-score: the papers' results, from the tables that other programs wrote. */
#include <string.h>
#include "base/action.h"
#include "score/actions.h"

struct score_options opt = {.output = "-",
	.rule = "none",
	.within = 1,
	.margin = 0.5,
	.part = 1,
	.least = 1,
	.warmup = "0",
	.tolerance = 0.5,
	.window = 10,
	.steps = 10,
	.jobs = 1,
	.share = 1,
	.columns = "",
	.ends = "",
	.nodes = ""};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write the table to FILE"},
	{0, "select", LT_OPT_CHOICE, &opt.select, "val|test", "val",
		"networks, searches: choose stages by val_acc or by test_acc"},
	{0, "stages", LT_OPT_POS, &opt.stages, "K", NULL,
		"networks, searches, gains: K sparse stages (default: the "
		"most)"},
	{0, "method", LT_OPT_STR, &opt.method, "NAME", NULL,
		"row, time: the ticket's method; differences: of this method"},
	{0, "round", LT_OPT_U64, &opt.round, "N", NULL,
		"row, time: the ticket's round; masks, pairs: of this round"},
	{0, "search", LT_OPT_STRS, &opt.search, "LOG", NULL,
		"row, time: a training before the mask; POINT:LOG: it began at "
		"POINT"},
	{0, "retrain", LT_OPT_STR, &opt.retrain, "LOG", NULL,
		"row, time, cell, memory, stage: the ticket's own training"},
	{0, "rule", LT_OPT_STR, &opt.rule, "TEXT", "none",
		"row: how trainings stopped early"},
	{0, "set", LT_OPT_STR, &opt.set, "LIST", NULL,
		"row: the samples of the last training; facts: of all"},
	{0, "mask", LT_OPT_STR, &opt.mask, "TABLE", NULL,
		"row, cell, memory, stage: lt-info's table of the mask"},
	{0, "pass", LT_OPT_STRS, &opt.pass, "COST", NULL,
		"row: the cost of a pass over samples; may be repeated"},
	{0, "stop", LT_OPT_STR, &opt.stop, "TABLE", NULL,
		"row: the check that stopped the last training"},
	{0, "distances", LT_OPT_STR, &opt.distances, "TABLE", NULL,
		"row: the distances of masks in the last training"},
	{0, "test", LT_OPT_STR, &opt.test, "TABLE", NULL,
		"row, cell, memory, stage: lt-eval's table"},
	{0, "start", LT_OPT_STR, &opt.start, "TABLE", NULL,
		"row: the same of the ticket before any training"},
	{0, "row", LT_OPT_STR, &opt.row, "ROW", NULL,
		"row: take set, search and passes from another ticket's row"},
	{0, "checkpoint", LT_OPT_STR, &opt.checkpoint, "FILE", NULL,
		"row: add the size of this network under the mask"},
	{0, "slim", LT_OPT_STR, &opt.slim, "FILE", NULL,
		"row: add the size of this network as it is"},
	{0, "by", LT_OPT_STR, &opt.by, "COLUMN", NULL,
		"rows: sort them by the numbers in COLUMN"},
	{0, "key", LT_OPT_STRS, &opt.key, "COLUMN", NULL,
		"mean: rows that agree in COLUMN are a group; differences: "
		"COLUMN is part of a name; may be repeated"},
	{0, "plain", LT_OPT_STRS, &opt.plain, "COLUMN", NULL,
		"mean: COLUMN has no deviation; may be repeated"},
	{0, "of", LT_OPT_STR, &opt.of, "LIST", NULL,
		"mean, sets, budget: all training samples (D0)"},
	{0, "pair", LT_OPT_STRS, &opt.pair, "A=B", NULL,
		"differences: A less B; may be repeated"},
	{0, "within", LT_OPT_NONNEG, &opt.within, "POINTS", "1",
		"matching: points that may be below the dense network"},
	{0, "margin", LT_OPT_NONNEG, &opt.margin, "POINTS", "0.5",
		"matching, differences, warnings: a smaller loss is none"},
	{0, "cost", LT_OPT_STRS, &opt.cost, "COLUMN", NULL,
		"savings: a cost, a column or a sum A+B; may be repeated"},
	{0, "matching", LT_OPT_STR, &opt.matching, "TABLE", NULL,
		"savings, warnings: the table that matching wrote"},
	{0, "part", LT_OPT_POS, &opt.part, "N", "1",
		"pairs: masks are named by the N-th last part of their paths"},
	{0, "own", LT_OPT_FLAG, &opt.own, NULL, NULL,
		"masks, distances: masks do not come from rounds before"},
	{0, "folder", LT_OPT_STR, &opt.folder, "DIR", NULL,
		"distances: the trainings of the search are in DIR/RR"},
	{0, "zero", LT_OPT_STR, &opt.zero, "DIR", NULL,
		"distances: the training of round 0 is in DIR"},
	{0, "epochs", LT_OPT_POS, &opt.epochs, "N", NULL,
		"budget: length of a training on D0; prunings: the last epoch"},
	{0, "least", LT_OPT_POS, &opt.least, "N", "1",
		"budget: a training has at least N epochs"},
	{0, "milestones", LT_OPT_STR, &opt.milestones, "LIST", NULL,
		"budget: milestones of a training on all of D0"},
	{0, "warmup", LT_OPT_STR, &opt.warmup, "POINT", "0",
		"budget: warm-up of a training on all of D0"},
	{0, "spend", LT_OPT_STRS, &opt.spend, "TABLE", NULL,
		"budget: take the multiply-adds of TABLE; may be repeated"},
	{0, "sparse", LT_OPT_STR, &opt.sparse, "LOG", NULL,
		"budget: steps of the training, for their multiply-adds"},
	{0, "change", LT_OPT_STR, &opt.change, "LOG", NULL,
		"budget: the same steps and a change of the mask"},
	{0, "batch", LT_OPT_POS, &opt.batch, "N", NULL,
		"budget: images of a step"},
	{0, "dst-every", LT_OPT_STR, &opt.dst_every, "X", NULL,
		"budget: epochs from one change of the mask to the next"},
	{0, "dst-end", LT_OPT_STR, &opt.dst_end, "X", NULL,
		"budget: where changes end (default: 3/4 of the training)"},
	{0, "lr", LT_OPT_STR, &opt.lr, "R", NULL,
		"ppr...: learning rate of the checks to judge"},
	{0, "tolerance", LT_OPT_NONNEG, &opt.tolerance, "P", "0.5",
		"ppr...: points of accuracy that are no rise"},
	{0, "window", LT_OPT_POS, &opt.window, "N", "10",
		"ppr...: checks without a rise after which to stop"},
	{0, "momentum", LT_OPT_UNIT, &opt.momentum, "M", "0",
		"weights, slopes, rates: momentum of the dense run"},
	{0, "decay", LT_OPT_NONNEG, &opt.decay, "D", "0",
		"weights, slopes, rates: weight decay of the dense run"},
	{0, "s", LT_OPT_STR, &opt.s, "E", NULL,
		"cell: epoch of the mask, or best"},
	{0, "v", LT_OPT_STR, &opt.v, "E", NULL,
		"cell: epoch of the weights, or dense"},
	{0, "steps", LT_OPT_POS, &opt.steps, "N", "10",
		"prunings: prunings after the first one"},
	{0, "initial", LT_OPT_UNIT, &opt.initial, "S", "0",
		"prunings: sparsity at the first one"},
	{0, "sparsity", LT_OPT_UNIT, &opt.sparsity, "S", NULL,
		"prunings, cost: sparsity at the end"},
	{0, "kind", LT_OPT_STR, &opt.kind, "NAME", NULL,
		"memory: kind of the mask, for the table"},
	{0, "epoch", LT_OPT_STR, &opt.epoch, "E", NULL,
		"memory: epoch of the mask, for the table"},
	{0, "pruned", LT_OPT_STR, &opt.pruned, "S", NULL,
		"memory: sparsity of the mask, for the table"},
	{0, "samples", LT_OPT_STR, &opt.samples, "N", NULL,
		"memory: samples with random labels, for the table"},
	{0, "ends", LT_OPT_STR, &opt.ends, "LIST", NULL,
		"gradual: WINDOW=EPOCH of each window's last pruning"},
	{0, "columns", LT_OPT_STR, &opt.columns, "LIST", NULL,
		"gradual, cost: columns to take"},
	{0, "rows", LT_OPT_STR, &opt.rows, "NAME", NULL,
		"pivot: column whose values get rows"},
	{0, "across", LT_OPT_STR, &opt.across, "NAME", NULL,
		"pivot: column whose values get columns"},
	{0, "value", LT_OPT_STR, &opt.value, "NAME", NULL,
		"differences: the column that is compared [test_acc]; pivot: "
		"the one that the cells show"},
	{0, "less", LT_OPT_FLAG, &opt.less, NULL, NULL,
		"differences: less of it is better"},
	{0, "leave", LT_OPT_STR, &opt.leave, "TEXT", NULL,
		"pivot: a value without row and column"},
	{0, "natural", LT_OPT_FLAG, &opt.natural, NULL, NULL,
		"pivot: keep the order of the table"},
	{0, "cells", LT_OPT_FLAG, &opt.cells, NULL, NULL,
		"pivot: write a row for each cell"},
	{0, "network", LT_OPT_STR, &opt.network, "NAME", NULL,
		"stage, paths, facts: name of the network"},
	{0, "stage", LT_OPT_U64, &opt.stage, "K", NULL,
		"stage: its number, 0 for the dense one"},
	{0, "nodes", LT_OPT_STR, &opt.nodes, "LIST", NULL,
		"paths: nodes beside the output"},
	{0, "label", LT_OPT_STRS, &opt.label, "STAGE=FILE", NULL,
		"paths: stage of a checkpoint; may be given again"},
	{0, "facts", LT_OPT_STRS, &opt.facts, "TABLE", NULL,
		"networks: add these facts; may be given again"},
	{0, "dense", LT_OPT_STRS, &opt.dense, "LOG", NULL,
		"cell, checks, weights...: the dense run; again: its segments"},
	{0, "train", LT_OPT_STR, &opt.train, "TABLE", NULL,
		"row, stage: lt-eval's table for the training set"},
	{0, "length", LT_OPT_STR, &opt.length, "TABLE", NULL,
		"stage: lengths, by lt-trajectory"},
	{0, "jobs", LT_OPT_POS, &opt.jobs, "N", "1",
		"plan: so many stages run at a time"},
	{0, "share", LT_OPT_UNIT, &opt.share, "X", "1",
		"plan: lists that the study finds have this share of D0"},
	{0, "speed", LT_OPT_STR, &opt.speed, "TABLE", NULL,
		"plan: what a presentation costs"},
	{0, "tsv", LT_OPT_FLAG, &opt.tsv, NULL, NULL,
		"plan: write a table with a header"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

/* tables: operands are tables, and without any standard input is read. */
struct action {
	struct lt_action is;
	score_action *run;
	bool tables;
};

#define ANY (1 << 30)
#define TABLES "tables"
#define RULE "lr tolerance window"
#define LOOKS "epoch=E and two tables for each epoch"
static const struct action actions[] = {
	{{"networks", 0, ANY, TABLES, "select stages facts", ""},
		score_networks, true},
	{{"searches", 0, ANY, TABLES, "select stages", ""}, score_searches,
		true},
	{{"row", 0, 0, "no operand",
		 "method round search retrain rule set mask pass stop "
		 "distances "
		 "test train start row checkpoint slim",
		 "method round"},
		score_row, false},
	{{"time", 0, 0, "no operand", "method round search retrain",
		 "method round"},
		score_time, false},
	{{"rows", 1, ANY, "[NAME=VALUE] TABLE", "by", ""}, score_rows, false},
	{{"join", 1, ANY, "[until=EPOCH] TABLE", "", ""}, score_join, false},
	{{"length", 1, 1, "a log", "", ""}, score_length, false},
	{{"budget", 1, 1, "a list",
		 "of epochs least milestones warmup spend sparse change batch "
		 "dst-every dst-end",
		 "of epochs"},
		score_budget, false},
	{{"wallclock", 1, ANY, "search=NAME FILE", "", ""}, score_wallclock,
		false},
	{{"mean", 0, 1, "a table or nothing", "key plain of", "key"},
		score_mean, true},
	{{"matching", 0, 1, "a table or nothing", "within margin", ""},
		score_matching, true},
	{{"differences", 0, 1, "a summary or nothing",
		 "method pair key margin value less", ""},
		score_differences, true},
	{{"order", 0, 1, "a table or nothing", "", ""}, score_order, true},
	{{"savings", 1, 1, "a summary", "cost matching", "cost matching"},
		score_savings, false},
	{{"warnings", 1, 1, "a summary", "matching margin", "matching"},
		score_warnings, false},
	{{"check", 2, ANY, "a summary and promises", "", ""}, score_check,
		false},
	{{"compare", 0, 1, "a table or nothing", "", ""}, score_compare, true},
	{{"sets", 1, ANY, "lists", "of", "of"}, score_sets, false},
	{{"classes", 0, 1, "a table or nothing", "", ""}, score_classes, true},
	{{"masks", 1, ANY, "summaries", "round own", ""}, score_masks, false},
	{{"pairs", 0, 1, "a table or nothing", "round part", ""}, score_pairs,
		true},
	{{"overlap", 0, 1, "a table or nothing", "", ""}, score_overlap, true},
	{{"distances", 1, 1, "a summary", "folder zero own", "folder"},
		score_distances, false},
	{{"gains", 0, ANY, TABLES, "stages", ""}, score_gains, true},
	{{"stage", 0, 0, "no operand",
		 "network stage mask retrain test train length",
		 "network stage retrain"},
		score_stage, false},
	{{"paths", 1, 1, "a table", "network nodes label", "network label"},
		score_paths, false},
	{{"facts", 1, 1, "a checkpoint", "network set", "network set"},
		score_facts, false},
	{{"ppr", 1, 1, "a table", RULE, ""}, score_ppr, false},
	{{"ppr-ticket", 1, 1, "a table", RULE, ""}, score_ppr_ticket, false},
	{{"ppr-stops", 1, 1, "a table", RULE, ""}, score_ppr_stops, false},
	{{"checks", 0, ANY, "lr=R, and epoch=E and a log for each check",
		 "dense", "dense"},
		score_checks, false},
	{{"weights", 3, ANY, LOOKS, "dense momentum decay", "dense"},
		score_weights, false},
	{{"slopes", 3, ANY, LOOKS, "dense momentum decay", "dense"},
		score_slopes, false},
	{{"rates", 3, ANY, LOOKS, "dense momentum decay", "dense"}, score_rates,
		false},
	{{"cell", 0, 0, "no operand", "s v mask dense retrain test",
		 "s v test"},
		score_cell, false},
	{{"memory", 0, 0, "no operand",
		 "kind epoch pruned samples mask retrain test",
		 "kind epoch pruned samples retrain test"},
		score_memory, false},
	{{"prunings", 1, ANY, "a window or a list of prunings",
		 "steps initial sparsity epochs", ""},
		score_prunings, false},
	{{"gradual", 1, ANY, TABLES, "ends columns", ""}, score_gradual, false},
	{{"cost", 1, 2, "means, and means of times", "columns sparsity",
		 "columns sparsity"},
		score_cost, false},
	{{"pivot", 1, 1, "a table", "rows across value leave natural cells",
		 "rows across value"},
		score_pivot, false},
	{{"plan", 1, 1, "what make -n -B prints", "jobs share speed tsv",
		 "speed"},
		score_plan, false},
	{{"plan-needs", 1, 1, "what make -n -B prints", "", ""},
		score_plan_needs, false},
};

const struct lt_cmd score_cmd = {"lt-score", "[OPTION]... ACTION [TABLE]...",
	"Compute the results of ticket searches from their tables.  Actions:\n"
	"  networks, searches, row, time, rows, join, length, budget,\n"
	"  wallclock, mean, matching, differences, order, savings,\n"
	"  warnings, check, compare, sets, classes, masks, pairs,\n"
	"  overlap, distances, gains, stage, paths, facts, ppr,\n"
	"  ppr-ticket, ppr-stops, checks, weights, slopes, rates, cell,\n"
	"  memory, prunings, gradual, cost, pivot, plan, plan-needs",
	options, LT_ACTIONS(actions)};

/* Every option whose argument is a file that is read. */
static void
claim_options(struct lt_claims *c)
{
	static const struct {
		const char *what;
		const char **one;
		struct lt_strs *several;
	} inputs[] = {
		{"--set", &opt.set, NULL},
		{"--mask", &opt.mask, NULL},
		{"--search", NULL, &opt.search},
		{"--pass", NULL, &opt.pass},
		{"--stop", &opt.stop, NULL},
		{"--distances", &opt.distances, NULL},
		{"--retrain", &opt.retrain, NULL},
		{"--test", &opt.test, NULL},
		{"--row", &opt.row, NULL},
		{"--of", &opt.of, NULL},
		{"--matching", &opt.matching, NULL},
		{"--train", &opt.train, NULL},
		{"--start", &opt.start, NULL},
		{"--checkpoint", &opt.checkpoint, NULL},
		{"--slim", &opt.slim, NULL},
		{"--length", &opt.length, NULL},
		{"--dense", NULL, &opt.dense},
		{"--spend", NULL, &opt.spend},
		{"--sparse", &opt.sparse, NULL},
		{"--change", &opt.change, NULL},
		{"--facts", NULL, &opt.facts},
		{"--speed", &opt.speed, NULL},
	};

	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		if (inputs[i].one)
			lt_claim(
				c, LT_CLAIM_IN, inputs[i].what, *inputs[i].one);
		for (int j = 0; inputs[i].several && j < inputs[i].several->n;
			j++)
			lt_claim(c, LT_CLAIM_IN, inputs[i].what,
				inputs[i].several->v[j]);
	}
}

static void
claim_files(char **operand, int n)
{
	struct lt_claims c = {0};
	size_t length;

	for (int i = 0; i < n; i++)
		if (!score_value(operand[i], &length))
			lt_claim(&c, LT_CLAIM_IN, "TABLE", operand[i]);
	claim_options(&c);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_cli_claims(&score_cmd, &c);
}

int
main(int argc, char **argv)
{
	static char dash[] = "-", *standard_input[] = {dash};
	struct lt_err err;
	int n = lt_cli_parse(&score_cmd, argc, argv) - 1;
	const struct action *a = lt_action_find(&score_cmd, argv, n);
	char **operand = a->tables && n == 0 ? standard_input : argv + 1;

	if (a->tables && n == 0)
		n = 1;
	claim_files(operand, n);
	int r = a->run(operand, n, &err);
	return r < 0 ? lt_cli_fail(&score_cmd, &err) : r;
}
