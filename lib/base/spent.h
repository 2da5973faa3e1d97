/* The cost of a program: images, multiply-adds and times.  Claims of saving
 * rest on these figures.
 *
 *	struct lt_spent s;
 *	lt_spent_begin(&s);
 *	...
 *	s.images += n;
 *	s.macs = lt_engine_macs(x);
 *	lt_spent_end(&s);
 *	lt_spent_write(&s, path, err);
 *
 * Times go to a file of their own, because the counts are the same on every
 * machine and times are not.
 */
#ifndef LT_BASE_SPENT_H
#define LT_BASE_SPENT_H

#include <stdint.h>
#include "base/claim.h"
#include "base/err.h"

struct lt_spent {
	uint64_t images; /* presentations: an image counts each time */
	uint64_t macs;	 /* multiply-adds, forward and backward */
	/* Wall-clock and processor time from begin to end. */
	double seconds, cpu_seconds;
};

/* Set the counts to 0 and start the clocks. */
void lt_spent_begin(struct lt_spent *s);
void lt_spent_end(struct lt_spent *s);
/* Claim the files that lt_spent_write will write, which messages call what and
 * times; path may be NULL. */
void lt_spent_claim(struct lt_claims *c, const char *what, const char *times,
	const char *path);
/* Write path, a table with the columns images and macs, and before it the
 * table of times beside it (lt_outpath_times) with seconds and cpu_seconds,
 * unless path is a pipe or device.  Each table
 * has a header line and one row (base/tsv.h). */
int lt_spent_write(
	const struct lt_spent *s, const char *path, struct lt_err *err);

#endif
