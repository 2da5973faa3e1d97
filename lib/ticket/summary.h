/* Summaries: tables with a row for each method, round and seed.
 *
 *	struct lt_summary s;
 *	if (lt_summary_read(&s, path, err) < 0) return -1;
 *	int64_t row = lt_summary_row(&s, "imp", 3, s.seed.text[0]);
 *	lt_summary_release(&s);
 *
 * The caller owns struct lt_summary and releases it.
 */
#ifndef LT_TICKET_SUMMARY_H
#define LT_TICKET_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/names.h"
#include "base/table.h"

struct lt_summary {
	struct lt_table table;
	struct lt_names method, seed; /* as they first come */
	size_t *name;		      /* of each row: its number in method */
	uint64_t *round;	      /* of each row */
	uint64_t last;		      /* the largest round */
	struct lt_names key;	      /* method, round and seed as texts */
	size_t *row;		      /* of each key */
	bool *diverged;		      /* of each row */
};

/* Columns method and round are needed; without a column seed all rows have one
 * seed.  Rounds are from 0 to 9999.  Of
 * rows with the same method, round and seed the last one counts. */
int lt_summary_read(struct lt_summary *s, const char *path, struct lt_err *err);
/* The same of a table with other columns in place of method and round: a method
 * is the values of key[0..keys), with "/" between them, and all rounds are 0.
 * keys 0: lt_summary_read. */
int lt_summary_read_by(struct lt_summary *s, const char *path,
	const char *const *key, int keys, struct lt_err *err);
void lt_summary_release(struct lt_summary *s);
/* The row of a method, round and seed, or -1. */
int64_t lt_summary_row(const struct lt_summary *s, const char *method,
	uint64_t round, const char *seed);
/* For each row, for free(): has a training behind it diverged, so that it has
 * no result?  Results are the columns test_acc, learned_acc and
 * retrain_seconds. */
bool *lt_summary_diverged(const struct lt_table *t);

#endif
