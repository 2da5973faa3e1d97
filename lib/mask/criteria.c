/* Pruning by scores that need weights alone, and the choice of layers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
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
	score_fn *score;
	enum over over;
} methods[] = {
	{"magnitude", score_magnitude, NETWORK},
	{"magnitude-layer", score_magnitude, LAYER},
	{"erk", score_magnitude, ERK},
	{"lamp", score_lamp, NETWORK},
	{"random", score_random, NETWORK},
	{"random-layer", score_random, LAYER},
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

static int
remove_from(struct lt_scored *s, size_t n, const struct lt_prune_opt *opt,
	struct lt_err *err)
{
	size_t alive = 0, total = 0, remove = 0;

	for (size_t i = 0; i < n; i++) {
		alive += kept(&s[i]);
		total += s[i].count;
	}
	if (to_remove(&remove, opt, alive, total, err) < 0)
		return -1;
	lt_select_remove(s, n, remove);
	return 0;
}

/* What each layer keeps by ERK; the lowest of the others go. */
static int
remove_erk(struct lt_scored *s, const struct lt_prunable *layer, size_t n,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	struct lt_erk *erk = lt_alloc(n, sizeof *erk);
	size_t *keep = lt_alloc(n, sizeof *keep);
	size_t alive = 0, total = 0, remove = 0;

	for (size_t i = 0; i < n; i++) {
		erk[i] = (struct lt_erk){
			layer[i].ndim, layer[i].shape, kept(&s[i])};
		alive += erk[i].alive;
		total += s[i].count;
	}
	int bad = to_remove(&remove, opt, alive, total, err);
	if (!bad)
		lt_erk_keep(keep, erk, n, alive - remove);
	for (size_t i = 0; i < n && !bad; i++)
		lt_select_remove(&s[i], 1, erk[i].alive - keep[i]);
	free(keep);
	free(erk);
	return bad;
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
run(struct lt_scored *s, double **score, struct lt_mask *out,
	const struct lt_prunable *layer, size_t n, const struct method *m,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t *keep = lt_mask_find(out, layer[i].name)->keep;
		score[i] = lt_alloc_scratch(layer[i].count, sizeof(double));
		if (m->score(score[i], &layer[i], keep, opt->seed, err) < 0)
			return -1;
		s[i] = (struct lt_scored){score[i], keep, layer[i].count};
	}
	if (m->over == NETWORK)
		return remove_from(s, n, opt, err);
	if (m->over == ERK)
		return remove_erk(s, layer, n, opt, err);
	for (size_t i = 0; i < n; i++)
		if (remove_from(&s[i], 1, opt, err) < 0)
			return -1;
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
	double **score = lt_alloc(n, sizeof *score);
	int bad = start(out, layer, n, old, err);
	if (!bad)
		bad = run(s, score, out, layer, n, m, opt, err);
	for (size_t i = 0; i < n; i++)
		free(score[i]);
	free(score);
	free(s);
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
