/* What reads an expression: expr.c has values and operators, choice.c the rows
 * of tables, function.c the functions.  Each function reads at r->p, moves it
 * and returns 0, or -1 after scope_fail.
 */
#ifndef LT_PAGE_READER_H
#define LT_PAGE_READER_H

#include "page/expr.h"

struct reader {
	struct scope *s;
	const char *p;
	bool dry; /* read, but look nothing up */
	/* The row that .COLUMN names, inside of a condition. */
	const struct lt_table *table;
	size_t row;
	bool used_row;
	int depth;
};

enum op { EQ, NE, LE, GE, LT, GT, NO_OP };

int reader_value(struct reader *r, struct value *v);
/* A value without comparisons, "not", "and" and "or". */
int reader_sum(struct reader *r, struct value *v);
/* A name that may have dots and dashes, or NULL. */
const char *reader_word(struct reader *r);
/* NO_OP if there is none. */
enum op reader_op(const char **p);
int reader_compare(struct scope *s, const struct value *a, enum op op,
	const struct value *b, bool *yes);
/* The number of a column, or -1. */
int reader_column(struct scope *s, const struct lt_table *t, const char *name);
/* What follows the name of a table; rows_free releases the rows. */
int reader_rows_of(struct reader *r, const char *name, struct rows *rows);
/* The same with the name. */
int reader_rows(struct reader *r, struct rows *rows);
/* What follows NAME( */
int reader_function(struct reader *r, const char *name, struct value *v);

#endif
