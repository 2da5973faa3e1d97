/* Built-in architectures: generators of net text. */
#ifndef LT_NET_ARCH_H
#define LT_NET_ARCH_H

#include <stdbool.h>
#include "base/claim.h"
#include "net/graph.h"

enum lt_form {
	LT_FORM_CIFAR, /* for small images: 3x3 stems, a single linear layer */
	/* torchvision's: ResNets have 7x7 stems and max pooling, VGGs three
	 * linear layers; of networks for CIFAR the names alone */
	LT_FORM_TORCHVISION,
	LT_FORM_COUNT,
};
extern const char *const lt_form_names[LT_FORM_COUNT];

struct lt_arch_opt {
	int classes;   /* 0: the built-in's own (10; torchvision's form 1000) */
	int c, h, w;   /* input; 0: the built-in's own */
	double width;  /* 1: as published; 0: 1 */
	char shortcut; /* 'A', 'B'; 0: the built-in's own (A) */
	enum lt_form form;
	bool no_bias; /* none where a batch norm follows */
};

/* Which options a network honours. */
enum { LT_ARCH_SHORTCUT = 1, LT_ARCH_FORM = 2, LT_ARCH_NO_BIAS = 4 };

struct lt_gen;
typedef int lt_arch_make(struct lt_gen *g, struct lt_err *err);

struct lt_arch {
	const char *name;
	const char *help;
	const char *init; /* its default initialization */
	unsigned takes;	  /* LT_ARCH_... */
	/* The generator's: its input for form CIFAR, and numbers. */
	int c, side;
	lt_arch_make *make;
	int arg[6];
};
extern const struct lt_arch lt_arch_table[]; /* ends with name NULL */

/* Is it the name of a file of net text, not of a built-in network? */
bool lt_arch_is_file(const char *name);
/* Claim it if it is; name may be NULL. */
void lt_arch_claim(struct lt_claims *c, enum lt_claim_kind kind,
	const char *what, const char *name);
/* The text of such a file, the caller's.  LT_EDATA: a NUL byte, or a last line
 * without its end, which the writer of a stream writes when all is well. */
char *lt_arch_file(const char *path, struct lt_err *err);
/* Of either, a built-in network as it is without options. */
struct lt_graph *lt_arch_graph(const char *name, struct lt_err *err);
/* Net text, the caller's; NULL with LT_EUSAGE for an unknown name (the message
 * has the nearest one) or an option it cannot honour. */
char *lt_arch_text(
	const char *name, const struct lt_arch_opt *opt, struct lt_err *err);

#endif
