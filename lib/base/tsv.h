/* Reading tables (lt-log(5)): one header line, then rows of tab-separated
 * fields.  "NaN" is a missing number, and so is "nan", which earlier versions
 * wrote; "inf" and "-inf" are infinite.  A reader asks for columns by name, so
 * their order is free.  The handle is the caller's.
 */
#ifndef LT_BASE_TSV_H
#define LT_BASE_TSV_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct lt_tsv;

struct lt_tsv *lt_tsv_open(const char *path, struct lt_err *err);
/* The same for a file that may be empty: *lost is set, and there are no columns
 * and no rows. */
struct lt_tsv *lt_tsv_open_lost(
	const char *path, bool *lost, struct lt_err *err);
void lt_tsv_close(struct lt_tsv *t);
int lt_tsv_columns(const struct lt_tsv *t);
/* The name of a column, borrowed. */
const char *lt_tsv_title(const struct lt_tsv *t, int column);
/* The number of the column with this name, or -1 with LT_EDATA, which names
 * file and column. */
int lt_tsv_column(struct lt_tsv *t, const char *name, struct lt_err *err);
/* Fail because file, whose columns have these titles, has no column name.  A
 * single column that contains commas, semicolons or spaces is called what it
 * is: columns that no tabs separate.  Returns -1. */
int lt_tsv_lacks(const char *file, const char *name, const char *const *title,
	int columns, struct lt_err *err);
/* Go to the next row: 1, 0 at the end, -1 (wrong number of fields). */
int lt_tsv_next(struct lt_tsv *t, struct lt_err *err);
/* Fields of the current row.  Text is borrowed until the next row.  On -1 the
 * message names file, line, column and what was found. */
const char *lt_tsv_text(const struct lt_tsv *t, int column);
int lt_tsv_u64(struct lt_tsv *t, int column, uint64_t *v, struct lt_err *err);
int lt_tsv_f64(struct lt_tsv *t, int column, double *v, struct lt_err *err);
/* Is text a number as tables have it? */
bool lt_tsv_number(const char *text, double *v);
/* Refuse the current row's field of this column: LT_EDATA "<name>:<line>:
 * column
 * '...': expected <expected>, found '...'".  Returns -1. */
int lt_tsv_refuse(const struct lt_tsv *t, int column, const char *expected,
	struct lt_err *err);
/* Line number of the current row; the header is line 1. */
uint64_t lt_tsv_line(const struct lt_tsv *t);

#endif
