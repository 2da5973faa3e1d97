/* Event tables (lt-events(5)): which samples each training pass classified
 * correctly.  Columns are "epoch index correct", tab-separated; rows are
 * ordered by pass (from 1), then index.  There is a row for a sample's first
 * presentation and one for each later change of correct.
 */
#ifndef LT_FILE_EVENTS_H
#define LT_FILE_EVENTS_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/out.h"

struct lt_event {
	uint32_t epoch; /* pass, from 1 */
	uint32_t index;
	uint8_t correct;
};

struct lt_events; /* a reader */

struct lt_events *lt_events_open(const char *path, struct lt_err *err);
/* Read the next row: 1, 0 at the end, -1 if a row is malformed or out of order.
 */
int lt_events_next(
	struct lt_events *e, struct lt_event *ev, struct lt_err *err);
void lt_events_close(struct lt_events *e);

void lt_events_header(struct lt_out *o);
/* Write the rows of one pass over n samples.  index is ascending; seen[i] (0 or
 * 1) is the result for sample index[i].  last[index[i]] is its result in the
 * pass before (0, 1, or 255: none yet) and becomes seen[i]; a row is written
 * where they differ. */
void lt_events_pass(struct lt_out *o, uint32_t epoch, const uint32_t *index,
	const uint8_t *seen, size_t n, uint8_t *last);

#endif
