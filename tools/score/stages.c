/* Ticket searches stage by stage: a row for each stage, gains, paths, and what
 * the networks are. */
#include "base/at.h"
#include "actions.h"
#include "ticket/facts.h"
#include "ticket/gains.h"
#include "ticket/outcome.h"
#include "ticket/paths.h"

int
score_stage(char **operand, int n, struct lt_err *err)
{
	struct lt_stage s = {opt.network, opt.common.seed, opt.stage, opt.mask,
		opt.retrain, opt.test, opt.train, opt.length};
	struct lt_cells o;

	(void)operand, (void)n;
	if (s.stage && !s.mask)
		lt_cli_usage(&score_cmd, "stage: a sparse stage needs --mask");
	int r = lt_cells_open(&o, opt.output, err);
	return r ? r : lt_cells_close(&o, lt_stage_table(&o, &s, err), err);
}

int
score_gains(char **operand, int n, struct lt_err *err)
{
	struct lt_searches all;
	struct lt_cells o;

	if (lt_searches_read(&all, (const char *const *)operand, n, err) < 0)
		return -1;
	int r = lt_cells_open(&o, opt.output, err);
	if (r == 0) {
		lt_gains_table(&o, &all, (uint32_t)opt.stages);
		r = lt_cells_close(&o, 0, err);
	}
	lt_searches_release(&all);
	return r;
}

int
score_paths(char **operand, int n, struct lt_err *err)
{
	struct lt_paths p = {opt.network, opt.nodes, opt.label.v, opt.label.n};
	struct lt_table t;
	struct lt_cells o;

	(void)n;
	if (lt_table_read(&t, operand[0], err) < 0)
		return -1;
	int r = lt_cells_open(&o, opt.output, err);
	if (r == 0)
		r = lt_cells_close(&o, lt_paths_table(&o, &p, &t, err), err);
	lt_table_release(&t);
	return r;
}

int
score_facts(char **operand, int n, struct lt_err *err)
{
	struct lt_cells o;

	(void)n;
	int r = lt_cells_open(&o, opt.output, err);
	return r ? r
		 : lt_cells_close(&o,
			   lt_facts_table(
				   &o, opt.network, operand[0], opt.set, err),
			   err);
}
