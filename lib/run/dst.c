/* Dropping and growing. */
#include "run/dst.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "base/rng.h"
#include "mask/select.h"

const char *const lt_dst_name[] = {"off", "set", "rigl"};

static uint64_t
end_of(const struct lt_dst *d, const struct lt_sched *sched)
{
	if (!d->end.value)
		return sched->total - sched->total / 4;
	return lt_point_iteration(d->end, sched->per_epoch);
}

bool
lt_dst_due(const struct lt_dst *d, const struct lt_sched *sched, uint64_t t)
{
	if (d->rule == LT_DST_OFF || !t || t >= sched->total)
		return false;
	return t < end_of(d, sched) &&
	       t % lt_point_iteration(d->every, sched->per_epoch) == 0;
}

uint64_t
lt_dst_changes(const struct lt_dst *d, const struct lt_sched *sched)
{
	uint64_t end = end_of(d, sched);

	if (end > sched->total)
		end = sched->total;
	if (d->rule == LT_DST_OFF || !end)
		return 0;
	return (end - 1) / lt_point_iteration(d->every, sched->per_epoch);
}

double
lt_dst_share(const struct lt_dst *d, const struct lt_sched *sched, uint64_t t)
{
	double passed = (double)t / (double)end_of(d, sched);

	return d->fraction * 0.5 * (1 + lt_cospi(passed));
}

/* Of the candidates in grown, leave the k that are drawn. */
static void
grow_by_chance(uint8_t *grown, const struct lt_mask_layer *l, size_t k,
	size_t candidates, uint64_t seed, uint64_t t)
{
	double *score = lt_alloc(l->count, sizeof *score);
	struct lt_scored_layer scored = {score, grown, l->count};
	struct lt_rng r;

	lt_rng_init(&r, seed, LT_STREAM_GROW, lt_rng_hash(l->name), t);
	for (size_t i = 0; i < l->count; i++)
		score[i] = lt_rng_f64(&r);
	lt_select_remove(&scored, 1, candidates - k);
	free(score);
}

static void
change_layer(struct lt_mask_layer *l, const struct lt_param *p,
	const struct lt_model *m, const float *grad, double share,
	uint64_t seed, uint64_t t)
{
	size_t kept = lt_mask_layer_kept(l);
	size_t k = (size_t)floor((double)kept * share);
	size_t candidates = l->count - kept + k;
	struct lt_sized_layer sized = {m->w + p->offset, l->keep, l->count};

	lt_select_remove_small(&sized, 1, k);
	uint8_t *grown = lt_alloc(l->count, 1);
	for (size_t i = 0; i < l->count; i++)
		grown[i] = !l->keep[i];
	if (grad) {
		sized.w = grad + p->offset;
		sized.keep = grown;
		lt_select_remove_small(&sized, 1, candidates - k);
	} else {
		grow_by_chance(grown, l, k, candidates, seed, t);
	}
	for (size_t i = 0; i < l->count; i++)
		l->keep[i] |= grown[i];
	free(grown);
}

bool
lt_dst_moves(const struct lt_mask_layer *l, const struct lt_graph *g,
	const double *scale)
{
	int p = lt_graph_find_param(g, l->name);
	size_t kept = lt_mask_layer_kept(l);

	LT_BUG_ON(p < 0);
	return kept && kept < l->count && !(scale && scale[p] == 0) &&
	       !g->node[g->param[p].node].unused;
}

void
lt_dst_change(struct lt_mask *mask, const struct lt_model *m,
	const double *scale, const float *grad, double share, uint64_t seed,
	uint64_t t)
{
	for (size_t i = 0; i < mask->n; i++) {
		struct lt_mask_layer *l = &mask->layer[i];
		int p = lt_graph_find_param(m->g, l->name);
		if (lt_dst_moves(l, m->g, scale))
			change_layer(
				l, &m->g->param[p], m, grad, share, seed, t);
	}
}
