#include "remake.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "info/history.h"

/* How a key of the history becomes words of a command line.  A key that is not
 * in the table is the option of its name, with its value. */
enum how { SKIP, OPERAND, FLAG };

static const struct word {
	const char *tool, *key, *option;
	enum how how;
} words[] = {
	{"lt-init", "net", NULL, SKIP}, /* the net text is written out */
	{"lt-train", "nesterov", "nesterov", FLAG},
	{"lt-train", "input", NULL, OPERAND},
	{"lt-prune", "checkpoint", NULL, OPERAND},
	{"lt-prune", "samples", NULL, SKIP}, /* see put_samples */
	{"lt-prune", "dead_units", NULL, SKIP},
	{"lt-prune", "idle_weights", NULL, SKIP},
};

static const struct word *
find_word(const char *tool, const char *key)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i].tool, tool) && !strcmp(words[i].key, key))
			return &words[i];
	return NULL;
}

/* A word of sh. */
static void
put_word(struct lt_out *o, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_./,:=+@%-";

	if (*text && text[strspn(text, plain)] == 0) {
		lt_out_printf(o, " %s", text);
		return;
	}
	lt_out_printf(o, " '");
	for (; *text; text++)
		if (*text == '\'')
			lt_out_printf(o, "'\\''");
		else
			lt_out_write(o, text, 1);
	lt_out_printf(o, "'");
}

static void
put_option(struct lt_out *o, const char *option, const char *value)
{
	char *word = lt_asprintf("--%s", option);

	put_word(o, word);
	put_word(o, value);
	free(word);
}

/* The path of a file, or a name that its checksum gives it; the caller's to
 * free. */
static char *
name_of(const struct lt_lineage *l, size_t i)
{
	const struct lt_origin *f = &l->file[i];

	return f->path ? lt_strdup(f->path)
		       : lt_asprintf("%s.safetensors", f->crc);
}

static const char *
value_of(json_t *command, const char *key)
{
	return json_string_value(json_object_get(command, key));
}

/* ---- what a key does not say --------------------------------------------- */

/* The length is in epochs, or in iterations with an i behind it. */
static void
put_length(struct lt_out *o, const char *value)
{
	size_t n = strlen(value);
	bool iterations = n && value[n - 1] == 'i';
	char *number = lt_strndup(value, n - iterations);

	put_option(o, iterations ? "iterations" : "epochs", number);
	free(number);
}

/* As many samples of each class, unless a class has fewer. */
static void
put_samples(struct lt_out *o, struct lt_lineage *l, size_t i, json_t *command,
	const char *value)
{
	const char *data = value_of(command, "data");
	long at = data ? lt_lineage_input(l, i, "data", data) : -1;
	size_t classes = at < 0 ? 0 : l->file[at].classes;
	unsigned long long n = strtoull(value, NULL, 10);

	if (classes && n % classes == 0)
		lt_out_printf(o, " --samples-per-class %llu", n / classes);
}

/* Weights that were written within the schedule. */
static void
put_end(struct lt_out *o, const struct lt_origin *f, json_t *command)
{
	const char *length = value_of(command, "length");
	const char *epoch = lt_st_meta(&f->st, "lt.epoch");
	const char *iteration = lt_st_meta(&f->st, "lt.iteration");

	if (!length || !epoch || !iteration || strcmp(length, epoch) == 0 ||
		(strncmp(length, iteration, strlen(iteration)) == 0 &&
			strcmp(length + strlen(iteration), "i") == 0))
		return;
	char *end = lt_asprintf("%si", iteration);
	put_option(o, "to", end);
	free(end);
}

static void
put_output(struct lt_out *o, const struct lt_lineage *l, size_t i)
{
	const char *kind = lt_st_meta(&l->file[i].st, "lt.kind");
	char *name = name_of(l, i);

	if (kind && strcmp(kind, "state") == 0) {
		char *run = lt_asprintf("%s.run", name);
		put_option(o, "save-state", name);
		put_option(o, "state", run);
		lt_out_printf(o, " -o /dev/null");
		free(run);
	} else {
		lt_out_printf(o, " -o");
		put_word(o, name);
	}
	free(name);
}

/* The normalization that lt-init records on request, and the network, whose
 * text is in the checkpoint or in one that was trained from it. */
static void
put_net(struct lt_out *o, const struct lt_lineage *l, size_t i)
{
	const char *mean = lt_st_meta(&l->file[i].st, "lt.mean");
	const char *std = lt_st_meta(&l->file[i].st, "lt.std");
	char *name = name_of(l, i), *net = lt_asprintf("%s.net", name);

	if (mean && std) {
		put_option(o, "mean", mean);
		put_option(o, "std", std);
	}
	put_word(o, net);
	free(net);
	free(name);
}

static const char *
net_text(const struct lt_lineage *l, size_t i)
{
	const char *text = lt_st_meta(&l->file[i].st, "lt.net");

	for (size_t j = 0; !text && j < l->n; j++) {
		text = lt_st_meta(&l->file[j].st, "lt.net");
		if (!lt_st_meta(&l->file[j].st, "lt.history") ||
			l->file[j].history != l->file[i].history)
			text = NULL;
	}
	/* Net text has no such line, and no file may end the document early. */
	return text && !strstr(text, "END") ? text : NULL;
}

static void
write_net(struct lt_out *o, const struct lt_lineage *l, size_t i)
{
	char *name = name_of(l, i), *net = lt_asprintf("%s.net", name);
	const char *text = net_text(l, i);

	lt_out_printf(o, "cat >");
	put_word(o, net);
	lt_out_printf(o, " <<'END'\n%s%sEND\n", text,
		text[strlen(text) - 1] == '\n' ? "" : "\n");
	free(net);
	free(name);
}

/* ---- a command ----------------------------------------------------------- */

static void
put_key(struct lt_out *o, struct lt_lineage *l, size_t i, const char *key,
	const char *value)
{
	json_t *command = lt_lineage_command(l, i);
	const char *tool = value_of(command, "tool");
	const struct word *w = find_word(tool, key);
	long at = lt_lineage_input(l, i, key, value);
	char *name = at < 0 ? NULL : name_of(l, (size_t)at);

	if (strcmp(tool, "lt-train") == 0 && strcmp(key, "length") == 0)
		put_length(o, value);
	else if (strcmp(tool, "lt-prune") == 0 && strcmp(key, "samples") == 0)
		put_samples(o, l, i, command, value);
	else if (w && w->how == FLAG)
		lt_out_printf(o, "%s%s", strcmp(value, "yes") == 0 ? " --" : "",
			strcmp(value, "yes") == 0 ? w->option : "");
	else if (name && !w)
		put_option(o, key, name);
	else if (!w && strcmp(key, "index") && strcmp(key, "val-index"))
		put_option(o, key, value);
	free(name);
}

static void
put_operand(struct lt_out *o, struct lt_lineage *l, size_t i)
{
	json_t *command = lt_lineage_command(l, i), *v;
	const char *tool = value_of(command, "tool"), *key;

	json_object_foreach(command, key, v)
	{
		const struct word *w = find_word(tool, key);
		const char *value = json_string_value(v);
		long at = value && w && w->how == OPERAND
				  ? lt_lineage_input(l, i, key, value)
				  : -1;
		if (at < 0)
			continue;
		char *name = name_of(l, (size_t)at);
		put_word(o, name);
		free(name);
	}
}

/* Methods of lt-prune that are options of their own. */
static bool
is_unscored(const char *key, const char *value)
{
	return strcmp(key, "method") == 0 &&
	       (strcmp(value, "zeros") == 0 || strcmp(value, "like") == 0);
}

static void
put_command(struct lt_out *o, struct lt_lineage *l, size_t i)
{
	json_t *command = lt_lineage_command(l, i), *v;
	const char *tool = value_of(command, "tool"), *key;
	bool init = strcmp(tool, "lt-init") == 0;

	if (init)
		write_net(o, l, i);
	lt_out_printf(o, "%s", tool);
	json_object_foreach(command, key, v)
	{
		const char *value = json_string_value(v);
		if (!value || !strcmp(key, "tool") || !strcmp(key, "version"))
			continue;
		if (init && !strcmp(key, "init") && !strcmp(value, "default"))
			continue;
		if (!is_unscored(key, value))
			put_key(o, l, i, key, value);
		else if (strcmp(value, "zeros") == 0)
			lt_out_printf(o, " --from-zeros");
	}
	if (strcmp(tool, "lt-train") == 0)
		put_end(o, &l->file[i], command);
	put_output(o, l, i);
	if (init)
		put_net(o, l, i);
	put_operand(o, l, i);
	lt_out_printf(o, "\n");
}

/* Do the words of the command follow from the history?  Data sets do not say
 * what they were packed from. */
static bool
is_whole(const struct lt_lineage *l, size_t i)
{
	json_t *command = lt_lineage_command(l, i);
	const char *tool = value_of(command, "tool");

	if (!tool)
		return false;
	if (strcmp(tool, "lt-init") == 0)
		return !value_of(command, "from") &&
		       !value_of(command, "signs") && net_text(l, i) &&
		       *net_text(l, i);
	return strcmp(tool, "lt-prune") == 0 || strcmp(tool, "lt-train") == 0;
}

static void
put_comment(struct lt_out *o, const struct lt_lineage *l, size_t i)
{
	char *name = name_of(l, i);
	char *line = lt_history_line(lt_lineage_command(l, i));

	lt_out_printf(o, "# ");
	lt_out_text(o, name);
	lt_out_printf(o, ": ");
	lt_out_text(o, line);
	lt_out_printf(o, "\n");
	free(line);
	free(name);
}

static void
step(void *arg, struct lt_lineage *l, size_t i)
{
	if (is_whole(l, i))
		put_command(arg, l, i);
	else
		put_comment(arg, l, i);
}

void
remake(struct lt_lineage *l, struct lt_out *o)
{
	lt_lineage_steps(l, step, o);
}
