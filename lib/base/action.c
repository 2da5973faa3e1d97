#include "base/action.h"

#include <stdio.h>
#include <string.h>
#include "base/words.h"

const struct lt_action *
lt_action_row(const struct lt_cmd *cmd, size_t i)
{
	return (const void *)((const char *)cmd->actions +
			      i * cmd->action_size);
}

/* "pack, synth or sheet" */
static void
all_names(const struct lt_cmd *cmd, char *text, size_t space)
{
	size_t at = 0, count = cmd->action_count;

	for (size_t i = 0; i < count && at < space; i++) {
		const struct lt_action *a = lt_action_row(cmd, i);
		at += (size_t)snprintf(text + at, space - at, "%s%s",
			i == 0		 ? ""
			: i == count - 1 ? " or "
					 : ", ",
			a->name);
	}
}

static void
check_options(const struct lt_cmd *cmd, const struct lt_action *a)
{
	for (const struct lt_opt *o = cmd->options; o->kind != LT_OPT_END_KIND;
		o++) {
		bool given = lt_cli_given(cmd, o->long_name), special = false;
		for (size_t i = 0; i < cmd->action_count; i++)
			special |= lt_word_among(
				lt_action_row(cmd, i)->takes, o->long_name);
		if (given && special && !lt_word_among(a->takes, o->long_name))
			lt_cli_usage(cmd, "%s does not take --%s", a->name,
				o->long_name);
		if (!given && lt_word_among(a->needs, o->long_name))
			lt_cli_usage(
				cmd, "%s needs --%s", a->name, o->long_name);
	}
}

const void *
lt_action_find(const struct lt_cmd *cmd, char **argv, int n)
{
	char names[512];
	const struct lt_action *a = NULL;

	all_names(cmd, names, sizeof(names));
	if (n < 0)
		lt_cli_usage(cmd, "expected %s", names);
	for (size_t i = 0; !a && i < cmd->action_count; i++) {
		const struct lt_action *row = lt_action_row(cmd, i);
		if (strcmp(row->name, argv[0]) == 0)
			a = row;
	}
	if (!a)
		lt_cli_usage(cmd, "expected %s, found '%s'", names, argv[0]);
	if (n < a->least || n > a->most)
		lt_cli_usage(cmd, "%s: expected %s, found %d operands", a->name,
			a->expected, n);
	check_options(cmd, a);
	return a;
}
