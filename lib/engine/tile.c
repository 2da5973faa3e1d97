/* Layers on tiles (kern/tile.h), in the bf16 mode: the order of the terms,
 * packed weights, and what strips hold.  conv.c cuts the work into items and
 * drains their results as it does for all layers. */
#include <omp.h>
#include <stdlib.h>
#include "base/mem.h"
#include "engine/engine_int.h"
#include "kern/tile.h"

/* On tiles, listing the kept weights beats multiplying by zeros only below
 * this density. */
#define TILES_FROM 0.02
#define PAIRS_BLOCK (LT_TILE_CELLS / LT_TILE / 2)

/* A layer's shape suits tiles: the taps of a row must be contiguous. */
bool
tile_fits(const struct lt_engine *x, const struct layer *l)
{
	return engine_bf16(x) && x->k->tiles && l->groups == 1 &&
	       l->dilation == 1;
}

bool
tile_pays(const struct layer *l)
{
	return (double)l->kept >= TILES_FROM * (double)l->nw;
}

/* ---- weights ------------------------------------------------------------ */

/* The same sum as t's, over grid g, from a P strip of s. */
void
tile_terms(struct terms *t, const struct grid *g, const struct lt_stage *s)
{
	int pairs = lt_tile_blocks(g->n, 2);
	int per = lt_tile_blocks(g->col.n * pairs, PAIRS_BLOCK);
	size_t px = lt_tile_p_px(s->c);
	struct tile_sum *a = &t->tile;

	a->blocks = g->row.n * per;
	a->off = lt_alloc((size_t)a->blocks + 1, sizeof *a->off);
	a->at = lt_alloc((size_t)a->blocks * 32 + 1, sizeof *a->at);
	for (int b = 0; g->col.n && b < a->blocks; b++) {
		int row = b / per, first = b % per * PAIRS_BLOCK;
		size_t col = (size_t)g->row.at[row] * s->wp + g->col.at[0];
		a->off[b] =
			(int32_t)(col * px + (size_t)(b % per) * LT_TILE_CELLS);
		for (int k = 0; k < 2 * PAIRS_BLOCK; k++) {
			int pair = first + k / 2, q = pair / pairs;
			int c = pair % pairs * 2 + k % 2;
			a->at[b * 32 + k] =
				q < g->col.n && c < g->n
					? (int32_t)(c * g->w +
						    g->row.tap[row] * g->k +
						    g->col.tap[q])
					: -1;
		}
	}
}

static size_t
packed_cells(const struct terms *t)
{
	return (size_t)lt_tile_blocks(t->n_out, LT_TILE) * t->tile.blocks *
	       LT_TILE_CELLS;
}

void
tile_dense(struct terms *t)
{
	if (!t->tile.packed)
		t->tile.packed = lt_alloc_aligned(
			packed_cells(t) + 1, sizeof *t->tile.packed);
}

/* Floats of an output's weights, in the order of its terms. */
static size_t
row_floats(const struct terms *t)
{
	return (size_t)t->tile.blocks * 32;
}

/* Scratch of tile_refresh(). */
size_t
tile_refresh_floats(const struct layer *l)
{
	size_t most = row_floats(&l->fwd);

	for (int p = 0; l->back && p < l->stride * l->stride; p++)
		if (row_floats(&l->back[p]) > most)
			most = row_floats(&l->back[p]);
	return most;
}

/* The threads of a region share this work and do not wait for each other. */
void
tile_refresh(const struct lt_engine *x, struct terms *t, const float *w)
{
	const struct tile_sum *a = &t->tile;
	const struct lt_drain d = {
		a->blocks, 32 / LT_LANES, 32, LT_TILE_CELLS, LT_FORMAT_BF16};
	float *row = x->scratch[omp_get_thread_num()];
	int n = (int)row_floats(t);

#pragma omp for schedule(static) nowait
	for (int o = 0; o < t->n_out; o++) {
		const float *from = w + (size_t)o * t->ostride;
		for (int i = 0; i < n; i++)
			row[i] = a->at[i] < 0 ? 0 : from[a->at[i]];
		x->k->drain(a->packed +
				    (size_t)(o / LT_TILE) * a->blocks *
					    LT_TILE_CELLS +
				    (size_t)(o % LT_TILE) * 32,
			row, &d, NULL);
	}
}

void
tile_release(struct terms *t)
{
	free(t->tile.off);
	free(t->tile.at);
	free(t->tile.packed);
}

/* ---- strips -------------------------------------------------------------- */

/* What the strips of the source hold: of a linear layer, a feature is a channel
 * of one pixel. */
struct lt_stage
tile_source(const struct layer *l)
{
	struct lt_stage s = l->src;

	if (l->h * l->w == 1 && s.h * s.w > 1) {
		s.c = l->c;
		s.h = s.w = s.nrows = s.wp = 1;
	}
	return s;
}

/* Floats that as many cells fill, with a tail. */
static size_t
floats_of(size_t cells)
{
	return (cells + LT_TILE_TAIL) / 2;
}

static size_t
p_floats(const struct layer *l, const struct lt_stage *s)
{
	return floats_of(lt_tile_p_cells(s) * l->sg);
}

/* Cells of the D strip of a shard. */
static size_t
d_cells(const struct layer *l)
{
	return (size_t)l->rows * lt_tile_blocks(l->ow, 2) * lt_tile_d_px(l->o);
}

/* Of the source, as P or as T. */
size_t
tile_source_floats(const struct lt_engine *x, const struct layer *l)
{
	struct lt_stage s = tile_source(l);
	size_t p = p_floats(l, &s);
	size_t t = floats_of(lt_tile_t_cells(&s, l->stride) * l->sg);

	return x->opt.eval_only || p > t ? p : t;
}

/* Of dy, as P and as D. */
size_t
tile_dy_floats(const struct layer *l)
{
	return p_floats(l, &l->dy) + floats_of(d_cells(l) * l->sg);
}

static void
stage_source(const struct lt_engine *x, const struct layer *l,
	const struct item *t, uint16_t *p, uint16_t *turned)
{
	struct lt_view view = value_view(x, l->v);
	struct lt_stage s = tile_source(l);
	size_t p_sh = lt_tile_p_cells(&s),
	       t_sh = lt_tile_t_cells(&s, l->stride);

	s.row0 = t->strip * l->rows * l->stride - l->pad;
	for (int i = 0; i < t->n; i++) {
		struct lt_tile_to to = {.p = p ? p + i * p_sh : NULL,
			.t = turned ? turned + i * t_sh : NULL,
			.step = l->stride};
		struct lt_tile_from from = {
			.src = tensor_at(x, l->v.root, t->sh0 + i, 0),
			.view = &view,
			.flat = l->flat};
		x->k->tiles->stage(&to, &from, &s);
	}
}

void
tile_stage_source(const struct lt_engine *x, const struct layer *l,
	const struct item *t, float *scratch)
{
	stage_source(x, l, t, (uint16_t *)(void *)scratch, NULL);
}

/* Rows of dy: P of all channels at dst, D of the item's own outputs, o0 .. o1 -
 * 1, behind it. */
void
tile_stage_dy(const struct lt_engine *x, const struct layer *l,
	const struct back_step *s, const struct item *t, float *dst, int o0,
	int o1)
{
	struct lt_view plain = {NULL, NULL, false};
	struct lt_stage st = l->dy;
	uint16_t *p = (uint16_t *)(void *)dst;
	uint16_t *d = (uint16_t *)(void *)(dst + p_floats(l, &l->dy));
	struct lt_tile_to to = {.own0 = t->strip * l->rows,
		.own = l->rows,
		.d_c0 = o0,
		.d_c1 = o1};
	struct lt_bn_back bn;

	st.row0 = dy_first(l, t->strip);
	for (int i = 0; i < t->n; i++) {
		int shard = t->sh0 + i;
		struct lt_tile_from from = {
			.src = buffer_at(x, s->g, l->node, shard, 0),
			.view = &plain,
			.flat = 1};
		if (s->lazy) {
			const struct norm *b = &x->bn[s->norm];
			bn = (struct lt_bn_back){b->a, b->b, b->c0, b->mean};
			from.bn = &bn;
			from.y = tensor_at(x, l->node, shard, 0);
			from.live = live_at(x, shard);
		}
		to.p = p + i * lt_tile_p_cells(&l->dy);
		to.d = d + i * d_cells(l);
		x->k->tiles->stage(&to, &from, &st);
	}
}

/* ---- sums ---------------------------------------------------------------- */

/* Outputs o0 .. o1 - 1 of the sum t over the P strip of s, from pixel first on;
 * j, whose distances in the source are those of floats, says the rest. */
void
tile_taps(const struct lt_engine *x, const struct terms *t,
	const struct lt_conv_job *j, const struct lt_stage *s,
	const float *strip, size_t first, int o0, int o1)
{
	const uint16_t *p = (const uint16_t *)(const void *)strip;
	size_t px = lt_tile_p_px(s->c);
	struct lt_tile_conv job = {.dst = j->dst,
		.dst_sh = j->dst_sh,
		.dst_ch = j->dst_ch,
		.dst_row = j->dst_row,
		.dst_px = j->dst_px,
		.src = p + first * px,
		.src_sh = lt_tile_p_cells(s),
		.src_row = j->src_row / LT_LANES * px,
		.src_px = j->src_px / LT_LANES * px,
		.n_out = o1 - o0,
		.shards = j->shards,
		.rows = j->rows,
		.cols = j->cols,
		.bias = j->bias ? j->bias + o0 : NULL};

	x->k->tiles->conv(&job,
		t->tile.packed +
			(size_t)(o0 / LT_TILE) * t->tile.blocks * LT_TILE_CELLS,
		t->tile.off, t->tile.blocks);
}

/* Floats of the gradients of a unit. */
size_t
tile_part(const struct layer *l)
{
	return lt_tile_grads(l->o, l->c, l->k * l->k);
}

/* The gradients of outputs o0 .. o1 - 1 over one strip, from dy as
 * tile_stage_dy() left it; the source is staged in scratch. */
void
tile_weights(struct lt_engine *x, const struct layer *l, const struct item *t,
	float *scratch, const float *dy, int o0, int o1)
{
	struct lt_stage s = tile_source(l);
	int cols = lt_tile_t_cols(s.wp, l->stride), kk = l->k * l->k;
	int rows = l->oh - t->strip * l->rows;
	size_t unit = (size_t)(t->sh0 / l->sg) * l->strips + t->strip;
	size_t line = (size_t)cols * LT_TILE_SUMS;
	const uint16_t *d =
		(const uint16_t *)(const void *)(dy + p_floats(l, &l->dy));
	struct lt_tile_wgrad j = {.t = (uint16_t *)(void *)scratch,
		.d = d,
		.t_sh = lt_tile_t_cells(&s, l->stride),
		.t_cb = s.nrows * line,
		.t_row = l->stride * line,
		.d_sh = d_cells(l),
		.n_out = o1 - o0,
		.c = l->c,
		.shards = t->n,
		.rows = rows < l->rows ? rows : l->rows,
		.cols = l->ow};

	stage_source(x, l, t, NULL, (uint16_t *)(void *)scratch);
	x->k->tiles->wgrad(
		x->part + unit * tile_part(l) + lt_tile_grads(o0, l->c, kk), &j,
		l->tap_at, kk);
	for (int i = 0; l->bias && i < t->n; i++) {
		size_t at = (size_t)(t->sh0 + i) * l->strips + t->strip;
		x->k->tiles->bias(x->bias_part + at * l->o + o0,
			d + i * d_cells(l), o1 - o0, j.rows, j.cols);
	}
}

/* Where the taps begin in a T strip. */
void
tile_taps_init(struct layer *l)
{
	struct lt_stage s = tile_source(l);
	int cols = lt_tile_t_cols(s.wp, l->stride), st = l->stride;

	l->tap_at = lt_alloc((size_t)(l->k * l->k), sizeof *l->tap_at);
	for (int i = 0; i < l->k * l->k; i++) {
		int r = i / l->k, q = i % l->k;
		int column = q % st * (cols / st) + q / st;
		l->tap_at[i] = (r * cols + column) * LT_TILE_SUMS;
	}
}

/* Numbers first .. end - 1 of the units' gradients, whole tiles: summed and
 * brought into the order of the weights; masked ones are 0, unless they are
 * wanted. */
void
tile_gather(struct lt_engine *x, const struct layer *l, int units, size_t first,
	size_t end)
{
	int cb = lt_tile_blocks(l->c, LT_TILE), kk = l->k * l->k;
	float *part = x->part + first, *grad = x->grad + l->grad;

	x->k->tree_sum(part, part, tile_part(l), units, end - first);
	for (size_t i = first; i < end; i += LT_TILE_SUMS) {
		size_t tile = i / LT_TILE_SUMS;
		int c0 = (int)(tile % cb) * LT_TILE;
		int tap = (int)(tile / cb % kk);
		int o0 = (int)(tile / cb / kk) * LT_TILE;
		for (int k = 0; k < LT_TILE_SUMS; k++) {
			int o = o0 + k / LT_TILE, c = c0 + k % LT_TILE;
			size_t w = ((size_t)o * l->c + c) * kk + tap;
			if (o < l->o && c < l->c)
				grad[w] = l->keep && !l->keep[w] && !x->whole
						  ? 0
						  : x->part[i + k] * x->unscale;
		}
	}
}
