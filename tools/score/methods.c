/* Methods beside each other, over seeds. */
#include "actions.h"
#include "ticket/comparison.h"
#include "ticket/matching.h"
#include "ticket/means.h"
#include "ticket/promises.h"
#include "ticket/savings.h"
#include "ticket/warnings.h"

int
score_mean(char **operand, int n, struct lt_err *err)
{
	const struct lt_means m = {.key = opt.key.v,
		.keys = opt.key.n,
		.plain = opt.plain.v,
		.plains = opt.plain.n,
		.of = opt.of};

	(void)n;
	return lt_means_write(opt.output, operand[0], &m, err);
}

int
score_matching(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_matching_write(
		opt.output, operand[0], opt.within, opt.margin, err);
}

int
score_differences(char **operand, int n, struct lt_err *err)
{
	const struct lt_differences d = {.method = opt.method,
		.pair = opt.pair.v,
		.pairs = opt.pair.n,
		.key = opt.key.v,
		.keys = opt.key.n,
		.margin = opt.margin,
		.value = opt.value ? opt.value : "test_acc",
		.less = opt.less};

	(void)n;
	if (!opt.method && !opt.pair.n)
		lt_cli_usage(
			&score_cmd, "differences: expected --method or --pair");
	return lt_differences_write(opt.output, operand[0], &d, err);
}

int
score_savings(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_savings_write(opt.output, opt.matching, operand[0],
		opt.cost.v, opt.cost.n, err);
}

int
score_warnings(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_warnings_write(
		opt.output, opt.matching, operand[0], opt.margin, err);
}

int
score_check(char **operand, int n, struct lt_err *err)
{
	bool hold;
	int r = lt_promises_write(&hold, opt.output, operand[0],
		(const char *const *)operand + 1, n - 1, err);

	return r < 0 ? -1 : hold ? 0 : lt_cli_no();
}

int
score_compare(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_comparison_write(opt.output, operand[0], err);
}
