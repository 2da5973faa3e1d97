/* How weight decay alone shrinks weights: Equation 5 of the paper on early
 * tickets ("The sooner the better").  Where gradients no longer matter, n
 * iterations of gradient descent with momentum m, learning rate l and weight
 * decay d multiply each weight, and so the standard deviation of a layer, by
 *
 *	1 - n l d / (1 - m)
 *
 * Over several epochs the factors are multiplied, because the rate may differ.
 */
#ifndef LT_TICKET_DECAY_H
#define LT_TICKET_DECAY_H

#include <stdbool.h>
#include <stddef.h>

/* One epoch of the dense run. */
struct lt_decay_epoch {
	double iterations; /* of this epoch */
	double lr;
};

/* The factor of the n epochs in v; 1 if n is 0. */
double lt_decay_factor(const struct lt_decay_epoch *v, size_t n,
	double momentum, double decay);

/* How a deviation changed beside what the factor predicts, both as logarithms:
 * log(to / from) / log(factor), 1 where Equation 5 holds.  NAN unless both
 * deviations are above 0 and the factor is in (0, 1). */
double lt_decay_ratio(double from, double to, double factor);

/* A look at the weights after some epoch: the rate of that epoch, and the rate
 * of the first epoch after the look before. */
struct lt_decay_look {
	double lr, first_lr;
};

/* The last look of the stretch of one learning rate that begins at look from <
 * n - 1; the next stretch begins there.  A stretch ends at a look if it is the
 * last one, if the next look's rate differs, or if the rate has changed since
 * the look before. */
size_t lt_decay_stretch(const struct lt_decay_look *v, size_t n, size_t from);

/* One layer under two masks, or under none. */
struct lt_decay_layer {
	bool covered;	       /* is the layer prunable? */
	double count;	       /* weights */
	double gone_a, gone_b; /* weights that each mask removes */
};

/* The share, in percent of all prunable weights, that one mask removes from
 * other layers than the other mask does: half the sum over layers of how much
 * their removed weights differ.  NAN without a prunable weight. */
double lt_decay_moved(const struct lt_decay_layer *v, size_t n);

#endif
