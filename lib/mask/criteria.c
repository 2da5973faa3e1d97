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

typedef int score_fn(double *score, const struct lt_prunable *p,
	const uint8_t *keep, uint64_t seed, struct lt_err *err);

static int
check_finite(const struct lt_prunable *p, struct lt_err *err)
{
	for (size_t i = 0; i < p->count; i++)
		if (!isfinite(p->w[i]))
			return lt_fail(err, LT_EDATA,
				"weight %zu of '%s' is %s, expected a finite "
				"number",
				i, p->name,
				isnan(p->w[i]) ? "not a number" : "infinite");
	return 0;
}

static int
score_magnitude(double *score, const struct lt_prunable *p, const uint8_t *keep,
	uint64_t seed, struct lt_err *err)
{
	(void)keep, (void)seed;
	for (size_t i = 0; i < p->count; i++)
		score[i] = fabsf(p->w[i]);
	return check_finite(p, err);
}

static int
score_lamp(double *score, const struct lt_prunable *p, const uint8_t *keep,
	uint64_t seed, struct lt_err *err)
{
	(void)seed;
	if (check_finite(p, err) < 0)
		return -1;
	lt_lamp_score(score, p->w, keep, p->count);
	return 0;
}

static int
score_random(double *score, const struct lt_prunable *p, const uint8_t *keep,
	uint64_t seed, struct lt_err *err)
{
	struct lt_rng r;

	(void)keep, (void)err;
	lt_rng_init(&r, seed, LT_STREAM_PRUNE, lt_rng_hash(p->name), 0);
	for (size_t i = 0; i < p->count; i++)
		score[i] = lt_rng_f32(&r);
	return 0;
}

/* Over what the scores are compared, or who says how many a layer keeps. */
enum over { NETWORK, LAYER, ERK };

static const struct method {
	const char *name;
	score_fn *score; /* of each layer; NULL: opt->given scores them all */
	enum over over;
	int steps; /* where opt does not say */
} methods[] = {
	{"magnitude", score_magnitude, NETWORK, 1},
	{"magnitude-layer", score_magnitude, LAYER, 1},
	{"erk", score_magnitude, ERK, 1},
	{"lamp", score_lamp, NETWORK, 1},
	{"random", score_random, NETWORK, 1},
	{"random-layer", score_random, LAYER, 1},
	{"snip", NULL, NETWORK, 1},
	{"grasp", NULL, NETWORK, 1},
	{"synflow", NULL, NETWORK, 100},
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

	return m && !m->score;
}

static size_t
kept(const struct lt_scored *s)
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
	struct lt_scored *s;
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

/* What each layer keeps by ERK; the lowest of the others go. */
static void
remove_erk(const struct goal *g, size_t want)
{
	struct lt_erk *erk = lt_alloc(g->n, sizeof *erk);
	size_t *keep = lt_alloc(g->n, sizeof *keep);

	for (size_t i = 0; i < g->n; i++)
		erk[i] = (struct lt_erk){
			g->layer[i].ndim, g->layer[i].shape, kept(&g->s[i])};
	lt_erk_keep(keep, erk, g->n, want);
	for (size_t i = 0; i < g->n; i++)
		lt_select_remove(&g->s[i], 1, erk[i].alive - keep[i]);
	free(keep);
	free(erk);
}

static void
remove_to(const struct goal *g, size_t want, enum over over)
{
	size_t alive = 0;

	for (size_t i = 0; i < g->n; i++)
		alive += kept(&g->s[i]);
	if (alive <= want)
		return;
	if (over == ERK)
		remove_erk(g, want);
	else
		lt_select_remove(g->s, g->n, alive - want);
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

static int
score_all(double **score, const struct lt_mask *mask,
	const struct lt_prunable *layer, size_t n, const struct method *m,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	if (!m->score && opt->given(score, layer, n, mask, opt->arg, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *keep = lt_mask_find(mask, layer[i].name)->keep;
		if (m->score &&
			m->score(score[i], &layer[i], keep, opt->seed, err) < 0)
			return -1;
		if (check_score(&layer[i], score[i], keep, err) < 0)
			return -1;
	}
	return 0;
}

/* Goals are one for all layers, or one a layer. */
static int
run(struct lt_scored *s, struct goal *goal, double **score, struct lt_mask *out,
	const struct lt_prunable *layer, size_t n, const struct method *m,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	size_t goals = m->over == LAYER ? n : 1;
	int steps = opt->steps ? opt->steps : m->steps;

	for (size_t i = 0; i < n; i++) {
		score[i] = lt_alloc_scratch(layer[i].count, sizeof(double));
		s[i] = (struct lt_scored){score[i],
			lt_mask_find(out, layer[i].name)->keep, layer[i].count};
	}
	for (size_t i = 0; i < goals; i++) {
		goal[i] = (struct goal){s + i, layer + i, n / goals, 0, 0};
		if (set_goal(&goal[i], opt, err) < 0)
			return -1;
	}
	for (int step = 0; step < steps; step++) {
		if (score_all(score, out, layer, n, m, opt, err) < 0)
			return -1;
		for (size_t i = 0; i < goals; i++)
			remove_to(&goal[i], goal_of(&goal[i], step, steps),
				m->over);
	}
	return 0;
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
	struct lt_scored *s = lt_alloc(n, sizeof *s);
	struct goal *goal = lt_alloc(n, sizeof *goal);
	double **score = lt_alloc(n, sizeof *score);
	int bad = start(out, layer, n, old, err);
	if (!bad)
		bad = run(s, goal, score, out, layer, n, m, opt, err);
	for (size_t i = 0; i < n; i++)
		free(score[i]);
	free(score);
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
