#include "ticket/score.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include "ticket/binomial.h"

#define ALPHA 0.05

static const struct lt_ticket no_ticket = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};

/* Stages ascend, each once, so that of a complete search stage k is
 * s->stage[k].
 */
static enum lt_lack
lacking(const struct lt_search *s, uint32_t stages, uint32_t *at)
{
	for (*at = 0; *at <= stages; ++*at) {
		const struct lt_search_stage *k = &s->stage[*at];
		if (*at >= s->n || k->stage != *at)
			return LT_LACK_STAGE;
		if (isnan(k->val_acc) || isnan(k->test_acc))
			return LT_LACK_ACCURACY;
	}
	*at = 0;
	return s->stage[0].test_acc > 0 ? LT_LACK_NOTHING : LT_LACK_DENSE;
}

double
lt_score_gain(double sparse, double dense)
{
	return dense > 0 ? (sparse - dense) / dense * 100 : NAN;
}

static void
take(struct lt_ticket *t, const struct lt_search_stage *sparse,
	const struct lt_search_stage *dense)
{
	t->stage = sparse->stage;
	t->sparsity = sparse->sparsity;
	t->acc = sparse->test_acc;
	t->gain = lt_score_gain(sparse->test_acc, dense->test_acc);
	t->length = sparse->length;
	t->length_gain = lt_score_gain(sparse->length, dense->length);
	t->gap = sparse->train_acc - sparse->test_acc;
}

static double
chosen_by(const struct lt_search_stage *s, bool by_test)
{
	return by_test ? s->test_acc : s->val_acc;
}

void
lt_score_search(struct lt_search_score *out, const struct lt_search *s,
	uint32_t stages, bool by_test)
{
	const struct lt_search_stage *dense = s->stage, *best = NULL,
				     *match = NULL;

	*out = (struct lt_search_score){.dense_val = NAN,
		.dense_acc = NAN,
		.dense_length = NAN,
		.dense_gap = NAN,
		.success_gain = NAN,
		.best = no_ticket,
		.match = no_ticket};
	out->lack = lacking(s, stages, &out->lack_stage);
	if (out->lack)
		return;
	out->dense_val = dense->val_acc;
	out->dense_acc = dense->test_acc;
	out->dense_length = dense->length;
	out->dense_gap = dense->train_acc - dense->test_acc;
	for (uint32_t k = 1; k <= stages; k++) {
		double a = chosen_by(&s->stage[k], by_test);
		if (!best || a >= chosen_by(best, by_test))
			best = &s->stage[k];
		if (a >= chosen_by(dense, by_test))
			match = &s->stage[k];
	}
	if (best)
		take(&out->best, best, dense);
	if (match)
		take(&out->match, match, dense);
	out->success = match != NULL;
	if (out->success)
		out->success_gain = out->best.gain;
}

/* The number at offset bytes in a search's score. */
static double
number(const struct lt_search_score *v, size_t offset)
{
	double x;

	memcpy(&x, (const char *)v + offset, sizeof x);
	return x;
}

/* Differences from the first number are summed, so that the deviation of equal
 * numbers is exactly 0. */
static struct lt_moments
moments(const struct lt_search_score *v, size_t n, size_t offset)
{
	double first = NAN, sum = 0, squares = 0;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		double x = number(&v[i], offset);
		if (isnan(x))
			continue;
		first = count++ ? first : x;
		sum += x - first;
	}
	double mean = count ? first + sum / (double)count : NAN;
	for (size_t i = 0; i < n; i++) {
		double x = number(&v[i], offset);
		if (!isnan(x))
			squares += (x - mean) * (x - mean);
	}
	return (struct lt_moments){
		mean, count > 1 ? sqrt(squares / (double)(count - 1)) : NAN};
}

static struct lt_ticket_moments
ticket_moments(const struct lt_search_score *v, size_t n, size_t offset)
{
	struct lt_ticket_moments m;

#define OF(member) \
	m.member = moments(v, n, offset + offsetof(struct lt_ticket, member))
	OF(stage);
	OF(sparsity);
	OF(acc);
	OF(gain);
	OF(length);
	OF(length_gain);
	OF(gap);
#undef OF
	return m;
}

void
lt_score_network(struct lt_score *out, const struct lt_search_score *v,
	size_t n, uint32_t stages)
{
	*out = (struct lt_score){
		.stages = stages, .sr = NAN, .sr_low = NAN, .sr_high = NAN};
	for (size_t i = 0; i < n; i++) {
		out->searches += !v[i].lack;
		out->successes += v[i].success;
	}
	out->incomplete = n - out->searches;
	out->sr_null = 100.0 * stages / (stages + 1.0);
	if (out->searches) {
		out->sr =
			100.0 * (double)out->successes / (double)out->searches;
		lt_binomial_interval(&out->sr_low, &out->sr_high,
			out->successes, out->searches, ALPHA);
		out->sr_low *= 100;
		out->sr_high *= 100;
	}
#define OFFSET(member) offsetof(struct lt_search_score, member)
	out->dense_acc = moments(v, n, OFFSET(dense_acc));
	out->dense_length = moments(v, n, OFFSET(dense_length));
	out->dense_gap = moments(v, n, OFFSET(dense_gap));
	out->success_gain = moments(v, n, OFFSET(success_gain));
	out->best = ticket_moments(v, n, OFFSET(best));
	out->match = ticket_moments(v, n, OFFSET(match));
#undef OFFSET
	out->lts_all = out->best.gain.mean * out->sr / 100;
	out->lts = out->successes ? out->success_gain.mean * out->sr / 100
				  : out->lts_all;
}
