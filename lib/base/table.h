/* Whole tables in memory, and writing tables.  base/tsv.h reads a table row by
 * row.
 *
 *	struct lt_table t;
 *	if (lt_table_read(&t, path, err) < 0) return -1;
 *	double *acc = lt_table_numbers(&t, "test_acc", err);
 *	for (size_t i = 0; acc && i < t.n; i++) ...
 *	free(acc);
 *	lt_table_release(&t);
 *
 * A file without any byte stands for a training that diverged: its table is
 * lost.  It has no columns and no rows, and numbers that need it are NaN.
 *
 * A missing number is "NaN", "nan" or an empty cell.  The caller owns struct
 * lt_table and releases it; a zeroed one may be released.
 */
#ifndef LT_BASE_TABLE_H
#define LT_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/out.h"

struct lt_table {
	char *name;   /* of the file, for messages */
	bool lost;    /* the file is empty */
	int columns;  /* 0 if lost */
	char **title; /* [columns] */
	size_t n;     /* rows */
	char **cell;  /* [n * columns] */
	/* Private: the texts of the cells, in pieces. */
	size_t cap, chunks, chunk_cap, room, text;
	char **chunk, *free;
};

/* "-" is standard input.  A table of over 2^24 cells or 2^28 bytes is LT_EDATA.
 */
int lt_table_read(struct lt_table *t, const char *path, struct lt_err *err);
void lt_table_release(struct lt_table *t);
/* The number of a column, or -1 if there is none. */
int lt_table_find(const struct lt_table *t, const char *name);
/* The same; without the column -1 with LT_EDATA, which names file and column.
 */
int lt_table_column(
	const struct lt_table *t, const char *name, struct lt_err *err);
/* A cell; "NaN" for an empty one, for "nan", and where column is -1.
 * Borrowed. */
const char *lt_table_text(const struct lt_table *t, size_t row, int column);
/* A cell as a number; NaN where column is -1.  LT_EDATA names file, line,
 * column and what was found. */
int lt_table_f64(const struct lt_table *t, size_t row, int column, double *v,
	struct lt_err *err);
/* The n numbers of a column, for free(); NULL on failure. */
double *lt_table_numbers(
	const struct lt_table *t, const char *name, struct lt_err *err);
/* The same; without the column all are NaN. */
double *lt_table_optional(
	const struct lt_table *t, const char *name, struct lt_err *err);
/* Refuse a cell as lt_tsv_refuse does. */
int lt_table_refuse(const struct lt_table *t, size_t row, int column,
	const char *expected, struct lt_err *err);
/* Is there no such file?  The times of a training that never ran are not there,
 * which some callers treat as lost. */
bool lt_table_absent(const char *path);
/* Is this the text of a missing number? */
bool lt_table_missing(const char *text);

/* Writing a table cell by cell: the tabs between the cells come by themselves.
 *
 *	struct lt_cells c;
 *	if (lt_cells_open(&c, path, err) < 0) return -1;
 *	lt_cells_header(&c, "method round test_acc");
 *	lt_cell_name(&c, "prac");
 *	lt_cell_whole(&c, 3);
 *	lt_cell_digits(&c, acc, 9);
 *	lt_cells_end(&c);
 *	return lt_cells_commit(&c, err);
 *
 * The caller ends with lt_cells_commit or lt_cells_abandon.
 */
struct lt_cells {
	struct lt_out *out;
	bool begun; /* the row has a cell */
};

int lt_cells_open(struct lt_cells *c, const char *path, struct lt_err *err);
/* Write names, which blanks separate in this text, as a row. */
void lt_cells_header(struct lt_cells *c, const char *names);
void lt_cell_name(struct lt_cells *c, const char *text); /* as it is */
/* A cell of a table that was read: "NaN" if it is missing. */
void lt_cell_text(struct lt_cells *c, const char *text);
void lt_cell_whole(struct lt_cells *c, size_t n);
void lt_cell_digits(struct lt_cells *c, double v, int digits); /* %.*g */
void lt_cell_fixed(struct lt_cells *c, double v, int places);  /* %.*f */
void lt_cells_end(struct lt_cells *c);			       /* of the row */
int lt_cells_commit(struct lt_cells *c, struct lt_err *err);
void lt_cells_abandon(struct lt_cells *c);
/* Commit if r, the result of what wrote the rows, is 0; else abandon, and
 * return -1. */
int lt_cells_close(struct lt_cells *c, int r, struct lt_err *err);

#endif
