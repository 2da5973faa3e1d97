/* Batches from the data-set file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "base/rng.h"
#include "source/image.h"
#include "kern/kern.h"
#include "run/batch.h"

void
lt_batch_order(uint32_t *order, size_t n, uint64_t seed, uint64_t epoch)
{
	struct lt_rng r;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	lt_rng_init(&r, seed, LT_STREAM_SHUFFLE, epoch, 0);
	lt_rng_shuffle_u32(&r, order, n);
}

const char *
lt_augment_name(size_t way)
{
	static const char *const name[LT_AUGMENTS] = {
		"none", "crop-flip", "crop", "flip", "resized-crop-flip"};

	return way < LT_AUGMENTS ? name[way] : NULL;
}

bool
lt_augment_pads(enum lt_augment a)
{
	return a == LT_AUGMENT_CROP_FLIP || a == LT_AUGMENT_CROP;
}

/* Where a sample's crop begins, whether it is mirrored, what part of the image
 * is scaled to its size before (h 0: none). */
struct crop {
	int dy, dx;
	bool flip;
	struct lt_box box;
};

#define BOX_TRIES 10

/* The share of the area is uniform, and so is the logarithm of the ratio of the
 * sides.  A box that does not fit is drawn again; after several failures the
 * box is the whole image. */
static struct lt_box
draw_box(struct lt_rng *r, int h, int w)
{
	const double widest = lt_log(4.0 / 3);

	for (int i = 0; i < BOX_TRIES; i++) {
		double area = (0.08 + 0.92 * lt_rng_f64(r)) * h * w;
		double ratio = lt_exp((2 * lt_rng_f64(r) - 1) * widest);
		int bw = (int)(sqrt(area * ratio) + 0.5);
		int bh = (int)(sqrt(area / ratio) + 0.5);
		if (bw < 1 || bh < 1 || bw > w || bh > h)
			continue;
		int y = (int)lt_rng_below(r, (uint64_t)(h - bh + 1));
		int x = (int)lt_rng_below(r, (uint64_t)(w - bw + 1));
		return (struct lt_box){y, x, bh, bw};
	}
	return (struct lt_box){0, 0, h, w};
}

static struct crop
draw_crop(const struct lt_batch_opt *b, uint64_t epoch, uint32_t sample)
{
	struct crop c = {0};
	struct lt_rng r;
	enum lt_augment a = b->augment;

	if (a == LT_AUGMENT_NONE)
		return c;
	lt_rng_init(&r, b->seed, LT_STREAM_AUGMENT, epoch, sample);
	if (lt_augment_pads(a)) {
		uint64_t places = (uint64_t)(2 * b->pad + 1);
		c.dy = (int)lt_rng_below(&r, places) - b->pad;
		c.dx = (int)lt_rng_below(&r, places) - b->pad;
	} else if (a == LT_AUGMENT_RESIZED) {
		c.box = draw_box(&r, b->data->h, b->data->w);
	}
	c.flip = a != LT_AUGMENT_CROP && lt_rng_below(&r, 2) == 1;
	return c;
}

/* Lay out one image in its lane.  Normalization is a table of 256 values for
 * each channel. */
static void
put_image(float *lane, const uint8_t *px, const struct lt_dataset *d,
	const struct crop *crop, float (*table)[256])
{
	for (int c = 0; c < d->c; c++, px += d->h * d->w)
		for (int y = 0; y < d->h; y++) {
			int sy = y + crop->dy;
			bool in = sy >= 0 && sy < d->h;
			for (int x = 0; x < d->w; x++, lane += LT_LANES) {
				int sx = (crop->flip ? d->w - 1 - x : x) +
					 crop->dx;
				*lane = table[c][in && sx >= 0 && sx < d->w
							 ? px[sy * d->w + sx]
							 : 0];
			}
		}
}

/* Data that all shards of a batch share. */
struct load {
	const struct lt_batch_opt *b;
	uint64_t epoch;
	float table[4][256]; /* a channel's pixel as the network takes it */
};

static int
load_shard(float *dst, int32_t *label, struct load *l, const uint32_t *places,
	int n, struct lt_err *err)
{
	const struct lt_batch_opt *b = l->b;
	const struct lt_dataset *d = b->data;
	uint8_t *px = lt_alloc(d->img_size, 1);
	uint8_t *scaled = b->augment == LT_AUGMENT_RESIZED
				  ? lt_alloc(d->img_size, 1)
				  : NULL;
	const struct lt_image from = {d->c, d->h, d->w, px, 0};
	struct lt_image to = {d->c, d->h, d->w, scaled, 0};
	int bad = 0;

	if (n < LT_LANES)
		memset(dst, 0, d->img_size * LT_LANES * sizeof *dst);
	for (int i = 0; i < n && !bad; i++) {
		uint32_t sample = b->index->v[places[i]];
		struct crop crop = draw_crop(b, l->epoch, sample);
		bad = lt_dataset_image(d, sample, px, err);
		if (!bad && crop.box.h)
			lt_image_scale(&to, &from, &crop.box);
		if (!bad)
			put_image(dst + i, crop.box.h ? scaled : px, d, &crop,
				l->table);
		label[i] = d->label[sample];
	}
	free(scaled);
	free(px);
	return bad;
}

int
lt_batch_load(float *dst, int32_t *label, const struct lt_batch_opt *b,
	const uint32_t *places, int n, uint64_t epoch, struct lt_err *err)
{
	struct load l = {.b = b, .epoch = epoch};
	size_t shard = b->data->img_size * LT_LANES;

	for (int c = 0; c < b->data->c; c++)
		for (int v = 0; v < 256; v++)
			l.table[c][v] = ((float)v / 255.0f - b->norm.mean[c]) /
					b->norm.std[c];
	for (int i = 0; i < n; i += LT_LANES, dst += shard) {
		int m = n - i < LT_LANES ? n - i : LT_LANES;
		if (load_shard(dst, label + i, &l, places + i, m, err) < 0)
			return -1;
	}
	return 0;
}
