/* Built-in networks without branches: LeNets, Conv-N, VGGs. */
#include "net/archgen.h"

static void
relu(struct lt_gen *g, const char *name)
{
	lt_gen_node(g, name, "relu", "%s", "");
}

static void
dense(struct lt_gen *g, int number, int out, bool activate)
{
	char name[2][24];

	snprintf(name[0], sizeof name[0], "fc%d", number);
	snprintf(name[1], sizeof name[1], "relu_fc%d", number);
	lt_gen_node(g, name[0], "linear", "%d bias", out);
	if (activate)
		relu(g, name[1]);
}

static void
three_dense(struct lt_gen *g, int a, int b)
{
	dense(g, 1, lt_gen_scaled(g, a), true);
	dense(g, 2, lt_gen_scaled(g, b), true);
	dense(g, 3, g->classes, false);
	fputs("output fc3\n", g->f);
}

int
lt_gen_lenet_300_100(struct lt_gen *g, struct lt_err *err)
{
	(void)err;
	three_dense(g, 300, 100);
	return 0;
}

static void
conv_relu(struct lt_gen *g, int number, int out, int k, int pad)
{
	char name[2][24];

	snprintf(name[0], sizeof name[0], "conv%d", number);
	snprintf(name[1], sizeof name[1], "relu_conv%d", number);
	lt_gen_node(g, name[0], "conv", "%d k%d p%d bias", out, k, pad);
	relu(g, name[1]);
}

static void
pool2(struct lt_gen *g, int number)
{
	char name[24];

	snprintf(name, sizeof name, "pool%d", number);
	lt_gen_node(g, name, "maxpool", "k2");
}

int
lt_gen_lenet5(struct lt_gen *g, struct lt_err *err)
{
	if (lt_gen_need(g, 14, err) < 0)
		return -1;
	conv_relu(g, 1, lt_gen_scaled(g, 6), 5, g->h < 32 ? 2 : 0);
	pool2(g, 1);
	conv_relu(g, 2, lt_gen_scaled(g, 16), 5, 0);
	pool2(g, 2);
	three_dense(g, 120, 84);
	return 0;
}

/* Conv-2, -4, -6 of Frankle & Carbin: pairs of 64, 128, 256.  arg: pairs. */
int
lt_gen_conv_n(struct lt_gen *g, struct lt_err *err)
{
	int pairs = g->arch->arg[0];

	if (lt_gen_need(g, 1 << pairs, err) < 0)
		return -1;
	for (int pair = 0; pair < pairs; pair++) {
		conv_relu(g, 2 * pair + 1, lt_gen_scaled(g, 64 << pair), 3, 1);
		conv_relu(g, 2 * pair + 2, lt_gen_scaled(g, 64 << pair), 3, 1);
		pool2(g, pair + 1);
	}
	three_dense(g, 256, 256);
	return 0;
}

/* A node whose name is its place in a torch.nn.Sequential. */
static const char *
place(char buf[32], const char *list, int *at)
{
	snprintf(buf, 32, "%s.%d", list, (*at)++);
	return buf;
}

/* Average to 7x7, then three linear layers with dropout. */
static void
torchvision_head(struct lt_gen *g)
{
	char name[32];
	int at = 0;

	lt_gen_node(g, "avgpool", "adaptpool", "k7");
	for (int i = 0; i < 2; i++) {
		lt_gen_node(g, place(name, "classifier", &at), "linear",
			"%d bias", lt_gen_scaled(g, 4096));
		relu(g, place(name, "classifier", &at));
		lt_gen_node(
			g, place(name, "classifier", &at), "dropout", "0.5");
	}
	lt_gen_node(g, place(name, "classifier", &at), "linear", "%d bias",
		g->classes);
	fprintf(g->f, "output %s\n", g->last);
}

/* arg: convolutions in each of the five stages, then 1 for batch norm. */
int
lt_gen_vgg(struct lt_gen *g, struct lt_err *err)
{
	static const int width[] = {64, 128, 256, 512, 512};
	const int *arg = g->arch->arg;
	char name[32];
	int at = 0;

	if (lt_gen_need(g, 32, err) < 0)
		return -1;
	for (int stage = 0; stage < 5; stage++) {
		for (int i = 0; i < arg[stage]; i++) {
			lt_gen_conv(g, place(name, "features", &at),
				&(struct lt_gen_conv){
					.out = lt_gen_scaled(g, width[stage]),
					.k = 3,
					.bias = !g->no_bias});
			if (arg[5])
				lt_gen_node(g, place(name, "features", &at),
					"bn", "%s", "");
			relu(g, place(name, "features", &at));
		}
		lt_gen_node(g, place(name, "features", &at), "maxpool", "k2");
	}
	if (g->torchvision)
		torchvision_head(g);
	else
		lt_gen_head(g, "classifier");
	return 0;
}
