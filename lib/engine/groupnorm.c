/* Group norm (Wu & He 2018): each image's channels, group by group, have mean 0
 * and variance 1, then a scale and a shift a channel.  It reduces across
 * channels, within an image, so nothing depends on the batch.
 *
 * All sums are in double, lane by lane: pixels of a channel ascending, then
 * channels; those of parameters then over lanes and shards ascending. */
#include <math.h>
#include <omp.h>
#include <string.h>
#include "engine/engine_int.h"

#define L LT_LANES

/* The values kept of a shard: of each group and lane the mean, 1 / deviation,
 * and the two means of the gradient; of each channel the gradients of its scale
 * and shift. */
struct kept {
	float *mean, *inv, *g_mean, *gx_mean; /* [groups][16] */
	float *dgamma, *dbeta;		      /* [c] */
};

static size_t
keeps(const struct lt_engine *x, int node)
{
	const struct lt_node *n = &x->g->node[node];

	return 4 * (size_t)n->groups * L + 2 * (size_t)n->c;
}

static struct kept
kept_of(const struct lt_engine *x, int node, int shard)
{
	const struct lt_node *n = &x->g->node[node];
	size_t each = (size_t)n->groups * L;
	float *p = x->kept_by[node] + (size_t)shard * keeps(x, node);

	return (struct kept){p, p + each, p + 2 * each, p + 3 * each,
		p + 4 * each, p + 4 * each + n->c};
}

/* Parameter which of channel c, or what it is without one. */
static float
param(const struct lt_engine *x, const struct lt_node *n, int which, int c)
{
	if (n->plain)
		return which == 0;
	return x->m->w[x->g->param[n->param[which]].offset + (size_t)c];
}

/* Adds v - from, or its square, of all pixels to each lane. */
static void
add_up(double *sum, const float *v, const double *from, size_t cells,
	bool square)
{
	for (size_t i = 0; i < cells; i++) {
		double d = (double)v[i] - from[i % L];
		sum[i % L] += square ? d * d : d;
	}
}

static void
begin(struct lt_engine *x, int node, int shard, float *scratch)
{
	const struct lt_node *n = &x->g->node[node];
	struct kept k = kept_of(x, node, shard);
	size_t cells = plane_cells(x, node);
	int per = n->c / n->groups;
	double count = (double)per * n->h * n->w;

	for (int g = 0; g < n->groups; g++) {
		double mean[L] = {0}, var[L] = {0}, zero[L] = {0};
		for (int c = g * per; c < (g + 1) * per; c++)
			add_up(mean,
				read_plane(x, input_value(x, node, 0), shard, c,
					scratch),
				zero, cells, false);
		for (int i = 0; i < L; i++)
			mean[i] /= count;
		for (int c = g * per; c < (g + 1) * per; c++)
			add_up(var,
				read_plane(x, input_value(x, node, 0), shard, c,
					scratch),
				mean, cells, true);
		for (int i = 0; i < L; i++) {
			k.mean[g * L + i] = (float)mean[i];
			k.inv[g * L + i] = (float)(1 / sqrt(var[i] / count +
							       (double)n->eps));
		}
	}
}

static void
forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	const struct lt_node *n = &x->g->node[node];
	struct kept k = kept_of(x, node, shard);
	struct planes t = planes_of(x, node, scratch);
	size_t cells = plane_cells(x, node);

	for (int c = c0; c < c1; c++) {
		size_t group = (size_t)(c / (n->c / n->groups)) * L;
		float gamma = param(x, n, 0, c), beta = param(x, n, 1, c);
		const float *src =
			read_plane(x, input_value(x, node, 0), shard, c, t.a);
		float *dst = plane_place(x, node, shard, c, t.tmp), by[L];
		for (int i = 0; i < L; i++)
			by[i] = k.inv[group + (size_t)i] * gamma;
		for (size_t i = 0; i < cells; i++)
			dst[i] = (src[i] - k.mean[group + i % L]) * by[i % L] +
				 beta;
		write_plane(x, node, shard, c, dst);
	}
}

/* The parameters have a gradient even where the input has none. */
static void
plan_back(struct planner *p, int node)
{
	int in = p->x->g->node[node].in[0];
	struct back_step *s = plan_emit(p->x, BACK_OWN, node, p->g[node]);

	if (p->x->wanted[in])
		plan_share(p, s, in);
}

/* Sums of one channel's gradient g and of g times the normalized input, lane by
 * lane; both by the channel's scale go to its group's. */
static void
channel_sums(struct lt_engine *x, const struct back_step *s, int shard, int c,
	const struct planes *t, double *group_g, double *group_gx)
{
	const struct lt_node *n = &x->g->node[s->node];
	struct kept k = kept_of(x, s->node, shard);
	size_t cells = plane_cells(x, s->node);
	size_t group = (size_t)(c / (n->c / n->groups)) * L;
	double gamma = (double)param(x, n, 0, c), all = 0, all_x = 0;
	double sum[L] = {0}, sum_x[L] = {0};
	const float *g = read_gradient(x, s->g, s->node, shard, c, t->a);
	const float *v =
		read_plane(x, input_value(x, s->node, 0), shard, c, t->tmp);

	for (size_t i = 0; i < cells; i++) {
		size_t at = group + i % L;
		double hat =
			((double)v[i] - (double)k.mean[at]) * (double)k.inv[at];
		sum[i % L] += (double)g[i];
		sum_x[i % L] += (double)g[i] * hat;
	}
	for (int i = 0; i < L; i++) {
		all += sum[i];
		all_x += sum_x[i];
		group_g[i] += gamma * sum[i];
		group_gx[i] += gamma * sum_x[i];
	}
	k.dbeta[c] = (float)all;
	k.dgamma[c] = (float)all_x;
}

static void
shard_sums(struct lt_engine *x, const struct back_step *s, int shard,
	float *scratch)
{
	const struct lt_node *n = &x->g->node[s->node];
	struct kept k = kept_of(x, s->node, shard);
	struct planes t = planes_of(x, s->node, scratch);
	int per = n->c / n->groups;
	double count = (double)per * n->h * n->w;

	for (int g = 0; g < n->groups; g++) {
		double sum[L] = {0}, sum_x[L] = {0};
		for (int c = g * per; c < (g + 1) * per; c++)
			channel_sums(x, s, shard, c, &t, sum, sum_x);
		for (int i = 0; i < L; i++) {
			k.g_mean[g * L + i] = (float)(sum[i] / count);
			k.gx_mean[g * L + i] = (float)(sum_x[i] / count);
		}
	}
}

static void
prepare_back(struct lt_engine *x, const struct back_step *s)
{
	const struct lt_node *n = &x->g->node[s->node];

#pragma omp parallel for schedule(static) \
	num_threads(x->threads) default(none) shared(x, s)
	for (int i = 0; i < x->shards; i++)
		shard_sums(x, s, i, x->scratch[omp_get_thread_num()]);
	for (int c = 0; c < n->c && !n->plain; c++) {
		double dgamma = 0, dbeta = 0;
		for (int i = 0; i < x->shards; i++) {
			struct kept k = kept_of(x, s->node, i);
			dgamma += (double)k.dgamma[c];
			dbeta += (double)k.dbeta[c];
		}
		x->grad[x->g->param[n->param[0]].offset + (size_t)c] =
			(float)dgamma * x->unscale;
		x->grad[x->g->param[n->param[1]].offset + (size_t)c] =
			(float)dbeta * x->unscale;
	}
}

/* dx = inv (gamma g - mean(gamma g) - hat mean(gamma g hat)). */
static const float *
back(const struct lt_engine *x, const struct back_step *s, int shard, int c,
	const struct planes *t)
{
	const struct lt_node *n = &x->g->node[s->node];
	struct kept k = kept_of(x, s->node, shard);
	size_t cells = plane_cells(x, s->node);
	size_t group = (size_t)(c / (n->c / n->groups)) * L;
	float gamma = param(x, n, 0, c);
	const float *g = read_gradient(x, s->g, s->node, shard, c, t->a);
	const float *v =
		read_plane(x, input_value(x, s->node, 0), shard, c, t->tmp);

	for (size_t i = 0; i < cells; i++) {
		size_t at = group + i % L;
		float hat = (v[i] - k.mean[at]) * k.inv[at];
		t->own[i] = k.inv[at] *
			    (gamma * g[i] - k.g_mean[at] - hat * k.gx_mean[at]);
	}
	return t->own;
}

const struct engine_row engine_GROUPNORM = {.keeps = keeps,
	.begin = begin,
	.forward = forward,
	.plan_back = plan_back,
	.prepare_back = prepare_back,
	.back = back};
