/* Softmax cross-entropy and what else is read off logits.  Computed in double
 * through base/fmath.h, image by image, classes ascending. */
#ifndef LT_ENGINE_LOSS_H
#define LT_ENGINE_LOSS_H

#include <stdint.h>

/* What one image's logits say. */
struct lt_outcome {
	int predicted;	/* argmax, ties to the lower class; -1: a logit is not
			   finite, and loss, entropy and margin are NaN */
	int rank;	/* classes whose logit beats the label's, ties by lower
			   class first: 0 = top-1 right, < 5 = top-5 right;
			   INT_MAX when nothing is predicted */
	double loss;	/* -log softmax[label] */
	double entropy; /* of softmax, nats */
	double margin;	/* p[label] - max of the other p */
};

/* logits, dlogits [shards][classes][16]; label [n]; out [n].  dlogits (NULL:
 * not wanted) = (softmax - onehot) / n, 0 in dead lanes.  Returns the mean
 * loss, summed in image order; NaN or infinite when a logit is. */
double lt_loss(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes);

#endif
