/* Names of parameters, and the learning rates that lists of names give. */
#include <stdlib.h>
#include "base/mem.h"
#include "net/named.h"
#include "run/rates.h"
#include "tap.h"

/* Parameters 0: a.weight; 1 to 4: those of b.n; 5: that of b.d; 6, 7: bc; 8 to
 * 11: n; 12, 13: f. */
static const char text[] = "net t\ninput 2 5 7\n"
			   "a = conv input 4 k3\nb.n = bn a\n"
			   "b.d = conv b.n 4 k1\nbc = conv b.d 4 k1 bias\n"
			   "n = bn bc\ng = gap n\nf = linear g 4 bias\n"
			   "output f\n";
static struct lt_graph *g;

/* "1" for each named parameter; the text is valid until the next call. */
static const char *
named(const char *list)
{
	static char out[64];
	struct lt_err err;
	bool *use = lt_alloc((size_t)g->nparam, sizeof *use);

	if (lt_named_params(use, g, list, strlen(list), &err) < 0) {
		snprintf(out, sizeof out, "%.60s", err.msg);
	} else {
		for (int i = 0; i < g->nparam; i++)
			out[i] = use[i] ? '1' : '.';
		out[g->nparam] = '\0';
	}
	free(use);
	return out;
}

static void
names(void)
{
	CHECK_EQ(g->nparam, 14);
	CHECK_STR(named("a.weight"), "1.............");
	CHECK_STR(named("b"), ".11111........");
	CHECK_STR(named("bc"), "......11......");
	CHECK_STR(named("b.n,f.bias"), ".1111........1");
	CHECK_STR(named("first"), "1.............");
	CHECK_STR(named("last"), "............11");
	CHECK_STR(named("all"), "11111111111111");
	CHECK_STR(named("all,^last,^b.n"), "1....1111111..");
	CHECK_STR(named("^b,all"), "11111111111111");
	CHECK_STR(named("b,^b.n.weight"), "..1111........");
	/* Parts end at points, and statistics are not parameters. */
	CHECK_STR(named("b.n.running_mean"),
		"network t has no trainable parameter, layer or part 'b.n.run");
	CHECK_STR(named("f.wei"),
		"network t has no trainable parameter, layer or part 'f.wei' ");
	CHECK_STR(named("a,"),
		"network t has no trainable parameter, layer or part ''");
	CHECK_STR(named("^"),
		"network t has no trainable parameter, layer or part ''");
}

static void
scales(void)
{
	struct lt_err err;
	double *v = lt_rates(g, "a,b.n", "last:10,bc.bias:0.25,a:3", &err);

	CHECK(v[0] == 0 && v[1] == 0 && v[4] == 0);
	CHECK(v[5] == 1 && v[6] == 1 && v[7] == 0.25);
	CHECK(v[8] == 1 && v[12] == 10 && v[13] == 10);
	free(v);
	v = lt_rates(g, NULL, "all:2,f:5", &err);
	CHECK(v[0] == 2 && v[12] == 5);
	free(v);
}

static void
refusals(void)
{
	static const struct {
		const char *freeze, *scales, *msg;
	} row[] = {
		{"all", NULL,
			"'all' freezes all parameters of network t; expected "
			"some to train"},
		{NULL, "f",
			"expected NAME:X, where X is a number above 0, "
			"found 'f'"},
		{NULL, "f:0",
			"expected NAME:X, where X is a number above 0, "
			"found 'f:0'"},
		{NULL, "f:1,g:nan",
			"expected NAME:X, where X is a number above 0, found "
			"'g:nan'"},
		{NULL, "x:1",
			"network t has no trainable parameter, layer or part "
			"'x'"},
	};
	struct lt_err err;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		CHECK(!lt_rates(g, row[i].freeze, row[i].scales, &err));
		CHECK(strncmp(err.msg, row[i].msg, strlen(row[i].msg)) == 0);
		CHECK_EQ(err.status, LT_EUSAGE);
	}
}

int
main(void)
{
	struct lt_err err;

	g = lt_graph_parse(text, "test", &err);
	TEST(names, "words name parameters, nodes, parts and all");
	TEST(scales, "factors and frozen parameters");
	TEST(refusals, "wrong lists are refused");
	lt_graph_free(g);
	return tap_done();
}
