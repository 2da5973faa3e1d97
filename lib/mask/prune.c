/* Exact pruning by scores, in steps and over a scope; and the choice of layers.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "base/rng.h"
#include "mask/erk.h"
#include "mask/prune.h"
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

const char *
lt_scope_name(enum lt_scope scope)
{
	static const char *const name[] = {"network", "layer", "erk", "share"};

	return name[scope];
}

static size_t
kept(const struct lt_sized_layer *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += s->keep[i];
	return n;
}

/* Compute how many of the alive weights a pruning removes; total weights
 * are covered, and spare ones may go. */
static int
to_remove(size_t *remove, const struct lt_prune_opt *opt, size_t alive,
	size_t spare, size_t total, struct lt_err *err)
{
	if (opt->by_rate) {
		*remove = lt_select_count(opt->amount, alive);
		*remove = *remove < spare ? *remove : spare;
		return 0;
	}
	size_t gone = total - alive, want = lt_select_count(opt->amount, total);
	if (want < gone)
		return lt_fail(err, LT_EUSAGE,
			"the sparsity of the mask is %.9g already, above %.9g",
			(double)gone / (double)total, opt->amount);
	*remove = want - gone;
	if (*remove <= spare)
		return 0;
	return lt_fail(err, LT_EUSAGE,
		"with %d of %d weights left the sparsity is at most %.9g, "
		"below %.9g",
		opt->nm.n, opt->nm.m, (double)(gone + spare) / (double)total,
		opt->amount);
}

/* Layers that share one number: how many they keep, before all steps and after
 * them. */
struct goal {
	struct lt_sized_layer *s;
	const struct lt_prunable *layer;
	size_t n, first, last;
};

/* How many weights of layer i may go. */
static size_t
spare_of(const struct goal *g, size_t i, struct lt_nm nm)
{
	struct lt_nm_count c;

	if (!nm.n)
		return kept(&g->s[i]);
	lt_nm_count(&c, nm, g->layer[i].ndim, g->layer[i].shape, g->s[i].keep);
	return c.spare;
}

static int
set_goal(struct goal *g, const struct lt_prune_opt *opt, struct lt_err *err)
{
	size_t total = 0, spare = 0, remove = 0;

	for (size_t i = 0; i < g->n; i++) {
		g->first += kept(&g->s[i]);
		spare += spare_of(g, i, opt->nm);
		total += g->s[i].count;
	}
	if (to_remove(&remove, opt, g->first, spare, total, err) < 0)
		return -1;
	g->last = g->first - remove;
	return 0;
}

static int
step_count(const struct lt_prune_opt *opt)
{
	return opt->steps ? opt->steps : 1;
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

/* Remove the smallest weights of each layer until it keeps ERK's quota of each
 * step in turn; a layer keeps no more than before the step. */
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
remove_shares(const struct goal *g, lt_prune_share *share)
{
	size_t *remove = lt_alloc(g->n, sizeof *remove);

	share(remove, g->s, g->n, g->first - g->last);
	for (size_t i = 0; i < g->n; i++)
		lt_select_remove_small(&g->s[i], 1, remove[i]);
	free(remove);
}

/* Take the weights that each group keeps out of a selection: best[i] marks
 * those of layer i, which are no candidates until put_back.  NULL: there are no
 * groups.  score: of each layer, or NULL for sizes. */
static uint8_t **
set_aside(const struct goal *g, struct lt_nm nm, double *const *score)
{
	uint8_t **best = nm.n ? lt_alloc(g->n, sizeof *best) : NULL;

	for (size_t i = 0; best && i < g->n; i++) {
		const struct lt_prunable *p = &g->layer[i];
		uint8_t *keep = g->s[i].keep;
		best[i] = lt_alloc_scratch(p->count, 1);
		lt_nm_best(best[i], nm, p->ndim, p->shape, keep, p->w,
			score ? score[i] : NULL);
		for (size_t j = 0; j < p->count; j++)
			keep[j] &= !best[i][j];
	}
	return best;
}

static void
put_back(const struct goal *g, uint8_t **best)
{
	for (size_t i = 0; best && i < g->n; i++) {
		for (size_t j = 0; j < g->s[i].count; j++)
			g->s[i].keep[j] |= best[i][j];
		free(best[i]);
	}
	free(best);
}

/* Start from old, or from a mask of all ones. */
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

/* Copies of what each layer keeps. */
static uint8_t **
keeps_of(const struct goal *g)
{
	uint8_t **keep = lt_alloc(g->n, sizeof *keep);

	for (size_t i = 0; i < g->n; i++)
		keep[i] = lt_memdup(g->s[i].keep, g->s[i].count);
	return keep;
}

/* Scores depend on the mask, so they are computed in every step. */
static int
run_scored(const struct goal *g, struct lt_mask *out,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	struct lt_scored_layer *s = lt_alloc(g->n, sizeof *s);
	double **score = lt_alloc(g->n, sizeof *score);
	uint8_t **begun = opt->returns ? keeps_of(g) : NULL;
	size_t alive = g->first;
	int bad = 0, steps = step_count(opt);

	for (size_t i = 0; i < g->n; i++) {
		score[i] = lt_alloc_scratch(g->s[i].count, sizeof **score);
		s[i] = (struct lt_scored_layer){
			score[i], g->s[i].keep, g->s[i].count};
	}
	for (int step = 0; step < steps && !bad; step++) {
		size_t want = goal_of(g, step, steps);
		bad = opt->score(score, g->layer, g->n, out, opt->arg, err);
		for (size_t i = 0; i < g->n && begun; i++)
			memcpy(s[i].keep, begun[i], s[i].count);
		alive = begun ? g->first : alive;
		for (size_t i = 0; i < g->n && !bad; i++)
			bad = check_score(
				&g->layer[i], score[i], s[i].keep, err);
		if (bad || alive <= want)
			continue;
		uint8_t **best = set_aside(g, opt->nm, score);
		lt_select_remove(s, g->n, alive - want);
		put_back(g, best);
		alive = want;
	}
	for (size_t i = 0; i < g->n; i++) {
		free(score[i]);
		if (begun)
			free(begun[i]);
	}
	free(begun);
	free(score);
	free(s);
	return bad;
}

static void
remove_small(const struct goal *g, struct lt_nm nm)
{
	uint8_t **best = set_aside(g, nm, NULL);

	lt_select_remove_small(g->s, g->n, g->first - g->last);
	put_back(g, best);
}

/* Sizes, which no mask changes: one step removes what many steps would, and a
 * quota is shared out in all steps before any weight goes. */
static int
run_sized(const struct goal *goal, size_t goals, const struct lt_prune_opt *opt,
	struct lt_err *err)
{
	for (size_t i = 0; i < goals; i++)
		for (size_t j = 0; j < goal[i].n; j++)
			if (check_finite(&goal[i].layer[j], err) < 0)
				return -1;
	for (size_t i = 0; i < goals; i++) {
		if (opt->scope == LT_SCOPE_ERK)
			remove_erk(&goal[i], step_count(opt));
		else if (opt->scope == LT_SCOPE_SHARE)
			remove_shares(&goal[i], opt->share);
		else
			remove_small(&goal[i], opt->nm);
	}
	return 0;
}

/* There is one goal for all layers together, or one for each layer. */
static int
run(struct goal *all, struct lt_mask *out, const struct lt_prune_opt *opt,
	struct lt_err *err)
{
	size_t goals = opt->scope == LT_SCOPE_LAYER ? all->n : 1;
	struct goal *goal = lt_alloc(goals, sizeof *goal);
	int bad = 0;

	for (size_t i = 0; i < goals && !bad; i++) {
		goal[i] = (struct goal){
			all->s + i, all->layer + i, all->n / goals, 0, 0};
		bad = set_goal(&goal[i], opt, err);
		if (bad && goals > 1)
			lt_fail_prefix(err, goal[i].layer->name);
	}
	if (!bad)
		bad = opt->score ? run_scored(goal, out, opt, err)
				 : run_sized(goal, goals, opt, err);
	free(goal);
	return bad;
}

int
lt_prune(struct lt_mask *out, const struct lt_prunable *layer, size_t n,
	const struct lt_mask *old, const struct lt_prune_opt *opt,
	struct lt_err *err)
{
	LT_BUG_ON(opt->score && opt->scope != LT_SCOPE_NETWORK);
	LT_BUG_ON(opt->nm.n && opt->scope > LT_SCOPE_LAYER);
	*out = (struct lt_mask){.method = lt_strdup(opt->method)};
	struct lt_sized_layer *s = lt_alloc(n, sizeof *s);
	struct goal all = {s, layer, n, 0, 0};
	int bad = start(out, layer, n, old, err);
	for (size_t i = 0; i < n && !bad; i++)
		s[i] = (struct lt_sized_layer){layer[i].w,
			lt_mask_find(out, layer[i].name)->keep, layer[i].count};
	if (!bad)
		bad = run(&all, out, opt, err);
	free(s);
	if (bad)
		lt_mask_release(out);
	else
		lt_mask_count(out);
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
	else
		lt_mask_count(out);
	return bad;
}

/* The same swaps for every mask of a layer: one permutation of its places. */
static void
shuffle(struct lt_mask_layer *l, uint64_t seed)
{
	struct lt_rng r;

	lt_rng_init(&r, seed, LT_STREAM_PRUNE, lt_rng_hash(l->name), 1);
	for (size_t i = l->count; i > 1; i--) {
		size_t j = lt_rng_below(&r, i);
		uint8_t keep = l->keep[i - 1];
		l->keep[i - 1] = l->keep[j];
		l->keep[j] = keep;
	}
}

void
lt_prune_like(struct lt_mask *out, const struct lt_mask *like, uint64_t seed)
{
	*out = (struct lt_mask){.method = lt_strdup("like")};
	for (size_t i = 0; i < like->n; i++) {
		const struct lt_mask_layer *from = &like->layer[i];
		struct lt_mask_layer *l =
			lt_mask_add(out, from->name, from->ndim, from->shape);
		memcpy(l->keep, from->keep, l->count);
		shuffle(l, seed);
	}
	lt_mask_count(out);
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
