/* Small inputs that unit tests share: a generated data set and a network for
 * its images, as a checkpoint and with a mask; three images as IDX.
 */
#ifndef LT_TESTS_TINY_H
#define LT_TESTS_TINY_H

#include <stdio.h>
#include "mask/maskfile.h"
#include "net/model.h"
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

/* A checkpoint of it; whether it was written. */
static inline bool
tiny_checkpoint(const char *path)
{
	struct lt_err err;
	struct lt_model m;
	struct lt_st st = {0};
	struct lt_graph *g = lt_graph_parse(tiny_net, "test", &err);

	lt_model_init(&m, g);
	lt_model_random(&m, NULL, 1, &err);
	lt_model_to_st(&m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", g->text);
	bool written = lt_st_write(&st, path, &err) == 0;
	lt_st_release(&st);
	lt_model_release(&m);
	lt_graph_free(g);
	return written;
}

/* A mask of all weights of the convolution: i is kept where bit i % 4 of
 * pattern is set; whether it was written. */
static inline bool
tiny_mask(const char *path, int pattern)
{
	struct lt_mask mask = {0};
	struct lt_err err;
	struct lt_mask_layer *l = lt_mask_add(
		&mask, "c.weight", 4, (const uint64_t[]){4, 2, 3, 3});

	for (size_t i = 0; i < l->count; i++)
		l->keep[i] = pattern >> i % 4 & 1;
	bool written = lt_mask_write(&mask, path, "test", NULL, &err) == 0;
	lt_mask_release(&mask);
	return written;
}

/* Three images of 2 x 4 and their labels. */
static const unsigned char tiny_idx[16 + 24] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0,
	2, 0, 0, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const unsigned char tiny_idx_labels[8 + 3] = {
	0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1};

#endif
