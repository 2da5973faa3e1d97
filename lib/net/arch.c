/* Built-in architectures: each writes net text (METHODS 6). */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "net/arch.h"

/* What a generator writes to, with the defaults filled in. */
struct gen {
	FILE *f;
	int classes, c, h, w;
	double width;
	char shortcut;
	char last[64]; /* node written last */
	int channels;  /* of it */
};

typedef int generate(struct gen *g, const int *arg, struct lt_err *err);

static int
scaled(const struct gen *g, int channels)
{
	double n = (double)channels * g->width + 0.5;

	return n < 1 ? 1 : (int)n;
}

static void
head(struct gen *g, const char *name, const char *init)
{
	fprintf(g->f, "net %s\ninit %s\ninput %d %d %d\n", name, init, g->c,
		g->h, g->w);
	strcpy(g->last, "input");
	g->channels = g->c;
}

__attribute__((format(printf, 2, 3))) static void
became(struct gen *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(g->last, sizeof g->last, fmt, ap);
	va_end(ap);
}

/* The attribute of a stride that is not 1. */
static void
put_stride(struct gen *g, int stride)
{
	if (stride > 1)
		fprintf(g->f, " s%d", stride);
}

/* ---- fully connected and plain convolutional ---------------------------- */

static void
dense(struct gen *g, int number, int out, bool relu)
{
	char name[16];

	snprintf(name, sizeof name, "fc%d", number);
	fprintf(g->f, "%s = linear %s %d bias\n", name, g->last, out);
	became(g, "%s", name);
	if (!relu)
		return;
	fprintf(g->f, "relu_%s = relu %s\n", name, name);
	became(g, "relu_%s", name);
}

static void
three_dense(struct gen *g, int a, int b)
{
	dense(g, 1, scaled(g, a), true);
	dense(g, 2, scaled(g, b), true);
	dense(g, 3, g->classes, false);
	fputs("output fc3\n", g->f);
}

static int
lenet_300_100(struct gen *g, const int *arg, struct lt_err *err)
{
	(void)arg;
	(void)err;
	three_dense(g, 300, 100);
	return 0;
}

static void
conv_relu(struct gen *g, int number, int out, int k, int pad)
{
	char name[16];

	snprintf(name, sizeof name, "conv%d", number);
	fprintf(g->f, "%s = conv %s %d k%d p%d bias\n", name, g->last, out, k,
		pad);
	fprintf(g->f, "relu_%s = relu %s\n", name, name);
	became(g, "relu_%s", name);
}

static void
pool2(struct gen *g, int number)
{
	char name[16];

	snprintf(name, sizeof name, "pool%d", number);
	fprintf(g->f, "%s = maxpool %s k2\n", name, g->last);
	became(g, "%s", name);
}

static int
lenet5(struct gen *g, const int *arg, struct lt_err *err)
{
	(void)arg;
	if (g->h < 14 || g->w < 14)
		return lt_fail(err, LT_EUSAGE,
			"lenet5 needs images of 14x14 or more, not %dx%d", g->h,
			g->w);
	conv_relu(g, 1, scaled(g, 6), 5, g->h < 32 ? 2 : 0);
	pool2(g, 1);
	conv_relu(g, 2, scaled(g, 16), 5, 0);
	pool2(g, 2);
	three_dense(g, 120, 84);
	return 0;
}

/* Conv-2, -4, -6 of Frankle & Carbin: pairs of 64, 128, 256. */
static int
conv_n(struct gen *g, const int *arg, struct lt_err *err)
{
	int side = g->h < g->w ? g->h : g->w;

	if (side >> arg[0] < 1)
		return lt_fail(err, LT_EUSAGE,
			"an image of %dx%d is too small for %d poolings", g->h,
			g->w, arg[0]);
	for (int pair = 0; pair < arg[0]; pair++) {
		conv_relu(g, 2 * pair + 1, scaled(g, 64 << pair), 3, 1);
		conv_relu(g, 2 * pair + 2, scaled(g, 64 << pair), 3, 1);
		pool2(g, pair + 1);
	}
	three_dense(g, 256, 256);
	return 0;
}

/* ---- residual networks of He et al. 2016 for CIFAR ---------------------- */

static void
shortcut(
	struct gen *g, const char *block, const char *from, int out, int stride)
{
	if (g->shortcut == 'A') {
		fprintf(g->f, "%s.shortcut = padch %s %d", block, from, out);
		put_stride(g, stride);
		fputc('\n', g->f);
		return;
	}
	fprintf(g->f, "%s.downsample.0 = conv %s %d k1", block, from, out);
	put_stride(g, stride);
	fprintf(g->f, "\n%s.downsample.1 = bn %s.downsample.0\n", block, block);
}

static void
basic_block(struct gen *g, int layer, int number, int out, int stride)
{
	char b[32], from[64];
	bool same = stride == 1 && out == g->channels;

	snprintf(b, sizeof b, "layer%d.%d", layer, number);
	memcpy(from, g->last, sizeof from);
	fprintf(g->f, "%s.conv1 = conv %s %d k3", b, from, out);
	put_stride(g, stride);
	fputs(" p1\n", g->f);
	fprintf(g->f, "%s.bn1 = bn %s.conv1\n%s.relu1 = relu %s.bn1\n", b, b, b,
		b);
	fprintf(g->f, "%s.conv2 = conv %s.relu1 %d k3 p1\n", b, b, out);
	fprintf(g->f, "%s.bn2 = bn %s.conv2\n", b, b);
	if (!same)
		shortcut(g, b, from, out, stride);
	fprintf(g->f, "%s.add = add %s.bn2 ", b, b);
	if (same)
		fprintf(g->f, "%s\n", from);
	else
		fprintf(g->f, "%s.%s\n", b,
			g->shortcut == 'A' ? "shortcut" : "downsample.1");
	fprintf(g->f, "%s.relu2 = relu %s.add\n", b, b);
	became(g, "%s.relu2", b);
	g->channels = out;
}

/* arg: blocks a stage, stride of the stem. */
static int
cifar_resnet(struct gen *g, const int *arg, struct lt_err *err)
{
	(void)err;
	g->channels = scaled(g, 16);
	fprintf(g->f, "conv1 = conv input %d k3", g->channels);
	put_stride(g, arg[1]);
	fputs(" p1\n", g->f);
	fputs("bn1 = bn conv1\nrelu1 = relu bn1\n", g->f);
	became(g, "%s", "relu1");
	for (int stage = 0; stage < 3; stage++)
		for (int i = 0; i < arg[0]; i++)
			basic_block(g, stage + 1, i, scaled(g, 16 << stage),
				stage && !i ? 2 : 1);
	fprintf(g->f, "avgpool = gap %s\nlinear = linear avgpool %d bias\n",
		g->last, g->classes);
	fputs("output linear\n", g->f);
	return 0;
}

/* ---- VGG with batch norm, torchvision's names --------------------------- */

/* arg: convolutions in each of the five stages. */
static int
vgg_bn(struct gen *g, const int *arg, struct lt_err *err)
{
	static const int width[] = {64, 128, 256, 512, 512};
	int at = 0;

	if (g->h < 32 || g->w < 32)
		return lt_fail(err, LT_EUSAGE,
			"vgg needs images of 32x32 or more, not %dx%d", g->h,
			g->w);
	for (int stage = 0; stage < 5; stage++) {
		for (int i = 0; i < arg[stage]; i++, at += 3) {
			fprintf(g->f, "features.%d = conv %s %d k3 p1 bias\n",
				at, g->last, scaled(g, width[stage]));
			fprintf(g->f, "features.%d = bn features.%d\n", at + 1,
				at);
			fprintf(g->f, "features.%d = relu features.%d\n",
				at + 2, at + 1);
			snprintf(
				g->last, sizeof g->last, "features.%d", at + 2);
		}
		fprintf(g->f, "features.%d = maxpool %s k2\n", at, g->last);
		snprintf(g->last, sizeof g->last, "features.%d", at++);
	}
	fprintf(g->f, "avgpool = gap %s\nclassifier = linear avgpool %d bias\n",
		g->last, g->classes);
	fputs("output classifier\n", g->f);
	return 0;
}

/* ---- the table ----------------------------------------------------------- */

const struct lt_arch lt_arch_table[] = {
	{"lenet-300-100", "784-300-100-10, fully connected", "glorot-normal"},
	{"lenet5", "two 5x5 convolutions, 120-84", "glorot-normal"},
	{"conv2", "64,64, then 256-256", "glorot-normal"},
	{"conv4", "conv2 with 128,128", "glorot-normal"},
	{"conv6", "conv4 with 256,256", "glorot-normal"},
	{"resnet8-demo", "a block each of 16-32-64, stem of stride 2",
		"kaiming-normal-in"},
	{"resnet20", "3 blocks each of 16-32-64", "kaiming-normal-in"},
	{"resnet32", "5 blocks each", "kaiming-normal-in"},
	{"resnet44", "7 blocks each", "kaiming-normal-in"},
	{"resnet56", "9 blocks each", "kaiming-normal-in"},
	{"resnet110", "18 blocks each", "kaiming-normal-in"},
	{"vgg11_bn", "8 convolutions, one linear layer", "vgg"},
	{"vgg13_bn", "10 convolutions", "vgg"},
	{"vgg16_bn", "13 convolutions", "vgg"},
	{"vgg19_bn", "16 convolutions", "vgg"},
	{NULL, NULL, NULL},
};

/* In the order of lt_arch_table. */
static const struct {
	generate *make;
	int arg[5];
	int c, h, w;
	bool residual;
} builders[] = {
	{lenet_300_100, {0}, 1, 28, 28, false},
	{lenet5, {0}, 1, 28, 28, false},
	{conv_n, {1}, 3, 32, 32, false},
	{conv_n, {2}, 3, 32, 32, false},
	{conv_n, {3}, 3, 32, 32, false},
	{cifar_resnet, {1, 2}, 1, 28, 28, true},
	{cifar_resnet, {3, 1}, 3, 32, 32, true},
	{cifar_resnet, {5, 1}, 3, 32, 32, true},
	{cifar_resnet, {7, 1}, 3, 32, 32, true},
	{cifar_resnet, {9, 1}, 3, 32, 32, true},
	{cifar_resnet, {18, 1}, 3, 32, 32, true},
	{vgg_bn, {1, 1, 2, 2, 2}, 3, 32, 32, false},
	{vgg_bn, {2, 2, 2, 2, 2}, 3, 32, 32, false},
	{vgg_bn, {2, 2, 3, 3, 3}, 3, 32, 32, false},
	{vgg_bn, {2, 2, 4, 4, 4}, 3, 32, 32, false},
};

static int
find_arch(const char *name, struct lt_err *err)
{
	char list[512] = "";

	for (int i = 0; lt_arch_table[i].name; i++) {
		if (!strcmp(lt_arch_table[i].name, name))
			return i;
		strcat(list, i ? ", " : "");
		strcat(list, lt_arch_table[i].name);
	}
	return lt_fail(err, LT_EUSAGE,
		"no built-in network '%s' (there are %s; a net text file needs "
		"a '/' or ends in .net)",
		name, list);
}

/* No built-in layer has more than 512 channels, times width. */
static int
check_opt(const struct lt_arch_opt *opt, struct lt_err *err)
{
	if (opt->width > 128)
		return lt_fail(err, LT_EUSAGE,
			"a width of %.9g is over 128 times the published one",
			opt->width);
	if (opt->classes > 65536)
		return lt_fail(err, LT_EUSAGE, "%d classes are over 65536",
			opt->classes);
	return 0;
}

char *
lt_arch_text(
	const char *name, const struct lt_arch_opt *opt, struct lt_err *err)
{
	int i = find_arch(name, err);
	char *text = NULL;
	size_t size;

	if (i < 0 || check_opt(opt, err) < 0)
		return NULL;
	if (opt->shortcut && !builders[i].residual) {
		lt_fail(err, LT_EUSAGE, "%s has no shortcuts", name);
		return NULL;
	}
	struct gen g = {.f = open_memstream(&text, &size),
		.classes = opt->classes ? opt->classes : 10,
		.c = opt->c ? opt->c : builders[i].c,
		.h = opt->h ? opt->h : builders[i].h,
		.w = opt->w ? opt->w : builders[i].w,
		.width = opt->width > 0 ? opt->width : 1,
		.shortcut = opt->shortcut ? opt->shortcut : 'A'};
	LT_BUG_ON(!g.f);
	head(&g, name, lt_arch_table[i].init);
	int bad = builders[i].make(&g, builders[i].arg, err);
	LT_BUG_ON(fclose(g.f) != 0);
	if (!bad)
		return text;
	free(text);
	return NULL;
}
