#include "ticket/gains.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "ticket/moments.h"
#include "ticket/score.h"

enum { SPARSITY, ACC, GAIN, LENGTH_GAIN, FIGURES };

/* The numbers of one stage, over searches. */
struct stage {
	double *x[FIGURES];
	size_t n[FIGURES];
	size_t searches; /* complete ones that have the stage */
	bool any;	 /* some search has it */
};

static void
add(struct stage *s, int figure, double x)
{
	if (isfinite(x))
		s->x[figure][s->n[figure]++] = x;
}

static void
add_search(struct stage *s, const struct lt_search *search, uint32_t stage,
	bool complete)
{
	const struct lt_search_stage *dense = search->stage;

	for (size_t i = 0; i < search->n; i++) {
		const struct lt_search_stage *k = &search->stage[i];
		if (k->stage != stage)
			continue;
		s->any = true;
		if (!complete)
			continue;
		s->searches++;
		add(s, SPARSITY, k->sparsity);
		add(s, ACC, k->test_acc);
		add(s, GAIN, lt_score_gain(k->test_acc, dense->test_acc));
		add(s, LENGTH_GAIN, lt_score_gain(k->length, dense->length));
	}
}

static void
put_stage(struct lt_cells *o, const char *network, uint32_t stage,
	const struct stage *s)
{
	lt_cell_name(o, network);
	lt_cell_whole(o, stage);
	lt_cell_whole(o, s->searches);
	for (int i = 0; i < FIGURES; i++) {
		lt_cell_digits(o, lt_mean(s->x[i], s->n[i]), 12);
		if (i != SPARSITY)
			lt_cell_digits(o, lt_deviation(s->x[i], s->n[i]), 12);
	}
	lt_cells_end(o);
}

/* The next larger stage that a search has, or UINT32_MAX. */
static uint32_t
next_stage(const struct lt_search_group *g, uint32_t stage)
{
	uint32_t next = UINT32_MAX;

	for (size_t i = 0; i < g->n; i++)
		for (size_t j = 0; j < g->search[i].n; j++) {
			uint32_t k = g->search[i].stage[j].stage;
			if (k > stage && k < next)
				next = k;
		}
	return next;
}

static void
put_network(
	struct lt_cells *o, const struct lt_search_group *g, uint32_t stages)
{
	bool *complete = lt_alloc(g->n, sizeof *complete);
	struct stage s = {0};

	for (int i = 0; i < FIGURES; i++)
		s.x[i] = lt_alloc(g->n, sizeof *s.x[i]);
	for (size_t i = 0; i < g->n; i++) {
		struct lt_search_score score;
		lt_score_search(&score, &g->search[i], stages, false);
		complete[i] = !score.lack;
	}
	for (uint32_t k = 0; k <= stages; k = next_stage(g, k)) {
		s.any = false;
		s.searches = 0;
		for (int i = 0; i < FIGURES; i++)
			s.n[i] = 0;
		for (size_t i = 0; i < g->n; i++)
			add_search(&s, &g->search[i], k, complete[i]);
		if (s.any)
			put_stage(o, g->network, k, &s);
	}
	for (int i = 0; i < FIGURES; i++)
		free(s.x[i]);
	free(complete);
}

void
lt_gains_table(
	struct lt_cells *o, const struct lt_searches *all, uint32_t stages)
{
	lt_cells_header(o,
		"network stage n sparsity test_acc test_acc_std gain "
		"gain_std length_gain length_gain_std");
	for (size_t i = 0; i < all->n; i++)
		put_network(o, &all->group[i],
			stages ? stages : all->group[i].stages);
}
