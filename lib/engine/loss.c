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

double
lt_loss(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes)
{
	return lt_loss_smoothed(out, dlogits, logits, label, n, classes, 0);
}

double
lt_loss_smoothed(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes, double s)
{
	double own = 1 - s, each = s / classes;
	double sum = 0, *z = lt_alloc((size_t)classes, sizeof *z);
	size_t shard = (size_t)classes * LT_LANES;

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
		describe(&out[i], logits + at, z, label[i], classes);
		if (s > 0)
			out[i].loss += smoothing_loss(
				logits + at, label[i], classes, s);
		sum += out[i].loss;
		for (int c = 0; dlogits && c < classes; c++)
			dlogits[at + (size_t)c * LT_LANES] =
				(float)((z[c] - own * (c == label[i]) - each) /
					n);
	}
	free(z);
	return sum / n;
}
