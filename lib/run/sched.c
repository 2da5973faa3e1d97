/* Learning-rate schedules. */
#include <stdlib.h>
#include <string.h>
#include "base/fmath.h"
#include "base/mem.h"
#include "base/num.h"
#include "run/sched.h"

const char *
lt_sched_name(size_t kind)
{
	static const char *const name[LT_SCHEDS] = {
		"multistep", "cosine", "constant"};

	return kind < LT_SCHEDS ? name[kind] : NULL;
}

bool
lt_point_parse(struct lt_point *p, const char *s)
{
	size_t n = strlen(s);
	bool ok;

	p->iterations = n > 1 && s[n - 1] == 'i';
	char *digits = lt_strndup(s, n - p->iterations);
	ok = lt_num_u64(digits, &p->value) &&
	     p->value <= (p->iterations ? LT_MAX_ITERATIONS : LT_MAX_EPOCHS);
	free(digits);
	return ok;
}

uint64_t
lt_point_iteration(struct lt_point p, uint64_t per_epoch)
{
	return p.iterations ? p.value : p.value * per_epoch;
}

static double
base_rate(const struct lt_sched *s, uint64_t i)
{
	double lr = s->lr;

	if (s->kind == LT_SCHED_COSINE)
		return lr * 0.5 * (1 + lt_cospi((double)i / (double)s->total));
	for (int k = 0; s->kind == LT_SCHED_MULTISTEP && k < s->milestones; k++)
		if (s->milestone[k] <= i)
			lr *= s->gamma;
	return lr;
}

double
lt_sched_rate(const struct lt_sched *s, uint64_t i)
{
	double lr = base_rate(s, i);

	if (i < s->warmup)
		lr *= (double)(i + 1) / (double)s->warmup;
	return lr;
}
