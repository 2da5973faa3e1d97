/* Built-in architectures: generators of net text. */
#ifndef LT_NET_ARCH_H
#define LT_NET_ARCH_H

#include "base/err.h"

struct lt_arch_opt {
	int classes;   /* 0: the built-in's own (10) */
	int c, h, w;   /* input; 0: the built-in's own */
	double width;  /* 1: as published */
	char shortcut; /* 'A', 'B'; 0: the built-in's own (A) */
};

struct lt_arch {
	const char *name;
	const char *help;
	const char *init; /* its default initialization */
};
extern const struct lt_arch lt_arch_table[]; /* ends with name NULL */

/* Net text, the caller's; NULL with LT_EUSAGE for an unknown name (the message
 * lists close ones) or an option it cannot honour. */
char *lt_arch_text(
	const char *name, const struct lt_arch_opt *opt, struct lt_err *err);

#endif
