/* Sums over few pixels: the gradients of linear layers, dense.
 *
 * With images as lanes, a weight has a chain of few pixels and then a sum of
 * its lanes, which costs as much.  So here terms are lanes: the pixels of some
 * terms are turned, and each image has its vectors of chains.  Images come in
 * the order of the tree, which then adds whole vectors.  The bits are those of
 * wgrad_lanes and lane_sum.
 */
#ifndef LT_KERN_TMPL_WGRAD_FEW_H
#define LT_KERN_TMPL_WGRAD_FEW_H

_Static_assert(LT_WGRAD_FEW >= WFEW * LT_LANES * WTERMS * VW, "scratch");

/* The n vectors of terms that a tile adds: [image][pixel][term]. */
struct few {
	const struct block *b;
	const float *x;
	int n;
};

/* The terms off[0] .. off[terms - 1] of all pixels; those that a vector lacks
 * are copies of the last. */
static void
few_turn(float *dst, const struct lt_wgrad_job *j, const struct block *b,
	const int32_t *off, int terms)
{
	const int n = (terms + VW - 1) / VW, image = b->n * n * VW;
	for (int q = 0; q < b->n; q++, dst += n * VW)
		for (int i = 0; i < LT_LANES * n; i += VW) {
			const int lane = i % LT_LANES, t = i / LT_LANES * VW;
			const float *x = j->x + b->x[q] + lane;
			vec v[VW];
			UNROLL
			for (int k = 0; k < VW; k++)
				v[k] = vload(
					x +
					off[t + k < terms ? t + k : terms - 1]);
			vtranspose(v);
			UNROLL
			for (int k = 0; k < VW; k++)
				vstore(dst + (lane + k) * image + t, v[k]);
		}
}

/* The chains of an image, of LT_OB outputs by n vectors of terms. */
INLINE void
few_chains(vec a[LT_OB][WTERMS], const struct few *f, const float *const *dy,
	int image, const int n)
{
	const float *x = f->x + image * f->b->n * n * VW;
	UNROLL
	for (int i = 0; i < LT_OB * n; i++)
		a[i / n][i % n] = vall(0.0f);
	ROLLED
	for (int q = 0; q < f->b->n; q++, x += n * VW) {
		const ptrdiff_t ad = f->b->dy[q] + image;
		vec v[WTERMS];
		UNROLL
		for (int t = 0; t < n; t++)
			v[t] = vload(x + t * VW);
		UNROLL
		for (int i = 0; i < LT_OB; i++) {
			vec g = vall(dy[i][ad]);
			UNROLL
			for (int t = 0; t < n; t++)
				a[i][t] = vfma(g, v[t], a[i][t]);
		}
	}
}

typedef void few_fn(
	float *const *dst, const struct few *f, const float *const *dy);

/* LT_OB outputs by n vectors; that of number i goes to dst[i].  Where two sums
 * of 2^level images are there, they become one. */
INLINE void
few_tile(float *const *dst, const struct few *f, const float *const *dy,
	const int n)
{
	static const uint8_t image[LT_LANES] = {
		0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
	_Alignas(64) float waits[4][LT_OB * WTERMS * VW];
	vec a[LT_OB][WTERMS];
	for (int k = 0; k < LT_LANES; k++) {
		int level = 0;
		few_chains(a, f, dy, image[k], n);
		for (; k >> level & 1; level++) {
			UNROLL
			for (int i = 0; i < LT_OB * n; i++)
				a[i / n][i % n] =
					vadd(vload(waits[level] + i * VW),
						a[i / n][i % n]);
		}
		if (level == 4)
			break;
		UNROLL
		for (int i = 0; i < LT_OB * n; i++)
			vstore(waits[level] + i * VW, a[i / n][i % n]);
	}
	UNROLL
	for (int i = 0; i < LT_OB * n; i++)
		vstore(dst[i / n] + i % n * VW, a[i / n][i % n]);
}

#define FEW_TILE(n) \
	static void few_##n(float *const *dst, const struct few *f, \
		const float *const *dy) \
	{ \
		few_tile(dst, f, dy, n); \
	}

FEW_TILE(1)
FEW_TILE(2)
FEW_TILE(3)
#if VREGS == 32
FEW_TILE(4)
FEW_TILE(5)
FEW_TILE(6)
#endif

static few_fn *const few_fns[] = {
	NULL, few_1, few_2, few_3 WIDER(few_4, few_5, few_6)};

/* All outputs by the terms of f: those of output o to dst + o * step.  A tile
 * beyond the last output computes it again. */
static void
few_outputs(float *dst, size_t step, const struct lt_wgrad_job *j,
	const struct few *f, int terms)
{
	_Alignas(64) float last[LT_OB][WTERMS * VW];
	const bool whole = terms == f->n * VW;
	for (int o = 0; o < j->n_out; o += LT_OB) {
		float *to[LT_OB];
		const float *dy[LT_OB];
		for (int i = 0; i < LT_OB; i++) {
			size_t c = (size_t)(o + i < j->n_out ? o + i
							     : j->n_out - 1);
			dy[i] = j->dy + c * j->dy_ch;
			to[i] = whole ? dst + c * step : last[i];
		}
		few_fns[f->n](to, f, dy);
		for (int i = 0; !whole && i < LT_OB && o + i < j->n_out; i++)
			memcpy(dst + (size_t)(o + i) * step, last[i],
				(size_t)terms * sizeof *dst);
	}
}

static void
wgrad_few(float *dst, const struct lt_wgrad_job *j, const struct block *b,
	const int32_t *off, int terms, float *x)
{
	const unsigned vectors = ((unsigned)terms + VW - 1) / VW;
	const unsigned tiles = (vectors + WTERMS - 1) / WTERMS;
	for (unsigned i = 0; i < tiles; i++) {
		int t = (int)cut(vectors, i, tiles) * VW;
		int end = (int)cut(vectors, i + 1, tiles) * VW;
		struct few f = {b, x, (end - t) / VW};
		end = end < terms ? end : terms;
		few_turn(x, j, b, off + t, end - t);
		few_outputs(dst + t, (size_t)terms, j, &f, end - t);
	}
}

#endif
