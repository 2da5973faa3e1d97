/* Which samples there are, and lists held against that.
 *
 *	const struct lt_universe u = {.of = "d0.idx", .data = &data};
 *	lt_universe_all(&all, &u, err);
 *	lt_universe_read(&list, &u, "cet.idx", err);
 *	lt_universe_within(&list, "cet.idx", &all, &u, err);
 *
 * What struct lt_universe points at is the caller's.
 */
#ifndef LT_TICKET_UNIVERSE_H
#define LT_TICKET_UNIVERSE_H

#include <stdint.h>
#include "base/err.h"
#include "file/dataset.h"
#include "file/index.h"

/* Any may be NULL.  All samples are those of the first that is not; no index is
 * as large as *count, or the data set's number of samples. */
struct lt_universe {
	const char *of; /* a list */
	const uint64_t *count;
	const struct lt_dataset *data;
};

int lt_universe_all(
	struct lt_index *all, const struct lt_universe *u, struct lt_err *err);
/* A list; LT_EDATA when it has an index that is too large. */
int lt_universe_read(struct lt_index *ix, const struct lt_universe *u,
	const char *path, struct lt_err *err);
/* LT_EDATA when list has one that all, which is u's, has not. */
int lt_universe_within(const struct lt_index *list, const char *path,
	const struct lt_index *all, const struct lt_universe *u,
	struct lt_err *err);
/* Where all samples are from, for messages. */
const char *lt_universe_name(const struct lt_universe *u);

#endif
