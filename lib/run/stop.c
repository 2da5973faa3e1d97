/* The stopping rules. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "run/stop.h"
#include "net/prunable.h"
#include "mask/distance.h"

const char *
lt_stop_method(const struct lt_stop_opt *opt)
{
	return opt->unit ? opt->method : "magnitude";
}

/* Append a setting that older states lack to the one word. */
static void
append(struct lt_stop *s, char *more)
{
	char *all = lt_asprintf("%s/%s", s->settings, more);

	free(s->settings);
	free(more);
	s->settings = all;
}

void
lt_stop_init(struct lt_stop *s, const struct lt_stop_opt *opt)
{
	*s = (struct lt_stop){.opt = *opt};
	lt_stop_clear(s);
	s->settings = lt_asprintf("%d/%d/%.17g/%.17g/%d/%d/%" PRIu64 "%s/%s/%s",
		(int)opt->rule, opt->by_rate, opt->amount, opt->eps, opt->queue,
		opt->always, opt->every.value, opt->every.iterations ? "i" : "",
		opt->layers ? opt->layers : "",
		opt->exclude ? opt->exclude : "");
	if (opt->relative > 0)
		append(s, lt_asprintf("relative=%.17g", opt->relative));
	if (opt->unit)
		append(s, lt_asprintf("method=%s", opt->method));
}

void
lt_stop_clear(struct lt_stop *s)
{
	for (int i = 0; i < s->masks; i++)
		lt_mask_release(&s->mask[i]);
	s->masks = s->n = 0;
	s->started = s->opt.always;
	s->last = NAN;
	s->firsts = 0;
	s->first_sum = 0;
}

void
lt_stop_release(struct lt_stop *s)
{
	lt_stop_clear(s);
	free(s->settings);
	s->settings = NULL;
}

const struct lt_mask *
lt_stop_candidate(const struct lt_stop *s)
{
	return s->masks ? &s->mask[s->masks - 1] : NULL;
}

static int
prune(struct lt_mask *out, const struct lt_stop_opt *opt,
	const struct lt_model *m, const struct lt_prunable *p, size_t n,
	const struct lt_mask *mask, struct lt_err *err)
{
	struct lt_prune_opt weights = {.method = lt_stop_method(opt),
		.by_rate = opt->by_rate,
		.amount = opt->amount};
	struct lt_unit_prune_opt units = {.method = lt_stop_method(opt),
		.score = opt->unit,
		.by_rate = opt->by_rate,
		.amount = opt->amount};

	if (opt->unit)
		return lt_unit_prune(out, m, p, n, mask, &units, err);
	return lt_prune(out, p, n, mask, &weights, err);
}

/* The candidate; *kept: how many weights it could choose among. */
static int
candidate(struct lt_mask *out, size_t *kept, const struct lt_stop *s,
	const struct lt_model *m, const struct lt_mask *mask,
	struct lt_err *err)
{
	size_t n;
	struct lt_prunable *p =
		lt_prunable_of(m, &n, s->opt.layers, s->opt.exclude, err);

	*kept = 0;
	if (!p)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct lt_mask_layer *l =
			mask ? lt_mask_find(mask, p[i].name) : NULL;
		*kept += l ? lt_mask_layer_kept(l) : p[i].count;
	}
	int bad = prune(out, &s->opt, m, p, n, mask, err);
	free(p);
	return bad;
}

static void
remember(struct lt_stop *s, const struct lt_mask *m, int most)
{
	LT_BUG_ON(s->masks > most);
	if (s->masks == most) {
		lt_mask_release(&s->mask[0]);
		memmove(s->mask, s->mask + 1,
			(size_t)(most - 1) * sizeof *s->mask);
		s->masks--;
	}
	s->mask[s->masks++] = *m;
}

static void
record(struct lt_stop *s, double d)
{
	LT_BUG_ON(s->n > s->opt.queue);
	if (s->n == s->opt.queue)
		memmove(s->d, s->d + 1, (size_t)(--s->n) * sizeof *s->d);
	s->d[s->n++] = d;
}

/* The newest distance is part of the reference that relative thresholds need.
 */
static bool
is_first(struct lt_stop *s)
{
	if (s->firsts == s->opt.queue)
		return false;
	s->first_sum += s->last;
	s->firsts++;
	return true;
}

static int
settled(struct lt_stop *s, double eps)
{
	record(s, s->last);
	for (int i = 0; i < s->n; i++)
		if (s->d[i] >= eps)
			return 0;
	return s->n == s->opt.queue;
}

/* A check: the candidate of the weights m under mask, of which it could choose
 * among the kept ones. */
struct check {
	const struct lt_model *m;
	const struct lt_mask *mask;
	struct lt_mask new;
	size_t kept;
	bool warm;
};

/* How far the new candidate is from an old one. */
static int
distance(double *d, const struct lt_stop *s, const struct check *c,
	const struct lt_mask *old, struct lt_err *err)
{
	struct lt_mask_diff weights;
	struct lt_unit_diff units;

	if (s->opt.unit) {
		lt_unit_compare(
			&units, c->m, s->opt.unit, c->mask, old, &c->new);
		*d = units.units ? (double)units.differing / (double)units.units
				 : 0;
		return 0;
	}
	if (lt_mask_compare(
		    &weights, old, &c->new, "candidate", "candidate", err) < 0)
		return -1;
	if (s->opt.rule == LT_STOP_EARLYBIRD)
		*d = lt_diff_kept(&weights);
	else
		*d = c->kept ? (double)weights.differing / (double)c->kept : 0;
	return 0;
}

static int
check_pairwise(struct lt_stop *s, struct check *c, struct lt_err *err)
{
	bool had = s->masks > 0;

	if (had && distance(&s->last, s, c, &s->mask[0], err) < 0)
		return -1;
	remember(s, &c->new, 1);
	if (!had)
		return 0;
	if (s->opt.relative > 0) {
		if (!c->warm || is_first(s))
			return 0;
		return settled(s, s->opt.relative * s->first_sum / s->firsts);
	}
	s->started |= s->last > s->opt.eps;
	return s->started && c->warm ? settled(s, s->opt.eps) : 0;
}

static int
check_earlybird(struct lt_stop *s, struct check *c, struct lt_err *err)
{
	double d, most = NAN;
	int had = s->masks;

	for (int i = 0; i < had; i++) {
		if (distance(&d, s, c, &s->mask[i], err) < 0)
			return -1;
		if (!(d <= most))
			most = d;
	}
	s->last = most;
	s->started |= most > s->opt.eps;
	remember(s, &c->new, s->opt.queue - 1);
	return s->started && c->warm && had == s->opt.queue - 1 &&
	       most < s->opt.eps;
}

int
lt_stop_check(struct lt_stop *s, const struct lt_model *m,
	const struct lt_mask *mask, bool warm, struct lt_err *err)
{
	struct check c = {.m = m, .mask = mask, .warm = warm};

	if (candidate(&c.new, &c.kept, s, m, mask, err) < 0)
		return -1;
	int r = s->opt.rule == LT_STOP_PAIRWISE ? check_pairwise(s, &c, err)
						: check_earlybird(s, &c, err);
	if (r < 0)
		lt_mask_release(&c.new);
	return r;
}
