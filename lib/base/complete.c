#include "base/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/action.h"
#include "base/mem.h"
#include "base/words.h"

static bool
takes_file(const struct lt_opt *o)
{
	return o->kind == LT_OPT_STR || o->kind == LT_OPT_STRS;
}

/* The names that the argument of an option may have, or NULL; the caller's to
 * free. */
static char *
choices(const struct lt_opt *o)
{
	char *list = NULL;

	if (o->kind == LT_OPT_CHOICE || o->kind == LT_OPT_PICK)
		list = lt_cli_argument(o);
	for (char *p = list; p && *p; p++)
		*p = *p == '|' ? ' ' : *p;
	return list;
}

/* "pack|synth" for an option that only some actions accept; the empty string
 * for one that all accept.  The caller's to free. */
static char *
actions_of(const struct lt_cmd *cmd, const struct lt_opt *o)
{
	char *list = lt_strdup("");

	for (size_t i = 0; i < cmd->action_count; i++) {
		const struct lt_action *a = lt_action_row(cmd, i);
		if (!lt_word_among(a->takes, o->long_name))
			continue;
		char *more =
			lt_asprintf("%s%s%s", list, *list ? "|" : "", a->name);
		free(list);
		list = more;
	}
	return list;
}

/* Turn "lt-prune" into "lt_prune", which can name a function. */
static void
print_identifier(const char *name)
{
	for (; *name; name++)
		putchar(*name == '-' ? '_' : *name);
}

/* Print text within quotes ' of a shell, with a backslash before each of the
 * characters special. */
static void
print_quoted(const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			putchar('\\');
		if (*text == '\'')
			printf("'\\''");
		else
			putchar(*text);
	}
}

static void
print_actions(const struct lt_cmd *cmd, const char *between)
{
	for (size_t i = 0; i < cmd->action_count; i++)
		printf("%s%s", i ? between : "", lt_action_row(cmd, i)->name);
}

/* Set the variable action to the first action that the words of the command
 * line name. */
static void
print_find_action(const struct lt_cmd *cmd, const char *words)
{
	if (!cmd->action_count)
		return;
	printf("\tlocal w action=\n\tfor w in %s; do\n\t\tcase $w in ", words);
	print_actions(cmd, " | ");
	printf(") action=$w; break ;; esac\n\tdone\n");
}

/* ---------------------------------------------------------------- bash -- */

/* What the argument of an option may be: one of some names; or a file, which is
 * completed below; or nothing that a shell could know. */
static void
bash_argument(const struct lt_opt *o)
{
	char *list = choices(o);

	if (o->kind != LT_OPT_FLAG) {
		printf("\t");
		if (o->short_name)
			printf("-%c | ", o->short_name);
		printf("--%s) ", o->long_name);
		if (list)
			printf("COMPREPLY=($(compgen -W '%s' -- \"$cur\")); ",
				list);
		printf("%s;;\n", takes_file(o) ? "" : "return ");
	}
	free(list);
}

static void
bash_option(const struct lt_cmd *cmd, const struct lt_opt *o)
{
	char *some = actions_of(cmd, o);

	if (*some)
		printf("\t\t\tcase $action in '' | %s) words+=' --%s' ;; "
		       "esac\n",
			some, o->long_name);
	else
		printf("\t\t\twords+=' --%s'\n", o->long_name);
	free(some);
}

static void
print_bash(const struct lt_cmd *cmd, const struct lt_opt *builtin)
{
	const struct lt_opt *const tables[] = {cmd->options, builtin};

	printf("_");
	print_identifier(cmd->name);
	/* Readline breaks "--output=FILE" into three words. */
	printf("() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n"
	       "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	       "\tif [ \"$cur\" = = ]; then\n\t\tcur=\n"
	       "\telif [ \"$prev\" = = ]; then\n"
	       "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
	       "\tCOMPREPLY=()\n");
	print_find_action(cmd, "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"");
	printf("\tcase $prev in\n");
	for (size_t t = 0; t < 2; t++)
		for (const struct lt_opt *o = tables[t];
			o->kind != LT_OPT_END_KIND; o++)
			bash_argument(o);
	printf("\t*)\n\t\tcase $cur in -*)\n");
	for (size_t t = 0; t < 2; t++)
		for (const struct lt_opt *o = tables[t];
			o->kind != LT_OPT_END_KIND; o++)
			bash_option(cmd, o);
	printf("\t\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	       "\t\t\treturn ;;\n\t\tesac\n");
	if (cmd->action_count) {
		printf("\t\tif [ ! \"$action\" ]; then\n"
		       "\t\t\tCOMPREPLY=($(compgen -W '");
		print_actions(cmd, " ");
		printf("' -- \"$cur\"))\n\t\t\treturn\n\t\tfi\n");
	}
	printf("\t\t;;\n\tesac\n\tcompopt -o filenames 2>/dev/null\n"
	       "\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n}\n"
	       "complete -F _");
	print_identifier(cmd->name);
	printf(" %s\n", cmd->name);
}

/* ----------------------------------------------------------------- zsh -- */

/* '(-o --output)'{-o,--output=}'[write to FILE]:FILE:_files' */
static void
zsh_spec(const struct lt_opt *o)
{
	char *list = choices(o), *arg = lt_cli_argument(o);
	const char *equals = o->kind == LT_OPT_FLAG ? "" : "=";
	bool again = o->kind == LT_OPT_STRS;

	if (o->short_name && again)
		printf("'*'{-%c,--%s%s}'", o->short_name, o->long_name, equals);
	else if (o->short_name)
		printf("'(-%c --%s)'{-%c,--%s%s}'", o->short_name, o->long_name,
			o->short_name, o->long_name, equals);
	else
		printf("'%s--%s%s", again ? "*" : "", o->long_name, equals);
	printf("[");
	print_quoted(o->help, "[]\\");
	printf("]");
	if (list)
		printf(":%s:(%s)", o->long_name, list);
	else if (arg) {
		printf(":");
		print_quoted(arg, ":\\");
		printf(takes_file(o) ? ":_files" : ": ");
	}
	printf("'");
	free(list);
	free(arg);
}

static void
zsh_option(const struct lt_cmd *cmd, const struct lt_opt *o)
{
	char *some = actions_of(cmd, o);

	if (*some)
		printf("\t[[ $action = (|%s) ]] && specs+=(", some);
	else
		printf("\tspecs+=(");
	zsh_spec(o);
	printf(")\n");
	free(some);
}

static void
print_zsh(const struct lt_cmd *cmd, const struct lt_opt *builtin)
{
	const struct lt_opt *const tables[] = {cmd->options, builtin};

	printf("#compdef %s\n_%s() {\n\tlocal -a specs\n", cmd->name,
		cmd->name);
	print_find_action(cmd, "${words[2,CURRENT-1]}");
	for (size_t t = 0; t < 2; t++)
		for (const struct lt_opt *o = tables[t];
			o->kind != LT_OPT_END_KIND; o++)
			zsh_option(cmd, o);
	if (cmd->action_count) {
		printf("\tspecs+=('1:action:(");
		for (size_t i = 0; i < cmd->action_count; i++)
			printf("%s%s", i ? " " : "",
				lt_action_row(cmd, i)->name);
		printf(")')\n");
	}
	printf("\tspecs+=('*:file:_files')\n\t_arguments -s -S $specs\n}\n");
	/* As a function that compinit finds, or as a script that is sourced. */
	printf("if [[ ${funcstack[1]-} = _%s ]]; then\n\t_%s \"$@\"\nelse\n"
	       "\tcompdef _%s %s\nfi\n",
		cmd->name, cmd->name, cmd->name, cmd->name);
}

void
lt_complete_print(const struct lt_cmd *cmd, const struct lt_opt *builtin,
	enum lt_shell shell)
{
	if (shell == LT_SHELL_BASH)
		print_bash(cmd, builtin);
	else
		print_zsh(cmd, builtin);
}
