/* Tables: one header line, tab-separated fields, LF; "nan" for what is not
 * there, "inf" and "-inf" for what has no end.  Reading checks the columns
 * asked for by name, in any order.  The handle is the caller's.
 */
#ifndef LT_BASE_TSV_H
#define LT_BASE_TSV_H

#include <stdint.h>
#include "base/err.h"

struct lt_tsv;

struct lt_tsv *lt_tsv_open(const char *path, struct lt_err *err);
void lt_tsv_close(struct lt_tsv *t);
/* Column number of a name, or -1 with LT_EDATA naming file and column. */
int lt_tsv_column(struct lt_tsv *t, const char *name, struct lt_err *err);
/* Advance: 1, 0 at the end, -1 (wrong number of fields). */
int lt_tsv_next(struct lt_tsv *t, struct lt_err *err);
/* Fields of the current row, text borrowed until the next; -1 names file, line,
 * column and what was found. */
const char *lt_tsv_text(const struct lt_tsv *t, int column);
int lt_tsv_u64(struct lt_tsv *t, int column, uint64_t *v, struct lt_err *err);
int lt_tsv_f64(struct lt_tsv *t, int column, double *v, struct lt_err *err);
/* LT_EDATA "<name>:<line>: column '...': expected <expected>, found '...'", for
 * what a column's meaning rules out; returns -1. */
int lt_tsv_refuse(const struct lt_tsv *t, int column, const char *expected,
	struct lt_err *err);
/* Number of the current row's line, the header's is 1. */
uint64_t lt_tsv_line(const struct lt_tsv *t);

#endif
