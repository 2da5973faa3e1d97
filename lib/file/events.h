/* Events: what each training pass saw of each sample (FORMATS): tab-separated
 * "epoch index correct", rows by pass (from 1) then index, a row for a sample's
 * first presentation and one for each later change of correct.
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
/* 1, 0 at the end, -1: a row that is malformed or out of order. */
int lt_events_next(
	struct lt_events *e, struct lt_event *ev, struct lt_err *err);
void lt_events_close(struct lt_events *e);

void lt_events_header(struct lt_out *o);
/* The rows of one pass: for each of the n sample indices, ascending, seen[i]
 * (0/1) against last[index[i]] (0/1, 255 unseen), which is updated. */
void lt_events_pass(struct lt_out *o, uint32_t epoch, const uint32_t *index,
	const uint8_t *seen, size_t n, uint8_t *last);

#endif
