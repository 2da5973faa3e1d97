/* Softmax cross-entropy, image by image, in double. */
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "kern/kern.h"
#include "engine/loss.h"

/* *max <- the largest z; z[i] <- exp(z[i] - *max).  Returns their sum. */
static double
softmax_terms(double *z, int classes, double *max)
{
	double sum = 0;

	*max = z[0];
	for (int i = 1; i < classes; i++)
		*max = z[i] > *max ? z[i] : *max;
	for (int i = 0; i < classes; i++) {
		z[i] = lt_exp(z[i] - *max);
		sum += z[i];
	}
	return sum;
}

static void
describe(struct lt_outcome *o, const float *logit, double *z, int label,
	int classes)
{
	double max, best = 0, square = 0,
		    own = (double)logit[(size_t)label * LT_LANES];

	o->predicted = o->rank = 0;
	for (int i = 0; i < classes; i++) {
		double v = (double)logit[(size_t)i * LT_LANES];
		z[i] = v;
		if (v > (double)logit[(size_t)o->predicted * LT_LANES])
			o->predicted = i;
		o->rank += v > own || (v == own && i < label);
	}
	double sum = softmax_terms(z, classes, &max), log_sum = lt_log(sum);
	o->loss = log_sum - (own - max);
	o->entropy = log_sum;
	for (int i = 0; i < classes; i++) {
		double v = (double)logit[(size_t)i * LT_LANES] - max;
		z[i] /= sum;
		o->entropy -= z[i] * v;
		if (i != label && z[i] > best)
			best = z[i];
		square += (z[i] - (i == label)) * (z[i] - (i == label));
	}
	o->el2n = sqrt(square);
	o->margin = z[label] - best;
}

static bool
all_finite(const float *logit, int classes)
{
	for (int i = 0; i < classes; i++)
		if (!isfinite(logit[(size_t)i * LT_LANES]))
			return false;
	return true;
}

/* The term that smoothing adds to the loss: s times log softmax[label] less the
 * mean of log softmax.  Logits have the same differences as log softmax. */
static double
smoothing_loss(const float *logit, int label, int classes, double s)
{
	double sum = 0;

	for (int c = 0; c < classes; c++)
		sum += (double)logit[(size_t)c * LT_LANES];
	return s * ((double)logit[(size_t)label * LT_LANES] - sum / classes);
}

/* For one image, [classes] each: the terms of its softmax; p and q, the softmax
 * of both networks at the temperature; and their logarithms. */
struct scratch {
	double *z, *p, *log_p, *q, *log_q;
};

static void
scratch_init(struct scratch *s, int classes)
{
	size_t n = (size_t)classes;

	s->z = lt_alloc(5 * n, sizeof *s->z);
	s->p = s->z + n;
	s->log_p = s->p + n;
	s->q = s->log_p + n;
	s->log_q = s->q + n;
}

/* p <- softmax(logit / t), log_p <- its logarithm. */
static void
soften(double *p, double *log_p, const float *logit, int classes, double t)
{
	double max;

	for (int c = 0; c < classes; c++)
		p[c] = log_p[c] = (double)logit[(size_t)c * LT_LANES] / t;
	double sum = softmax_terms(p, classes, &max), log_sum = lt_log(sum);
	for (int c = 0; c < classes; c++) {
		p[c] /= sum;
		log_p[c] -= max + log_sum;
	}
}

/* The divergence of p from q, the softened logits of student and teacher. */
static double
divergence(const struct scratch *s, const float *logit, const float *teacher,
	int classes, double t)
{
	double sum = 0;

	soften(s->p, s->log_p, logit, classes, t);
	soften(s->q, s->log_q, teacher, classes, t);
	for (int c = 0; c < classes; c++)
		if (s->q[c] != 0)
			sum += s->q[c] * (s->log_q[c] - s->log_p[c]);
	return sum;
}

/* The loss of an image, of whose label the loss is own. */
static double
loss_to(double own, const struct scratch *s, const float *logits, size_t at,
	int classes, const struct lt_target *t)
{
	double square = t->temperature * t->temperature;

	if (!t->teacher)
		return own;
	return (1 - t->share) * own + t->share * square *
					      divergence(s, logits + at,
						      t->teacher + at, classes,
						      t->temperature);
}

/* The gradient of the loss of one of n images. */
static void
gradient_to(float *d, const struct scratch *s, int label, int n, int classes,
	const struct lt_target *t)
{
	double own = 1 - t->smoothing, each = t->smoothing / classes;
	double by = t->share * t->temperature;

	for (int c = 0; c < classes; c++) {
		double g = s->z[c] - own * (c == label) - each;
		if (t->teacher)
			g = (1 - t->share) * g + by * (s->p[c] - s->q[c]);
		d[(size_t)c * LT_LANES] = (float)(g / n);
	}
}

double
lt_loss(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes)
{
	static const struct lt_target labels;

	return lt_loss_to(out, dlogits, logits, label, n, classes, &labels);
}

double
lt_loss_to(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes,
	const struct lt_target *target)
{
	double sum = 0, smoothing = target->smoothing;
	size_t shard = (size_t)classes * LT_LANES;
	struct scratch s;

	scratch_init(&s, classes);
	if (dlogits)
		memset(dlogits, 0,
			(size_t)((n + LT_LANES - 1) / LT_LANES) * shard *
				sizeof *dlogits);
	for (int i = 0; i < n; i++) {
		size_t at =
			(size_t)(i / LT_LANES) * shard + (size_t)(i % LT_LANES);
		if (!all_finite(logits + at, classes)) {
			out[i] = (struct lt_outcome){
				-1, INT_MAX, NAN, NAN, NAN, NAN};
			sum = NAN;
			continue;
		}
		describe(&out[i], logits + at, s.z, label[i], classes);
		if (smoothing > 0)
			out[i].loss += smoothing_loss(
				logits + at, label[i], classes, smoothing);
		out[i].loss =
			loss_to(out[i].loss, &s, logits, at, classes, target);
		sum += out[i].loss;
		if (dlogits)
			gradient_to(
				dlogits + at, &s, label[i], n, classes, target);
	}
	free(s.z);
	return sum / n;
}
