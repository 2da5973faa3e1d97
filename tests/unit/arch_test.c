/* Built-in networks: their numbers of parameters, multiply-adds, options. */
#include <inttypes.h>
#include <stdlib.h>
#include "net/arch.h"
#include "net/graph.h"
#include "builtin.h"
#include "page.h"
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

#define TV .form = LT_FORM_TORCHVISION

/* Published numbers, and numbers worked out from published shapes: all
 * parameters, and convolution and linear weights. */
static const struct {
	const char *name;
	struct lt_arch_opt opt;
	size_t params, weights;
} counts[] = {
	{"lenet-300-100", {0}, 266610, 266200},
	{"lenet5", {.c = 1, .h = 28, .w = 28}, 61706, 61470},
	{"lenet5", {.c = 3, .h = 32, .w = 32}, 62006, 61770},
	{"conv2", {0}, 4301642, 4300992},
	{"conv4", {0}, 2425930, 2425024},
	{"conv6", {0}, 2262602, 2261184},
	{"resnet20", {.shortcut = 'A'}, 269722, 268336},
	{"resnet32", {.shortcut = 'A'}, 464154, 461872},
	{"resnet44", {.shortcut = 'A'}, 658586, 655408},
	{"resnet56", {.shortcut = 'A'}, 853018, 848944},
	{"resnet110", {.shortcut = 'A'}, 1727962, 1719856},
	{"resnet20", {.shortcut = 'B'}, 272474, 270896},
	{"resnet32", {.shortcut = 'B'}, 466906, 464432},
	{"resnet44", {.shortcut = 'B'}, 661338, 657968},
	{"resnet56", {.shortcut = 'B'}, 855770, 851504},
	{"resnet110", {.shortcut = 'B'}, 1730714, 1722416},
	{"resnet20", {.shortcut = 'B', TV}, 272474, 270896},
	{"resnet8-demo", {.shortcut = 'A'}, 75002, 74512},
	{"resnet18", {0}, 11173962, 11164352},
	{"resnet18", {.classes = 200}, 11271432, 11261632},
	{"resnet18", {.classes = 200, .h = 64, .w = 64, TV}, 11279112,
		11269312},
	{"resnet18", {TV}, 11689512, 11678912},
	{"resnet34", {0}, 21282122, 21265088},
	{"resnet34", {TV}, 21797672, 21779648},
	{"resnet50", {0}, 23520842, 23467712},
	{"resnet50", {TV}, 25557032, 25502912},
	{"resnet101", {TV}, 44549160, 44442816},
	{"resnet152", {TV}, 60192808, 60040384},
	{"wide_resnet50_2", {TV}, 68883240, 68814016},
	{"vgg11_bn", {0}, 9231114, 9222848},
	{"vgg13_bn", {0}, 9416010, 9407168},
	{"vgg16_bn", {0}, 14728266, 14715584},
	{"vgg16_bn", {.no_bias = true}, 14724042, 14715584},
	{"vgg19_bn", {0}, 20040522, 20024000},
	{"vgg19_bn", {.no_bias = true}, 20035018, 20024000},
	{"vgg11", {TV}, 132863336, 132851392},
	{"vgg13", {TV}, 133047848, 133035712},
	{"vgg16", {TV}, 138357544, 138344128},
	{"vgg19", {TV}, 143667240, 143652544},
	{"vgg16_bn", {TV}, 138365992, 138344128},
	{"mobilenetv1", {0}, 3217226, 3195328},
	{"mobilenetv2", {0}, 2296922, 2261824},
	{"mobilenetv2", {TV}, 3504872, 3469760},
	{"efficientnet_b0", {0}, 3599686, 3550816},
	{"pnasnet_a", {0}, 130646, 125796},
	{"pnasnet_b", {0}, 451626, 438880},
};

static void
counts_as_published(void)
{
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct lt_graph *g = built_in(counts[i].name, &counts[i].opt);
		if (!CHECK_EQ(lt_graph_params(g), counts[i].params) ||
			!CHECK_EQ(lt_graph_weights(g), counts[i].weights))
			printf("# %s\n", counts[i].name);
		lt_graph_free(g);
	}
}

/* Of one image, in convolution and linear layers. */
static const struct {
	const char *name;
	struct lt_arch_opt opt;
	uint64_t macs;
} costs[] = {
	{"resnet20", {0}, 40551040},
	{"resnet18", {0}, 555422720},
	{"resnet18", {TV}, 1814073344},
	{"resnet50", {TV}, 4089184256},
	{"vgg16", {TV}, 15470264320},
	{"mobilenetv1", {0}, 46354432},
};

static void
multiply_adds(void)
{
	for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
		struct lt_graph *g = built_in(costs[i].name, &costs[i].opt);
		uint64_t n = 0;
		for (int j = 0; j < g->n; j++)
			n += lt_graph_macs(g, j, SIZE_MAX);
		CHECK_EQ(n, costs[i].macs);
		lt_graph_free(g);
	}
}

static const struct lt_param *
param(const struct lt_graph *g, const char *name)
{
	int i = lt_graph_find_param(g, name);

	return CHECK(i >= 0) ? &g->param[i] : NULL;
}

static void
options_of_built_ins(void)
{
	struct lt_arch_opt o = {.classes = 100, .width = 0.5};
	struct lt_graph *g = built_in("resnet20", &o);

	CHECK_EQ(g->node[1].c, 8);
	CHECK_EQ(g->node[g->output].c, 100);
	lt_graph_free(g);
	g = built_in("efficientnet_b0", &(struct lt_arch_opt){.width = 2});
	CHECK_EQ(g->node[1].c, 64);
	CHECK_EQ(param(g, "layers.15.conv3.weight")->shape[0], 640);
	lt_graph_free(g);
	g = built_in("vgg11", &(struct lt_arch_opt){TV});
	CHECK_EQ(g->h, 224);
	CHECK_EQ(param(g, "classifier.0.weight")->shape[1], 25088);
	CHECK_EQ(param(g, "classifier.6.bias")->shape[0], 1000);
	lt_graph_free(g);
	g = built_in("resnet20", &(struct lt_arch_opt){TV, .shortcut = 'B'});
	CHECK_EQ(g->h, 32);
	CHECK(param(g, "layer2.0.downsample.0.weight"));
	CHECK_EQ(param(g, "fc.weight")->shape[0], 10);
	lt_graph_free(g);
	g = built_in("efficientnet_b0", &(struct lt_arch_opt){0});
	CHECK_EQ(g->nunused, 2);
	CHECK(g->node[param(g, "layers.0.conv1.weight")->node].unused);
	lt_graph_free(g);
}

static void
says(const char *name, const struct lt_arch_opt *opt, const char *what)
{
	CHECK(!lt_arch_text(name, opt, &err));
	CHECK_EQ(err.status, LT_EUSAGE);
	if (!CHECK(strstr(err.msg, what)))
		printf("# '%s' lacks '%s'\n", err.msg, what);
}

static void
nonsense(void)
{
	struct lt_arch_opt o = {0};

	says("resnet21", &o,
		"no built-in network 'resnet21' (did you mean "
		"'resnet20'?)");
	says("effnet", &o, "no built-in network 'effnet'; lt-init lists");
	says("vgg16", &(struct lt_arch_opt){.h = 31, .w = 40},
		"vgg16 needs images of 32x32 or more, not 31x40");
	says("lenet5", &(struct lt_arch_opt){.shortcut = 'A'},
		"lenet5 has no choice of shortcuts");
	says("resnet18", &(struct lt_arch_opt){.shortcut = 'A'},
		"no choice of shortcuts");
	says("pnasnet_a", &(struct lt_arch_opt){TV},
		"pnasnet_a has no form torchvision");
	says("vgg16", &(struct lt_arch_opt){.no_bias = true},
		"no biases before batch norms");
	says("lenet5", &(struct lt_arch_opt){.width = 1e300}, "a width of");
	says("lenet5", &(struct lt_arch_opt){.classes = 65537}, "65537");
}

/* Every network at a tenth of its width, and on other images. */
static void
odd_shapes(void)
{
	for (const struct lt_arch *a = lt_arch_table; a->name; a++) {
		struct lt_arch_opt o = {.width = 0.1, .classes = 3, .c = 1};
		lt_graph_free(built_in(a->name, &o));
		o = (struct lt_arch_opt){.c = 4, .h = 45, .w = 51};
		lt_graph_free(built_in(a->name, &o));
		o.form = a->takes & LT_ARCH_FORM ? LT_FORM_TORCHVISION : 0;
		lt_graph_free(built_in(a->name, &o));
	}
}

/* 14728266 is 14,728,266. */
static const char *
commas(char *buf, size_t size, size_t v)
{
	if (v < 1000)
		snprintf(buf, size, "%zu", v);
	else if (v < 1000000)
		snprintf(buf, size, "%zu,%03zu", v / 1000, v % 1000);
	else
		snprintf(buf, size, "%zu,%03zu,%03zu", v / 1000000,
			v / 1000 % 1000, v % 1000);
	return buf;
}

static void
page_counts(const char *page, const struct lt_arch *a, enum lt_form form)
{
	struct lt_graph *g =
		built_in(a->name, &(struct lt_arch_opt){.form = form});
	char line[256], p[24], w[24];

	snprintf(line, sizeof line, ".It %s Ta %s Ta %s", a->name,
		commas(p, sizeof p, lt_graph_params(g)),
		commas(w, sizeof w, lt_graph_weights(g)));
	CHECK(page_says(page, line));
	lt_graph_free(g);
}

static void
pages_agree(void)
{
	char *page = scratch_get("man/lt-init.1", NULL);

	if (!CHECK(page))
		return;
	for (const struct lt_arch *a = lt_arch_table; a->name; a++) {
		page_counts(page, a, LT_FORM_CIFAR);
		if (a->takes & LT_ARCH_FORM && !(a->takes & LT_ARCH_SHORTCUT))
			page_counts(page, a, LT_FORM_TORCHVISION);
	}
	free(page);
}

int
main(void)
{
	TEST(counts_as_published,
		"built-in networks have the published numbers of parameters");
	TEST(multiply_adds, "and multiply-adds");
	TEST(options_of_built_ins,
		"classes, width, shortcuts and forms are honoured");
	TEST(nonsense, "what a network does not have is refused");
	TEST(odd_shapes, "networks of other shapes can be made");
	TEST(pages_agree, "the counts of the page are those of the networks");
	return tap_done();
}
