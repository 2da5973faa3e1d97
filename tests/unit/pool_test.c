/* Pools of every variant against the scalar reference, bit by bit.
 *
 *	pool_test [SEED]	one case of each kernel, of this seed
 */
#include "agree.h"

static struct lt_pool
some_pool(struct draw *d, int pad)
{
	struct lt_pool p = {.c = size(d, 20),
		.h = pick(d, 3, 12),
		.w = pick(d, 3, 12),
		.k = pick(d, 1, 3),
		.stride = pick(d, 1, 3)};
	p.pad = pad && p.k > 1 ? pick(d, 0, 1) : 0;
	p.oh = (p.h + 2 * p.pad - p.k) / p.stride + 1;
	p.ow = (p.w + 2 * p.pad - p.k) / p.stride + 1;
	p.share = 1.0f / (float)(p.k * p.k);
	if (chance(d, 20)) { /* a global one, of any plane */
		p.oh = p.ow = p.stride = 1;
		p.pad = 0;
		p.k = p.h > p.w ? p.h : p.w;
		p.share = 1.0f / (float)(p.h * p.w);
	}
	return p;
}

static size_t
pool_in(const struct lt_pool *p)
{
	return (size_t)(p->c * p->h * p->w) * LT_LANES;
}

static size_t
pool_out(const struct lt_pool *p)
{
	return (size_t)(p->c * p->oh * p->ow) * LT_LANES;
}

static void
pool_forward(struct draw *d, int pad,
	void (*fn)(float *dst, const float *src, const struct lt_pool *p,
		const struct lt_view *view))
{
	struct lt_pool p = some_pool(d, pad);
	struct lt_view v = some_view(d, p.c);
	float *src = input(d, pool_in(&p)), *dst = output(d, pool_out(&p));
	fn(dst, src, &p, &v);
}

static void
pool_back(struct draw *d, int pad,
	void (*fn)(float *dx, const float *dy, const struct lt_pool *p))
{
	struct lt_pool p = some_pool(d, pad);
	float *dx = output(d, pool_in(&p)), *dy = input(d, pool_out(&p));
	fn(dx, dy, &p);
}

static void
maxpool(struct draw *d)
{
	pool_forward(d, 1, d->k->maxpool);
}

static void
maxpool_back(struct draw *d)
{
	struct lt_pool p = some_pool(d, 1);
	struct lt_view v = some_view(d, p.c);
	float *dx = output(d, pool_in(&p)), *dy = input(d, pool_out(&p));
	float *src = input(d, pool_in(&p));
	d->k->maxpool_back(dx, dy, src, &p, &v);
}

static void
avgpool(struct draw *d)
{
	pool_forward(d, 1, d->k->avgpool);
}

static void
avgpool_back(struct draw *d)
{
	pool_back(d, 1, d->k->avgpool_back);
}

static struct lt_pool
some_shares(struct draw *d)
{
	struct lt_pool p = {.c = size(d, 20),
		.h = pick(d, 1, 12),
		.w = pick(d, 1, 12),
		.oh = pick(d, 1, 9),
		.ow = pick(d, 1, 9)};
	return p;
}

static void
adaptpool(struct draw *d)
{
	struct lt_pool p = some_shares(d);
	struct lt_view v = some_view(d, p.c);
	float *src = input(d, pool_in(&p)), *dst = output(d, pool_out(&p));
	d->k->adaptpool(dst, src, &p, &v);
}

static void
adaptpool_back(struct draw *d)
{
	struct lt_pool p = some_shares(d);
	float *dx = output(d, pool_in(&p)), *dy = input(d, pool_out(&p));
	d->k->adaptpool_back(dx, dy, &p);
}

static void
subsample(struct draw *d)
{
	pool_forward(d, 0, d->k->subsample);
}

static void
subsample_back(struct draw *d)
{
	pool_back(d, 0, d->k->subsample_back);
}

static const struct kind kinds[] = {
	{"maxpool", maxpool, 100},
	{"maxpool_back", maxpool_back, 100},
	{"avgpool", avgpool, 100},
	{"avgpool_back", avgpool_back, 100},
	{"adaptpool", adaptpool, 100},
	{"adaptpool_back", adaptpool_back, 100},
	{"subsample", subsample, 100},
	{"subsample_back", subsample_back, 100},
};

int
main(int argc, char **argv)
{
	compare_variants(
		kinds, sizeof kinds / sizeof *kinds, argc > 1 ? argv[1] : NULL);
	return tap_done();
}
