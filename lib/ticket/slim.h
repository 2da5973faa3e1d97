/* A network without the units that a mask leaves dead (net/units.h): smaller
 * layers, the same logits in evaluation mode, to rounding.
 *
 *	struct lt_slim s;
 *	if (lt_slim(&s, &model, &mask, threads, err) < 0) return -1;
 *	use s.m, s.mask; s.layer[] says what became of each layer
 *	lt_slim_release(&s);
 *
 * A unit is cut if the logits do not depend on it: no path of kept weights
 * leads from it to a logit.  A unit that has such a path, but none from the
 * input, has values that are the same for every image.  It is cut too, and what
 * its readers get from it becomes part of their biases, if they get the same
 * everywhere: from a value of 0, in a linear layer, or in a convolution without
 * padding whose input is the same at all pixels.  The constants are computed in
 * double precision with running statistics.  A whole branch that only adds a
 * constant to a sum is removed before (ticket/bypass.h).
 */
#ifndef LT_TICKET_SLIM_H
#define LT_TICKET_SLIM_H

#include "mask/mask.h"
#include "net/model.h"

/* Why a dead unit stays. */
enum lt_slim_why {
	LT_SLIM_COUPLED, /* it stands beside living channels of its unit */
	LT_SLIM_PADDED,	 /* a convolution reads its constant with padding */
	LT_SLIM_LAST,	 /* no other channel of a node is left */
	LT_SLIM_FIXED,	 /* it is a logit, or the output of an unused layer */
	LT_SLIM_WHYS,
};

struct lt_slim_layer {
	const char *name;	/* the node's, borrowed from m->g */
	int before, after;	/* output channels; 0 if the layer is gone */
	int held[LT_SLIM_WHYS]; /* dead outputs that stay */
	const char *reader;	/* the convolution of LT_SLIM_PADDED, or NULL;
				   borrowed from g */
	bool folded;		/* its bias takes up constants */
};

struct lt_slim {
	struct lt_graph *g;
	struct lt_model m;   /* of g; weights that the mask removes are 0 */
	struct lt_mask mask; /* what the old mask says of the weights left */
	struct lt_slim_layer *layer; /* [n] the old layers, in net-text order */
	size_t n;
	size_t dead;  /* outputs of layers that are dead */
	size_t cut;   /* ... and that are gone */
	bool severed; /* no path leads from the input to a logit */
};

/* mask fits the graph (lt_model_check_mask).  The caller owns s and releases it
 * if the result is 0. */
int lt_slim(struct lt_slim *s, const struct lt_model *m,
	const struct lt_mask *mask, int threads, struct lt_err *err);
void lt_slim_release(struct lt_slim *s);

#endif
