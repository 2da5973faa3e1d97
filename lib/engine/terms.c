/* Sums over taps: the order of their terms, packed weights and lists of kept
 * ones. */
#include <stdlib.h>
#include "base/half.h"
#include "base/mem.h"
#include "engine/engine_int.h"

/* Outputs whose packed weights are copied at once. */
#define FILL_OUTPUTS (4 * LT_OB)
/* Pairs of channels in a block of the bf16 mode: the terms of one instruction
 * of a processor with tiles. */
#define BLOCK_PAIRS 16

static void *
again(void *old, size_t count, size_t size)
{
	free(old);
	return lt_alloc(count + 1, size);
}

/* The number of the chain that adds channel c of tap (row, col): two for each
 * block of pairs of channels, even and odd.  A row begins a block. */
static int
chain_of(const struct grid *g, int row, int col, int c)
{
	int pairs = (g->n + 1) / 2;
	int blocks = (g->col.n * pairs + BLOCK_PAIRS - 1) / BLOCK_PAIRS;
	int block = row * blocks + (col * pairs + c / 2) / BLOCK_PAIRS;

	return 2 * block + c % 2;
}

/* Term i in the order of float32 (channel, row, column) or, for bf16, (row,
 * column, channel), which chains then divide. */
static void
term_at(const struct grid *g, bool bf16, int i, int *row, int *col, int *c)
{
	int rows = g->row.n, cols = g->col.n;

	if (bf16) {
		*c = i % g->n;
		*col = i / g->n % cols;
		*row = i / g->n / cols;
	} else {
		*col = i % cols;
		*row = i / cols % rows;
		*c = i / cols / rows;
	}
}

/* How a term of chain begins that comes after one of chain before. */
static uint8_t
mark(int before, int chain)
{
	if (before == chain)
		return LT_GOES_ON;
	return before >= 0 && before / 2 == chain / 2 ? LT_ODD : LT_BLOCK;
}

/* Where each of the chains begins: their terms are counted. */
static int *
chain_begins(const struct grid *g, int n)
{
	int chains = chain_of(g, g->row.n, 0, 0), row, col, c;
	int *at = lt_alloc((size_t)chains + 2, sizeof *at);

	for (int i = 0; i < n; i++) {
		term_at(g, true, i, &row, &col, &c);
		at[chain_of(g, row, col, c) + 2]++;
	}
	for (int i = 2; i < chains + 2; i++)
		at[i] += at[i - 1];
	return at; /* at[i + 1] is the begin of i, and moves to its end */
}

void
terms_init(struct terms *t, const struct grid *g, bool bf16)
{
	int n = g->row.n * g->col.n * g->n, row, col, c;
	int *next = bf16 ? chain_begins(g, n) : NULL;

	t->n = n;
	t->tw = lt_alloc((size_t)n + 1, sizeof *t->tw);
	t->off = lt_alloc((size_t)n + 1, sizeof *t->off);
	t->ptr = lt_alloc((size_t)t->n_out + 1, sizeof *t->ptr);
	if (bf16) {
		t->chain = lt_alloc((size_t)n + 1, sizeof *t->chain);
		t->begins = lt_alloc((size_t)n + 1, sizeof *t->begins);
	}
	for (int i = 0; i < n; i++) {
		term_at(g, bf16, i, &row, &col, &c);
		int chain = bf16 ? chain_of(g, row, col, c) : 0;
		int at = bf16 ? next[chain + 1]++ : i;
		t->tw[at] = (uint32_t)((size_t)c * g->w +
				       (size_t)g->row.tap[row] * g->k +
				       (size_t)g->col.tap[col]);
		t->off[at] = (int32_t)((size_t)c * g->ch +
				       (size_t)g->row.at[row] * g->line +
				       (size_t)g->col.at[col] * LT_LANES);
		if (bf16)
			t->chain[at] = chain;
	}
	for (int i = 0; bf16 && i < n; i++)
		t->begins[i] = mark(i > 0 ? t->chain[i - 1] : -1, t->chain[i]);
	free(next);
}

/* Make the lists of the kept weights, once for each mask. */
void
terms_list(struct terms *t, const uint8_t *keep, size_t kept)
{
	size_t n = 0;

	t->loff = again(t->loff, kept, sizeof *t->loff);
	t->lidx = again(t->lidx, kept, sizeof *t->lidx);
	t->val = again(t->val, kept, sizeof *t->val);
	if (t->chain)
		t->lbegins = again(t->lbegins, kept, sizeof *t->lbegins);
	for (int o = 0; o < t->n_out; o++) {
		size_t grp = (size_t)(o / t->gout);
		size_t base = grp * t->gw + (size_t)(o % t->gout) * t->ostride;
		size_t at = grp % (size_t)t->per * t->goff;
		int chain = -1;
		t->ptr[o] = (int32_t)n;
		for (int i = 0; i < t->n; i++) {
			size_t w = base + t->tw[i];
			if (keep && !keep[w])
				continue;
			t->loff[n] = t->off[i] + (int32_t)at;
			if (t->chain) {
				t->lbegins[n] = mark(chain, t->chain[i]);
				chain = t->chain[i];
			}
			t->lidx[n++] = (uint32_t)w;
		}
	}
	t->ptr[t->n_out] = (int32_t)n;
}

void
terms_dense(struct terms *t)
{
	if (!t->packed)
		t->packed = lt_alloc_aligned(
			(size_t)(t->n_out + LT_OB - 1) / LT_OB * LT_OB * t->n +
				1,
			sizeof *t->packed);
}

/* The kept weights of outputs o0 .. o1 - 1. */
static void
fill_list(struct terms *t, const float *w, int o0, int o1)
{
	const int32_t end = t->ptr[o1];

	for (int32_t i = t->ptr[o0]; t->chain && i < end; i++)
		t->val[i] = lt_bf16_get(lt_bf16_put(w[t->lidx[i]]));
	for (int32_t i = t->ptr[o0]; !t->chain && i < end; i++)
		t->val[i] = w[t->lidx[i]];
}

/* All weights of outputs o0 .. o1 - 1, o0 the first of a block. */
static void
fill_blocks(const struct lt_kern *k, struct terms *t, const float *w, int o0,
	int o1)
{
	for (int o = o0; o < o1; o += LT_OB)
		k->pack(t->packed + (size_t)o * t->n,
			w + (size_t)o * t->ostride, t->tw, t->n, t->ostride,
			o1 - o < LT_OB ? o1 - o : LT_OB, t->chain != NULL);
}

/* The threads of a region share this work and do not wait for each other. */
void
terms_refresh(
	const struct lt_kern *k, struct terms *t, const float *w, bool sparse)
{
#pragma omp for schedule(static) nowait
	for (int o = 0; o < t->n_out; o += FILL_OUTPUTS) {
		int end = o + FILL_OUTPUTS;
		end = end < t->n_out ? end : t->n_out;
		if (sparse)
			fill_list(t, w, o, end);
		else
			fill_blocks(k, t, w, o, end);
	}
}

void
terms_release(struct terms *t)
{
	free(t->tw);
	free(t->off);
	free(t->chain);
	free(t->begins);
	free(t->packed);
	free(t->ptr);
	free(t->loff);
	free(t->lbegins);
	free(t->lidx);
	free(t->val);
	tile_release(t);
}
