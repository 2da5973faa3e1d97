#include "net/unitmask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

struct job {
	const struct lt_model *m;
	const struct lt_graph *g;
	const struct lt_mask *mask; /* its layers take part */
	struct lt_units units;
	double *score; /* [units.n], below 0: takes no part */
	int *layer;    /* [units.n] the first layer that makes it, or -1 */
	uint8_t *gone; /* [units.n] mask removes all of its weights */
	uint8_t *keep; /* [units.n] */
};

static bool
is_layer(const struct lt_graph *g, int node)
{
	return !g->node[node].unused && lt_op_row(&g->node[node])->taps;
}

static void
raise_score(double *score, const struct lt_units *u, int node, int c, double v)
{
	double *s = &score[lt_units_of(u, node, c)];

	if (v > *s)
		*s = v;
}

void
lt_unit_bn_scale(double *score, const struct lt_units *u,
	const struct lt_model *m, const struct lt_mask *mask)
{
	const struct lt_graph *g = u->g;

	(void)mask;
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		if (p->role != LT_ROLE_BN_GAMMA || g->node[p->node].unused)
			continue;
		for (int c = 0; c < g->node[p->node].c; c++)
			raise_score(score, u, p->node, c,
				fabs((double)m->w[p->offset + (size_t)c]));
	}
}

void
lt_unit_filter_norm(double *score, const struct lt_units *u,
	const struct lt_model *m, const struct lt_mask *mask)
{
	const struct lt_graph *g = u->g;

	for (int i = 1; i < g->n; i++) {
		if (!is_layer(g, i))
			continue;
		const struct lt_param *p = &g->param[g->node[i].param[0]];
		const struct lt_mask_layer *l =
			mask ? lt_mask_find(mask, p->name) : NULL;
		size_t per = p->count / (size_t)g->node[i].c;
		const float *w = m->w + p->offset;
		for (int c = 0; c < g->node[i].c; c++) {
			size_t at = (size_t)c * per;
			double sum = 0;
			for (size_t j = at; j < at + per; j++)
				if (!l || l->keep[j])
					sum += fabs((double)w[j]);
			raise_score(score, u, i, c, sum);
		}
	}
}

/* A function that is called for each weight from an input channel of a layer to
 * an output: keep, n taps, the units of both. */
typedef void each_fn(
	struct job *b, uint8_t *keep, size_t taps, int from, int to, void *arg);

/* keep is NULL in layers that the mask does not cover. */
static void
each(struct job *b, each_fn *fn, void *arg)
{
	for (int i = 1; i < b->g->n; i++) {
		if (!is_layer(b->g, i))
			continue;
		const struct lt_node *n = &b->g->node[i];
		const struct lt_mask_layer *l =
			lt_mask_find(b->mask, b->g->param[n->param[0]].name);
		size_t taps = (size_t)lt_op_row(n)->taps(b->g, n), at = 0;
		int cg = b->g->node[n->in[0]].c / n->groups;
		int og = n->c / n->groups;
		for (int to = 0; to < n->c; to++)
			for (int c = 0; c < cg; c++, at += taps)
				fn(b, l ? l->keep + at : NULL, taps,
					lt_units_of(&b->units, n->in[0],
						to / og * cg + c),
					lt_units_of(&b->units, i, to), arg);
	}
}

/* A unit is gone until a weight of it is found that is kept; one with a weight
 * that the mask does not cover takes no part. */
static void
look(struct job *b, uint8_t *keep, size_t taps, int from, int to, void *arg)
{
	(void)arg;
	if (!keep)
		b->score[from] = b->score[to] = -1;
	if (!keep || memchr(keep, 1, taps))
		b->gone[from] = b->gone[to] = 0;
}

static void
clear(struct job *b, uint8_t *keep, size_t taps, int from, int to, void *arg)
{
	(void)arg;
	if (keep && (!b->keep[from] || !b->keep[to]))
		memset(keep, 0, taps);
}

static void
find_layers(struct job *b)
{
	for (int i = 0; i < b->units.n; i++)
		b->layer[i] = -1;
	for (int i = b->g->n - 1; i > 0; i--)
		for (int c = 0; is_layer(b->g, i) && c < b->g->node[i].c; c++)
			b->layer[lt_units_of(&b->units, i, c)] = i;
}

/* Rank units of one layer, or all (-1), and unset keep of those that go. */
static int
rank(struct job *b, int layer, const struct lt_unit_prune_opt *opt,
	struct lt_err *err)
{
	size_t n = (size_t)b->units.n, total = 0, alive = 0, remove;
	uint8_t *ranked = lt_alloc(n, 1);
	struct lt_scored_layer s = {b->score, ranked, n};
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		if (b->score[i] < 0 || (layer >= 0 && b->layer[i] != layer))
			continue;
		ranked[i] = !b->gone[i];
		total++;
		alive += ranked[i];
	}
	size_t gone = total - alive;
	remove = lt_select_count(opt->amount, opt->by_rate ? alive : total);
	if (!opt->by_rate && remove < gone)
		bad = lt_fail(err, LT_EUSAGE,
			"the sparsity of the mask is %.9g already, above %.9g",
			(double)gone / (double)total, opt->amount);
	if (bad && layer >= 0)
		lt_fail_prefix(err, b->g->node[layer].name);
	if (!bad) {
		lt_select_remove(&s, 1, opt->by_rate ? remove : remove - gone);
		for (size_t i = 0; i < n; i++)
			if (b->score[i] >= 0 &&
				(layer < 0 || b->layer[i] == layer))
				b->keep[i] = ranked[i];
	}
	free(ranked);
	return bad;
}

static int
rank_all(struct job *b, const struct lt_unit_prune_opt *opt, struct lt_err *err)
{
	if (!opt->by_layer)
		return rank(b, -1, opt, err);
	for (int i = 1; i < b->g->n; i++)
		if (is_layer(b->g, i) && rank(b, i, opt, err) < 0)
			return -1;
	return 0;
}

static void
start_mask(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old)
{
	for (size_t i = 0; i < n; i++) {
		const struct lt_prunable *p = &layer[i];
		struct lt_mask_layer *l =
			lt_mask_add(out, p->name, p->ndim, p->shape);
		const struct lt_mask_layer *o =
			old ? lt_mask_find(old, p->name) : NULL;
		if (o)
			memcpy(l->keep, o->keep, p->count);
		else
			memset(l->keep, 1, p->count);
	}
}

static void
begin(struct job *b, const struct lt_model *m, const struct lt_mask *mask)
{
	*b = (struct job){.m = m, .g = m->g, .mask = mask};
	lt_units_init(&b->units, m->g);
	b->score = lt_alloc((size_t)b->units.n, sizeof *b->score);
	b->layer = lt_alloc((size_t)b->units.n, sizeof *b->layer);
	b->gone = lt_alloc((size_t)b->units.n, 1);
	b->keep = lt_alloc((size_t)b->units.n, 1);
	memset(b->keep, 1, (size_t)b->units.n);
	find_layers(b);
}

static void
end(struct job *b)
{
	free(b->score);
	free(b->layer);
	free(b->gone);
	free(b->keep);
	lt_units_release(&b->units);
}

/* Scores of the units that take part, and which of them are gone. */
static bool
score_units(struct job *b, lt_unit_score *score, const struct lt_mask *old)
{
	bool any = false;

	for (int i = 0; i < b->units.n; i++)
		b->score[i] = -1;
	score(b->score, &b->units, b->m, old);
	memset(b->gone, 1, (size_t)b->units.n);
	each(b, look, NULL);
	for (int i = 0; i < b->units.n; i++) {
		if (b->units.fixed[i] || b->layer[i] < 0)
			b->score[i] = -1;
		any |= b->score[i] >= 0;
	}
	return any;
}

int
lt_unit_prune(struct lt_mask *out, const struct lt_model *m,
	const struct lt_prunable *layer, size_t n, const struct lt_mask *old,
	const struct lt_unit_prune_opt *opt, struct lt_err *err)
{
	struct job b;
	int bad = -1;

	*out = (struct lt_mask){.method = lt_strdup(opt->method)};
	start_mask(out, layer, n, old);
	begin(&b, m, out);
	if (score_units(&b, opt->score, old))
		bad = rank_all(&b, opt, err);
	else
		lt_fail(err, LT_EDATA,
			"no unit of %s can be removed: each lacks what the "
			"method ranks, or has weights in a layer that is left "
			"out",
			b.g->name);
	if (!bad) {
		each(&b, clear, NULL);
		lt_mask_count(out);
	} else {
		lt_mask_release(out);
	}
	end(&b);
	return bad;
}

/* present[i] <- unit i takes part and has weights that the mask keeps. */
static void
find_present(uint8_t *present, struct job *b, lt_unit_score *score,
	const struct lt_mask *mask)
{
	b->mask = mask;
	score_units(b, score, NULL);
	for (int i = 0; i < b->units.n; i++)
		present[i] = b->score[i] >= 0 && !b->gone[i];
}

void
lt_unit_compare(struct lt_unit_diff *d, const struct lt_model *m,
	lt_unit_score *score, const struct lt_mask *old,
	const struct lt_mask *a, const struct lt_mask *b)
{
	struct job job;
	uint8_t *in_a, *in_b;

	*d = (struct lt_unit_diff){0};
	begin(&job, m, a);
	in_a = lt_alloc((size_t)job.units.n, 1);
	in_b = lt_alloc((size_t)job.units.n, 1);
	find_present(in_b, &job, score, b);
	find_present(in_a, &job, score, a);
	for (int i = 0; i < job.units.n; i++)
		d->differing += in_a[i] != in_b[i];
	/* a covers all units that take part; old says which were left. */
	for (int i = 0; i < job.units.n; i++)
		in_a[i] = job.score[i] >= 0;
	if (old) {
		job.mask = old;
		memset(job.gone, 1, (size_t)job.units.n);
		each(&job, look, NULL);
	}
	for (int i = 0; i < job.units.n; i++)
		d->units += in_a[i] && !(old && job.gone[i]);
	free(in_a);
	free(in_b);
	end(&job);
}
