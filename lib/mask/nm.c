#include "mask/nm.h"

#include <string.h>
#include "base/num.h"
#include "mask/select.h"

/* Where the weights of a group are: count of them, step apart, from first. */
struct group {
	size_t first, step, count;
};

/* How a parameter is cut into groups. */
struct cut {
	size_t outputs, inputs, window, m;
};

static struct cut
cut_of(struct lt_nm nm, int ndim, const uint64_t *shape)
{
	struct cut c = {(size_t)shape[0], (size_t)shape[1], 1, (size_t)nm.m};

	for (int i = 2; i < ndim; i++)
		c.window *= (size_t)shape[i];
	return c;
}

/* The groups of one output. */
static size_t
groups_each(const struct cut *c)
{
	return (c->inputs + c->m - 1) / c->m * c->window;
}

/* Group i in the order of output, inputs, position of the window. */
static struct group
group_at(const struct cut *c, size_t i)
{
	size_t each = groups_each(c), output = i / each;
	size_t input = i % each / c->window * c->m, at = i % c->window;
	size_t left = c->inputs - input;

	return (struct group){(output * c->inputs + input) * c->window + at,
		c->window, left < c->m ? left : c->m};
}

bool
lt_nm_parse(struct lt_nm *nm, const char *text)
{
	const char *colon = strchr(text, ':');
	char n[8] = "";
	uint64_t a, b;

	if (!colon || colon - text >= (int)sizeof n)
		return false;
	memcpy(n, text, (size_t)(colon - text));
	if (!lt_num_u64(n, &a) || !lt_num_u64(colon + 1, &b) || a < 1 ||
		a >= b || b > LT_NM_MOST)
		return false;
	*nm = (struct lt_nm){(int)a, (int)b};
	return true;
}

void
lt_nm_count(struct lt_nm_count *c, struct lt_nm nm, int ndim,
	const uint64_t *shape, const uint8_t *keep)
{
	struct cut cut = cut_of(nm, ndim, shape);
	size_t n = (size_t)nm.n;

	*c = (struct lt_nm_count){.groups = cut.outputs * groups_each(&cut)};
	for (size_t i = 0; i < c->groups; i++) {
		struct group g = group_at(&cut, i);
		size_t kept = 0;
		for (size_t j = 0; j < g.count; j++)
			kept += keep[g.first + j * g.step];
		c->over += kept > n;
		c->under += kept < n && kept < g.count;
		c->most = kept > c->most ? kept : c->most;
		c->spare += kept > n ? kept - n : 0;
	}
}

/* The score of weight a is below that of weight b. */
static bool
smaller(size_t a, size_t b, const float *w, const double *score)
{
	return score ? score[a] < score[b]
		     : lt_select_key(w[a]) < lt_select_key(w[b]);
}

/* Insertion into the list of the n best so far: m is small, and an equal weight
 * does not pass an earlier one. */
static void
best_of(uint8_t *best, size_t n, const struct group *g, const uint8_t *keep,
	const float *w, const double *score)
{
	size_t list[LT_NM_MOST], found = 0;

	for (size_t j = 0; j < g->count; j++) {
		size_t at = g->first + j * g->step, k;
		best[at] = 0;
		if (!keep[at])
			continue;
		for (k = found; k && smaller(list[k - 1], at, w, score); k--)
			if (k < n)
				list[k] = list[k - 1];
		if (k < n)
			list[k] = at;
		found += found < n;
	}
	for (size_t k = 0; k < found; k++)
		best[list[k]] = 1;
}

void
lt_nm_best(uint8_t *best, struct lt_nm nm, int ndim, const uint64_t *shape,
	const uint8_t *keep, const float *w, const double *score)
{
	struct cut cut = cut_of(nm, ndim, shape);
	size_t groups = cut.outputs * groups_each(&cut);

#pragma omp parallel for
	for (size_t i = 0; i < groups; i++) {
		struct group g = group_at(&cut, i);
		best_of(best, (size_t)nm.n, &g, keep, w, score);
	}
}
