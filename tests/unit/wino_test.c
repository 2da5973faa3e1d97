/* Winograd's kernels: every variant against the reference, bit by bit; the
 * reference against the direct convolution, forward and transposed, within
 * rounding.
 *
 *	wino_test [SEED]	one case of each kind, of this seed
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "kern/kern.h"
#include "tap.h"

#define EDGE 32 /* floats around an output that must stay as they were */

static uint64_t only_seed;
static const struct lt_kern *variant;

static int
pick(struct lt_rng *r, int lo, int hi)
{
	return lo + (int)lt_rng_below(r, (uint64_t)(hi - lo + 1));
}

/* A size: often small, sometimes up to hi. */
static int
size(struct lt_rng *r, int hi)
{
	return pick(r, 1, pick(r, 0, 1) && hi > 9 ? 9 : hi);
}

/* A number: normal, or of the unkind kinds. */
static float
number(struct lt_rng *r, bool normal)
{
	float x = 2 * lt_rng_f32(r) - 1;
	switch (normal ? 15 : pick(r, 0, 15)) {
	case 0:
		return 0.0f;
	case 1:
		return -0.0f;
	case 2:
		return x * 1e-39f; /* denormal */
	case 3:
		return x * 1000;
	case 4:
		return (float)pick(r, -2, 2);
	default:
		return x;
	}
}

static float *
numbers(struct lt_rng *r, size_t n, bool normal)
{
	float *p = lt_alloc_aligned(n + 1, sizeof *p);
	for (size_t i = 0; i < n; i++)
		p[i] = number(r, normal);
	return p;
}

/* A layer: weights [o][c][3][3], sources whose pixels beyond the strip are not
 * numbers, an output with edges. */
struct layer {
	struct lt_conv_job job;
	int c;
	size_t src_ch;
	float *w, *src, *bias, *dst;
	size_t dst_n; /* edges included */
};

/* Strides of the source, and not-a-number where no pixel is. */
static void
source_init(struct layer *l, struct lt_rng *r, bool normal)
{
	struct lt_conv_job *j = &l->job;
	int h = j->rows + 2, w = j->cols + 2;
	j->src_px = (size_t)pick(r, 1, 2) * LT_LANES;
	j->src_row = j->src_px * (size_t)(w + pick(r, 0, 2));
	l->src_ch = j->src_row * (size_t)(h + pick(r, 0, 2));
	j->src_sh = l->src_ch * (size_t)l->c + (size_t)pick(r, 0, 2) * LT_LANES;
	size_t n = j->src_sh * (size_t)j->shards;
	l->src = lt_alloc_aligned(n, sizeof *l->src);
	for (size_t i = 0; i < n; i++)
		l->src[i] = NAN;
	j->src = l->src;
	for (int s = 0; s < j->shards; s++)
		for (int c = 0; c < l->c; c++)
			for (int i = 0; i < h * w * LT_LANES; i++) {
				int p = i / LT_LANES;
				l->src[s * j->src_sh + c * l->src_ch +
					p / w * j->src_row + p % w * j->src_px +
					i % LT_LANES] = number(r, normal);
			}
}

static void
layer_init(struct layer *l, struct lt_rng *r, bool normal)
{
	*l = (struct layer){.c = size(r, 67),
		.job = {.n_out = size(r, 67),
			.rows = size(r, 33),
			.cols = size(r, 33),
			.shards = size(r, 17)}};
	struct lt_conv_job *j = &l->job;
	while (l->c * j->n_out * j->rows * j->cols * j->shards > 15000) {
		int *side[] = {
			&l->c, &j->n_out, &j->rows, &j->cols, &j->shards};
		int *p = side[pick(r, 0, 4)];
		*p = (*p + 1) / 2;
	}
	size_t o = (size_t)j->n_out;
	l->w = numbers(r, o * (size_t)l->c * 9, normal);
	source_init(l, r, normal);
	j->dst_px = (size_t)pick(r, 1, 2) * LT_LANES;
	j->dst_row = j->dst_px * (size_t)(j->cols + pick(r, 0, 2));
	j->dst_ch = j->dst_row * (size_t)(j->rows + pick(r, 0, 2));
	j->dst_sh = j->dst_ch * o + (size_t)pick(r, 0, 2) * LT_LANES;
	l->dst_n = j->dst_sh * (size_t)j->shards + 2 * EDGE;
	l->dst = numbers(r, l->dst_n, normal);
	l->bias = numbers(r, o, normal);
	j->dst = l->dst + EDGE;
	if (pick(r, 0, 1))
		j->bias = l->bias;
}

static void
layer_release(struct layer *l)
{
	free(l->w);
	free(l->src);
	free(l->bias);
	free(l->dst);
}

/* Winograd's weights of l, with edges. */
static float *
transformed(const struct layer *l, const struct lt_kern *k, bool flip)
{
	size_t n = lt_wino_floats(l->job.n_out, l->c);
	float *u = lt_alloc_aligned(n + 2 * EDGE, sizeof *u);
	for (size_t i = 0; i < n + 2 * EDGE; i++)
		u[i] = 7;
	/* Flipped, w is [c][o]: the layer before. */
	k->wino_weights(u + EDGE, l->w, l->job.n_out, l->c,
		flip ? 9 : (size_t)l->c * 9,
		flip ? (size_t)l->job.n_out * 9 : 9, flip);
	for (size_t i = 0; i < EDGE; i++)
		CHECK(u[i] == 7 && u[n + EDGE + i] == 7);
	return u;
}

/* Outputs o0 .. end - 1, o0 a multiple of LT_OB. */
static void
convolve(const struct layer *l, const struct lt_kern *k, const float *u, int o0,
	int end)
{
	struct lt_conv_job j = l->job;
	size_t n = lt_wino_scratch(l->job.n_out, l->c);
	float *scratch = lt_alloc_aligned(n + EDGE, sizeof *scratch);
	for (size_t i = 0; i < n + EDGE; i++)
		scratch[i] = i < n ? NAN : 7;
	j.dst += (size_t)o0 * j.dst_ch;
	if (j.bias)
		j.bias += o0;
	j.n_out = end - o0;
	k->conv_wino(&j, u + (size_t)(o0 / LT_OB) * 16 * l->c * LT_OB, l->c,
		l->src_ch, scratch);
	for (size_t i = 0; i < EDGE; i++)
		CHECK(scratch[n + i] == 7);
	free(scratch);
}

/* A case of one kernel table: its weights and all of its output. */
struct result {
	struct layer l;
	float *u;
};

static void
result_init(struct result *x, const struct lt_kern *k, uint64_t seed,
	bool parts, bool normal, bool flip)
{
	struct lt_rng r;
	lt_rng_init(&r, seed, LT_STREAM_TEST, 0, 0);
	layer_init(&x->l, &r, normal);
	x->u = transformed(&x->l, k, flip);
	int n = x->l.job.n_out;
	int mid = parts ? n / 2 / LT_OB * LT_OB : 0;
	if (mid)
		convolve(&x->l, k, x->u + EDGE, 0, mid);
	convolve(&x->l, k, x->u + EDGE, mid, n);
}

static void
result_release(struct result *x)
{
	layer_release(&x->l);
	free(x->u);
}

static bool
same(const struct result *a, const struct result *b)
{
	size_t n = lt_wino_floats(a->l.job.n_out, a->l.c) + 2 * EDGE;
	return !memcmp(a->u, b->u, n * sizeof *a->u) &&
	       !memcmp(a->l.dst, b->l.dst, a->l.dst_n * sizeof *a->l.dst);
}

static bool
case_agrees(uint64_t seed)
{
	struct result a, b;
	bool flip = seed % 2;
	result_init(&a, &lt_kern_ref, seed, false, false, flip);
	result_init(&b, variant, seed, seed % 3 == 0, false, flip);
	bool ok = same(&a, &b);
	for (size_t i = 0; i < a.l.dst_n; i++)
		ok = ok && !isnan(a.l.dst[i]);
	if (!ok) {
		const struct lt_conv_job *j = &a.l.job;
		printf("# %s, seed %llu: %d to %d channels, %d of %dx%d\n",
			variant->name, (unsigned long long)seed, a.l.c,
			j->n_out, j->shards, j->rows, j->cols);
	}
	result_release(&a);
	result_release(&b);
	return ok;
}

static void
agrees_with_reference(void)
{
	for (int i = 1; i <= (only_seed ? 1 : 120); i++)
		CHECK(case_agrees(only_seed ? only_seed : (uint64_t)i));
}

/* ---- the direct sum ---- */

/* A result's shards by conv_dense of the reference, into dst as it was. */
static void
direct(struct layer *l)
{
	int terms = l->c * 9;
	size_t blocks = (size_t)(l->job.n_out + LT_OB - 1) / LT_OB;
	float *packed = lt_alloc_aligned(
		blocks * (size_t)terms * LT_OB, sizeof *packed);
	int32_t *off = lt_alloc((size_t)terms, sizeof *off);
	for (int t = 0; t < terms; t++) {
		off[t] = (int32_t)((size_t)(t / 9) * l->src_ch +
				   (size_t)(t / 3 % 3) * l->job.src_row +
				   (size_t)(t % 3) * l->job.src_px);
		for (int o = 0; o < l->job.n_out; o++)
			packed[((size_t)(o / LT_OB) * terms + t) * LT_OB +
				o % LT_OB] = l->w[(size_t)o * terms + t];
	}
	for (int s = 0; s < l->job.shards; s++) {
		struct lt_conv_job j = l->job;
		j.shards = 1;
		j.src += s * j.src_sh;
		j.dst += s * j.dst_sh;
		lt_kern_ref.conv_dense(&j, packed, off, terms);
	}
	free(packed);
	free(off);
}

/* The greatest difference, as a part of the greatest value. */
static double
distance(const float *a, const float *b, size_t n)
{
	double most = 0, apart = 0;
	for (size_t i = 0; i < n; i++) {
		most = fmax(most, fabs((double)b[i]));
		apart = fmax(apart, fabs((double)a[i] - (double)b[i]));
	}
	return apart / most;
}

static void
close_to_direct(void)
{
	for (int i = 1; i <= (only_seed ? 1 : 60); i++) {
		uint64_t seed = only_seed ? only_seed : (uint64_t)i;
		struct lt_rng r;
		struct layer d;
		struct result x;
		lt_rng_init(&r, seed, LT_STREAM_TEST, 0, 0);
		layer_init(&d, &r, true);
		direct(&d);
		result_init(&x, &lt_kern_ref, seed, false, true, false);
		if (!CHECK(distance(x.l.dst, d.dst, d.dst_n) < 1e-5))
			printf("# seed %llu: %g\n", (unsigned long long)seed,
				distance(x.l.dst, d.dst, d.dst_n));
		layer_release(&d);
		result_release(&x);
	}
}

/* The transposed convolution of one pixel: w is [c][o][3][3], dy a plane of
 * which source pixel (1, 1) is the first, beyond which is padding. */
static double
transposed(const struct layer *l, int sh, int o, int y, int x, int i)
{
	const struct lt_conv_job *j = &l->job;
	double sum = 0;
	for (int c = 0; c < l->c; c++)
		for (int t = 0; t < 9; t++) {
			int h = y + 1 - t / 3 + 1, v = x + 1 - t % 3 + 1;
			size_t at = sh * j->src_sh + c * l->src_ch +
				    h * j->src_row + v * j->src_px + i;
			sum += (double)l
				       ->w[((size_t)c * j->n_out + o) * 9 + t] *
			       (double)j->src[at];
		}
	return sum;
}

/* The greatest error of a result against the transposed convolution, as a part
 * of its greatest value. */
static double
transposed_error(const struct layer *l)
{
	const struct lt_conv_job *j = &l->job;
	double most = 0, apart = 0;
	for (int s = 0; s < j->shards; s++)
		for (int o = 0; o < j->n_out; o++)
			for (int p = 0; p < j->rows * j->cols; p++) {
				int y = p / j->cols, x = p % j->cols;
				double want = transposed(l, s, o, y, x, p % 16);
				double got =
					(double)j->dst[s * j->dst_sh +
						       o * j->dst_ch +
						       y * j->dst_row +
						       x * j->dst_px + p % 16];
				most = fmax(most, fabs(want));
				apart = fmax(apart, fabs(want - got));
			}
	return apart / most;
}

static void
flipped_is_transposed(void)
{
	for (int i = 1; i <= (only_seed ? 1 : 60); i++) {
		struct lt_rng r;
		struct layer l;
		lt_rng_init(&r, only_seed ? only_seed : (uint64_t)i,
			LT_STREAM_TEST, 0, 0);
		layer_init(&l, &r, true);
		l.job.bias = NULL;
		float *u = transformed(&l, &lt_kern_ref, true);
		convolve(&l, &lt_kern_ref, u + EDGE, 0, l.job.n_out);
		CHECK(transposed_error(&l) < 1e-5);
		free(u);
		layer_release(&l);
	}
}

static void
test_variant(const char *name)
{
	char title[80];
	const char *why;
	variant = lt_kern_get(name, &why);
	snprintf(title, sizeof title,
		"Winograd of %s has the reference's bits, parts and all", name);
	if (variant)
		TEST(agrees_with_reference, title);
	else
		printf("ok %d - %s # skip %s\n", ++tap_count, title, why);
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		only_seed = strtoull(argv[1], NULL, 10);
	test_variant("ref");
	test_variant("v3");
	test_variant("v4");
	test_variant("neon");
	TEST(close_to_direct, "Winograd is the direct sum up to rounding");
	TEST(flipped_is_transposed,
		"with flipped weights it is the transposed convolution");
	return tap_done();
}
