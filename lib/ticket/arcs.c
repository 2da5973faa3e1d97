/* Arcs in input space. */
#include <math.h>
#include <stdlib.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "base/rng.h"
#include "ticket/trajectory.h"

static void
arcs_init(struct lt_arcs *a, int n, size_t size, double turn)
{
	*a = (struct lt_arcs){.n = n, .size = size, .turn = turn};
	a->u = lt_alloc((size_t)n * size, sizeof *a->u);
	a->v = lt_alloc((size_t)n * size, sizeof *a->v);
}

void
lt_arcs_release(struct lt_arcs *a)
{
	free(a->u);
	free(a->v);
	a->u = a->v = NULL;
}

static int
load(double *x, const struct lt_dataset *d, uint32_t sample,
	const struct lt_norm *nm, struct lt_err *err)
{
	size_t plane = (size_t)d->h * (size_t)d->w;
	uint8_t *px = lt_alloc(d->img_size, 1);
	int bad = lt_dataset_image(d, sample, px, err);

	for (size_t i = 0; i < d->img_size && !bad; i++) {
		size_t c = i / plane;
		x[i] = (px[i] / 255.0 - (double)nm->mean[c]) /
		       (double)nm->std[c];
	}
	free(px);
	return bad;
}

int
lt_arcs_between(struct lt_arcs *a, int n, const struct lt_dataset *data,
	const struct lt_index *index, const struct lt_norm *norm, uint64_t seed,
	struct lt_err *err)
{
	int bad = 0;

	arcs_init(a, n, data->img_size, 0.25);
	for (int i = 0; i < n && !bad; i++) {
		struct lt_rng r;
		lt_rng_init(&r, seed, LT_STREAM_ARC, (uint64_t)i, 0);
		size_t from = lt_rng_below(&r, index->n);
		size_t to = lt_rng_below(&r, index->n - 1);
		to += to >= from;
		bad = load(a->u + (size_t)i * a->size, data, index->v[from],
			      norm, err) < 0 ||
		      load(a->v + (size_t)i * a->size, data, index->v[to], norm,
			      err) < 0;
	}
	return bad ? -1 : 0;
}

void
lt_plane_random(double *p, double *q, size_t n, struct lt_rng *r)
{
	double pp = 0, pq = 0, qq = 0;

	for (size_t i = 0; i < n; i++)
		p[i] = lt_rng_normal(r);
	for (size_t i = 0; i < n; i++)
		q[i] = lt_rng_normal(r);
	for (size_t i = 0; i < n; i++) {
		pp += p[i] * p[i];
		pq += p[i] * q[i];
	}
	for (size_t i = 0; i < n; i++) {
		q[i] -= pq / pp * p[i];
		qq += q[i] * q[i];
	}
	for (size_t i = 0; i < n; i++) {
		p[i] /= sqrt(pp);
		q[i] /= sqrt(qq);
	}
}

void
lt_arcs_circles(struct lt_arcs *a, int n, size_t size, uint64_t seed)
{
	double radius = sqrt((double)size);

	arcs_init(a, n, size, 1);
	for (int i = 0; i < n; i++) {
		struct lt_rng r;
		double *u = a->u + (size_t)i * size;
		double *v = a->v + (size_t)i * size;
		lt_rng_init(&r, seed, LT_STREAM_ARC, (uint64_t)i, 1);
		lt_plane_random(u, v, size, &r);
		for (size_t j = 0; j < size; j++) {
			u[j] *= radius;
			v[j] *= radius;
		}
	}
}

void
lt_arcs_at(const struct lt_arcs *a, int arc, double t, double *x)
{
	const double *u = a->u + (size_t)arc * a->size;
	const double *v = a->v + (size_t)arc * a->size;
	double c = lt_cospi(2 * a->turn * t);
	double s = lt_cospi(2 * a->turn * t - 0.5);

	for (size_t i = 0; i < a->size; i++)
		x[i] = c * u[i] + s * v[i];
}
