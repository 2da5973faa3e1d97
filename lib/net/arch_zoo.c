/* Built-in networks of separable convolutions, in the forms and with the names
 * of kuangliu's networks for CIFAR; MobileNetV2 in torchvision's form too. */
#include <string.h>
#include "net/archgen.h"

static void
go_to(struct lt_gen *g, const char *node, int channels)
{
	snprintf(g->last, sizeof g->last, "%s", node);
	g->channels = channels;
}

static void
stem(struct lt_gen *g, int out, const char *act)
{
	lt_gen_conv_bn(g, "conv1", "bn1",
		&(struct lt_gen_conv){.out = lt_gen_scaled(g, out), .k = 3});
	lt_gen_node(g, act, act, "%s", "");
}

/* ---- MobileNet (Howard et al. 2017) ---- */

int
lt_gen_mobilenet(struct lt_gen *g, struct lt_err *err)
{
	static const struct {
		short out, stride;
	} layer[] = {{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2},
		{512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2},
		{1024, 1}};

	(void)err;
	stem(g, 32, "relu");
	for (size_t i = 0; i < sizeof layer / sizeof *layer; i++) {
		snprintf(g->prefix, sizeof g->prefix, "layers.%zu.", i);
		lt_gen_conv_bn(g, "conv1", "bn1",
			&(struct lt_gen_conv){.out = g->channels,
				.k = 3,
				.stride = layer[i].stride,
				.groups = g->channels});
		lt_gen_node(g, "relu1", "relu", "%s", "");
		lt_gen_conv_bn(g, "conv2", "bn2",
			&(struct lt_gen_conv){
				.out = lt_gen_scaled(g, layer[i].out), .k = 1});
		lt_gen_node(g, "relu2", "relu", "%s", "");
	}
	lt_gen_head(g, "linear");
	return 0;
}

/* ---- MobileNetV2 (Sandler et al. 2018), or torchvision's mobilenet_v2 ---- */

/* Channels by the rule of each form: torchvision's is the nearest multiple of 8
 * that is not below 0.9 of them. */
static int
v2_scaled(const struct lt_gen *g, int channels, double width)
{
	double wanted = (double)channels * width;
	int n = (int)(wanted + 4) / 8 * 8;

	if (!g->torchvision)
		return lt_gen_scaled(g, channels);
	n = n < 8 ? 8 : n;
	return n < 0.9 * wanted ? n + 8 : n;
}

/* Convolution, batch norm and activation number i, from 0, of a block. */
static void
v2_step(struct lt_gen *g, int i, const struct lt_gen_conv *c)
{
	bool big = g->torchvision;
	char conv[16], bn[16], act[16];

	snprintf(conv, sizeof conv, big ? "conv.%d.0" : "conv%d", i + !big);
	snprintf(bn, sizeof bn, big ? "conv.%d.1" : "bn%d", i + !big);
	snprintf(act, sizeof act, big ? "conv.%d.2" : "relu%d", i + !big);
	lt_gen_conv_bn(g, conv, bn, c);
	lt_gen_node(g, act, big ? "relu6" : "relu", "%s", "");
}

struct inverted {
	int expand, out, stride;
};

/* The CIFAR form expands in every block, and where channels change at stride 1
 * it adds a convolution of the input; torchvision's does neither. */
static void
v2_block(struct lt_gen *g, const struct inverted *b)
{
	bool big = g->torchvision;
	int in = g->channels, inner = in * b->expand, i = 0;
	char from[64], branch[64], conv[16], bn[16];

	memcpy(from, g->last, sizeof from);
	if (b->expand > 1 || !big)
		v2_step(g, i++, &(struct lt_gen_conv){.out = inner, .k = 1});
	v2_step(g, i++,
		&(struct lt_gen_conv){.out = inner,
			.k = 3,
			.stride = b->stride,
			.groups = inner});
	snprintf(conv, sizeof conv, big ? "conv.%d" : "conv%d", i + !big);
	snprintf(bn, sizeof bn, big ? "conv.%d" : "bn%d", i + 1);
	lt_gen_conv_bn(
		g, conv, bn, &(struct lt_gen_conv){.out = b->out, .k = 1});
	if (b->stride > 1 || (big && in != b->out))
		return;
	memcpy(branch, g->last, sizeof branch);
	if (in != b->out) {
		go_to(g, from, in);
		lt_gen_conv_bn(g, "shortcut.0", "shortcut.1",
			&(struct lt_gen_conv){.out = b->out, .k = 1});
		memcpy(from, g->last, sizeof from);
	}
	go_to(g, branch, b->out);
	lt_gen_join(g, "add", "add", from);
}

/* The first or the last convolution of torchvision's form. */
static void
v2_end(struct lt_gen *g, int place, const struct lt_gen_conv *c)
{
	snprintf(g->prefix, sizeof g->prefix, "features.%d.", place);
	lt_gen_conv_bn(g, "0", "1", c);
	lt_gen_node(g, "2", "relu6", "%s", "");
}

static void
v2_blocks(struct lt_gen *g)
{
	static const struct {
		short blocks, expand, out, stride;
	} stage[] = {{1, 1, 16, 1}, {2, 6, 24, 2}, {3, 6, 32, 2}, {4, 6, 64, 2},
		{3, 6, 96, 1}, {3, 6, 160, 2}, {1, 6, 320, 1}};
	bool big = g->torchvision;
	int block = 0;

	for (size_t s = 0; s < sizeof stage / sizeof *stage; s++)
		for (int i = 0; i < stage[s].blocks; i++, block++) {
			struct inverted b = {stage[s].expand,
				v2_scaled(g, stage[s].out, g->width),
				i ? 1 : stage[s].stride};
			if (s == 1 && !big)
				b.stride = 1;
			snprintf(g->prefix, sizeof g->prefix,
				big ? "features.%d." : "layers.%d.",
				block + big);
			v2_block(g, &b);
		}
	*g->prefix = 0;
}

int
lt_gen_mobilenet_v2(struct lt_gen *g, struct lt_err *err)
{
	double widened = g->width > 1 ? g->width : 1;

	(void)err;
	if (!g->torchvision) {
		stem(g, 32, "relu");
		v2_blocks(g);
		lt_gen_conv_bn(g, "conv2", "bn2",
			&(struct lt_gen_conv){
				.out = lt_gen_scaled(g, 1280), .k = 1});
		lt_gen_node(g, "relu2", "relu", "%s", "");
		lt_gen_head(g, "linear");
		return 0;
	}
	v2_end(g, 0,
		&(struct lt_gen_conv){.out = v2_scaled(g, 32, g->width),
			.k = 3,
			.stride = 2});
	v2_blocks(g);
	v2_end(g, 18,
		&(struct lt_gen_conv){
			.out = v2_scaled(g, 1280, widened), .k = 1});
	*g->prefix = 0;
	lt_gen_node(g, "avgpool", "gap", "%s", "");
	lt_gen_node(g, "classifier.0", "dropout", "0.2");
	lt_gen_node(g, "classifier.1", "linear", "%d bias", g->classes);
	fputs("output classifier.1\n", g->f);
	return 0;
}

/* ---- EfficientNet-B0 (Tan & Le 2019) ---- */

/* Each plane is multiplied by a weight that depends on all planes' means. */
static void
squeeze_excite(struct lt_gen *g, int squeezed)
{
	char from[64];
	int channels = g->channels;

	memcpy(from, g->last, sizeof from);
	lt_gen_node(g, "se.pool", "gap", "%s", "");
	lt_gen_conv(g, "se.se1",
		&(struct lt_gen_conv){.out = squeezed, .k = 1, .bias = true});
	lt_gen_node(g, "se.silu", "silu", "%s", "");
	lt_gen_conv(g, "se.se2",
		&(struct lt_gen_conv){.out = channels, .k = 1, .bias = true});
	lt_gen_node(g, "se.sigmoid", "sigmoid", "%s", "");
	char weight[64];
	memcpy(weight, g->last, sizeof weight);
	go_to(g, from, channels);
	lt_gen_join(g, "se.mul", "mul", weight);
}

struct mbconv {
	int expand, out, k, stride;
	double drop; /* rate of drop-connect */
};

static void
mbconv(struct lt_gen *g, const struct mbconv *b)
{
	bool skip = b->stride == 1 && b->out == g->channels;
	int in = g->channels, inner = b->expand * in;
	char from[64];

	memcpy(from, g->last, sizeof from);
	lt_gen_conv_bn(
		g, "conv1", "bn1", &(struct lt_gen_conv){.out = inner, .k = 1});
	if (b->expand == 1) {
		/* The state dict has it, but it is skipped. */
		fprintf(g->f, "unused %s\n", g->last);
		go_to(g, from, in);
	} else {
		lt_gen_node(g, "silu1", "silu", "%s", "");
	}
	lt_gen_conv_bn(g, "conv2", "bn2",
		&(struct lt_gen_conv){.out = inner,
			.k = b->k,
			.stride = b->stride,
			.groups = inner});
	lt_gen_node(g, "silu2", "silu", "%s", "");
	squeeze_excite(g, in / 4 > 0 ? in / 4 : 1);
	lt_gen_conv_bn(g, "conv3", "bn3",
		&(struct lt_gen_conv){.out = b->out, .k = 1});
	if (skip && b->drop > 0)
		lt_gen_node(g, "drop", "dropconnect", "%.9g", b->drop);
	if (skip)
		lt_gen_join(g, "add", "add", from);
}

int
lt_gen_efficientnet(struct lt_gen *g, struct lt_err *err)
{
	static const struct {
		short blocks, expand, out, k, stride;
	} stage[] = {{1, 1, 16, 3, 1}, {2, 6, 24, 3, 2}, {2, 6, 40, 5, 2},
		{3, 6, 80, 3, 2}, {3, 6, 112, 5, 1}, {4, 6, 192, 5, 2},
		{1, 6, 320, 3, 1}};
	const int stages = sizeof stage / sizeof *stage;
	int all = 0, block = 0;

	(void)err;
	for (int s = 0; s < stages; s++)
		all += stage[s].blocks;
	stem(g, 32, "silu");
	for (int s = 0; s < stages; s++)
		for (int i = 0; i < stage[s].blocks; i++, block++) {
			snprintf(g->prefix, sizeof g->prefix, "layers.%d.",
				block);
			mbconv(g, &(struct mbconv){stage[s].expand,
					  lt_gen_scaled(g, stage[s].out),
					  stage[s].k, i ? 1 : stage[s].stride,
					  0.2 * block / all});
		}
	*g->prefix = 0;
	lt_gen_node(g, "avgpool", "gap", "%s", "");
	lt_gen_node(g, "dropout", "dropout", "0.2");
	lt_gen_node(g, "linear", "linear", "%d bias", g->classes);
	fputs("output linear\n", g->f);
	return 0;
}

/* ---- PNASNet (Liu et al. 2018) ---- */

/* A cell's input, and the ends of its branches. */
struct cell {
	char from[64];
	int in, out, stride;
};

/* A grouped convolution and its batch norm, number i. */
static void
separable(struct lt_gen *g, const struct cell *c, int i, int k, char branch[64])
{
	char conv[24], bn[24];

	snprintf(conv, sizeof conv, "sep_conv%d.conv1", i);
	snprintf(bn, sizeof bn, "sep_conv%d.bn1", i);
	go_to(g, c->from, c->in);
	lt_gen_conv_bn(g, conv, bn,
		&(struct lt_gen_conv){.out = c->out,
			.k = k,
			.stride = c->stride,
			.groups = c->in});
	memcpy(branch, g->last, sizeof g->last);
}

static void
pooled(struct lt_gen *g, const struct cell *c)
{
	go_to(g, c->from, c->in);
	lt_gen_node(g, "maxpool", "maxpool", "k3 s%d p1", c->stride);
	if (c->stride == 2)
		lt_gen_conv_bn(g, "conv1", "bn1",
			&(struct lt_gen_conv){.out = c->out, .k = 1});
}

/* The sum of the last node and a branch, through a ReLU. */
static void
sum(struct lt_gen *g, const char *branch, const char *add, const char *relu)
{
	char last[64];

	memcpy(last, g->last, sizeof last);
	snprintf(g->last, sizeof g->last, "%s", branch);
	lt_gen_join(g, add, "add", last);
	lt_gen_node(g, relu, "relu", "%s", "");
}

static void
cell_a(struct lt_gen *g, const struct cell *c)
{
	char sep[64];

	separable(g, c, 1, 7, sep);
	pooled(g, c);
	sum(g, sep, "add", "relu");
}

static void
cell_b(struct lt_gen *g, const struct cell *c)
{
	char sep[64], left[64], right[64];

	separable(g, c, 1, 7, sep);
	separable(g, c, 2, 3, right);
	sum(g, sep, "add1", "relu1");
	memcpy(left, g->last, sizeof left);
	separable(g, c, 3, 5, sep);
	pooled(g, c);
	sum(g, sep, "add2", "relu2");
	memcpy(right, g->last, sizeof right);
	go_to(g, left, c->out);
	lt_gen_join(g, "concat", "concat", right);
	lt_gen_conv_bn(g, "conv2", "bn2",
		&(struct lt_gen_conv){.out = c->out, .k = 1});
	lt_gen_node(g, "relu", "relu", "%s", "");
}

static void
cell(struct lt_gen *g, int out, int stride)
{
	struct cell c = {.in = g->channels, .out = out, .stride = stride};

	memcpy(c.from, g->last, sizeof c.from);
	if (g->arch->arg[1])
		cell_b(g, &c);
	else
		cell_a(g, &c);
	g->channels = out;
}

/* arg: channels of the stem; 0 for cells A, 1 for B. */
int
lt_gen_pnasnet(struct lt_gen *g, struct lt_err *err)
{
	int planes = lt_gen_scaled(g, g->arch->arg[0]);

	(void)err;
	stem(g, g->arch->arg[0], "relu");
	for (int layer = 1; layer <= 5; layer++) {
		/* A cell that halves the plane, or six. */
		bool down = layer % 2 == 0;
		planes *= down ? 2 : 1;
		for (int i = 0; i < (down ? 1 : 6); i++) {
			if (down)
				snprintf(g->prefix, sizeof g->prefix,
					"layer%d.", layer);
			else
				snprintf(g->prefix, sizeof g->prefix,
					"layer%d.%d.", layer, i);
			cell(g, planes, down ? 2 : 1);
		}
	}
	lt_gen_head(g, "linear");
	return 0;
}
