/* The types of settings, and values against them.
 *
 *	struct lt_maketype_ask ask = {.criterion = lt_criterion_name};
 *	lt_maketype_check("whole >0 <=99", "ROUNDS", "100", &ask, err)
 *
 * is -1, and err->msg is "ROUNDS=100: expected a whole number above 0 and at
 * most 99".
 *
 * A type is a choice: "0 or 1", "a, b or c", "all or wholes >0".  Each
 * alternative is one of these:
 *
 *	nothing		the empty value
 *	KIND BOUND...	a value of a kind, see the table in maketype.c; BOUND is
 *			>, >=, < or <= and a number or the name of a setting,
 *			whose value in force is meant
 *	criterion	a name of the table of criteria
 *	WORD		itself
 *
 * A plural kind such as "wholes" is one or more values with blanks between.
 */
#ifndef LT_FILE_MAKETYPE_H
#define LT_FILE_MAKETYPE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

/* What the values of some kinds refer to.  A function that is NULL makes its
 * kind accept any value of the right form. */
struct lt_maketype_ask {
	/* The name of criterion i, NULL after the last. */
	const char *(*criterion)(size_t i);
	/* The value in force of a setting that a bound names, or NULL. */
	const char *(*value)(const void *arg, const char *name);
	/* Is this the name of a setting?  For the kind "known". */
	bool (*known)(const void *arg, const char *name);
	/* Check NAME=VALUE that stands in a value of the kind "settings": 0, or
	 * -1 with the message. */
	int (*setting)(const void *arg, const char *name, const char *value,
		struct lt_err *err);
	const void *arg;
};

/* Returns 0, or -1 with LT_EDATA and "NAME=VALUE: expected ...". */
int lt_maketype_check(const char *type, const char *name, const char *value,
	const struct lt_maketype_ask *ask, struct lt_err *err);

#endif
