/* Functions of one value in double precision. */
#include <math.h>
#include "base/fmath.h"
#include "exact/exact_row.h"

static double
logistic(double v)
{
	return 1 / (1 + lt_exp(-v));
}

static uint32_t
piece_of(const struct pass *p, double x, size_t i)
{
	return p->held ? p->held[i] : p->row->piece ? p->row->piece(x) : 0;
}

static void
curve(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (size_t i = 0; i < p->px; i++)
		p->y[i] = p->row->value(p->n, in[i], piece_of(p, in[i], i));
}

static void
curve_back(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);
	double *dx = plane(p, p->x->d, 0, p->c);

	for (size_t i = 0; dx && i < p->px; i++)
		dx[i] += p->row->chain(
			p->n, p->dy[i], in[i], p->y[i], piece_of(p, in[i], i));
}

static void
curve_hold(const struct pass *p)
{
	const double *in = plane(p, p->x->a, 0, p->c);

	for (size_t i = 0; i < p->px; i++)
		p->held[i] = p->row->piece(in[i]);
}

#define VALUE(name) \
	static double name(const struct lt_node *n, double x, uint32_t piece)
#define CHAIN(name) \
	static double name(const struct lt_node *n, double dy, double x, \
		double y, uint32_t piece)

/* A NaN passes. */
static uint32_t
relu_piece(double x)
{
	return !(x <= 0);
}

VALUE(relu)
{
	(void)n;
	return piece ? x : 0;
}

CHAIN(relu_chain)
{
	(void)n, (void)x, (void)y;
	return piece ? dy : 0;
}

VALUE(sigmoid)
{
	(void)n, (void)piece;
	return logistic(x);
}

CHAIN(sigmoid_chain)
{
	(void)n, (void)x, (void)piece;
	return dy * y * (1 - y);
}

VALUE(silu)
{
	(void)n, (void)piece;
	return x * logistic(x);
}

CHAIN(silu_chain)
{
	double s = logistic(x);

	(void)n, (void)y, (void)piece;
	return dy * s * (1 + x * (1 - s));
}

static uint32_t
relu6_piece(double x)
{
	return x <= 0 ? 0 : x >= 6 ? 2 : 1;
}

VALUE(relu6)
{
	(void)n;
	return piece == 0 ? 0 : piece == 1 ? x : 6;
}

CHAIN(relu6_chain)
{
	(void)n, (void)x, (void)y;
	return piece == 1 ? dy : 0;
}

VALUE(leakyrelu)
{
	return piece ? x : x * (double)n->slope;
}

CHAIN(leakyrelu_chain)
{
	(void)x, (void)y;
	return piece ? dy : dy * (double)n->slope;
}

/* Compute erf by its series, whose terms all have one sign: 2 / sqrt(pi)
 * exp(-x^2) times the sum of 2^k x^(2k+1) / (1 3 5 ... (2k+1)). */
static double
error_function(double x)
{
	double term = x, sum = x;

	if (fabs(x) > 6)
		return x > 0 ? 1 : -1;
	for (int k = 1; fabs(term) > 1e-18 * fabs(sum); k++) {
		term *= 2 * x * x / (2 * k + 1);
		sum += term;
	}
	return 0x1.20dd750429b6dp+0 * sum * lt_exp(-x * x);
}

static double
normal_cdf(double x)
{
	return 0.5 * (1 + error_function(x * 0x1.6a09e667f3bcdp-1));
}

VALUE(gelu)
{
	(void)n, (void)piece;
	return x * normal_cdf(x);
}

CHAIN(gelu_chain)
{
	double density = 0x1.9884533d43651p-2 * lt_exp(-0.5 * x * x);

	(void)n, (void)y, (void)piece;
	return dy * (normal_cdf(x) + x * density);
}

VALUE(tangent)
{
	(void)n, (void)piece;
	return 1 - 2 / (lt_exp(2 * x) + 1);
}

CHAIN(tangent_chain)
{
	(void)n, (void)x, (void)piece;
	return dy * (1 - y * y);
}

static uint32_t
hardswish_piece(double x)
{
	return x <= -3 ? 0 : x >= 3 ? 2 : 1;
}

VALUE(hardswish)
{
	(void)n;
	return piece == 0 ? 0 : piece == 1 ? x * (x + 3) / 6 : x;
}

CHAIN(hardswish_chain)
{
	(void)n, (void)y;
	return piece == 0 ? 0 : piece == 1 ? dy * (x / 3 + 0.5) : dy;
}

#define CURVE(name) \
	.forward = curve, .back = curve_back, .value = name, \
	.chain = name##_chain
#define KINKED(name) CURVE(name), .hold = curve_hold, .piece = name##_piece

const struct exact_row exact_RELU = {KINKED(relu)};
const struct exact_row exact_SIGMOID = {CURVE(sigmoid)};
const struct exact_row exact_SILU = {CURVE(silu)};
const struct exact_row exact_RELU6 = {KINKED(relu6)};
const struct exact_row exact_LEAKYRELU = {
	CURVE(leakyrelu), .hold = curve_hold, .piece = relu_piece};
const struct exact_row exact_GELU = {CURVE(gelu)};
const struct exact_row exact_TANH = {CURVE(tangent)};
const struct exact_row exact_HARDSWISH = {KINKED(hardswish)};
