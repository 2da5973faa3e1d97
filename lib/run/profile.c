#include "run/profile.h"

#include <inttypes.h>
#include <stdio.h>

struct table {
	struct lt_out *o;
	double seconds, peak; /* of all; GFLOP/s */
	double shown;	      /* seconds of the rows so far */
};

static void
row(struct table *t, const char *node, const char *op, const char *shape,
	const char *direction, struct lt_cost c)
{
	double gflops = c.seconds > 0 ? 2e-9 * (double)c.macs / c.seconds : 0;

	lt_out_printf(t->o,
		"%s\t%s\t%s\t%s\t%.6f\t%.6f\t%" PRIu64 "\t%.1f\t%.3f\n", node,
		op, shape, direction, c.seconds,
		t->seconds > 0 ? c.seconds / t->seconds : 0, c.macs, gflops,
		gflops / t->peak);
	t->shown += c.seconds;
}

static void
node_rows(struct table *t, const struct lt_engine *x, const struct lt_node *n,
	int node)
{
	static const char *const direction[] = {"forward", "backward"};
	char shape[40];

	snprintf(shape, sizeof shape, "%dx%dx%d", n->c, n->h, n->w);
	for (int i = 0; i < 2; i++) {
		struct lt_cost c = lt_engine_cost(x, LT_COST_FORWARD + i, node);
		if (c.calls)
			row(t, n->name, lt_op_row(n)->name, shape, direction[i],
				c);
	}
}

void
lt_profile_print(struct lt_out *o, const struct lt_engine *x,
	const struct lt_graph *g, double seconds, double start, double peak)
{
	static const char *const whole[] = {
		"refresh", "update", "loss", "load", "save"};
	struct table t = {.o = o, .seconds = seconds, .peak = peak};

	lt_out_printf(o, "node\toperator\tshape\tdirection\tseconds\tshare\t"
			 "macs\tgflops\tshare_of_peak\n");
	for (int i = 0; i < g->n; i++)
		node_rows(&t, x, &g->node[i], i);
	for (int i = LT_COST_REFRESH; i < LT_COST_COUNT; i++)
		row(&t, "-", whole[i - LT_COST_REFRESH], "-", "-",
			lt_engine_cost(x, (enum lt_cost_of)i, 0));
	row(&t, "-", "start", "-", "-", (struct lt_cost){.seconds = start});
	row(&t, "-", "rest", "-", "-",
		(struct lt_cost){.seconds = t.seconds - t.shown});
}
