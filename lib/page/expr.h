/* The expressions of templates; lt-page(1) has the language.
 *
 *	const char *p = "mean[method=imp, round=2].test_acc:.2";
 *	struct value v;
 *	if (expr_value(s, &p, &v) < 0)
 *		return -1;
 *	// p is at ":.2"
 */
#ifndef LT_PAGE_EXPR_H
#define LT_PAGE_EXPR_H

#include "page/scope.h"

/* Rows of a table in its order, and one of its columns, or -1. */
struct rows {
	const struct lt_table *table;
	size_t *row;
	size_t n;
	int column;
};

/* Evaluate the expression at *p and move *p behind it and the blanks after it.
 * -1 after scope_fail. */
int expr_value(struct scope *s, const char **p, struct value *v);
/* The same for TABLE[CONDITION, ...] or TABLE[CONDITION, ...].COLUMN; rows_free
 * releases the rows. */
int expr_rows(struct scope *s, const char **p, struct rows *rows);
void rows_free(struct rows *rows);
/* Keep the first row of each value of the column. */
void rows_distinct(struct rows *rows);
/* False for 0, NaN and the empty text. */
bool value_true(const struct value *v);
/* Read a name of letters, digits and '_' at *p; it belongs to the scope.  NULL
 * if there is none. */
const char *expr_name(struct scope *s, const char **p);
void expr_blanks(const char **p);
/* Take the word at *p if it is this one. */
bool expr_take(const char **p, const char *word);

#endif
