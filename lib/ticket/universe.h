/* The set of all samples, and checks that lists lie within it.
 *
 *	const struct lt_universe u = {.of = "d0.idx", .data = &data};
 *	lt_universe_all(&all, &u, err);
 *	lt_universe_read(&list, &u, "cet.idx", err);
 *	lt_universe_within(&list, "cet.idx", &all, &u, err);
 *
 * What struct lt_universe points to is the caller's.
 */
#ifndef LT_TICKET_UNIVERSE_H
#define LT_TICKET_UNIVERSE_H

#include <stdint.h>
#include "base/err.h"
#include "file/dataset.h"
#include "file/index.h"

/* Each may be NULL; the first that is not gives the set of all samples.  Every
 * index must be below *count and the data set's number of samples. */
struct lt_universe {
	const char *of;		/* path of an index list */
	const uint64_t *count;	/* samples 0 .. *count - 1 */
	const char *count_name; /* what messages call the count */
	const struct lt_dataset *data;
};

/* Set all to the set of all samples. */
int lt_universe_all(
	struct lt_index *all, const struct lt_universe *u, struct lt_err *err);
/* Read a list; LT_EDATA if an index is too large. */
int lt_universe_read(struct lt_index *ix, const struct lt_universe *u,
	const char *path, struct lt_err *err);
/* Check that all, from lt_universe_all, contains list; else LT_EDATA. */
int lt_universe_within(const struct lt_index *list, const char *path,
	const struct lt_index *all, const struct lt_universe *u,
	struct lt_err *err);
/* The name of the file or number that gives all samples, for messages. */
const char *lt_universe_name(const struct lt_universe *u);

#endif
