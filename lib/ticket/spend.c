#include "ticket/spend.h"

#include <inttypes.h>
#include "base/mem.h"
#include "base/num.h"
#include "base/table.h"
#include "run/dst.h"

/* The number in a row of a column that is there; 0 if it is missing. */
static int
number(uint64_t *v, const struct lt_table *t, size_t row, const char *name,
	struct lt_err *err)
{
	int at = lt_table_column(t, name, err);

	*v = 0;
	if (at < 0)
		return -1;
	if (lt_table_missing(lt_table_text(t, row, at)) ||
		lt_num_u64(lt_table_text(t, row, at), v))
		return 0;
	return lt_table_refuse(t, row, at, "a whole number", err);
}

static int
add_number(uint64_t *sum, const struct lt_table *t, size_t row,
	const char *name, struct lt_err *err)
{
	uint64_t v;

	if (number(&v, t, row, name, err) < 0)
		return -1;
	if (lt_add(sum, *sum, v))
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: the multiply-adds do not fit in 64 bits", t->name);
}

int
lt_spend_add(struct lt_spend *s, const char *path, struct lt_err *err)
{
	struct lt_table t;
	int r = lt_table_read(&t, path, err);

	if (r < 0)
		return -1;
	bool log = lt_table_find(&t, "macs") >= 0;
	size_t first = log && t.n ? t.n - 1 : 0;
	for (size_t i = first; r == 0 && !t.lost && i < t.n; i++)
		if (log)
			r = add_number(&s->macs, &t, i, "macs", err);
		else if (add_number(&s->macs, &t, i, "multiply_adds", err) <
				 0 ||
			 add_number(&s->macs, &t, i, "forward_multiply_adds",
				 err) < 0)
			r = -1;
	lt_table_release(&t);
	return r;
}

/* The presentations and multiply-adds of a log that has rows. */
static int
read_log(uint64_t *images, uint64_t *macs, const char *path, struct lt_err *err)
{
	struct lt_table t;
	int r = lt_table_read(&t, path, err);

	if (r < 0)
		return -1;
	if (t.lost || !t.n)
		r = lt_fail(err, LT_EDATA,
			"%s: expected the log of a training, found no row",
			path);
	else if (number(images, &t, t.n - 1, "presentations", err) < 0 ||
		 number(macs, &t, t.n - 1, "macs", err) < 0)
		r = -1;
	lt_table_release(&t);
	return r;
}

/* Each image of a log takes the same, so nothing remains. */
static int
each(uint64_t *cost, uint64_t images, uint64_t macs, const char *path,
	struct lt_err *err)
{
	if (!images || !macs || macs % images)
		return lt_fail(err, LT_EDATA,
			"%s: expected as many multiply-adds for each image, "
			"found %" PRIu64 " for %" PRIu64 " images",
			path, macs, images);
	*cost = macs / images;
	return 0;
}

int
lt_spend_costs(struct lt_spend *s, const char *steps, const char *changes,
	struct lt_err *err)
{
	uint64_t images, macs, more, most;

	if (read_log(&images, &macs, steps, err) < 0 ||
		each(&s->step, images, macs, steps, err) < 0)
		return -1;
	s->change = s->step;
	if (!changes)
		return 0;
	if (read_log(&more, &most, changes, err) < 0)
		return -1;
	if (more < images || most < macs)
		return lt_fail(err, LT_EDATA,
			"%s: expected the training of %s and a change after "
			"it, found fewer images or multiply-adds",
			changes, steps);
	if (each(&s->change, more - images, most - macs, changes, err) < 0)
		return -1;
	if (s->change >= s->step)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: expected at least %" PRIu64 " multiply-adds for an image "
		"of a change, as for one of a step, found %" PRIu64,
		changes, s->step, s->change);
}

/* Of the changes after 1 .. n intervals of every iterations, those whose
 * iteration is the last of an epoch of so many. */
static uint64_t
ends_of_epochs(uint64_t n, uint64_t every, uint64_t per_epoch)
{
	uint64_t first = 0;

	for (uint64_t k = 1; !first && k <= n && k <= per_epoch; k++)
		if (k % per_epoch * (every % per_epoch) % per_epoch ==
			per_epoch - 1)
			first = k;
	/* every and per_epoch have no common divisor then. */
	return first ? (n - first) / per_epoch + 1 : 0;
}

uint64_t
lt_spend_macs(const struct lt_spend *s, uint64_t epochs)
{
	uint64_t per_epoch = (s->images - 1) / s->batch + 1;
	uint64_t less = per_epoch * s->batch - s->images; /* the last batch */
	struct lt_sched sched = {
		.total = epochs * per_epoch, .per_epoch = per_epoch};
	struct lt_dst d = {LT_DST_RIGL, s->every, s->end, 1};
	uint64_t all, more = 0;

	if (s->change > s->step) {
		uint64_t every = lt_point_iteration(s->every, per_epoch);
		uint64_t n = lt_dst_changes(&d, &sched);
		more = n * s->batch -
		       less * ends_of_epochs(n, every, per_epoch);
	}
	if (lt_mul(&all, epochs * s->images, s->step) &&
		lt_mul(&more, more, s->change - s->step) &&
		lt_add(&all, all, more))
		return all;
	return UINT64_MAX;
}

int
lt_spend_epochs(uint64_t *epochs, const struct lt_spend *s, struct lt_err *err)
{
	uint64_t low = 0, high = LT_MAX_EPOCHS;

	if (lt_spend_macs(s, high) < s->macs)
		return lt_fail(err, LT_EDATA,
			"%" PRIu64 " multiply-adds are more than those of "
			"%" PRIu64 " epochs",
			s->macs, high);
	while (high - low > 1) { /* M(low) < macs <= M(high) */
		uint64_t middle = low + (high - low) / 2;
		if (lt_spend_macs(s, middle) < s->macs)
			low = middle;
		else
			high = middle;
	}
	bool lower = low && s->macs - lt_spend_macs(s, low) <=
				    lt_spend_macs(s, high) - s->macs;
	*epochs = lower ? low : high;
	return 0;
}
