/* Net text, built-in networks, initializations. */
#include <math.h>
#include <stdlib.h>
#include "net/arch.h"
#include "net/model.h"
#include "builtin.h"
#include "page.h"
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

static void
text_is_canonical(void)
{
	for (const struct lt_arch *a = lt_arch_table; a->name; a++) {
		struct lt_arch_opt o = {0};
		struct lt_graph *g = built_in(a->name, &o);
		struct lt_graph *h = lt_graph_parse(g->text, "again", &err);
		CHECK_STR(g->text, h->text);
		CHECK_EQ(g->floats, h->floats);
		lt_graph_free(g);
		lt_graph_free(h);
	}
	struct lt_graph *g = lt_graph_parse(
		"# a comment\n\nnet  x\t\ninput 2 5 4\n a =  maxpool input p1 "
		"s1 k2#c\nb = bn a momentum=0.25 eps=0.001\n"
		"d = dropout b 0.1\nf = linear d 3 bias\noutput f",
		"x", &err);
	CHECK(g);
	CHECK_STR(g->text,
		"net x\ninput 2 5 4\na = maxpool input k2 s1 p1\n"
		"b = bn a eps=0.001 momentum=0.25\n"
		"d = dropout b 0.1\nf = linear d 3 bias\noutput f\n");
	lt_graph_free(g);
	static const char excite[] =
		"net e\ninput 4 7 5\na = conv input 8 k3 p2 g4 d2\ns = silu a\n"
		"q = gap s\nb = conv q 8 k1\nc = sigmoid b\nm = mul s c\n"
		"n = mul m s\nd = dropconnect n 0.25\ns1 = conv a 5 k1\n"
		"s2 = bn s1 momentum=0.25 plain\ns3 = groupnorm s1 g5 eps=0.5 "
		"plain\np = adaptpool d k9\nu = relu "
		"s\n"
		"w1 = relu6 p\n"
		"w2 = leakyrelu w1 slope=0.2\n"
		"w3 = gelu w2\n"
		"w4 = tanh w3\n"
		"w5 = hardswish w4\n"
		"f = linear w5 3\nunused s2\nunused s3\nunused u\noutput f\n";
	g = lt_graph_parse(excite, "e", &err);
	CHECK(g);
	CHECK_STR(g->text, excite);
	CHECK_EQ(g->nunused, 4);
	CHECK(g->node[lt_graph_find(g, "s1")].unused);
	CHECK(!g->node[lt_graph_find(g, "s")].unused);
	CHECK_EQ(lt_graph_macs(g, lt_graph_find(g, "s1"), SIZE_MAX), 0);
	CHECK_EQ(g->node[lt_graph_find(g, "p")].w, 9);
	CHECK_EQ(g->node[lt_graph_find(g, "m")].h, 7);
	lt_graph_free(g);
}

#define IN "net x\ninput 2 4 4\n"
static const struct {
	const char *text, *says;
} wrong[] = {
	{"", "no 'net' line"},
	{"net x\n", "no 'output' line"},
	{"net x y\n", "t:1:5: 'net' takes one name"},
	{"net x\na = relu input\n", "t:2:1: a node before"},
	{"net x\ninput 1 2\n", "t:2:10: columns is missing"},
	{"net x\ninput 1 0 2\n", "t:2:9: rows: expected 1..65536, found '0'"},
	{"net x\ninput 65536 65536 1\n", "t:2:7: the input is too large"},
	{IN "a = rely input\n", "t:3:5: no operator 'rely' (did you mean "
				"'relu'?)"},
	{IN "a = relu b\n", "t:3:10: no node 'b' above"},
	{IN "a = relu a\n", "t:3:10: no node 'a' above"},
	{IN "a = conv input\n", "t:3:15: the number of outputs is missing"},
	{IN "a = conv input 3\n", "t:3:17: 'conv' needs a size"},
	{IN "a = conv input 3 k3 k3\n", "t:3:21: 'k' is given twice"},
	{IN "a = conv input 3 k3 x\n", "t:3:21: 'conv' does not take 'x'"},
	{IN "a = conv input 3 k0\n", "t:3:18: 'k0' is out of range"},
	{IN "a = conv input 3 k5\n", "t:3:18: a window of 5 does not fit 4x4"},
	{IN "a = conv input 3 k1 g2\n",
		"t:3:21: 2 groups do not divide 2 and 3"},
	{"net x\ninput 8 1 1\na = conv input 65536 k512 p256\n",
		"too many weights"},
	{IN "a = conv input 65536 k1 p4096\n", "would be 65536x8196x8196"},
	{IN "a = padch input 1\n", "do not hold"},
	{IN "a = maxpool input k2 p2\n", "t:3:22: padding 2 is more than half"},
	{IN "a = dropout input 1\n", "rate in [0, 1)"},
	{IN "a = dropconnect input\n", "t:3:22: 'dropconnect' needs a rate"},
	{IN "a = adaptpool input\n", "t:3:20: 'adaptpool' needs a size"},
	{IN "a = adaptpool input k2 s1\n", "t:3:24: 'adaptpool' does not take"},
	{IN "a = conv input 3 k4\nb = mul input a\n",
		"t:4:15: mul: 'input' is 2x4"},
	{IN "a = gap input\nb = mul a input\n", "t:4:11: mul: 'a' is 2x1x1"},
	{IN "unused b\n", "t:3:8: no node 'b' above"},
	{IN "unused input\n", "t:3:8: the image cannot be unused"},
	{IN "unused\n", "t:3:7: 'unused' takes one node"},
	{IN "a = gap input\nunused a\noutput a\n",
		"t:3:1: node 'a' is 'unused' but the output needs it"},
	{IN "a = gap input\nb = bn a\nc = bn b\nunused b\noutput a\n",
		"t:5:1: node 'c' does not reach the output"},
	{IN "a = bn input eps=nan\n", "'eps=nan' is out of range"},
	{IN "a = gap input\nb = add a input\n", "t:4:11: add: 'a' is 2x1x1"},
	{IN "a = concat input\n",
		"t:3:17: 'concat' needs a second input (concat A B...)"},
	{IN "a = gap input\na = gap input\n",
		"t:4:1: 'a' is already defined in line 3"},
	{IN "input = gap input\n", "is already defined"},
	{IN "output input\n", "t:3:8: the image cannot be the output"},
	{IN "a = relu input\noutput a\n", "expected classes"},
	{IN "\na = gap input\nb = gap input\noutput a\n",
		"t:5:1: node 'b' does not reach the output"},
	{IN "a = gap input\noutput a\nb = gap a\n", "after the 'output' line"},
	{IN "a\001 = gap input\n", "control character"},
	{IN "\xff = gap input\n", "t:3:1: a name is"},
	{"net x\nnet y\n", "a second 'net'"},
	{IN "input 1 1 1\n", "a second 'input'"},
	{"net x\ninit glorot\n", "t:2:6: no initialization 'glorot'"},
	{"net x\ninit default\ninit default\n", "t:3:1: a second 'init'"},
	{IN "a = bn input eps=0.1 eps=0.1\n", "t:3:22: 'eps' is given twice"},
	{IN "a = bn input momentum=2\n", "t:3:14: 'momentum=2' is out of"},
	{IN "a = relu input k3\n", "t:3:16: 'relu' does not take 'k3'"},
	{IN "a = conv input 4 k3 bias bias\n", "does not take 'bias'"},
	{IN "a = conv input -4 k3\n", "expected 1..65536, found '-4'"},
	{IN "a = relu\n", "t:3:9: 'relu' needs an input (relu IN)"},
	{IN "a =\n", "t:3:4: an operator is missing"},
	{IN "a = batchnorm input\n",
		"t:3:5: no operator 'batchnorm' (lt-net(5) has them all)"},
	{IN "a = conv 16 k3\n", "t:3:10: no node '16' above (conv IN OUT kK"},
	{IN "stem = gap input\nb = bn stam\n",
		"t:4:8: no node 'stam' above (did you mean 'stem'?)"},
	{IN "stem = gap input\noutput stme\n",
		"t:4:8: no node 'stme' above (did you mean 'stem'?)"},
	{IN "a = conv input 8 k1\nb = concat a a a input input\n"
	    "c = gap b\nd = concat a b c\n",
		"t:6:16: concat: 'a' is 8x4x4, 'c' is 28x1x1, expected the "
		"same rows and columns"},
	{IN "a = conv input 8 k3\nb = add a input\n",
		"t:4:11: add: 'a' is 8x2x2, 'input' is 2x4x4, expected the "
		"same"},
	{IN "a = conv input 9 k3 s2 p1 g4 bias\n",
		"t:3:27: 4 groups do not divide 2 and 9 channels"},
	{"net x\ninptu 1 2 3\n", "'output' (did you mean 'input'?)"},
	{"net x\ninit kaiming-normal-on\n",
		"t:2:6: no initialization 'kaiming-normal-on' (did you mean "
		"'kaiming-normal-in'?)"},
	{IN "a = conv input 4 k99999999999999999999\n", "not take 'k999"},
	{IN "a = conv input 4 k65537\n", "'k65537' is out of range"},
	{IN "a = conv input 65536 k8000 p4000\n", "'a' has too many weights"},
	{IN "a = conv input 3 k3 d2\n", "t:3:18: a window of 5 does not fit"},
	{IN "a = conv input 3 k3 d65536 p7\n", "a window of 131073 does not"},
	{IN "a = conv input 3 k3 d0\n", "'d0' is out of range"},
	{IN "a = conv input 3 k3 d2 d2\n", "'d' is given twice"},
	{IN "a = maxpool input k3 d2\n", "'maxpool' does not take 'd2'"},
	{IN "a = conv input 1 k3 s60000 p60000 d60000\n",
		"t:3:1: 'a' reaches too far beyond 2x4x4"},
	{IN "a = maxpool input k3 p65536\n", "more than half"},
	{"net x\ninput 65536 1 1\nb = concat input input input input input "
	 "input input input\nc = concat b b b b b b b b\nd = concat c c c c c "
	 "c c c\n",
		"t:5:1: more than 16777216 channels"},
	{"net x\ninput 64 512 512\nb = relu input\nc = relu b\nd = relu c\n"
	 "e = relu d\nf = relu e\ng = relu f\nh = relu g\ni = relu h\n"
	 "j = relu i\n",
		"t:11:1: the outputs of the nodes up to 'j' are over "
		"134217728"},
	{"net x\ninput 16384 1 1\nb = linear input 16384\nc = linear b 16384\n",
		"t:4:1: 'c' has too many weights"},
	{IN "a = add input\n", "t:3:14: 'add' needs a second input (add A B)"},
	{IN "a = add input input input\n", "does not take 'input'"},
	{IN "a\n", "t:3:1: expected 'name = operator ...'"},
	{IN "a = relu input\r\n", "t:3:10: a carriage return; lines end in"},
	{"\xef\xbb\xbfnet x\n", "t: expected plain UTF-8, found a byte order"},
	{IN "a = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 "
	    "24 25 26 27 28 29 30 31\n",
		"more than 32 words"},
};

static void
errors_point(void)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct lt_graph *g = lt_graph_parse(wrong[i].text, "t", &err);
		if (!CHECK(!g) || !CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strstr(err.msg, wrong[i].says)))
			printf("# %s: '%s' lacks '%s'\n", wrong[i].text,
				err.msg, wrong[i].says);
		lt_graph_free(g);
	}
}

/* Every prefix of a text is read or refused; none is taken for the whole. */
static void
cut_texts(void)
{
	struct lt_arch_opt o = {0};
	char *text = lt_arch_text("resnet8-demo", &o, &err);

	for (size_t n = strlen(text) - 2; n > 0; n--) {
		text[n] = 0;
		CHECK(!lt_graph_parse(text, "cut", &err));
	}
	free(text);
}

static double
deviation(const struct lt_model *m, const char *name, double *mean)
{
	const struct lt_param *p =
		&m->g->param[lt_graph_find_param(m->g, name)];
	double s = 0, q = 0;

	for (size_t i = 0; i < p->count; i++)
		s += (double)m->w[p->offset + i];
	*mean = s / (double)p->count;
	for (size_t i = 0; i < p->count; i++)
		q += pow((double)m->w[p->offset + i] - *mean, 2);
	return sqrt(q / (double)p->count);
}

static const struct {
	const char *arch, *init, *param;
	double sd;
} spreads[] = {
	{"resnet20", NULL, "layer3.1.conv1.weight", 0.0589255651},
	{"resnet20", "kaiming-normal-out", "layer2.0.conv1.weight",
		0.0833333333},
	{"resnet20", "default", "layer3.1.conv1.weight", 0.0240562612},
	{"vgg11_bn", NULL, "classifier.weight", 0.01},
	{"vgg11_bn", NULL, "features.4.weight", 0.0416666667},
	{"lenet-300-100", NULL, "fc1.weight", 0.0429537443},
};

static void
initial_spreads(void)
{
	for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
		struct lt_arch_opt o = {0};
		struct lt_graph *g = built_in(spreads[i].arch, &o);
		struct lt_model m;
		double mean, sd;
		lt_model_init(&m, g);
		CHECK_EQ(lt_model_random(&m, spreads[i].init, 3, &err), 0);
		sd = deviation(&m, spreads[i].param, &mean);
		if (!CHECK(fabs(sd / spreads[i].sd - 1) < 0.03) ||
			!CHECK(fabs(mean) < 0.06 * sd))
			printf("# %s %s: %g around %g\n", spreads[i].arch,
				spreads[i].param, sd, mean);
		lt_model_release(&m);
		lt_graph_free(g);
	}
}

/* lo <= every value <= hi, and the values are not all equal unless lo = hi. */
static bool
between(const struct lt_model *m, const char *name, double lo, double hi)
{
	const struct lt_param *p =
		&m->g->param[lt_graph_find_param(m->g, name)];
	const float *w = m->w + p->offset;
	bool ok = true, equal = true;

	for (size_t i = 0; i < p->count; i++) {
		ok = ok && (double)w[i] >= lo && (double)w[i] <= hi;
		equal = equal && w[i] == w[0];
	}
	return ok && equal == (lo == hi);
}

static void
constants(void)
{
	struct lt_arch_opt o = {0};
	struct lt_graph *g = built_in("vgg11_bn", &o);
	struct lt_model m;

	lt_model_init(&m, g);
	CHECK_EQ(lt_model_random(&m, NULL, 1, &err), 0);
	CHECK(between(&m, "features.0.bias", 0, 0));
	CHECK(between(&m, "classifier.bias", 0, 0));
	CHECK(between(&m, "features.1.weight", 1, 1));
	CHECK(between(&m, "features.1.bias", 0, 0));
	CHECK(between(&m, "features.1.running_mean", 0, 0));
	CHECK(between(&m, "features.1.running_var", 1, 1));
	CHECK_EQ(lt_model_random(&m, "default", 1, &err), 0);
	CHECK(between(&m, "features.0.bias", -0.19245009, 0.19245009));
	CHECK(between(&m, "features.0.weight", -0.19245009, 0.19245009));
	CHECK(between(&m, "classifier.bias", -0.0441941738, 0.0441941738));
	CHECK_EQ(lt_model_random(&m, "glorot-normal", 1, &err), 0);
	CHECK(between(&m, "classifier.bias", 0, 0));
	CHECK_EQ(lt_model_random(&m, "zero", 1, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	lt_model_release(&m);
	lt_graph_free(g);
}

/* The same layer in another network has the same weights. */
static void
by_name(void)
{
	static const char *const text[] = {
		"net a\ninput 1 4 4\nx = conv input 3 k3\ng = gap x\n"
		"f = linear g 2\noutput f\n",
		"net b\ninput 1 4 4\ny = conv input 3 k3\n"
		"x = conv input 3 k3\ns = add x y\ng = gap s\n"
		"f = linear g 2\noutput f\n"};
	struct lt_model m[2];

	for (int i = 0; i < 2; i++) {
		lt_model_init(&m[i], lt_graph_parse(text[i], "t", &err));
		CHECK_EQ(lt_model_random(&m[i], NULL, 7, &err), 0);
	}
	CHECK(!memcmp(m[0].w, m[1].w + m[1].g->param[1].offset, 27 * 4));
	CHECK(memcmp(m[0].w, m[1].w, 27 * 4) != 0);
	CHECK_EQ(lt_model_random(&m[1], NULL, 8, &err), 0);
	CHECK(memcmp(m[0].w, m[1].w + m[1].g->param[1].offset, 27 * 4) != 0);
	for (int i = 0; i < 2; i++) {
		struct lt_graph *g = (struct lt_graph *)m[i].g;
		lt_model_release(&m[i]);
		lt_graph_free(g);
	}
}

static void
pages_agree(void)
{
	char *net = scratch_get("man/lt-net.5", NULL);
	char *init = scratch_get("man/lt-init.1", NULL);
	char line[256];

	if (!CHECK(net && init))
		return;
	for (int i = 1; i < LT_OP_COUNT; i++) { /* 0 is the image */
		const struct lt_op_row *o = lt_op_rows[i];
		snprintf(line, sizeof line, ".It Li %s %s\n%c%s.", o->name,
			o->attributes, *o->help & ~0x20, o->help + 1);
		CHECK(page_says(net, line));
	}
	for (const char *const *s = lt_init_names; *s; s++) {
		snprintf(line, sizeof line, ".It Li %s", *s);
		CHECK(page_says(init, line));
	}
	free(net);
	free(init);
}

int
main(void)
{
	TEST(text_is_canonical, "net text read and written is the same text");
	TEST(errors_point, "wrong text is refused with line and column");
	TEST(cut_texts, "a cut text is never taken for a whole one");
	TEST(initial_spreads, "initializations have the stated deviation");
	TEST(constants, "biases and batch norms begin as they should");
	TEST(by_name, "a parameter depends on the seed and its name alone");
	TEST(pages_agree, "operators, initializations are those of the pages");
	return tap_done();
}
