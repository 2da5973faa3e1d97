/* Pruning by scores that need weights alone, and the choice of layers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "mask/criteria.h"
#include "mask/select.h"

const char *const lt_prune_methods[] = {
	"magnitude", "magnitude-layer", "random", "random-layer", NULL};

typedef int score_fn(float *score, const struct lt_prunable *p, uint64_t seed,
	struct lt_err *err);

static int
score_magnitude(float *score, const struct lt_prunable *p, uint64_t seed,
	struct lt_err *err)
{
	(void)seed;
	for (size_t i = 0; i < p->count; i++) {
		score[i] = fabsf(p->w[i]);
		if (!isfinite(score[i]))
			return lt_fail(err, LT_EDATA,
				"weight %zu of '%s' is %s, expected a finite "
				"number",
				i, p->name,
				isnan(score[i]) ? "not a number" : "infinite");
	}
	return 0;
}

static int
score_random(float *score, const struct lt_prunable *p, uint64_t seed,
	struct lt_err *err)
{
	struct lt_rng r;

	(void)err;
	lt_rng_init(&r, seed, LT_STREAM_PRUNE, lt_rng_hash(p->name), 0);
	for (size_t i = 0; i < p->count; i++)
		score[i] = lt_rng_f32(&r);
	return 0;
}

/* In the order of lt_prune_methods. */
static const struct {
	score_fn *score;
	bool by_layer;
} methods[] = {
	{score_magnitude, false},
	{score_magnitude, true},
	{score_random, false},
	{score_random, true},
};

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
run(struct lt_scored *s, float **score, struct lt_mask *out,
	const struct lt_prunable *layer, size_t n, size_t which,
	const struct lt_prune_opt *opt, struct lt_err *err)
{
	for (size_t i = 0; i < n; i++) {
		score[i] = lt_alloc(layer[i].count, sizeof(float));
		if (methods[which].score(score[i], &layer[i], opt->seed, err) <
			0)
			return -1;
		s[i] = (struct lt_scored){score[i],
			lt_mask_find(out, layer[i].name)->keep, layer[i].count};
	}
	if (!methods[which].by_layer)
		return remove_from(s, n, opt, err);
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
	size_t which = 0;

	while (lt_prune_methods[which] &&
		strcmp(lt_prune_methods[which], opt->method) != 0)
		which++;
	if (!lt_prune_methods[which])
		return lt_fail(
			err, LT_EUSAGE, "no pruning method '%s'", opt->method);
	*out = (struct lt_mask){.method = lt_strdup(opt->method)};
	struct lt_scored *s = lt_alloc(n, sizeof *s);
	float **score = lt_alloc(n, sizeof *score);
	int bad = start(out, layer, n, old, err);
	if (!bad)
		bad = run(s, score, out, layer, n, which, opt, err);
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
