/* Convolutions and linear layers in double precision.  A linear layer is a 1x1
 * convolution of one pixel, whose channels are the values of the input.
 *
 * A sum over taps is computed for BLOCK pixels at a time.  For each channel and
 * tap, the pixels that it reads are gathered into a row; rows times weights are
 * added, channels ascending, then taps.  A weight of 0 costs nothing.  In the
 * backward pass the input's pixels gather from the output's gradient in the
 * same way. The gradient of a weight is a product of rows, added in lanes, SPAN
 * pixels after SPAN pixels.
 */
#include <omp.h>
#include <stddef.h>
#include <stdlib.h>
#include "base/mem.h"
#include "exact/exact_row.h"

#define LANES 4
#define BLOCK 32 /* pixels: eight vectors, which stay in registers */
#define SPAN 256
#define UNIT 128 /* channels that share what was gathered */

typedef double vec __attribute__((vector_size(LANES * sizeof(double))));

/* For each channel that is summed: the weights that are not 0 and their rows,
 * in the order of summation. */
struct lists {
	size_t *begin; /* [channels + 1] */
	uint32_t *row;
	double *weight;
};

struct conv {
	int c, h, w, o, oh, ow, k, stride, pad, groups, dilation;
	int flat; /* pixels of the input that are channels here: 1, or all */
	size_t in_plane, out_plane;
	size_t in_px, out_px; /* all images' */
	const double *weight; /* [o][c / groups][k][k] */
	double *dweight;
	ptrdiff_t *at; /* find_taps's */
	struct lists lists;
};

static struct conv
conv_of(const struct lt_exact *x, int node)
{
	const struct lt_node *n = &x->g->node[node];
	const struct lt_node *in = &x->g->node[n->in[0]];
	struct conv v = {.c = in->c,
		.h = in->h,
		.w = in->w,
		.o = n->c,
		.oh = n->h,
		.ow = n->w,
		.k = n->k,
		.stride = n->stride,
		.pad = n->pad,
		.groups = n->groups,
		.dilation = n->dilation,
		.flat = 1};

	if (lt_op_row(n)->flattens) {
		v.flat = in->h * in->w;
		v.c *= v.flat;
		v.h = v.w = v.k = v.stride = v.groups = v.dilation = 1;
		v.pad = 0;
	}
	v.in_plane = lt_exact_plane(x, n->in[0]);
	v.out_plane = lt_exact_plane(x, node);
	v.in_px = (size_t)x->n * (size_t)(v.h * v.w);
	v.out_px = (size_t)x->n * (size_t)(v.oh * v.ow);
	v.weight = x->w + x->g->param[n->param[0]].offset;
	v.dweight = x->dw + x->g->param[n->param[0]].offset;
	return v;
}

/* The place where channel c of the input begins. */
static size_t
channel(const struct conv *v, int c)
{
	return (size_t)(c / v->flat) * v->in_plane + (size_t)(c % v->flat);
}

static size_t
rounded(size_t px)
{
	return (px + SPAN - 1) / SPAN * SPAN;
}

/* The place, within a channel, of the pixel that tap (r, s) of pixel p reads,
 * or -1.  In the forward pass p is a pixel of the output and reads the input;
 * in the backward pass it is a pixel of the input and reads the output's
 * gradient. */
static ptrdiff_t
tap_at(const struct conv *v, size_t p, int r, int s, bool back)
{
	int to_w = back ? v->w : v->ow, to_h = back ? v->h : v->oh;
	int h = back ? v->oh : v->h, w = back ? v->ow : v->w;
	int y = (int)(p / (size_t)to_w % (size_t)to_h);
	int z = (int)(p % (size_t)to_w);
	ptrdiff_t image = (ptrdiff_t)(p / (size_t)(to_w * to_h));

	r *= v->dilation;
	s *= v->dilation;
	y = back ? y + v->pad - r : y * v->stride - v->pad + r;
	z = back ? z + v->pad - s : z * v->stride - v->pad + s;
	if (back && (y % v->stride || z % v->stride))
		return -1;
	y /= back ? v->stride : 1;
	z /= back ? v->stride : 1;
	if (y < 0 || y >= h || z < 0 || z >= w)
		return -1;
	return (image * h * w + y * w + z) * (back ? 1 : v->flat);
}

/* [tap][pixel, their number rounded up to whole SPANs, none behind the last]:
 * the caller's. */
static ptrdiff_t *
find_taps(const struct lt_exact *x, const struct conv *v, bool back)
{
	size_t px = back ? v->in_px : v->out_px, span = rounded(px);
	size_t all = (size_t)(v->k * v->k) * span;
	ptrdiff_t *at = lt_alloc_scratch(all, sizeof *at);

#pragma omp parallel for schedule(static) num_threads(x->threads)
	for (size_t i = 0; i < all; i++) {
		int t = (int)(i / span);
		at[i] = i % span < px
				? tap_at(v, i % span, t / v->k, t % v->k, back)
				: -1;
	}
	return at;
}

static void
gather(double *row, const double *src, const ptrdiff_t *at, int n)
{
	for (int j = 0; j < n; j++)
		row[j] = at[j] < 0 ? 0 : src[at[j]];
}

/* ---- the two loops that take the time ------------------------------------ */

/* sum[BLOCK] += weight[i] * rows[row[i]][BLOCK] */
static inline __attribute__((always_inline)) void
add_rows(double *sum, const double *rows, const uint32_t *row,
	const double *weight, size_t n)
{
	vec *s = (vec *)(void *)sum;
	vec s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3];
	vec s4 = s[4], s5 = s[5], s6 = s[6], s7 = s[7];

	for (size_t i = 0; i < n; i++) {
		const vec *r =
			(const vec *)(const void *)(rows +
						    (size_t)row[i] * BLOCK);
		double w = weight[i];
		s0 += w * r[0];
		s1 += w * r[1];
		s2 += w * r[2];
		s3 += w * r[3];
		s4 += w * r[4];
		s5 += w * r[5];
		s6 += w * r[6];
		s7 += w * r[7];
	}
	s[0] = s0;
	s[1] = s1;
	s[2] = s2;
	s[3] = s3;
	s[4] = s4;
	s[5] = s5;
	s[6] = s6;
	s[7] = s7;
}

/* The sum of n products, n a multiple of two vectors: the lanes of those at
 * even places, then of those at odd ones. */
static inline __attribute__((always_inline)) double
dot(const double *a, const double *b, int n)
{
	const vec *u = (const vec *)(const void *)a;
	const vec *v = (const vec *)(const void *)b;
	vec s = {0}, t = {0};

	for (int i = 0; i < n / LANES; i += 2) {
		s += u[i] * v[i];
		t += u[i + 1] * v[i + 1];
	}
	s += t;
	return s[0] + s[1] + s[2] + s[3];
}

/* The function is compiled once more for processors with wider vectors.  The
 * operations are the same, and so are the bytes. */
#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
add_rows_wide(double *sum, const double *rows, const uint32_t *row,
	const double *weight, size_t n)
{
	add_rows(sum, rows, row, weight, n);
}

__attribute__((target("avx2"))) static double
dot_wide(const double *a, const double *b, int n)
{
	return dot(a, b, n);
}
#endif

static void
sum_rows(double *sum, const double *rows, const struct lists *l, int channel)
{
	size_t at = l->begin[channel], n = l->begin[channel + 1] - at;

#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		add_rows_wide(sum, rows, l->row + at, l->weight + at, n);
		return;
	}
#endif
	add_rows(sum, rows, l->row + at, l->weight + at, n);
}

static double
product(const double *a, const double *b, int n)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		return dot_wide(a, b, n);
#endif
	return dot(a, b, n);
}

/* Output channels sum over the input channels of their group; in the backward
 * pass input channels sum over output channels. */
static void
find_lists(struct lists *l, const struct conv *v, bool back)
{
	int cg = v->c / v->groups, og = v->o / v->groups, taps = v->k * v->k;
	int channels = back ? v->c : v->o, per = back ? cg : og;
	int terms = (back ? og : cg) * taps;
	size_t all = (size_t)v->o * (size_t)(cg * taps), at = 0;

	l->begin = lt_alloc((size_t)channels + 1, sizeof *l->begin);
	l->row = lt_alloc_scratch(all, sizeof *l->row);
	l->weight = lt_alloc_scratch(all, sizeof *l->weight);
	for (int i = 0; i < channels; i++) {
		for (int j = 0; j < terms; j++) {
			int other = j / taps;
			size_t o = back ? i / per * og + other : i;
			size_t c = back ? i % per : other;
			double w =
				v->weight[(o * (size_t)cg + c) * (size_t)taps +
					  (size_t)(j % taps)];
			l->row[at] = (uint32_t)j;
			l->weight[at] = w;
			at += w != 0;
		}
		l->begin[i + 1] = at;
	}
}

static void
lists_release(struct lists *l)
{
	free(l->begin);
	free(l->row);
	free(l->weight);
}

/* ---- forward and backward ------------------------------------------------ */

/* The channels of a group are divided into units of work. */
static int
units_of(int channels)
{
	return (channels + UNIT - 1) / UNIT;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* A thread's scratch: BLOCK sums, and then its rows. */
static double *
scratch_of(const struct lt_exact *x)
{
	return x->scratch[omp_get_thread_num()];
}

/* Output channels o0 to o1 of group gr at BLOCK pixels from first. */
static void
forward_block(const struct lt_exact *x, int node, const struct conv *v, int gr,
	int o0, int o1, size_t first)
{
	const struct lt_node *n = &x->g->node[node];
	const double *bias =
		n->bias ? x->w + x->g->param[n->param[1]].offset : NULL;
	double *sum = scratch_of(x), *row = sum + BLOCK;
	int cg = v->c / v->groups, taps = v->k * v->k;

	for (int i = 0; i < cg * taps; i++)
		gather(row + (size_t)i * BLOCK,
			x->a[n->in[0]] + channel(v, gr * cg + i / taps),
			v->at + (size_t)(i % taps) * rounded(v->out_px) + first,
			BLOCK);
	for (int o = o0; o < o1; o++) {
		double *out = x->a[node] + (size_t)o * v->out_plane + first;
		for (int j = 0; j < BLOCK; j++)
			sum[j] = bias ? bias[o] : 0;
		sum_rows(sum, row, &v->lists, o);
		for (int j = 0; j < BLOCK && first + (size_t)j < v->out_px; j++)
			out[j] = sum[j];
	}
}

static void
conv(struct lt_exact *x, int node)
{
	struct conv v = conv_of(x, node);
	int og = v.o / v.groups, units = units_of(og);
	size_t blocks = (v.out_px + BLOCK - 1) / BLOCK;
	size_t all = blocks * (size_t)(v.groups * units);

	v.at = find_taps(x, &v, false);
	find_lists(&v.lists, &v, false);

#pragma omp parallel for schedule(dynamic) num_threads(x->threads)
	for (size_t i = 0; i < all; i++) {
		int gr = (int)(i / blocks) / units,
		    u = (int)(i / blocks) % units;
		forward_block(x, node, &v, gr, gr * og + u * UNIT,
			gr * og + least((u + 1) * UNIT, og),
			i % blocks * BLOCK);
	}
	lists_release(&v.lists);
	free(v.at);
}

/* The gradient of input channels c0 to c1 of group gr at BLOCK pixels. */
static void
data_block(const struct lt_exact *x, int node, const struct conv *v, int gr,
	int c0, int c1, size_t first)
{
	int in = x->g->node[node].in[0];
	double *sum = scratch_of(x), *row = sum + BLOCK;
	int cg = v->c / v->groups, og = v->o / v->groups, taps = v->k * v->k;

	for (int i = 0; i < og * taps; i++)
		gather(row + (size_t)i * BLOCK,
			x->d[node] +
				(size_t)(gr * og + i / taps) * v->out_plane,
			v->at + (size_t)(i % taps) * rounded(v->in_px) + first,
			BLOCK);
	for (int c = c0; c < c1; c++) {
		double *dx = x->d[in] + channel(v, gr * cg + c);
		for (int j = 0; j < BLOCK; j++)
			sum[j] = 0;
		sum_rows(sum, row, &v->lists, gr * cg + c);
		for (int j = 0; j < BLOCK && first + (size_t)j < v->in_px; j++)
			dx[(first + (size_t)j) * (size_t)v->flat] += sum[j];
	}
}

static void
data_back(struct lt_exact *x, int node, struct conv *v)
{
	int cg = v->c / v->groups, units = units_of(cg);
	size_t blocks = (v->in_px + BLOCK - 1) / BLOCK;
	size_t all = blocks * (size_t)(v->groups * units);

	v->at = find_taps(x, v, true);
	find_lists(&v->lists, v, true);

#pragma omp parallel for schedule(dynamic) num_threads(x->threads)
	for (size_t i = 0; i < all; i++) {
		int gr = (int)(i / blocks) / units,
		    u = (int)(i / blocks) % units;
		data_block(x, node, v, gr, u * UNIT, least((u + 1) * UNIT, cg),
			i % blocks * BLOCK);
	}
	lists_release(&v->lists);
	free(v->at);
}

/* The gradient of the weights from input channel c to output channels o0 to o1
 * of its group. */
static void
weight_unit(const struct lt_exact *x, int node, const struct conv *v, int c,
	int o0, int o1)
{
	const double *src = x->a[x->g->node[node].in[0]] + channel(v, c);
	double *row = scratch_of(x) + BLOCK;
	int cg = v->c / v->groups, taps = v->k * v->k;

	for (size_t first = 0; first < v->out_px; first += SPAN) {
		size_t left = v->out_plane - first;
		int n = left < SPAN ? (int)left : SPAN;
		for (int t = 0; t < taps; t++)
			gather(row + t * SPAN, src,
				v->at + (size_t)t * rounded(v->out_px) + first,
				n);
		for (int o = o0; o < o1; o++) {
			size_t at = ((size_t)o * cg + c % cg) * taps;
			const double *dy =
				x->d[node] + (size_t)o * v->out_plane + first;
			for (int t = 0; t < taps; t++)
				if (x->dense || v->weight[at + t] != 0)
					v->dweight[at + t] +=
						product(dy, row + t * SPAN, n);
		}
	}
}

static void
weight_back(struct lt_exact *x, int node, struct conv *v)
{
	int cg = v->c / v->groups, og = v->o / v->groups;
	int units = units_of(og), all = v->c * units;

	v->at = find_taps(x, v, false);

#pragma omp parallel for schedule(dynamic) num_threads(x->threads)
	for (int i = 0; i < all; i++) {
		int o = i / units / cg * og, u = i % units;
		weight_unit(x, node, v, i / units, o + u * UNIT,
			o + least((u + 1) * UNIT, og));
	}
	free(v->at);
}

static void
conv_back(struct lt_exact *x, int node)
{
	struct conv v = conv_of(x, node);
	const struct lt_node *n = &x->g->node[node];

	for (int o = 0; n->bias && o < v.o; o++) {
		double sum = 0;
		for (size_t i = 0; i < v.out_px; i++)
			sum += x->d[node][(size_t)o * v.out_plane + i];
		x->dw[x->g->param[n->param[1]].offset + (size_t)o] = sum;
	}
	weight_back(x, node, &v);
	if (n->in[0])
		data_back(x, node, &v);
}

size_t
exact_conv_scratch(const struct lt_exact *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	if (n->unused || !lt_op_row(n)->taps)
		return 0;
	struct conv v = conv_of(x, node);
	size_t taps = (size_t)(v.k * v.k);
	size_t most = (size_t)(v.c > v.o ? v.c : v.o) / (size_t)v.groups;
	size_t blocks = most * taps * BLOCK, spans = taps * SPAN;

	return BLOCK + (blocks > spans ? blocks : spans);
}

const struct exact_row exact_CONV = {.whole = conv, .whole_back = conv_back};
const struct exact_row exact_LINEAR = {.whole = conv, .whole_back = conv_back};
