/* Programs whose first word names an action, as in "lt-data pack SOURCE".  Each
 * row of a program's table of actions begins with a struct lt_action, and the
 * program's struct lt_cmd has the table.
 *
 *	static const struct lt_cmd cmd = {..., options, LT_ACTIONS(rows)};
 *	int n = lt_cli_parse(&cmd, argc, argv) - 1;
 *	const struct row *r = lt_action_find(&cmd, argv, n);
 */
#ifndef LT_BASE_ACTION_H
#define LT_BASE_ACTION_H

#include <stddef.h>
#include "base/cli.h"

struct lt_action {
	const char *name;
	int least, most;      /* how many operands may follow the name */
	const char *expected; /* the operands in words: "a source" */
	/* Names of long options, separated by blanks.  takes: the options that
	 * this action accepts, of those that some action refuses; needs: the
	 * options without which this action cannot run. */
	const char *takes, *needs;
};

#define LT_ACTIONS(rows) (rows), sizeof(rows) / sizeof *(rows), sizeof *(rows)

/* The action of row i of the table of cmd. */
const struct lt_action *lt_action_row(const struct lt_cmd *cmd, size_t i);
/* Return the row that argv[0] names.  n is the number of operands after that
 * name; n < 0 means that there is no name.  If the name, the number of operands
 * or an option is wrong, the program ends as lt_cli_usage does. */
const void *lt_action_find(const struct lt_cmd *cmd, char **argv, int n);

#endif
