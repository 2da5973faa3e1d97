#include "base/action.h"

#include <stdio.h>
#include <string.h>

/* Is word one of the words of list? */
static bool
among(const char *list, const char *word)
{
	size_t k = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += k)
		if ((at == list || at[-1] == ' ') && (at[k] == ' ' || !at[k]))
			return true;
	return false;
}

/* "pack, synth or sheet" */
static void
all_names(char *text, size_t space, const char *rows, size_t count, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < count && at < space; i++) {
		const struct lt_action *a = (const void *)(rows + i * size);
		at += (size_t)snprintf(text + at, space - at, "%s%s",
			i == 0		 ? ""
			: i == count - 1 ? " or "
					 : ", ",
			a->name);
	}
}

static void
check_options(const struct lt_cmd *cmd, const struct lt_action *a,
	const char *rows, size_t count, size_t size)
{
	for (const struct lt_opt *o = cmd->options; o->kind != LT_OPT_END_KIND;
		o++) {
		bool given = lt_cli_given(cmd, o->long_name), special = false;
		for (size_t i = 0; i < count; i++) {
			const struct lt_action *b =
				(const void *)(rows + i * size);
			special |= among(b->takes, o->long_name);
		}
		if (given && special && !among(a->takes, o->long_name))
			lt_cli_usage(cmd, "%s does not take --%s", a->name,
				o->long_name);
		if (!given && among(a->needs, o->long_name))
			lt_cli_usage(
				cmd, "%s needs --%s", a->name, o->long_name);
	}
}

const void *
lt_action_find(const struct lt_cmd *cmd, const void *rows, size_t count,
	size_t size, char **argv, int n)
{
	char names[512];
	const struct lt_action *a = NULL;

	all_names(names, sizeof(names), rows, count, size);
	if (n < 0)
		lt_cli_usage(cmd, "expected %s", names);
	for (size_t i = 0; !a && i < count; i++) {
		const void *row = (const char *)rows + i * size;
		if (strcmp(((const struct lt_action *)row)->name, argv[0]) == 0)
			a = row;
	}
	if (!a)
		lt_cli_usage(cmd, "expected %s, found '%s'", names, argv[0]);
	if (n < a->least || n > a->most)
		lt_cli_usage(cmd, "%s: expected %s, found %d operands", a->name,
			a->expected, n);
	check_options(cmd, a, rows, count, size);
	return a;
}
