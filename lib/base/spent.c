#include "base/spent.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/out.h"
#include "base/outpath.h"

void
lt_spent_begin(struct lt_spent *s)
{
	*s = (struct lt_spent){
		.seconds = -lt_clock(), .cpu_seconds = -lt_cpu_clock()};
}

void
lt_spent_end(struct lt_spent *s)
{
	s->seconds += lt_clock();
	s->cpu_seconds += lt_cpu_clock();
}

static int
write_times(const struct lt_spent *s, const char *path, struct lt_err *err)
{
	char *name = lt_outpath_times(path);
	struct lt_out *o = lt_out_open(name, err);

	free(name);
	if (!o)
		return -1;
	lt_out_printf(o, "seconds\tcpu_seconds\n%.3f\t%.3f\n", s->seconds,
		s->cpu_seconds);
	return lt_out_commit(o, err);
}

void
lt_spent_claim(struct lt_claims *c, const char *what, const char *times,
	const char *path)
{
	lt_claim(c, LT_CLAIM_SIDE, what, path);
	lt_claim_times(c, times, path);
}

/* The table that others wait for is written last.  A pipe or device has no file
 * beside it. */
int
lt_spent_write(const struct lt_spent *s, const char *path, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(path, err);
	if (!o)
		return -1;
	if (lt_out_resumed(o) && write_times(s, path, err) < 0) {
		lt_out_abandon(o);
		return -1;
	}
	lt_out_printf(o, "images\tmacs\n%" PRIu64 "\t%" PRIu64 "\n", s->images,
		s->macs);
	return lt_out_commit(o, err);
}
