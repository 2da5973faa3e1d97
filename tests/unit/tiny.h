/* Small inputs that unit tests share: a generated data set and a network for
 * its images; three images as IDX.
 */
#ifndef LT_TESTS_TINY_H
#define LT_TESTS_TINY_H

#include <stdio.h>
#include "source/pack.h"
#include "source/source.h"

#define TINY 45 /* images of tiny_data */

static inline void
tiny_data(const char *path)
{
	struct lt_synth synth = {.seed = 1,
		.count = TINY,
		.c = 2,
		.h = 5,
		.w = 7,
		.classes = 4,
		.noise = 0.5};
	struct lt_pack how = {.tool = "test"};
	struct lt_err err;
	uint64_t n;
	struct lt_source *s = lt_source_synth(&synth);
	if (lt_pack(path, &n, s, &how, &err) < 0)
		printf("# %s\n", err.msg);
	lt_source_close(s);
}

static const char tiny_net[] = "net t\ninput 2 5 7\n"
			       "c = conv input 4 k3 p1\nb = bn c\nr = relu b\n"
			       "g = gap r\nf = linear g 4 bias\noutput f\n";

/* Three images of 2 x 4 and their labels. */
static const unsigned char tiny_idx[16 + 24] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0,
	2, 0, 0, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const unsigned char tiny_idx_labels[8 + 3] = {
	0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1};

#endif
