/* The actions of lt-score.  tools/lt-score.c has the tables of options and of
 * actions; each file of tools/score has the actions of one family, which check
 * what the table cannot and call the library.
 */
#ifndef LT_SCORE_ACTIONS_H
#define LT_SCORE_ACTIONS_H

#include "base/cli.h"

/* What the command line says. */
struct score_options {
	const char *output;
	int select, stages;
	struct lt_common common;
};

extern struct score_options opt;
extern const struct lt_cmd score_cmd;

/* An action.  operand[0..n) follows the action's name; an action that reads
 * tables gets "-" if there is none. */
typedef int score_action(char **operand, int n, struct lt_err *err);

score_action score_networks, score_searches;

#endif
