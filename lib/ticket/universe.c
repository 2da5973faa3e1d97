#include "ticket/universe.h"

#include <inttypes.h>
#include "ticket/subset.h"

int
lt_universe_read(struct lt_index *ix, const struct lt_universe *u,
	const char *path, struct lt_err *err)
{
	if (lt_index_read(ix, path, err) < 0)
		return -1;
	if (u->data &&
		lt_index_check(ix, path, u->data->n, u->data->path, err) < 0)
		return -1;
	if (u->count && ix->n && ix->v[ix->n - 1] >= *u->count)
		return lt_fail(err, LT_EDATA,
			"%s: expected indices below %s %" PRIu64
			", found %" PRIu32,
			path, u->count_name, *u->count, ix->v[ix->n - 1]);
	return 0;
}

int
lt_universe_all(
	struct lt_index *all, const struct lt_universe *u, struct lt_err *err)
{
	if (u->of)
		return lt_universe_read(all, u, u->of, err);
	lt_index_all(all, u->count ? *u->count : u->data->n);
	return 0;
}

int
lt_universe_within(const struct lt_index *list, const char *path,
	const struct lt_index *all, const struct lt_universe *u,
	struct lt_err *err)
{
	uint32_t outside;
	if (!lt_subset_outside(&outside, list, all))
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: expected samples of %s only, found %" PRIu32, path,
		lt_universe_name(u), outside);
}

const char *
lt_universe_name(const struct lt_universe *u)
{
	return u->of ? u->of : u->count ? u->count_name : u->data->path;
}
