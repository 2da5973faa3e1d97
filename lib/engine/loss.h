/* Softmax cross-entropy, and what logits say about each image.  Everything is
 * computed in double with base/fmath.h, image by image, classes ascending. */
#ifndef LT_ENGINE_LOSS_H
#define LT_ENGINE_LOSS_H

#include <stdint.h>

/* The result that the logits of one image give. */
struct lt_outcome {
	int predicted;	/* class of the largest logit, of equal ones the lower;
			   -1: a logit is not finite, and the numbers below
			   are NaN */
	int rank;	/* how many classes beat the label; of equal logits the
			   lower class does.  0: right; < 5: among the first
			   five; INT_MAX: nothing is predicted */
	double loss;	/* -log softmax[label], or smoothed */
	double entropy; /* entropy of softmax, in nats */
	double margin;	/* softmax[label] - the largest other softmax */
	double el2n;	/* |softmax - onehot|, Euclidean (Paul et al. 2021) */
};

/* Compute out [n] and the mean loss of n images, and the gradient of that loss,
 * dlogits <- (softmax - onehot) / n, with 0 in dead lanes; NULL: none.  logits
 * and dlogits are [shards][classes][16]; label is [n].  The loss is summed in
 * the order of the images.  It is NaN or infinite if a logit is. */
double lt_loss(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes);
/* What a training aims at.  A zeroed target is the labels alone. */
struct lt_target {
	/* Label smoothing s, 0 to 1 (Szegedy et al. 2016, section 7): the label
	 * has the share 1 - s of the target, and all classes the share s in
	 * equal parts.  loss = -(1 - s) log softmax[label] - s / classes sum_c
	 * log softmax[c]. */
	double smoothing;
	/* The logits of a teacher, in the layout of logits, or NULL (Hinton et
	 * al. 2015, section 2).  With p = softmax(logits / T), q =
	 * softmax(teacher / T) and the share a, 0 to 1, the loss is (1 - a)
	 * times the loss above plus a T^2 sum_c q[c] log(q[c] / p[c]).  This
	 * sum is 0 if the logits are equal. */
	const float *teacher;
	double share, temperature; /* a; T > 0 */
};
/* The same for a target: dlogits <- ((1 - a) (softmax - smoothed label) + a T
 * (p - q)) / n.  lt_loss is this for the labels alone. */
double lt_loss_to(struct lt_outcome *out, float *dlogits, const float *logits,
	const int32_t *label, int n, int classes,
	const struct lt_target *target);

#endif
