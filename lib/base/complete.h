/* Completion of command lines in shells, from the table of options.  For cli.c
 * alone.
 */
#ifndef LT_BASE_COMPLETE_H
#define LT_BASE_COMPLETE_H

#include "base/cli.h"

/* The shells, in the order of the choices of --completion. */
enum lt_shell { LT_SHELL_BASH, LT_SHELL_ZSH };
#define LT_SHELLS "bash|zsh"

/* Print a script to standard output that defines how the shell completes the
 * command line of cmd: options, their choices, the names of the actions and
 * files.  builtin: a table of the options that every program has. */
void lt_complete_print(const struct lt_cmd *cmd, const struct lt_opt *builtin,
	enum lt_shell shell);

#endif
