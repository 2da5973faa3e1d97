/* lt-score: the papers' results, from the tables that other programs wrote. */
#include <string.h>
#include "base/action.h"
#include "score/actions.h"

struct score_options opt = {.output = "-"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write the table to FILE"},
	{0, "select", LT_OPT_CHOICE, &opt.select, "val|test", "val",
		"networks, searches: choose stages by val_acc or by test_acc"},
	{0, "stages", LT_OPT_POS, &opt.stages, "K", NULL,
		"networks, searches: K sparse stages (default: the most)"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

const struct lt_cmd score_cmd = {"lt-score", "[OPTION]... ACTION [TABLE]...",
	"Compute the results of ticket searches from their tables.", options};

/* tables: operands are tables, and without any standard input is read. */
struct action {
	struct lt_action is;
	score_action *run;
	bool tables;
};

#define ANY (1 << 30)
#define TABLES "tables"
static const struct action actions[] = {
	{{"networks", 0, ANY, TABLES, "select stages", ""}, score_networks,
		true},
	{{"searches", 0, ANY, TABLES, "select stages", ""}, score_searches,
		true},
};

/* Every option whose argument is a file that is read. */
static void
claim_options(struct lt_claims *c)
{
	static const struct {
		const char *what;
		const char **one;
		struct lt_strs *several;
	} inputs[] = {{NULL, NULL, NULL}};

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

	for (int i = 0; i < n; i++)
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
	const struct action *a =
		lt_action_find(&score_cmd, LT_ACTIONS(actions), argv, n);
	char **operand = a->tables && n == 0 ? standard_input : argv + 1;

	if (a->tables && n == 0)
		n = 1;
	claim_files(operand, n);
	return a->run(operand, n, &err) < 0 ? lt_cli_fail(&score_cmd, &err)
					    : LT_EOK;
}
