/* Sigmoid, silu and products in plain scalar C: these functions define the
 * results, as those of kern_ref.c define all others.
 */
#ifndef LT_KERN_GATE_H
#define LT_KERN_GATE_H

#include "kern/kern.h"

float lt_gate_exp(float z); /* kern.h's e(z) */
extern lt_curve_fn *const lt_gate_curve[LT_CURVE_COUNT];
extern lt_curve_back_fn *const lt_gate_curve_back[LT_CURVE_COUNT];
void lt_gate_product(void *dst, const void *a, const void *b,
	const struct lt_drain *d, const struct lt_view *va,
	const struct lt_view *vb);
void lt_gate_spread(void *dst, const void *src, const float *b, size_t b_ch,
	const struct lt_drain *d, const struct lt_view *view);
void lt_gate_dot(float *dst, const float *a, const float *b, size_t npx);

#endif
