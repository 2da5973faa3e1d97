/* Writing net text line by line, for the generators of built-in networks.
 * Private to lib/net. */
#ifndef LT_NET_ARCHGEN_H
#define LT_NET_ARCHGEN_H

#include <stdbool.h>
#include <stdio.h>
#include "net/arch.h"

struct lt_gen {
	FILE *f;
	const struct lt_arch *arch;
	int classes, c, h, w;
	double width;
	char shortcut; /* 'A', 'B', or 0: the generator's own */
	bool torchvision, no_bias;
	char prefix[32]; /* begins the names of nodes: "layer1.0." */
	char last[64];	 /* the node written last, the next one's input */
	int channels;	 /* channels of that node */
};

struct lt_gen_conv {
	int out, k, stride, groups; /* stride, groups 0: 1 */
	bool bias;
};

/* channels x width, rounded, at least 1. */
int lt_gen_scaled(const struct lt_gen *g, int channels);
/* -1 with err if the image is smaller than side x side. */
int lt_gen_need(const struct lt_gen *g, int side, struct lt_err *err);
/* Write "PREFIXname = op LAST attributes"; fmt makes the attributes.  The new
 * node becomes last. */
void lt_gen_node(struct lt_gen *g, const char *name, const char *op,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Write "PREFIXname = op LAST b"; b is a full name. */
void lt_gen_join(
	struct lt_gen *g, const char *name, const char *op, const char *b);
/* Write a convolution whose padding keeps the size, except for its stride;
 * alone, or with a batch norm. */
void lt_gen_conv(
	struct lt_gen *g, const char *name, const struct lt_gen_conv *c);
void lt_gen_conv_bn(struct lt_gen *g, const char *conv, const char *bn,
	const struct lt_gen_conv *c);
/* Write the global average, the linear layer of the classes, and the end. */
void lt_gen_head(struct lt_gen *g, const char *linear);

lt_arch_make lt_gen_lenet_300_100, lt_gen_lenet5, lt_gen_conv_n, lt_gen_vgg;
lt_arch_make lt_gen_cifar_resnet, lt_gen_resnet;
lt_arch_make lt_gen_mobilenet, lt_gen_mobilenet_v2, lt_gen_efficientnet;
lt_arch_make lt_gen_pnasnet;

#endif
