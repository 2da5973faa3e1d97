/* Programs whose first word says what is to be done: "lt-data pack SOURCE".  A
 * program's table begins each row with struct lt_action.
 *
 *	int n = lt_cli_parse(&cmd, argc, argv) - 1;
 *	const struct row *r = lt_action_find(&cmd, LT_ACTIONS(rows), argv, n);
 */
#ifndef LT_BASE_ACTION_H
#define LT_BASE_ACTION_H

#include <stddef.h>
#include "base/cli.h"

struct lt_action {
	const char *name;
	int least, most;      /* operands after it */
	const char *expected; /* of them, in words: "a source" */
	/* Long options, blanks between: those that not every action takes, and
	 * those that it cannot do without. */
	const char *takes, *needs;
};

#define LT_ACTIONS(rows) (rows), sizeof(rows) / sizeof *(rows), sizeof *(rows)

/* The row that argv[0] names, for n operands after it (n < 0: nothing at all);
 * anything that does not fit it ends the program as lt_cli_usage does. */
const void *lt_action_find(const struct lt_cmd *cmd, const void *rows,
	size_t count, size_t size, char **argv, int n);

#endif
