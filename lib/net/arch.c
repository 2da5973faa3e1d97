/* Built-in networks: the table (lt-init(1)). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/near.h"
#include "net/archgen.h"

/* Torchvision's form is for images of 224x224 and 1000 classes. */
#define LARGE 8
#define TINY (LT_ARCH_FORM | LT_ARCH_SHORTCUT)
#define BIG (LT_ARCH_FORM | LARGE)
#define VGG BIG, 3, 32, lt_gen_vgg
#define VGG_BN (BIG | LT_ARCH_NO_BIAS), 3, 32, lt_gen_vgg

const struct lt_arch lt_arch_table[] = {
	{"lenet-300-100", "784-300-100-10, fully connected", "glorot-normal", 0,
		1, 28, lt_gen_lenet_300_100, {0}},
	{"lenet5", "two 5x5 convolutions, 120-84", "glorot-normal", 0, 1, 28,
		lt_gen_lenet5, {0}},
	{"conv2", "64,64, then 256-256", "glorot-normal", 0, 3, 32,
		lt_gen_conv_n, {1}},
	{"conv4", "conv2 with 128,128", "glorot-normal", 0, 3, 32,
		lt_gen_conv_n, {2}},
	{"conv6", "conv4 with 256,256", "glorot-normal", 0, 3, 32,
		lt_gen_conv_n, {3}},
	{"resnet8-demo", "a block each of 16-32-64, stem of stride 2",
		"kaiming-normal-in", TINY, 1, 28, lt_gen_cifar_resnet, {1, 2}},
	{"resnet20", "3 blocks each of 16-32-64", "kaiming-normal-in", TINY, 3,
		32, lt_gen_cifar_resnet, {3, 1}},
	{"resnet32", "5 blocks each", "kaiming-normal-in", TINY, 3, 32,
		lt_gen_cifar_resnet, {5, 1}},
	{"resnet44", "7 blocks each", "kaiming-normal-in", TINY, 3, 32,
		lt_gen_cifar_resnet, {7, 1}},
	{"resnet56", "9 blocks each", "kaiming-normal-in", TINY, 3, 32,
		lt_gen_cifar_resnet, {9, 1}},
	{"resnet110", "18 blocks each", "kaiming-normal-in", TINY, 3, 32,
		lt_gen_cifar_resnet, {18, 1}},
	{"resnet18", "2,2,2,2 blocks of 64-128-256-512", "kaiming-normal-out",
		BIG, 3, 32, lt_gen_resnet, {2, 2, 2, 2, 0}},
	{"resnet34", "3,4,6,3 blocks", "kaiming-normal-out", BIG, 3, 32,
		lt_gen_resnet, {3, 4, 6, 3, 0}},
	{"resnet50", "3,4,6,3 bottlenecks of 256-512-1024-2048",
		"kaiming-normal-out", BIG, 3, 32, lt_gen_resnet,
		{3, 4, 6, 3, 64}},
	{"resnet101", "3,4,23,3 bottlenecks", "kaiming-normal-out", BIG, 3, 32,
		lt_gen_resnet, {3, 4, 23, 3, 64}},
	{"resnet152", "3,8,36,3 bottlenecks", "kaiming-normal-out", BIG, 3, 32,
		lt_gen_resnet, {3, 8, 36, 3, 64}},
	{"wide_resnet50_2", "resnet50, twice as wide inside the bottlenecks",
		"kaiming-normal-out", BIG, 3, 32, lt_gen_resnet,
		{3, 4, 6, 3, 128}},
	{"vgg11", "8 convolutions", "vgg", VGG, {1, 1, 2, 2, 2, 0}},
	{"vgg13", "10 convolutions", "vgg", VGG, {2, 2, 2, 2, 2, 0}},
	{"vgg16", "13 convolutions", "vgg", VGG, {2, 2, 3, 3, 3, 0}},
	{"vgg19", "16 convolutions", "vgg", VGG, {2, 2, 4, 4, 4, 0}},
	{"vgg11_bn", "vgg11 with batch norm", "vgg", VGG_BN,
		{1, 1, 2, 2, 2, 1}},
	{"vgg13_bn", "vgg13 with batch norm", "vgg", VGG_BN,
		{2, 2, 2, 2, 2, 1}},
	{"vgg16_bn", "vgg16 with batch norm", "vgg", VGG_BN,
		{2, 2, 3, 3, 3, 1}},
	{"vgg19_bn", "vgg19 with batch norm", "vgg", VGG_BN,
		{2, 2, 4, 4, 4, 1}},
	{"mobilenetv1", "13 depthwise and 1x1 convolutions", "default", 0, 3,
		32, lt_gen_mobilenet, {0}},
	{"mobilenetv2", "17 inverted bottlenecks", "default", BIG, 3, 32,
		lt_gen_mobilenet_v2, {0}},
	{"efficientnet_b0", "16 inverted bottlenecks, squeeze and excite",
		"default", 0, 3, 32, lt_gen_efficientnet, {0}},
	{"pnasnet_a", "20 cells of 7x7 by channel, and pooling", "default", 0,
		3, 32, lt_gen_pnasnet, {44, 0}},
	{"pnasnet_b", "20 cells of 7x7, 5x5, 3x3 by channel, and pooling",
		"default", 0, 3, 32, lt_gen_pnasnet, {32, 1}},
	{0},
};

const char *const lt_form_names[LT_FORM_COUNT] = {"cifar", "torchvision"};

static const struct lt_arch *
find_arch(const char *name, struct lt_err *err)
{
	struct lt_near near = {.to = name};
	char hint[LT_NEAR_TEXT];

	for (const struct lt_arch *a = lt_arch_table; a->name; a++) {
		if (!strcmp(a->name, name))
			return a;
		lt_near_try(&near, a->name);
	}
	lt_fail(err, LT_EUSAGE,
		"no built-in network '%.128s'%s; lt-init lists them; a "
		"net text file needs a '/' or ends in .net",
		name, lt_near_text(hint, &near));
	return NULL;
}

/* No built-in layer has more than 4096 channels, times width. */
static int
check_opt(const struct lt_arch *a, const struct lt_arch_opt *opt,
	struct lt_err *err)
{
	if (opt->width > 128)
		return lt_fail(err, LT_EUSAGE,
			"a width of %.9g is over 128 times the published one",
			opt->width);
	if (opt->classes > 65536)
		return lt_fail(err, LT_EUSAGE, "%d classes are over 65536",
			opt->classes);
	if (opt->shortcut && !(a->takes & LT_ARCH_SHORTCUT))
		return lt_fail(err, LT_EUSAGE, "%s has no choice of shortcuts",
			a->name);
	if (opt->form && !(a->takes & LT_ARCH_FORM))
		return lt_fail(err, LT_EUSAGE, "%s has no form %s", a->name,
			lt_form_names[opt->form]);
	if (opt->no_bias && !(a->takes & LT_ARCH_NO_BIAS))
		return lt_fail(err, LT_EUSAGE,
			"%s has no biases before batch norms", a->name);
	return 0;
}

char *
lt_arch_text(
	const char *name, const struct lt_arch_opt *opt, struct lt_err *err)
{
	const struct lt_arch *a = find_arch(name, err);
	char *text = NULL;
	size_t size;

	if (!a || check_opt(a, opt, err) < 0)
		return NULL;
	bool large = opt->form == LT_FORM_TORCHVISION && a->takes & LARGE;
	int side = large ? 224 : a->side;
	struct lt_gen g = {.f = open_memstream(&text, &size),
		.arch = a,
		.classes = opt->classes ? opt->classes
			   : large	? 1000
					: 10,
		.c = opt->c ? opt->c : a->c,
		.h = opt->h ? opt->h : side,
		.w = opt->w ? opt->w : side,
		.width = opt->width > 0 ? opt->width : 1,
		.shortcut = opt->shortcut,
		.torchvision = opt->form == LT_FORM_TORCHVISION,
		.no_bias = opt->no_bias,
		.last = "input"};
	LT_BUG_ON(!g.f);
	g.channels = g.c;
	fprintf(g.f, "net %s\ninit %s\ninput %d %d %d\n", name, a->init, g.c,
		g.h, g.w);
	int bad = a->make(&g, err);
	LT_BUG_ON(fclose(g.f) != 0);
	if (!bad)
		return text;
	free(text);
	return NULL;
}

static uint64_t
size_of(const struct lt_graph *g, enum lt_size of)
{
	return of == LT_SIZE_PARAMS ? lt_graph_params(g) : lt_graph_all_macs(g);
}

/* Widths are counted in steps. */
#define STEPS 4096

static int
size_at(uint64_t *size, struct lt_arch_opt *a, const char *name, int width,
	enum lt_size of, struct lt_err *err)
{
	a->width = (double)width / STEPS;
	char *text = lt_arch_text(name, a, err);
	struct lt_graph *g = text ? lt_graph_parse(text, name, err) : NULL;

	free(text);
	if (!g)
		return -1;
	*size = size_of(g, of);
	lt_graph_free(g);
	return 0;
}

static int
no_width(const char *name, const char *most, enum lt_size of, uint64_t size,
	uint64_t want, struct lt_err *err)
{
	return lt_fail(err, LT_EUSAGE,
		"the %s %s has %" PRIu64 " %s, expected a network of %" PRIu64,
		most, name, size,
		of == LT_SIZE_PARAMS ? "parameters" : "multiply-adds", want);
}

/* Sizes grow with the width, in steps, so the interval is halved.  A network
 * that is too large for a graph is larger than any that is wanted. */
int
lt_arch_fit(struct lt_arch_opt *a, const char *name, enum lt_size of,
	uint64_t want, struct lt_err *err)
{
	int low = 1, high = 2 * STEPS;
	uint64_t below, above;

	if (size_at(&below, a, name, low, of, err) < 0)
		return -1;
	if (below > want)
		return no_width(name, "narrowest", of, below, want, err);
	for (;; high *= 2) {
		if (size_at(&above, a, name, high, of, err) < 0)
			above = UINT64_MAX;
		if (above > want)
			break;
		if (high >= LT_WIDTH_MOST * STEPS)
			return no_width(name, "widest", of, above, want, err);
		low = high;
		below = above;
	}
	while (high - low > 1) {
		int middle = low + (high - low) / 2;
		uint64_t size;
		if (size_at(&size, a, name, middle, of, err) < 0)
			size = UINT64_MAX;
		*(size > want ? &high : &low) = middle;
		*(size > want ? &above : &below) = size;
	}
	if (above == UINT64_MAX)
		return no_width(name, "widest", of, below, want, err);
	a->width = (double)(above - want < want - below ? high : low) / STEPS;
	return 0;
}
