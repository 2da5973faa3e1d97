/* The kernels of every variant against the scalar reference, bit by bit, on
 * random shapes and unkind numbers.  A case is a function of (seed, table); its
 * outputs go into one array, edges included, and the arrays are compared.
 *
 *	kern_test [SEED]	one case of each kernel, of this seed
 */
#include <stdlib.h>
#include <string.h>

#include "agree.h"
#include "base/half.h"

/* ---- taps ---- */

/* A convolution's geometry: a staged strip and its output pixels. */
struct shape {
	int c, o, k, stride, shards, rows, cols, terms;
	int nr, wp; /* staged rows and columns */
};

static struct shape
some_shape(struct draw *d, int most)
{
	static const int ks[] = {1, 1, 2, 3, 3, 3, 5, 7};
	struct shape s = {.c = size(d, 67),
		.o = size(d, 67),
		.k = ks[pick(d, 0, 7)],
		.stride = pick(d, 1, 3),
		.shards = chance(d, 40) ? pick(d, 1, 9) : 1,
		.rows = size(d, 9),
		.cols = size(d, 33)};
	while (s.c * s.k * s.k * s.o * s.shards * s.rows * s.cols > most) {
		int *side[] = {&s.c, &s.o, &s.rows, &s.cols, &s.shards};
		int *p = side[pick(d, 0, 4)];
		*p = (*p + 1) / 2;
		if (s.c * s.o * s.shards * s.rows * s.cols == 1)
			s.k = 1;
	}
	s.terms = s.c * s.k * s.k;
	s.nr = (s.rows - 1) * s.stride + s.k + pick(d, 0, 1);
	s.wp = (s.cols - 1) * s.stride + s.k + pick(d, 0, 2);
	return s;
}

static int32_t *
offsets(struct draw *d, const struct shape *s)
{
	int32_t *off = ints(d, (size_t)s->terms);
	for (int t = 0; t < s->terms; t++) {
		int c = t / (s->k * s->k), r = t / s->k % s->k, q = t % s->k;
		off[t] = ((c * s->nr + r) * s->wp + q) * LT_LANES;
	}
	return off;
}

/* Kept terms: ptr, and the numbers of the terms. */
struct kept {
	int32_t *ptr, *term;
	int n;
};

static struct kept
some_kept(struct draw *d, const struct shape *s)
{
	static const int percent[] = {0, 2, 10, 20, 50, 100};
	struct kept k = {.ptr = ints(d, (size_t)s->o + 1),
		.term = ints(d, (size_t)(s->o * s->terms))};
	int p = percent[pick(d, 0, 5)];
	for (int o = 0; o < s->o; o++) {
		k.ptr[o] = k.n;
		int q = chance(d, 10) ? 0 : p;
		for (int t = 0; t < s->terms; t++)
			if (chance(d, q))
				k.term[k.n++] = t;
	}
	k.ptr[s->o] = k.n;
	return k;
}

/* List of the offsets of kept terms. */
static int32_t *
listed(struct draw *d, const struct kept *k, const int32_t *off)
{
	int32_t *l = ints(d, (size_t)k->n + 1);
	for (int i = 0; i < k->n; i++)
		l[i] = off[k->term[i]];
	return l;
}

static struct lt_conv_job
some_conv(struct draw *d, const struct shape *s)
{
	struct lt_conv_job j = {.n_out = s->o,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->cols,
		.src_row = (size_t)(s->stride * s->wp * LT_LANES),
		.src_px = (size_t)(s->stride * LT_LANES)};
	j.src_sh = (size_t)(s->c * s->nr * s->wp + pick(d, 0, 1)) * LT_LANES;
	j.src = input(d, j.src_sh * (size_t)s->shards);
	j.dst_px = (size_t)pick(d, 1, 2) * LT_LANES;
	j.dst_row = j.dst_px * (size_t)(s->cols + pick(d, 0, 2));
	j.dst_ch = j.dst_row * (size_t)(s->rows + pick(d, 0, 2));
	j.dst_sh = j.dst_ch * (size_t)(s->o + pick(d, 0, 1));
	j.dst = output(d, j.dst_sh * (size_t)s->shards);
	if (chance(d, 50))
		j.bias = input(d, (size_t)s->o);
	return j;
}

/* Dense weights as the kernels want them; all zero but for the kept. */
static float *
packed(struct draw *d, const struct shape *s, const struct kept *k,
	const float *val)
{
	size_t blocks = (size_t)(s->o + LT_OB - 1) / LT_OB;
	size_t n = blocks * (size_t)s->terms * LT_OB;
	float *p = input(d, n);
	memset(p, 0, n * sizeof *p);
	for (int o = 0; o < s->o; o++)
		for (int i = k->ptr[o]; i < k->ptr[o + 1]; i++)
			p[((size_t)(o / LT_OB) * s->terms + k->term[i]) *
					LT_OB +
				o % LT_OB] = val[i];
	return p;
}

static void
conv(struct draw *d, bool dense)
{
	struct shape s = some_shape(d, 40000);
	int32_t *off = offsets(d, &s);
	struct kept k = some_kept(d, &s);
	float *val = input(d, (size_t)k.n);
	struct lt_conv_job j = some_conv(d, &s);
	float *p = packed(d, &s, &k, val);
	int32_t *list = listed(d, &k, off);
	if (dense)
		d->k->conv_dense(&j, p, off, s.terms);
	else
		d->k->conv_sparse(&j, k.ptr, list, val);
}

static void
conv_dense(struct draw *d)
{
	conv(d, true);
}

static void
conv_sparse(struct draw *d)
{
	conv(d, false);
}

static struct lt_wgrad_job
some_wgrad(struct draw *d, const struct shape *s)
{
	struct lt_wgrad_job j = {.n_out = s->o,
		.shards = s->shards,
		.rows = s->rows,
		.cols = s->cols,
		.x_row = (size_t)(s->stride * s->wp * LT_LANES),
		.x_px = (size_t)(s->stride * LT_LANES)};
	j.x_sh = (size_t)(s->c * s->nr * s->wp + pick(d, 0, 1)) * LT_LANES;
	j.x = input(d, j.x_sh * (size_t)s->shards);
	j.dy_px = (size_t)pick(d, 1, 2) * LT_LANES;
	j.dy_row = j.dy_px * (size_t)(s->cols + pick(d, 0, 2));
	j.dy_ch = j.dy_row * (size_t)(s->rows + pick(d, 0, 2));
	j.dy_sh = j.dy_ch * (size_t)(s->o + pick(d, 0, 1));
	j.dy = input(d, j.dy_sh * (size_t)s->shards);
	return j;
}

/* Scratch of a gradient; each variant leaves in it what it likes. */
static float *
scratch(struct draw *d, const struct shape *s)
{
	size_t n = lt_wgrad_scratch(s->o, s->terms);
	float *p = block(d, n, false);
	d->len[d->n - 1] = 0;
	return p;
}

static void
wgrad_dense(struct draw *d)
{
	struct shape s = some_shape(d, 40000);
	struct lt_wgrad_job j = some_wgrad(d, &s);
	int32_t *off = offsets(d, &s);
	float *dst = output(d, (size_t)(s.o * s.terms));
	d->k->wgrad_dense(dst, &j, off, s.terms, scratch(d, &s));
}

static void
wgrad_sparse(struct draw *d)
{
	struct shape s = some_shape(d, 40000);
	struct lt_wgrad_job j = some_wgrad(d, &s);
	int32_t *off = offsets(d, &s);
	struct kept k = some_kept(d, &s);
	int32_t *list = listed(d, &k, off);
	float *dst = output(d, (size_t)k.n);
	d->k->wgrad_sparse(dst, &j, k.ptr, list, scratch(d, &s));
}

/* ---- the sums of the bf16 mode ---- */

/* Numbers of bf16: a quarter of them so small that products are subnormal, or
 * none. */
static void
narrow(struct draw *d, float *p, size_t n, bool small)
{
	for (size_t i = 0; i < n; i++) {
		if (small && chance(d, 25))
			p[i] *= 1e-19f;
		else if (!small && fabsf(p[i]) < 1e-12f)
			p[i] = 0;
		p[i] = lt_bf16_get(lt_bf16_put(p[i]));
	}
}

/* How n terms begin: chains and blocks of any lengths. */
static void
begin(struct draw *d, uint8_t *begins, int n)
{
	int longest = pick(d, 1, 16), left = 0, how = LT_ODD;
	for (int t = 0; t < n; t++, left--) {
		begins[t] = LT_GOES_ON;
		if (t && left > 0)
			continue;
		left = pick(d, 1, longest);
		how = t && how == LT_BLOCK && chance(d, 70) ? LT_ODD : LT_BLOCK;
		begins[t] = (uint8_t)how;
	}
}

static void
conv_bf16(struct draw *d, bool dense)
{
	struct shape s = some_shape(d, 40000);
	int32_t *off = offsets(d, &s);
	struct kept k = some_kept(d, &s);
	float *val = input(d, (size_t)k.n);
	struct lt_conv_job j = some_conv(d, &s);
	bool small = chance(d, 50);
	narrow(d, val, (size_t)k.n, small);
	narrow(d, (float *)j.src, j.src_sh * (size_t)s.shards, small);
	float *p = packed(d, &s, &k, val);
	int32_t *list = listed(d, &k, off);
	uint8_t *begins = (uint8_t *)ints(d, (size_t)(k.n + s.terms) + 1);
	begin(d, begins, s.terms);
	if (dense)
		d->k->conv_dense_bf16(&j, p, off, begins, s.terms);
	for (int o = 0; o < s.o; o++)
		begin(d, begins + k.ptr[o], k.ptr[o + 1] - k.ptr[o]);
	if (!dense)
		d->k->conv_sparse_bf16(&j, k.ptr, list, begins, val);
}

static void
conv_dense_bf16(struct draw *d)
{
	conv_bf16(d, true);
}

static void
conv_sparse_bf16(struct draw *d)
{
	conv_bf16(d, false);
}

/* A job, and scratch that may hold any numbers; some jobs have more sums than
 * the kernels keep at once.  In wild cases rows are whole pairs: a zero for a
 * column that is not there makes a NaN of an infinity. */
static float *
wgrad_bf16(struct draw *d, struct lt_wgrad_job *j, struct shape *s)
{
	static const struct shape many = {16, 510, 3, 1, 1, 1, 2, 144, 3, 4};
	*s = chance(d, 5) ? many : some_shape(d, 40000);
	s->wp += d->wild && s->cols % 2 ? s->stride : 0;
	s->cols += d->wild ? s->cols % 2 : 0;
	*j = some_wgrad(d, s);
	j->c = s->c;
	j->x_line = (size_t)s->wp * LT_LANES;
	j->x_ch = (size_t)s->nr * j->x_line;
	bool small = chance(d, 50);
	narrow(d, (float *)j->x, j->x_sh * (size_t)s->shards, small);
	narrow(d, (float *)j->dy, j->dy_sh * (size_t)s->shards, small);
	size_t n = lt_wgrad_bf16_scratch(j);
	float *p = block(d, n, false);
	d->len[d->n - 1] = 0;
	return p;
}

static void
wgrad_dense_bf16(struct draw *d)
{
	struct lt_wgrad_job j;
	struct shape s;
	float *scratch = wgrad_bf16(d, &j, &s);
	int32_t *off = offsets(d, &s);
	float *dst = output(d, (size_t)(s.o * s.terms));
	d->k->wgrad_dense_bf16(dst, &j, off, s.terms, scratch);
}

static void
wgrad_sparse_bf16(struct draw *d)
{
	struct lt_wgrad_job j;
	struct shape s;
	float *scratch = wgrad_bf16(d, &j, &s);
	int32_t *off = offsets(d, &s);
	struct kept k = some_kept(d, &s);
	int32_t *list = listed(d, &k, off);
	float *dst = output(d, (size_t)k.n);
	d->k->wgrad_sparse_bf16(dst, &j, k.ptr, list, scratch);
}

/* ---- sums ---- */

static void
tree_sum(struct draw *d)
{
	size_t n = (size_t)pick(d, 0, 67), stride = n + (size_t)pick(d, 0, 3);
	int parts = pick(d, 1, 17);
	float *part = output(d, stride * (size_t)parts);
	float *dst = chance(d, 50) ? part : output(d, n);
	d->k->tree_sum(dst, part, stride, parts, n);
}

static void
drain(struct draw *d)
{
	size_t n;
	struct lt_drain p = some_drain(d, &n);
	size_t c = (size_t)p.c;
	void *dst = tensor(d, n, p.format, true);
	struct lt_bn_sums s = {.k = input(d, c),
		.live = chance(d, 50) ? live_lanes(d) : NULL,
		.s1 = output(d, c),
		.s2 = output(d, c)};
	d->k->drain(chance(d, 80) ? dst : NULL, input(d, p.src_ch * c), &p,
		chance(d, 70) ? &s : NULL);
}

static void
drain_back(struct draw *d)
{
	size_t n;
	struct lt_drain p = some_drain(d, &n);
	size_t c = (size_t)p.c;
	struct lt_drain_back b = {
		.view = some_view(d, p.c), .mean = input(d, c)};
	void *dst = tensor(d, n, p.format, true);
	if (chance(d, 50))
		b.add = chance(d, 50) ? dst : tensor(d, n, p.format, false);
	if (chance(d, 70))
		b.v = tensor(d, n, p.format, false);
	if (chance(d, 70))
		b.y = tensor(d, n, p.format, false);
	if (chance(d, 70)) {
		b.t1 = output(d, c);
		b.t2 = output(d, c);
	}
	d->k->drain_back(
		chance(d, 80) ? dst : NULL, input(d, p.src_ch * c), &p, &b);
}

/* ---- once over ---- */

static struct lt_stage
some_stage(struct draw *d)
{
	struct lt_stage s = {.c = size(d, 20),
		.h = size(d, 12),
		.w = size(d, 20),
		.row0 = pick(d, -4, 12),
		.nrows = pick(d, 1, 9),
		.left = pick(d, 0, 4),
		.format = some_format(d),
		.rounds = chance(d, 50)};
	s.wp = pick(d, 1, s.left + s.w + 5);
	return s;
}

static void
stage(struct draw *d)
{
	struct lt_stage s = some_stage(d);
	struct lt_view v = some_view(d, s.c);
	void *src = tensor(
		d, (size_t)(s.c * s.h * s.w) * LT_LANES, s.format, false);
	float *dst = output(d, (size_t)(s.c * s.nrows * s.wp) * LT_LANES);
	d->k->stage(dst, src, &s, &v);
}

static void
stage_bn_back(struct draw *d)
{
	struct lt_stage s = some_stage(d);
	size_t c = (size_t)s.c, n = c * (size_t)(s.h * s.w) * LT_LANES;
	struct lt_bn_back bn = {.a = input(d, c),
		.b = input(d, c),
		.c0 = input(d, c),
		.mean = input(d, c)};
	void *g = tensor(d, n, s.format, false);
	void *y = tensor(d, n, s.format, false);
	float *live = live_lanes(d);
	float *dst = output(d, c * (size_t)(s.nrows * s.wp) * LT_LANES);
	d->k->stage_bn_back(dst, g, y, &s, &bn, live);
}

static void
add(struct draw *d)
{
	size_t n;
	struct lt_drain p = some_drain(d, &n);
	struct lt_view va = some_view(d, p.c), vb = some_view(d, p.c);
	void *a = tensor(d, n, p.format, false),
	     *b = tensor(d, n, p.format, false);
	void *dst = tensor(d, n, p.format, true);
	int alias = pick(d, 0, 2);
	d->k->add(dst, alias == 1 ? dst : a, alias == 2 ? dst : b, &p, &va, &vb,
		chance(d, 50));
}

static void
two_arrays(struct draw *d,
	void (*fn)(float *dst, const float *a, const float *b, size_t n))
{
	size_t n = (size_t)pick(d, 0, 99);
	float *a = input(d, n), *b = input(d, n), *dst = output(d, n);
	int alias = pick(d, 0, 2);
	fn(dst, alias == 1 ? dst : a, alias == 2 ? dst : b, n);
}

static void
sum(struct draw *d)
{
	two_arrays(d, d->k->sum);
}

static void
mul(struct draw *d)
{
	two_arrays(d, d->k->mul);
}

/* Offsets that are neighbours in part, and weights that are. */
static void
pack(struct draw *d)
{
	int n = pick(d, 0, 150), outs = pick(d, 1, LT_OB);
	size_t step = chance(d, 40) ? 1 : (size_t)pick(d, 2, 40);
	uint32_t *at = (uint32_t *)ints(d, (size_t)n + 1), end = 0;
	int next = pick(d, 10, 100);
	for (int t = 0; t < n; t++) {
		at[t] = end + (chance(d, next) ? 0 : (uint32_t)pick(d, 0, 9));
		end = at[t] + 1;
	}
	float *w = input(d, end + (size_t)(LT_OB - 1) * step);
	d->k->pack(output(d, (size_t)n * LT_OB), w, at, n, step, outs,
		chance(d, 50));
}

static void
sgd(struct draw *d)
{
	size_t n = (size_t)pick(d, 0, 99);
	float *w = output(d, n), *m = output(d, n), *g = input(d, n);
	float lr = lt_rng_f32(&d->rng), mu = lt_rng_f32(&d->rng);
	float decay = chance(d, 50) ? 1e-4f : 0;
	bool nesterov = chance(d, 50);
	*output(d, 1) = d->k->sgd(w, m, g, n, lr, mu, decay, nesterov);
}

static void
sgd_kept(struct draw *d)
{
	size_t n = (size_t)pick(d, 1, 99), kept = 0;
	float *w = output(d, n), *m = output(d, n), *g = input(d, n);
	uint32_t *at = (uint32_t *)ints(d, n);
	float lr = lt_rng_f32(&d->rng), mu = lt_rng_f32(&d->rng);
	for (size_t i = 0; i < n; i++)
		if (chance(d, 50))
			at[kept++] = (uint32_t)i;
	bool nesterov = chance(d, 50);
	*output(d, 1) =
		d->k->sgd_kept(w, m, g, at, kept, lr, mu, 1e-4f, nesterov);
}

/* ---- comparing ---- */

static const struct kind kinds[] = {
	{"conv_dense", conv_dense, 120},
	{"conv_sparse", conv_sparse, 120},
	{"wgrad_dense", wgrad_dense, 80},
	{"wgrad_sparse", wgrad_sparse, 80},
	{"conv_dense_bf16", conv_dense_bf16, 80},
	{"conv_sparse_bf16", conv_sparse_bf16, 80},
	{"wgrad_dense_bf16", wgrad_dense_bf16, 40},
	{"wgrad_sparse_bf16", wgrad_sparse_bf16, 40},
	{"tree_sum", tree_sum, 100},
	{"drain", drain, 100},
	{"drain_back", drain_back, 200},
	{"stage", stage, 100},
	{"stage_bn_back", stage_bn_back, 100},
	{"add", add, 100},
	{"sum", sum, 100},
	{"mul", mul, 100},
	{"pack", pack, 200},
	{"sgd", sgd, 100},
	{"sgd_kept", sgd_kept, 100},
};

static void
dense_is_sparse(void)
{
	for (int i = 1; i <= (only_seed ? 1 : 60); i++)
		CHECK(case_agrees("dense and sparse", conv_dense, conv_sparse,
			variant, variant, only_seed ? only_seed : (uint64_t)i));
}

static void
lists_and_blocks(const char *name)
{
	char title[80];
	const char *why;

	variant = lt_kern_get(name, &why);
	if (!variant)
		return;
	snprintf(title, sizeof title,
		"in %s zeroed weights and listed ones give the same bits",
		name);
	TEST(dense_is_sparse, title);
}

static void
names_are_checked(void)
{
	const char *why = NULL;
	CHECK(lt_kern_get("ref", &why) == &lt_kern_ref);
	CHECK(!lt_kern_get("v5", &why));
	CHECK(why && *why);
	setenv("LT_KERN", "ref", 1);
	CHECK(lt_kern_get(NULL, &why) == &lt_kern_ref);
	setenv("LT_KERN", "fast", 1);
	CHECK(!lt_kern_get(NULL, &why));
	unsetenv("LT_KERN");
	CHECK(lt_kern_get(NULL, &why) != NULL);
}

int
main(int argc, char **argv)
{
	compare_variants(
		kinds, sizeof kinds / sizeof *kinds, argc > 1 ? argv[1] : NULL);
	lists_and_blocks("ref");
	lists_and_blocks("v3");
	lists_and_blocks("v4");
	lists_and_blocks("neon");
	TEST(names_are_checked,
		"a kernel is had by name, by LT_KERN or by processor");
	return tap_done();
}
