/* What a program has spent, for the ledger that stands behind every claim of
 * saving: the option --cost FILE.
 *
 *	struct lt_spent s;
 *	lt_spent_begin(&s);
 *	...
 *	s.images += n;
 *	s.macs = lt_engine_macs(x);
 *	lt_spent_end(&s);
 *	lt_spent_write(&s, path, err);
 *
 * Times are kept apart from what is the same on every machine.
 */
#ifndef LT_BASE_SPENT_H
#define LT_BASE_SPENT_H

#include <stdint.h>
#include "base/claim.h"
#include "base/err.h"

struct lt_spent {
	uint64_t images; /* presented to a network, each time counted */
	uint64_t macs;	 /* multiply-adds, forward and backward */
	/* Since begin, until end: of the wall clock; of all processors. */
	double seconds, cpu_seconds;
};

/* Counts are 0, the clocks run. */
void lt_spent_begin(struct lt_spent *s);
void lt_spent_end(struct lt_spent *s);
/* The files that lt_spent_write will write; path may be NULL. */
void lt_spent_claim(struct lt_claims *c, const char *path);
/* FILE: a table "images macs"; before it FILE.time: "seconds cpu_seconds",
 * unless FILE is a pipe or device.  Each is one header line and one row
 * (base/tsv.h).
 */
int lt_spent_write(
	const struct lt_spent *s, const char *path, struct lt_err *err);

#endif
