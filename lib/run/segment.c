/* Segments of a schedule. */
#include "run/segment.h"

#include <inttypes.h>

void
segment_init(struct segment *p, const struct lt_train_opt *o, size_t samples)
{
	size_t b = (size_t)o->batch;
	uint64_t each = (samples + b - 1) / b;

	*p = (struct segment){.per_epoch = each,
		.sched = {.kind = o->sched,
			.lr = o->lr,
			.gamma = o->gamma,
			.total = lt_point_iteration(o->length, each),
			.per_epoch = each,
			.warmup = lt_point_iteration(o->warmup, each),
			.milestones = o->milestones}};
	for (int i = 0; i < o->milestones; i++)
		p->sched.milestone[i] =
			lt_point_iteration(o->milestone[i], each);
	p->to = o->has_to ? lt_point_iteration(o->to, each) : p->sched.total;
	p->from = o->has_from ? lt_point_iteration(o->from, each) : 0;
}

int
segment_check(const struct segment *p, struct lt_err *err)
{
	if (p->from <= p->to && p->to <= p->sched.total)
		return 0;
	lt_fail(err, LT_EUSAGE,
		"the segment [%" PRIu64 ", %" PRIu64 ") is not within "
		"the schedule's %" PRIu64 " iterations",
		p->from, p->to, p->sched.total);
	return lt_fail_mend(err, "from to");
}

uint64_t
segment_epochs(const struct segment *p)
{
	return (p->sched.total + p->per_epoch - 1) / p->per_epoch;
}

uint64_t
segment_epoch(const struct segment *p, uint64_t at)
{
	return (at - 1) / p->per_epoch + 1;
}
