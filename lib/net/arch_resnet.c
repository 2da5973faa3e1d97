/* Built-in residual networks.  Names are those of PyTorch code in public use:
 * Idelbayev's and kuangliu's for CIFAR, or torchvision's. */
#include <string.h>
#include "net/archgen.h"

/* Write the shortcut of a block that changes shape; returns the name of its
 * end. */
static const char *
shortcut(struct lt_gen *g, const char *from, int out, int stride)
{
	const char *name = g->torchvision ? "downsample" : "shortcut";
	static char end[64];
	char conv[16], bn[16];

	snprintf(g->last, sizeof g->last, "%s", from);
	if (g->shortcut == 'A') {
		lt_gen_node(g, "shortcut", "padch", "%d s%d", out, stride);
	} else {
		snprintf(conv, sizeof conv, "%s.0", name);
		snprintf(bn, sizeof bn, "%s.1", name);
		lt_gen_conv_bn(g, conv, bn,
			&(struct lt_gen_conv){
				.out = out, .k = 1, .stride = stride});
	}
	memcpy(end, g->last, sizeof end);
	return end;
}

/* Convolution, batch norm and ReLU number i of a block. */
static void
step(struct lt_gen *g, int i, bool relu, const struct lt_gen_conv *c)
{
	char conv[16], bn[16], act[16];

	snprintf(conv, sizeof conv, "conv%d", i);
	snprintf(bn, sizeof bn, "bn%d", i);
	snprintf(act, sizeof act, "relu%d", i);
	lt_gen_conv_bn(g, conv, bn, c);
	if (relu)
		lt_gen_node(g, act, "relu", "%s", "");
}

/* Write a block.  inner > 0: a bottleneck of 1x1, 3x3 and 1x1 with inner
 * channels inside, whose 3x3 has the stride; else two convolutions of 3x3. */
static void
block(struct lt_gen *g, int layer, int number, int inner, int out, int stride)
{
	struct lt_gen_conv narrow = {.out = inner, .k = 1};
	struct lt_gen_conv middle = {.k = 3, .stride = stride};
	struct lt_gen_conv end = {.out = out, .k = inner ? 1 : 3};
	bool same = stride == 1 && out == g->channels;
	char from[64], branch[64];
	int i = 1;

	snprintf(g->prefix, sizeof g->prefix, "layer%d.%d.", layer, number);
	memcpy(from, g->last, sizeof from);
	if (inner)
		step(g, i++, true, &narrow);
	middle.out = inner ? inner : out;
	step(g, i++, true, &middle);
	step(g, i, false, &end);
	memcpy(branch, g->last, sizeof branch);
	const char *around = same ? from : shortcut(g, from, out, stride);
	snprintf(g->last, sizeof g->last, "%s", branch);
	lt_gen_join(g, "add", "add", around);
	snprintf(branch, sizeof branch, "relu%d", i);
	lt_gen_node(g, branch, "relu", "%s", "");
	g->channels = out;
	*g->prefix = 0;
}

/* He et al. 2016 for CIFAR.  arg: blocks a stage, stride of the stem. */
int
lt_gen_cifar_resnet(struct lt_gen *g, struct lt_err *err)
{
	const int *arg = g->arch->arg;

	(void)err;
	if (!g->shortcut)
		g->shortcut = 'A';
	step(g, 1, true,
		&(struct lt_gen_conv){
			.out = lt_gen_scaled(g, 16), .k = 3, .stride = arg[1]});
	for (int stage = 0; stage < 3; stage++)
		for (int i = 0; i < arg[0]; i++)
			block(g, stage + 1, i, 0, lt_gen_scaled(g, 16 << stage),
				stage && !i ? 2 : 1);
	lt_gen_head(g, g->torchvision ? "fc" : "linear");
	return 0;
}

/* Those of four stages.  arg: blocks of each; 0, or a bottleneck's channels
 * inside as a part of 64 of the stage's. */
int
lt_gen_resnet(struct lt_gen *g, struct lt_err *err)
{
	const int *arg = g->arch->arg;
	bool big = g->torchvision;

	(void)err;
	g->shortcut = 'B';
	step(g, 1, true,
		&(struct lt_gen_conv){.out = lt_gen_scaled(g, 64),
			.k = big ? 7 : 3,
			.stride = big ? 2 : 1});
	if (big)
		lt_gen_node(g, "maxpool", "maxpool", "k3 s2 p1");
	for (int stage = 0; stage < 4; stage++)
		for (int i = 0; i < arg[stage]; i++) {
			int planes = 64 << stage;
			int inner = arg[4] ? planes / 64 * arg[4] : 0;
			int out = arg[4] ? planes * 4 : planes;
			block(g, stage + 1, i,
				inner ? lt_gen_scaled(g, inner) : 0,
				lt_gen_scaled(g, out), stage && !i ? 2 : 1);
		}
	lt_gen_head(g, big ? "fc" : "linear");
	return 0;
}
