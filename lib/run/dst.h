/* Dynamic sparse training: the mask changes while its weights are trained, and
 * the number of kept weights of each layer stays.
 *
 * The mask changes after t iterations of the whole schedule if t > 0 is a
 * multiple of every and t < end.  In each layer of n kept weights,
 *
 *	k = floor(n fraction (1 + cos(pi t / end)) / 2)
 *
 * weights of the smallest magnitude are dropped, and then k weights are grown
 * among all that are not kept now, those just dropped included:
 *
 * SET (Mocanu et al. 2018): by chance.  Iteration t takes its step first.
 *
 * RIGL (Evci et al. 2020, Algorithm 1): those with the largest |gradient|.  The
 * gradient is that of iteration t + 1 at weights of which the masked ones are 0
 * and not masked.  That iteration takes no step.  If a forward pass takes f_S
 * multiply-adds under the mask and f_D without one, an iteration takes 3 f_S,
 * and iteration t + 1 takes 2 f_S + f_D, less in both what the engine saves
 * because nothing needs the gradient of the images.
 *
 * Grown weights and their moments begin at 0, as in the authors' code for both
 * rules.  A weight that is dropped and grown at once never left: it keeps its
 * value.  Of equal magnitudes the earlier weight counts as the larger.
 *
 * A layer that is not trained, because it is frozen or nothing uses it, keeps
 * its mask; so does a layer that keeps all weights or none.
 */
#ifndef LT_RUN_DST_H
#define LT_RUN_DST_H

#include <stdbool.h>
#include <stdint.h>
#include "mask/mask.h"
#include "net/model.h"
#include "run/sched.h"

enum lt_dst_rule { LT_DST_OFF, LT_DST_SET, LT_DST_RIGL };
/* "off", "set", "rigl" */
extern const char *const lt_dst_name[];

struct lt_dst {
	enum lt_dst_rule rule;
	struct lt_point every; /* > 0 */
	struct lt_point end;   /* 0: three quarters of the schedule */
	double fraction;       /* 0 to 1: dropped at the beginning */
};

/* Whether the mask changes after t iterations. */
bool lt_dst_due(
	const struct lt_dst *d, const struct lt_sched *sched, uint64_t t);
/* The share of each layer's kept weights that is then dropped. */
double lt_dst_share(
	const struct lt_dst *d, const struct lt_sched *sched, uint64_t t);
/* The number of changes in the whole schedule. */
uint64_t lt_dst_changes(const struct lt_dst *d, const struct lt_sched *sched);
/* Whether a layer of a mask of g can change; scale as in lt_engine_opt. */
bool lt_dst_moves(const struct lt_mask_layer *l, const struct lt_graph *g,
	const double *scale);
/* Drop this share of the kept weights of each layer that can change, and grow
 * as many: the largest in grad, which is laid out as m->w, or without grad
 * those of the largest numbers that (seed, layer, t) draws.  Weights and
 * gradients are finite.  m does not change. */
void lt_dst_change(struct lt_mask *mask, const struct lt_model *m,
	const double *scale, const float *grad, double share, uint64_t seed,
	uint64_t t);

#endif
