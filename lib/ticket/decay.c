#include "ticket/decay.h"

#include <math.h>
#include "base/fmath.h"

double
lt_decay_factor(
	const struct lt_decay_epoch *v, size_t n, double momentum, double decay)
{
	double f = 1;

	for (size_t i = 0; i < n; i++)
		f *= 1 - v[i].iterations * v[i].lr * decay / (1 - momentum);
	return f;
}

double
lt_decay_ratio(double from, double to, double factor)
{
	if (!(from > 0 && to > 0 && factor > 0 && factor < 1))
		return NAN;
	return lt_log(to / from) / lt_log(factor);
}

size_t
lt_decay_stretch(const struct lt_decay_look *v, size_t n, size_t from)
{
	size_t i = from + 1;

	while (i + 1 < n && v[i + 1].lr == v[i].lr && v[i].lr == v[i].first_lr)
		i++;
	return i;
}

double
lt_decay_moved(const struct lt_decay_layer *v, size_t n)
{
	double sum = 0, all = 0;

	for (size_t i = 0; i < n; i++) {
		if (!v[i].covered)
			continue;
		sum += fabs(v[i].gone_a - v[i].gone_b);
		all += v[i].count;
	}
	return all > 0 ? 50 * sum / all : NAN;
}
