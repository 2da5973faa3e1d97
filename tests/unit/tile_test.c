/* The kernels on tiles (kern/tile.h): strips, sums over taps and gradients of
 * random shapes against the scalar reference over strips of float32.
 *
 *	tile_test [SEED]	only the shape of this seed
 */
#include <stdlib.h>
#include "base/half.h"
#include "base/mem.h"
#include "draw.h"
#include "kern/kern_cell.h"
#include "tiles.h"

/* A layer's strip: output rows row0 .. row0 + rows - 1 of an o-channel plane of
 * oh x ow, of c channels of h x w. */
struct strip {
	int c, o, k, stride, pad, h, w, oh, ow, row0, rows, shards;
	struct lt_stage x, dy; /* what is staged of the source and of dy */
};

static struct strip
some_strip(struct draw *d)
{
	static const int ks[] = {1, 2, 3, 3, 3, 5, 7};
	struct strip s = {.c = size(d, 67), .o = size(d, 67)};

	s.shards = chance(d, 40) ? pick(d, 1, 9) : 1;
	s.k = ks[pick(d, 0, 6)];
	s.stride = pick(d, 1, 3);
	s.pad = pick(d, 0, s.k / 2 + 1);
	s.h = s.k + size(d, 12) - 1;
	s.w = s.k + size(d, 70) - 1;
	while (s.c * s.o * s.k * s.k * s.h * s.w * s.shards > 300000) {
		int *side[] = {&s.c, &s.o, &s.h, &s.w, &s.shards};
		int *p = side[pick(d, 0, 4)];
		*p = (*p + 1) / 2;
		s.k = s.h < s.k || s.w < s.k ? 1 : s.k;
		s.pad = s.k == 1 ? 0 : s.pad;
	}
	s.oh = (s.h + 2 * s.pad - s.k) / s.stride + 1;
	s.ow = (s.w + 2 * s.pad - s.k) / s.stride + 1;
	s.rows = pick(d, 1, s.oh);
	s.row0 = pick(d, 0, s.oh - s.rows);
	s.x = (struct lt_stage){.c = s.c,
		.h = s.h,
		.w = s.w,
		.row0 = s.row0 * s.stride - s.pad,
		.nrows = (s.rows - 1) * s.stride + s.k,
		.left = s.pad,
		.wp = s.w + 2 * s.pad,
		.format = some_format(d),
		.rounds = true};
	s.dy = (struct lt_stage){.c = s.o,
		.h = s.oh,
		.w = s.ow,
		.row0 = s.row0 - pick(d, 0, 2),
		.nrows = s.rows + 4,
		.left = pick(d, 0, 2),
		.wp = s.ow + pick(d, 2, 4),
		.format = some_format(d),
		.rounds = true};
	return s;
}

static size_t
strip_floats(const struct lt_stage *s)
{
	return (size_t)s->c * s->nrows * s->wp * LT_LANES;
}

static size_t
tensor_cells(const struct lt_stage *s)
{
	return (size_t)s->c * s->h * s->w * LT_LANES;
}

/* Strips that hold no number where staging forgets one. */
static uint16_t *
cells_new(size_t n)
{
	uint16_t *p = lt_alloc_aligned(n, sizeof *p);

	memset(p, 0xff, n * sizeof *p);
	return p;
}

/* Everything of one case, beside the strips that the reference stages. */
struct layer {
	struct strip s;
	float *x, *dy;	 /* float32 strips, shard by shard */
	uint16_t *p, *t; /* of x */
	uint16_t *dp, *d;
	size_t p_sh, t_sh, dp_sh, d_sh;
};

static const void *
shard_of(const void *tensor, const struct lt_stage *s, int n)
{
	return (const char *)tensor +
	       (size_t)n * tensor_cells(s) * lt_format_bytes(s->format);
}

/* Numbers below 2^10, so that no sum overflows. */
static const void *
tame(void *tensor, size_t n, enum lt_format format)
{
	uint16_t *h = tensor;

	for (size_t i = 0; format == LT_FORMAT_BF16 && i < n; i++)
		if ((h[i] >> 7 & 255) > 136)
			h[i] ^= 0x4000;
	return tensor;
}

static void
stage_source(struct draw *d, struct layer *l)
{
	const struct strip *s = &l->s;
	size_t cells = tensor_cells(&s->x) * s->shards;
	const void *src =
		tame(tensor(d, cells, s->x.format, false), cells, s->x.format);
	struct lt_view view = some_view(d, s->c);

	l->x = lt_alloc_aligned(strip_floats(&s->x) * s->shards, sizeof *l->x);
	l->p_sh = lt_tile_p_cells(&s->x);
	l->t_sh = lt_tile_t_cells(&s->x, s->stride);
	l->p = cells_new(l->p_sh * s->shards + LT_TILE_TAIL);
	l->t = cells_new(l->t_sh * s->shards + LT_TILE_TAIL);
	for (int n = 0; n < s->shards; n++) {
		struct lt_tile_to to = {.p = l->p + n * l->p_sh,
			.t = l->t + n * l->t_sh,
			.step = s->stride};
		struct lt_tile_from from = {.src = shard_of(src, &s->x, n),
			.view = &view,
			.flat = 1};
		tiles->stage(&to, &from, &s->x);
		lt_kern_ref.stage(
			l->x + n * strip_floats(&s->x), from.src, &s->x, &view);
	}
}

static void
stage_gradient(struct draw *d, struct layer *l)
{
	const struct strip *s = &l->s;
	size_t n = tensor_cells(&s->dy) * s->shards;
	enum lt_format format = s->dy.format;
	const void *g = tame(tensor(d, n, format, false), n, format);
	const void *y = tame(tensor(d, n, format, false), n, format);
	struct lt_view plain = {NULL, NULL, false};
	struct lt_bn_back bn = {
		input(d, s->o), input(d, s->o), input(d, s->o), input(d, s->o)};
	const float *live = live_lanes(d);
	bool lazy = chance(d, 60);

	l->dy = lt_alloc_aligned(
		strip_floats(&s->dy) * s->shards, sizeof *l->dy);
	l->dp_sh = lt_tile_p_cells(&s->dy);
	l->d_sh = lt_tile_d_px(s->o) * s->rows * ((s->ow + 1) / 2);
	l->dp = cells_new(l->dp_sh * s->shards + LT_TILE_TAIL);
	l->d = cells_new(l->d_sh * s->shards);
	for (int i = 0; i < s->shards; i++) {
		struct lt_tile_to to = {.p = l->dp + i * l->dp_sh,
			.d = l->d + i * l->d_sh,
			.own0 = s->row0,
			.own = s->rows,
			.d_c1 = s->o};
		struct lt_tile_from from = {.src = shard_of(g, &s->dy, i),
			.view = &plain,
			.flat = 1,
			.y = shard_of(y, &s->dy, i),
			.live = live};
		float *dst = l->dy + i * strip_floats(&s->dy);
		if (lazy)
			from.bn = &bn;
		tiles->stage(&to, &from, &s->dy);
		if (lazy)
			lt_kern_ref.stage_bn_back(
				dst, from.src, from.y, &s->dy, &bn, live);
		else
			lt_kern_ref.stage(dst, from.src, &s->dy, &plain);
	}
}

static void
layer_release(struct layer *l)
{
	free(l->x);
	free(l->dy);
	free(l->p);
	free(l->t);
	free(l->dp);
	free(l->d);
}

static const float *
pixel_of(const float *strip, const struct lt_stage *s, int n, int c, int row,
	int col)
{
	return strip + n * strip_floats(s) +
	       (((size_t)c * s->nrows + row) * s->wp + col) * LT_LANES;
}

/* The strip P of a strip of float32, cell by cell. */
static void
check_p(const uint16_t *p, const float *strip, const struct lt_stage *s,
	int shards)
{
	bool ok = true;

	for (int n = 0; n < shards; n++)
		for (int r = 0; r < s->nrows; r++)
			for (int x = 0; x < s->wp; x++)
				for (int c = 0; c < (s->c + 1) / 2 * 2; c++)
					for (int i = 0; i < LT_LANES; i++) {
						size_t at = ((size_t)r * s->wp +
								    x) *
							    lt_tile_p_px(s->c);
						const uint16_t *cell =
							p +
							n * lt_tile_p_cells(s) +
							at +
							(size_t)(c / 2) * 32 +
							2 * i + c % 2;
						float v =
							c < s->c
								? pixel_of(
									  strip,
									  s, n,
									  c, r,
									  x)[i]
								: 0.0f;
						ok = ok &&
						     *cell == lt_bf16_put(v);
					}
	CHECK(ok);
}

/* One block's chains so far. */
struct chain {
	float c, half[2];
	int terms;
};

static void
chain_close(struct chain *a)
{
	a->c = add_fz(a->c, add_fz(a->half[0], a->half[1]));
	*a = (struct chain){.c = a->c};
}

static void
chain_add(struct chain *a, int which, float x, float y)
{
	a->half[which] = fma_fz(x, y, a->half[which]);
	if (++a->terms == 32)
		chain_close(a);
}

/* Weight of output o, channel c, tap (r, q), a number of bf16. */
static float
weight(const float *w, const struct strip *s, int o, int c, int r, int q)
{
	return lt_bf16_get(
		lt_bf16_put(w[((o * s->c + c) * s->k + r) * s->k + q]));
}

/* One output, from its definition. */
static float
sum_taps(const struct layer *l, const float *w, float bias, const int *at)
{
	const struct strip *s = &l->s;
	const int n = at[0], o = at[1], h = at[2], x = at[3], i = at[4];
	struct chain a = {0};

	for (int r = 0; r < s->k; r++) {
		for (int q = 0; q < s->k; q++)
			for (int c = 0; c < s->c; c++) {
				const float *v = pixel_of(l->x, &s->x, n, c,
					h * s->stride + r, x * s->stride + q);
				chain_add(&a, c % 2, weight(w, s, o, c, r, q),
					v[i]);
				if (c == s->c - 1 && c % 2 == 0)
					chain_add(&a, 1, 0, 0);
			}
		chain_close(&a);
	}
	return add_fz(add_fz(a.c, 0.0f), bias);
}

static void
pack(uint16_t *packed, int32_t *off, const float *w, const struct layer *l)
{
	const struct strip *s = &l->s;
	int ch = (s->c + 1) / 2 * 2, per = lt_tile_blocks(s->k * ch, 32);

	for (int b = 0; b < s->k * per; b++)
		off[b] = (int32_t)((size_t)(b / per) * s->x.wp *
					   lt_tile_p_px(s->c) +
				   (size_t)(b % per) * LT_TILE_CELLS);
	for (int o = 0; o < s->o; o++)
		for (int b = 0; b < s->k * per; b++)
			for (int k = 0; k < 32; k++) {
				int t = b % per * 32 + k, q = t / ch;
				int c = t % ch;
				size_t at =
					((size_t)(o / 16) * s->k * per + b) *
					LT_TILE_CELLS;
				if (q < s->k && c < s->c)
					packed[at + o % 16 * 32 + k] =
						lt_bf16_put(weight(w, s, o, c,
							b / per, q));
			}
}

static bool
same_bits(float a, float b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static void
check_conv(struct draw *d, const struct layer *l)
{
	const struct strip *s = &l->s;
	int ch = (s->c + 1) / 2 * 2,
	    blocks = s->k * lt_tile_blocks(s->k * ch, 32);
	size_t px = (size_t)s->rows * s->ow * LT_LANES;
	float *w = input(d, (size_t)s->o * s->c * s->k * s->k);
	float *bias = chance(d, 50) ? input(d, (size_t)s->o) : NULL;
	float *dst = output(d, px * s->o * s->shards);
	uint16_t *packed = lt_alloc_aligned(
		(size_t)lt_tile_blocks(s->o, 16) * blocks * LT_TILE_CELLS,
		sizeof *packed);
	int32_t *off = lt_alloc((size_t)blocks, sizeof *off);
	struct lt_tile_conv j = {.dst = dst,
		.dst_sh = px * s->o,
		.dst_ch = px,
		.dst_row = (size_t)s->ow * LT_LANES,
		.dst_px = LT_LANES,
		.src = l->p,
		.src_sh = l->p_sh,
		.src_row = s->stride * s->x.wp * lt_tile_p_px(s->c),
		.src_px = s->stride * lt_tile_p_px(s->c),
		.n_out = s->o,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->ow,
		.bias = bias};
	float edge[2 * EDGE];
	bool ok = true;

	memcpy(edge, dst - EDGE, sizeof edge / 2);
	memcpy(edge + EDGE, dst + px * s->o * s->shards, sizeof edge / 2);
	pack(packed, off, w, l);
	tiles->conv(&j, packed, off, blocks);
	for (size_t i = 0; i < px * s->o * s->shards; i++) {
		int at[] = {(int)(i / (px * s->o)), (int)(i / px % s->o),
			(int)(i % px / LT_LANES / s->ow),
			(int)(i / LT_LANES % s->ow), (int)(i % LT_LANES)};
		ok = ok && same_bits(dst[i],
				   sum_taps(l, w, bias ? bias[at[1]] : 0, at));
	}
	CHECK(ok);
	CHECK(!memcmp(edge, dst - EDGE, sizeof edge / 2));
	CHECK(!memcmp(
		edge + EDGE, dst + px * s->o * s->shards, sizeof edge / 2));
	free(packed);
	free(off);
}

/* The gradient of one weight, from its definition; at: o, c, r, q. */
static float
sum_pixels(const struct layer *l, const int *at)
{
	const struct strip *s = &l->s;
	int first = s->row0 - s->dy.row0;
	struct chain a = {0};

	for (int n = 0; n < s->shards; n++)
		for (int h = 0; h < s->rows; h++)
			for (int x = 0; x < s->ow; x++) {
				const float *g = pixel_of(l->dy, &s->dy, n,
					at[0], first + h, s->dy.left + x);
				const float *v = pixel_of(l->x, &s->x, n, at[1],
					h * s->stride + at[2],
					x * s->stride + at[3]);
				for (int i = 0; i < LT_LANES; i++)
					chain_add(&a, i % 2, g[i], v[i]);
				if (x == s->ow - 1 && x % 2 == 0)
					chain_close(&a);
			}
	return add_fz(a.c, 0.0f);
}

static void
check_wgrad(const struct layer *l)
{
	const struct strip *s = &l->s;
	int taps = s->k * s->k;
	int cb = lt_tile_blocks(s->c, 16);
	int cols = lt_tile_t_cols(s->x.wp, s->stride);
	size_t n = lt_tile_grads(s->o, s->c, taps);
	float *dst = lt_alloc_aligned(n, sizeof *dst);
	int32_t off[49];
	struct lt_tile_wgrad j = {.t = l->t,
		.d = l->d,
		.t_sh = l->t_sh,
		.t_cb = (size_t)s->x.nrows * cols * LT_TILE_SUMS,
		.t_row = (size_t)s->stride * cols * LT_TILE_SUMS,
		.d_sh = l->d_sh,
		.n_out = s->o,
		.c = s->c,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->ow};
	bool ok = true;

	for (int t = 0; t < taps; t++) {
		int r = t / s->k, q = t % s->k;
		off[t] = (r * cols + q % s->stride * (cols / s->stride) +
				 q / s->stride) *
			 LT_TILE_SUMS;
	}
	tiles->wgrad(dst, &j, off, taps);
	for (int o = 0; o < s->o; o++)
		for (int c = 0; c < s->c; c++)
			for (int t = 0; t < taps; t++) {
				size_t tile =
					((size_t)(o / 16) * taps + t) * cb +
					c / 16;
				float got = dst[tile * LT_TILE_SUMS +
						o % 16 * 16 + c % 16];
				ok = ok &&
				     same_bits(got,
					     sum_pixels(
						     l, (int[]){o, c, t / s->k,
								t % s->k}));
			}
	CHECK(ok);
	for (size_t i = 0; i < n; i++)
		ok = ok && isfinite(dst[i]);
	CHECK(ok);
	free(dst);
}

static void
check_bias(const struct layer *l)
{
	const struct strip *s = &l->s;
	float *sum = lt_alloc((size_t)s->o, sizeof *sum);
	float *want = lt_alloc((size_t)s->o, sizeof *want);
	struct lt_drain dr = {.c = s->o,
		.npx = (size_t)s->rows * s->dy.wp - (size_t)s->dy.left,
		.src_ch = (size_t)s->dy.nrows * s->dy.wp * LT_LANES};
	struct lt_drain_back b = {.t1 = want};

	for (int n = 0; n < s->shards; n++) {
		tiles->bias(sum, l->d + n * l->d_sh, s->o, s->rows, s->ow);
		lt_kern_ref.drain_back(NULL,
			pixel_of(l->dy, &s->dy, n, 0, s->row0 - s->dy.row0,
				s->dy.left),
			&dr, &b);
		CHECK(!memcmp(sum, want, (size_t)s->o * sizeof *sum));
	}
	free(sum);
	free(want);
}

static uint64_t only_seed;

static void
shapes_have_the_bits(void)
{
	int n = getenv("LT_QUICK") ? 8 : 30;

	for (int i = 1; i <= (only_seed ? 1 : n); i++) {
		bool was_bad = tap_bad;
		struct draw d;
		struct layer l;
		uint64_t seed = only_seed ? only_seed : (uint64_t)i;
		d = (struct draw){.k = NULL};
		lt_rng_init(&d.rng, seed, LT_STREAM_TEST, 0, 0);
		l = (struct layer){.s = some_strip(&d)};
		stage_source(&d, &l);
		stage_gradient(&d, &l);
		check_p(l.p, l.x, &l.s.x, l.s.shards);
		check_p(l.dp, l.dy, &l.s.dy, l.s.shards);
		check_conv(&d, &l);
		check_wgrad(&l);
		check_bias(&l);
		if (tap_bad && !was_bad)
			printf("# seed %d: %d -> %d channels, %dx%d, k%d s%d "
			       "p%d, rows %d, %d shards\n",
				(int)seed, l.s.c, l.s.o, l.s.h, l.s.w, l.s.k,
				l.s.stride, l.s.pad, l.s.rows, l.s.shards);
		layer_release(&l);
		draw_release(&d);
	}
}

static void
tables_have_tiles(void)
{
	const char *why;
	const struct lt_kern *t = lt_kern_get("tiles", &why);
	const struct lt_kern *amx = lt_kern_get("amx", &why);

	CHECK(t && t->tiles && t->conv_dense && t->conv_dense_bf16);
	CHECK_STR(t->name, "tiles");
	CHECK(!lt_kern_ref.tiles);
	CHECK(!amx || (amx->tiles && amx->tiles != t->tiles));
	CHECK(!amx || lt_kern_get(NULL, &why) == amx);
}

int
main(int argc, char **argv)
{
	only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	unsetenv("LT_KERN");
	TEST(tables_have_tiles, "tables amx and tiles have tiles");
	all_tiles(shapes_have_the_bits,
		"strips and sums of random shapes are as defined");
	return tap_done();
}
