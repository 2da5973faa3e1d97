/* Batch norm and group norm in double precision. */
#include <math.h>
#include "exact/exact_row.h"

/* ---- batch norm (Ioffe & Szegedy 2015) ----------------------------------- */

static double *
norm_param(const struct pass *p, double *w, int which)
{
	return w + p->x->g->param[p->n->param[which]].offset + p->c;
}

/* The channel's scale (0) or shift (1). */
static double
scale_of(const struct pass *p, int which)
{
	return p->n->plain ? which == 0 : *norm_param(p, p->x->w, which);
}

static void
norm(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *w = p->x->w, mean = 0, var = 0;

	for (size_t i = 0; p->x->train && i < p->px; i++)
		mean += in[i];
	mean /= (double)p->px;
	for (size_t i = 0; p->x->train && i < p->px; i++)
		var += (in[i] - mean) * (in[i] - mean);
	var /= (double)p->px;
	if (!p->x->train) {
		mean = *norm_param(p, w, 2);
		var = *norm_param(p, w, 3);
	}
	double inv = 1 / sqrt(var + (double)p->n->eps);
	for (size_t i = 0; i < p->px; i++)
		p->y[i] =
			(in[i] - mean) * inv * scale_of(p, 0) + scale_of(p, 1);
	*norm_param(p, p->x->mean, 2) = mean;
	*norm_param(p, p->x->inv, 2) = inv;
}

static void
norm_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c);
	double mean = *norm_param(p, p->x->mean, 2), dbeta = 0, dgamma = 0;
	double inv = *norm_param(p, p->x->inv, 2);
	double by = scale_of(p, 0) * inv;
	double count = (double)p->px;

	for (size_t i = 0; i < p->px; i++) {
		dbeta += p->dy[i];
		dgamma += p->dy[i] * (in[i] - mean) * inv;
	}
	if (!p->n->plain) {
		*norm_param(p, p->x->dw, 0) = dgamma;
		*norm_param(p, p->x->dw, 1) = dbeta;
	}
	if (!p->x->train)
		dbeta = dgamma = 0;
	for (size_t i = 0; dx && i < p->px; i++)
		dx[i] += by * (p->dy[i] - dbeta / count -
				      (in[i] - mean) * inv * dgamma / count);
}

/* ---- group norm (Wu & He 2018) ------------------------------------------- */

/* The group of one image that channel p->c belongs to: its channels of the
 * input, and what they have in common. */
struct group {
	int c0, c1;
	size_t at, px; /* the image's first pixel of a channel, and how many */
	double mean, inv;
};

static double
group_param(const struct pass *p, int which, int c)
{
	if (p->n->plain)
		return which == 0;
	return p->x->w[p->x->g->param[p->n->param[which]].offset + (size_t)c];
}

static struct group
group_of(const struct pass *p, int image)
{
	int per = p->n->c / p->n->groups, first = p->c / per * per;
	size_t px = (size_t)p->n->h * (size_t)p->n->w;
	struct group g = {first, first + per, (size_t)image * px, px, 0, 0};
	double count = (double)per * (double)px, var = 0;

	for (int c = g.c0; c < g.c1; c++)
		for (size_t i = g.at; i < g.at + px; i++)
			g.mean += plane(p, p->x->a, 0, c)[i] / count;
	for (int c = g.c0; c < g.c1; c++)
		for (size_t i = g.at; i < g.at + px; i++) {
			double d = plane(p, p->x->a, 0, c)[i] - g.mean;
			var += d * d / count;
		}
	g.inv = 1 / sqrt(var + (double)p->n->eps);
	return g;
}

static void
groupnorm(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (int image = 0; image < p->x->n; image++) {
		struct group g = group_of(p, image);
		for (size_t i = g.at; i < g.at + g.px; i++)
			p->y[i] = (in[i] - g.mean) * g.inv *
					  group_param(p, 0, p->c) +
				  group_param(p, 1, p->c);
	}
}

/* The means over the group of dy gamma, and of that times the normalized
 * input. */
static void
group_means(const struct pass *p, const struct group *g, double *m, double *mx)
{
	size_t step = lt_exact_plane(p->x, p->node);
	double count = (double)(g->c1 - g->c0) * (double)g->px;

	*m = *mx = 0;
	for (int c = g->c0; c < g->c1; c++)
		for (size_t i = g->at; i < g->at + g->px; i++) {
			double dy = p->x->d[p->node][(size_t)c * step + i] *
				    group_param(p, 0, c);
			double v = plane(p, p->x->a, 0, c)[i];
			*m += dy / count;
			*mx += dy * (v - g->mean) * g->inv / count;
		}
}

static void
groupnorm_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c), dgamma = 0, dbeta = 0, m, mx;

	for (int image = 0; image < p->x->n; image++) {
		struct group g = group_of(p, image);
		group_means(p, &g, &m, &mx);
		for (size_t i = g.at; i < g.at + g.px; i++) {
			double hat = (in[i] - g.mean) * g.inv;
			dbeta += p->dy[i];
			dgamma += p->dy[i] * hat;
			if (dx)
				dx[i] += g.inv *
					 (p->dy[i] * group_param(p, 0, p->c) -
						 m - hat * mx);
		}
	}
	if (p->n->plain)
		return;
	*norm_param(p, p->x->dw, 0) = dgamma;
	*norm_param(p, p->x->dw, 1) = dbeta;
}

const struct exact_row exact_BN = {PASS(norm)};
const struct exact_row exact_GROUPNORM = {PASS(groupnorm)};
