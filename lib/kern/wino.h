/* Private to the kernels: sizes of Winograd's blocks, which every variant
 * shares, and its scalar reference. */
#ifndef LT_KERN_WINO_H
#define LT_KERN_WINO_H

#include "kern/kern.h"

#define WINO_F 16     /* products a tile: frequencies */
#define WINO_GROUP 16 /* output channels whose products wait in scratch */
#define WINO_MOST 12  /* the largest number of tiles in a block */

/* Floats between frequencies, so that their lines do not all fall into one set
 * of a cache. */
#define WINO_PAD 16

/* Tiles in a block: more if the weights do not fit in the second-level cache,
 * so that they are fetched less often. */
static inline int
wino_tiles(int n_out, int c)
{
	return (size_t)n_out * (size_t)c * WINO_F > 1 << 19 ? WINO_MOST
							    : WINO_MOST / 2;
}

/* Floats from one frequency to the next: of the tiles' sources, and of their
 * products. */
static inline size_t
wino_v_step(int n_out, int c)
{
	return (size_t)wino_tiles(n_out, c) * (size_t)c * LT_LANES + WINO_PAD;
}

static inline size_t
wino_m_step(int n_out, int c)
{
	int blocks = (n_out + LT_OB - 1) / LT_OB;
	int group = WINO_GROUP / LT_OB;
	group = blocks < group ? blocks : group;
	return (size_t)wino_tiles(n_out, c) * (size_t)(group * LT_OB) *
		       LT_LANES +
	       WINO_PAD;
}

/* wino_weights and conv_wino of kern_ref. */
void lt_wino_weights(float *u, const float *w, int n_out, int c,
	size_t o_stride, size_t c_stride, bool flip);
void lt_wino_conv(const struct lt_conv_job *j, const float *u, int c,
	size_t src_ch, float *scratch);

#endif
