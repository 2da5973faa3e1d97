/* Sigmoid, silu and products in plain scalar C: these functions define the
 * results, as those of kern_ref.c define all others.
 */
#ifndef LT_KERN_GATE_H
#define LT_KERN_GATE_H

#include "kern/kern.h"

float lt_gate_exp(float z); /* kern.h's e(z) */
void lt_gate_sigmoid(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view);
void lt_gate_silu(void *dst, const void *src, const struct lt_drain *d,
	const struct lt_view *view);
void lt_gate_sigmoid_back(
	float *dx, const void *dy, const void *y, const struct lt_drain *d);
void lt_gate_silu_back(float *dx, const void *dy, const void *src,
	const struct lt_drain *d, const struct lt_view *view);
void lt_gate_product(void *dst, const void *a, const void *b,
	const struct lt_drain *d, const struct lt_view *va,
	const struct lt_view *vb);
void lt_gate_spread(void *dst, const void *src, const float *b, size_t b_ch,
	const struct lt_drain *d, const struct lt_view *view);
void lt_gate_dot(float *dst, const float *a, const float *b, size_t npx);

#endif
