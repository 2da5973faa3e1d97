/* Pruning by scores, those that weights alone give among them, and the choice
 * of layers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "base/rng.h"
#include "mask/criteria.h"
#include "mask/erk.h"
#include "mask/lamp.h"
#include "mask/select.h"

static int
check_finite(const struct lt_prunable *p, struct lt_err *err)
{
	bool good = true;

	for (size_t i = 0; i < p->count; i++)
		good &= lt_select_key(p->w[i]) < 0x7f800000;
	for (size_t i = 0; i < p->count && !good; i++)
		if (!isfinite(p->w[i]))
			return lt_fail(err, LT_EDATA,
				"weight %zu of '%s' is %s, expected a finite "
				"number",
				i, p->name,
				isnan(p->w[i]) ? "not a number" : "infinite");
	return 0;
}

static float *
draw(const struct lt_prunable *p, uint64_t seed)
{
	float *v = lt_alloc_scratch(p->count, sizeof *v);
	struct lt_rng r;

	lt_rng_init(&r, seed, LT_STREAM_PRUNE, lt_rng_hash(p->name), 0);
	for (size_t i = 0; i < p->count; i++)
		v[i] = lt_rng_f32(&r);
	return v;
}

/* What orders the weights of a layer: |w|, random numbers, or scores that
 * opt->given computes under the mask of each step. */
enum by { MAGNITUDE, RANDOM, GIVEN };
/* How many weights each layer loses: as all layers are ranked together, the
 * same share, by ERK, or as LAMP's scores are ranked together. */
enum over { NETWORK, LAYER, ERK, LAMP };

static const struct method {
	const char *name;
	enum by by;
	enum over over;
	int steps; /* where opt does not say */
} methods[] = {
	{"magnitude", MAGNITUDE, NETWORK, 1},
	{"magnitude-layer", MAGNITUDE, LAYER, 1},
	{"erk", MAGNITUDE, ERK, 1},
	{"lamp", MAGNITUDE, LAMP, 1},
	{"random", RANDOM, NETWORK, 1},
	{"random-layer", RANDOM, LAYER, 1},
	{"snip", GIVEN, NETWORK, 1},
	{"grasp", GIVEN, NETWORK, 1},
	{"synflow", GIVEN, NETWORK, 100},
};

const char *
lt_prune_method(size_t i)
{
	return i < sizeof methods / sizeof *methods ? methods[i].name : NULL;
}

static const struct method *
find_method(const char *name)
{
	for (size_t i = 0; lt_prune_method(i); i++)
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

bool
lt_prune_needs_scores(const char *method)
{
	const struct method *m = find_method(method);

	return m && m->by == GIVEN;
}

static size_t
kept(const struct lt_sized_layer *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->keep[i];
	return n;
}

/* How many of alive go, when total are covered. */
static int
to_remove(size_t *remove, const struct lt_prune_opt *opt, size_t alive,
	size_t total, struct lt_err *err)
{
	if (opt->by_rate) {
		*remove = lt_select_count(opt->amount, alive);
		return 0;
	}
	size_t gone = total - alive, want = lt_select_count(opt->amount, total);
	if (want < gone)
		return lt_fail(err, LT_EUSAGE,
			"the mask is at sparsity %.9g already, above %.9g",
			(double)gone / (double)total, opt->amount);
	*remove = want - gone;
	return 0;
}

/* Layers that share one number: how many they keep, before all steps and after
 * them. */
struct goal {
	struct lt_sized_layer *s;
	const struct lt_prunable *layer;
	size_t n, first, last;
};

static int
set_goal(struct goal *g, const struct lt_prune_opt *opt, struct lt_err *err)
{
	size_t total = 0, remove = 0;

	for (size_t i = 0; i < g->n; i++) {
		g->first += kept(&g->s[i]);
		total += g->s[i].count;
	}
	if (to_remove(&remove, opt, g->first, total, err) < 0)
		return -1;
	g->last = g->first - remove;
	return 0;
}

/* Each step keeps the same share of what the one before it left, to rounding:
 * first (last / first)^((step + 1) / steps). */
static size_t
goal_of(const struct goal *g, int step, int steps)
{
	if (step + 1 == steps || !g->last)
		return g->last;
	double all = lt_log((double)g->last / (double)g->first);
	size_t k = lt_select_count(lt_exp(all * (step + 1) / steps), g->first);
	return k > g->last ? k : g->last;
}

/* What each layer keeps by ERK after each step, which is no more than before
 * it; the smallest of the others go. */
static void
remove_erk(const struct goal *g, int steps)
{
	struct lt_erk *erk = lt_alloc(g->n, sizeof *erk);
	size_t *keep = lt_alloc(g->n, sizeof *keep), alive = g->first;

	for (size_t i = 0; i < g->n; i++) {
		keep[i] = kept(&g->s[i]);
		erk[i] = (struct lt_erk){
			g->layer[i].ndim, g->layer[i].shape, keep[i]};
	}
	for (int step = 0; step < steps; step++) {
		size_t want = goal_of(g, step, steps);
		if (alive <= want)
			continue;
		lt_erk_keep(keep, erk, g->n, want);
		alive = want;
		for (size_t i = 0; i < g->n; i++)
			erk[i].alive = keep[i];
	}
	for (size_t i = 0; i < g->n; i++)
		lt_select_remove_small(&g->s[i], 1, kept(&g->s[i]) - keep[i]);
	free(keep);
	free(erk);
}

static void
remove_lamp(const struct goal *g)
{
	size_t *remove = lt_alloc(g->n, sizeof *remove);

	lt_lamp_share(remove, g->s, g->n, g->first - g->last);
	for (size_t i = 0; i < g->n; i++)
		lt_select_remove_small(&g->s[i], 1, remove[i]);
	free(remove);
}

/* Start from old, or from all ones. */
static int
start(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old, struct lt_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct lt_prunable *p = &layer[i];
		struct lt_mask_layer *l =
			lt_mask_add(out, p->name, p->ndim, p->shape);
		const struct lt_mask_layer *o =
			old ? lt_mask_find(old, p->name) : NULL;
		if (o && o->count != p->count)
			return lt_fail(err, LT_EDATA,
				"the mask has %zu weights of '%s', the network "
				"%zu",
				o->count, p->name, p->count);
		if (o)
			memcpy(l->keep, o->keep, p->count);
		else
			memset(l->keep, 1, p->count);
	}
	return 0;
}

static int
check_score(const struct lt_prunable *p, const double *score,
	const uint8_t *keep, struct lt_err *err)
{
	for (size_t i = 0; i < p->count; i++)
		if (keep[i] && !isfinite(score[i]))
			return lt_fail(err, LT_EDATA,
				"the score of weight %zu of '%s' is %s, "
				"expected a finite number",
				i, p->name,
				isnan(score[i]) ? "not a number" : "infinite");
	return 0;
}

/* Scores that depend on the mask: as many steps as asked for. */
static int
run_given(const struct goal *g, struct lt_mask *out, int steps,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	struct lt_scored_layer *s = lt_alloc(g->n, sizeof *s);
	double **score = lt_alloc(g->n, sizeof *score);
	size_t alive = g->first;
	int bad = 0;

	for (size_t i = 0; i < g->n; i++) {
		score[i] = lt_alloc_scratch(g->s[i].count, sizeof **score);
		s[i] = (struct lt_scored_layer){
			score[i], g->s[i].keep, g->s[i].count};
	}
	for (int step = 0; step < steps && !bad; step++) {
		size_t want = goal_of(g, step, steps);
		bad = opt->given(score, g->layer, g->n, out, opt->arg, err);
		for (size_t i = 0; i < g->n && !bad; i++)
			bad = check_score(
				&g->layer[i], score[i], s[i].keep, err);
		if (bad || alive <= want)
			continue;
		lt_select_remove(s, g->n, alive - want);
		alive = want;
	}
	for (size_t i = 0; i < g->n; i++)
		free(score[i]);
	free(score);
	free(s);
	return bad;
}

/* Orders that no mask changes: one step removes what many steps would. */
static int
run_static(struct goal *goal, size_t goals, struct lt_sized_layer *s,
	const struct lt_prunable *layer, size_t n, const struct method *m,
	int steps, const struct lt_prune_opt *opt, struct lt_err *err)
{
	int bad = 0;

	for (size_t i = 0; i < n && m->by == MAGNITUDE && !bad; i++)
		bad = check_finite(&layer[i], err);
	for (size_t i = 0; i < n && !bad; i++)
		s[i].w = m->by == RANDOM ? draw(&layer[i], opt->seed)
					 : layer[i].w;
	for (size_t i = 0; i < goals && !bad; i++) {
		if (m->over == ERK)
			remove_erk(&goal[i], steps);
		else if (m->over == LAMP)
			remove_lamp(&goal[i]);
		else
			lt_select_remove_small(goal[i].s, goal[i].n,
				goal[i].first - goal[i].last);
	}
	for (size_t i = 0; i < n && m->by == RANDOM && !bad; i++)
		free((float *)s[i].w);
	return bad;
}

/* Goals are one for all layers, or one a layer. */
static int
run(struct lt_sized_layer *s, struct goal *goal, struct lt_mask *out,
	const struct lt_prunable *layer, size_t n, const struct method *m,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	size_t goals = m->over == LAYER ? n : 1;
	int steps = opt->steps ? opt->steps : m->steps;

	for (size_t i = 0; i < n; i++)
		s[i] = (struct lt_sized_layer){NULL,
			lt_mask_find(out, layer[i].name)->keep, layer[i].count};
	for (size_t i = 0; i < goals; i++) {
		goal[i] = (struct goal){s + i, layer + i, n / goals, 0, 0};
		if (set_goal(&goal[i], opt, err) < 0)
			return -1;
	}
	if (m->by == GIVEN)
		return run_given(goal, out, steps, opt, err);
	return run_static(goal, goals, s, layer, n, m, steps, opt, err);
}

int
lt_prune(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old, const struct lt_prune_opt *opt,
	struct lt_err *err)
{
	const struct method *m = find_method(opt->method);

	if (!m)
		return lt_fail(
			err, LT_EUSAGE, "no pruning method '%s'", opt->method);
	*out = (struct lt_mask){.method = lt_strdup(opt->method)};
	struct lt_sized_layer *s = lt_alloc(n, sizeof *s);
	struct goal *goal = lt_alloc(n, sizeof *goal);
	int bad = start(out, layer, n, old, err);
	if (!bad)
		bad = run(s, goal, out, layer, n, m, opt, err);
	free(goal);
	free(s);
	if (bad)
		lt_mask_release(out);
	return bad;
}

int
lt_prune_zeros(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	struct lt_err *err)
{
	*out = (struct lt_mask){.method = lt_strdup("zeros")};
	int bad = start(out, layer, n, NULL, err);
	for (size_t i = 0; i < n && !bad; i++) {
		uint8_t *keep = lt_mask_find(out, layer[i].name)->keep;
		bad = check_finite(&layer[i], err);
		for (size_t j = 0; j < layer[i].count && !bad; j++)
			keep[j] = layer[i].w[j] != 0;
	}
	if (bad)
		lt_mask_release(out);
	return bad;
}

/* ---- layers -------------------------------------------------------------- */

static int
use_kinds(bool *use, const struct lt_prunable *layer, size_t n,
	const char *kinds, struct lt_err *err)
{
	bool conv = !kinds || !strcmp(kinds, "conv,linear") ||
		    !strcmp(kinds, "linear,conv") || !strcmp(kinds, "conv");
	bool linear = !kinds || !strcmp(kinds, "conv,linear") ||
		      !strcmp(kinds, "linear,conv") || !strcmp(kinds, "linear");

	if (!conv && !linear)
		return lt_fail(err, LT_EUSAGE,
			"layers are 'conv', 'linear' or 'conv,linear', not "
			"'%s'",
			kinds);
	for (size_t i = 0; i < n; i++)
		use[i] = layer[i].ndim == 4 ? conv : linear;
	return 0;
}

/* "conv1" or "conv1.weight". */
static bool
names(const char *word, size_t len, const char *param)
{
	return !strncmp(word, param, len) &&
	       (!param[len] || !strcmp(param + len, ".weight"));
}

static int
exclude_one(bool *use, const struct lt_prunable *layer, size_t n,
	const char *word, size_t len, struct lt_err *err)
{
	bool found = false;

	if (len == 5 && !strncmp(word, "first", 5) && n) {
		use[0] = false;
		return 0;
	}
	if (len == 4 && !strncmp(word, "last", 4) && n) {
		use[n - 1] = false;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		if (len && names(word, len, layer[i].name)) {
			use[i] = false;
			found = true;
		}
	return found ? 0
		     : lt_fail(err, LT_EUSAGE,
			       "no layer '%.*s' to exclude in the network",
			       (int)len, word);
}

int
lt_prune_choose(bool *use, const struct lt_prunable *layer, size_t n,
	const char *kinds, const char *exclude, struct lt_err *err)
{
	if (use_kinds(use, layer, n, kinds, err) < 0)
		return -1;
	while (exclude && *exclude) {
		size_t len = strcspn(exclude, ",");
		if (exclude_one(use, layer, n, exclude, len, err) < 0)
			return -1;
		exclude += len + (exclude[len] == ',');
	}
	for (size_t i = 0; i < n; i++)
		if (use[i])
			return 0;
	return lt_fail(err, LT_EUSAGE, "no layer is left to prune");
}
