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

/* Data that all shards of a batch share. */
struct load {
	const struct lt_batch_opt *b;
	uint64_t epoch;
	float table[4][256]; /* a channel's pixel as the network takes it */
};

/* Images of a shard, before they are laid out. */
struct shard {
	int n;
	uint8_t *px;	/* [LT_LANES] images */
	uint8_t *whole; /* an image before a part of it is scaled */
	struct crop crop[LT_LANES];
	float *row; /* [LT_LANES][w] */
};

/* A row of one plane of an image, after the crop. */
static void
put_row(float *to, const uint8_t *plane, int y, const struct lt_dataset *d,
	const struct crop *crop, const float *table)
{
	int sy = y + crop->dy;
	bool in = sy >= 0 && sy < d->h;

	for (int x = 0; x < d->w; x++) {
		int sx = (crop->flip ? d->w - 1 - x : x) + crop->dx;
		to[x] = table[in && sx >= 0 && sx < d->w ? plane[sy * d->w + sx]
							 : 0];
	}
}

/* All lanes are written row by row: image by image, each cache line of dst
 * would come from memory once for each image. */
static void
put_images(float *dst, struct shard *s, const struct load *l)
{
	const struct lt_dataset *d = l->b->data;
	size_t plane = (size_t)d->h * (size_t)d->w, w = (size_t)d->w;

	for (int c = 0; c < d->c; c++)
		for (int y = 0; y < d->h; y++, dst += w * LT_LANES) {
			for (int i = 0; i < s->n; i++)
				put_row(s->row + (size_t)i * w,
					s->px + (size_t)i * d->img_size +
						(size_t)c * plane,
					y, d, &s->crop[i], l->table[c]);
			for (size_t x = 0; x < w; x++)
				for (int i = 0; i < s->n; i++)
					dst[x * LT_LANES + (size_t)i] =
						s->row[(size_t)i * w + x];
		}
}

/* Read an image, and scale the part of it that the crop takes. */
static int
read_image(uint8_t *px, uint8_t *whole, const struct lt_dataset *d,
	uint32_t sample, const struct crop *crop, struct lt_err *err)
{
	const struct lt_image from = {d->c, d->h, d->w, whole, 0};
	struct lt_image to = {d->c, d->h, d->w, px, 0};

	if (!crop->box.h)
		return lt_dataset_image(d, sample, px, err);
	if (lt_dataset_image(d, sample, whole, err) < 0)
		return -1;
	lt_image_scale(&to, &from, &crop->box);
	return 0;
}

static int
load_shard(float *dst, int32_t *label, const struct load *l, struct shard *s,
	const uint32_t *places, struct lt_err *err)
{
	const struct lt_dataset *d = l->b->data;

	for (int i = 0; i < s->n; i++) {
		uint32_t sample = l->b->index->v[places[i]];
		s->crop[i] = draw_crop(l->b, l->epoch, sample);
		label[i] = d->label[sample];
		if (read_image(s->px + (size_t)i * d->img_size, s->whole, d,
			    sample, &s->crop[i], err) < 0)
			return -1;
	}
	if (s->n < LT_LANES)
		memset(dst, 0, d->img_size * LT_LANES * sizeof *dst);
	put_images(dst, s, l);
	return 0;
}

int
lt_batch_load(float *dst, int32_t *label, const struct lt_batch_opt *b,
	const uint32_t *places, int n, uint64_t epoch, struct lt_err *err)
{
	struct load l = {.b = b, .epoch = epoch};
	size_t size = b->data->img_size, row = (size_t)b->data->w;
	struct shard s = {.px = lt_alloc_scratch(LT_LANES, size),
		.whole = lt_alloc_scratch(1, size),
		.row = lt_alloc_scratch(LT_LANES, row * sizeof *dst)};
	int bad = 0;

	for (int c = 0; c < b->data->c; c++)
		for (int v = 0; v < 256; v++)
			l.table[c][v] = ((float)v / 255.0f - b->norm.mean[c]) /
					b->norm.std[c];
	for (int i = 0; i < n && !bad; i += LT_LANES) {
		s.n = n - i < LT_LANES ? n - i : LT_LANES;
		bad = load_shard(dst, label + i, &l, &s, places + i, err);
		dst += size * LT_LANES;
	}
	free(s.px);
	free(s.whole);
	free(s.row);
	return bad;
}
