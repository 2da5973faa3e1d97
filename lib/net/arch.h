/* Built-in networks: generators of net text. */
#ifndef LT_NET_ARCH_H
#define LT_NET_ARCH_H

#include <stdbool.h>
#include "base/claim.h"
#include "net/graph.h"

enum lt_form {
	LT_FORM_CIFAR, /* for small images: 3x3 stems, a single linear layer */
	/* The forms of torchvision: ResNets with 7x7 stems and max pooling,
	 * VGGs with three linear layers, MobileNetV2 with ReLU6.  Networks for
	 * CIFAR only change names. */
	LT_FORM_TORCHVISION,
	LT_FORM_COUNT,
};
extern const char *const lt_form_names[LT_FORM_COUNT];

struct lt_arch_opt {
	int classes; /* 0: the network's own (10; in torchvision's form 1000) */
	int c, h, w; /* input; 0: the network's own */
	double width;  /* factor of channels; 0 counts as 1 */
	char shortcut; /* 'A' or 'B'; 0: the network's own (A) */
	enum lt_form form;
	bool no_bias; /* no bias in a convolution before a batch norm */
};

/* The options that a network accepts. */
enum { LT_ARCH_SHORTCUT = 1, LT_ARCH_FORM = 2, LT_ARCH_NO_BIAS = 4 };

struct lt_gen;
typedef int lt_arch_make(struct lt_gen *g, struct lt_err *err);

struct lt_arch {
	const char *name;
	const char *help;
	const char *init; /* its default initialization */
	unsigned takes;	  /* LT_ARCH_... */
	/* For the generator: channels and side of the input of LT_FORM_CIFAR,
	 * and arg, whose meaning is its own. */
	int c, side;
	lt_arch_make *make;
	int arg[6];
};
extern const struct lt_arch lt_arch_table[]; /* ends with name NULL */

/* True if name is a file of net text and not a built-in network. */
bool lt_arch_is_file(const char *name);
/* Claim the file if name is one; name may be NULL. */
void lt_arch_claim(struct lt_claims *c, enum lt_claim_kind kind,
	const char *what, const char *name);
/* Read such a file; the text is the caller's.  LT_EDATA if it has a NUL byte,
 * or if its last line has no end, the sign of a writer that was stopped. */
char *lt_arch_file(const char *path, struct lt_err *err);
/* The graph of a file, or of a built-in network without options; the caller's.
 */
struct lt_graph *lt_arch_graph(const char *name, struct lt_err *err);
/* The net text of a built-in network; the caller's.  NULL with LT_EUSAGE if the
 * name is unknown (the message has the nearest name) or if the network does not
 * accept an option. */
char *lt_arch_text(
	const char *name, const struct lt_arch_opt *opt, struct lt_err *err);

/* What a network is measured by. */
enum lt_size {
	LT_SIZE_PARAMS, /* trainable parameters */
	LT_SIZE_MACS,	/* multiply-adds of one image's forward pass */
};
/* Set a->width to that of the network whose size is nearest to want, of two the
 * smaller one: a multiple of 1/4096, at most LT_WIDTH_MOST.  LT_EUSAGE as
 * lt_arch_text, or if no width gives so small or so large a network. */
#define LT_WIDTH_MOST 128
int lt_arch_fit(struct lt_arch_opt *a, const char *name, enum lt_size of,
	uint64_t want, struct lt_err *err);

#endif
