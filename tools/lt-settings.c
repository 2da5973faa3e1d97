/* lt-settings: the settings of workflows, checked and listed. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/action.h"
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/outpath.h"
#include "file/makecheck.h"
#include "ticket/criteria.h"

static struct {
	struct lt_common common;
	const char *output;
	struct lt_strs by, idle, include;
	bool tsv, given;
} opt = {.output = "-"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-", "write to FILE"},
	{'I', "include", LT_OPT_STRS, &opt.include, "FOLDER", NULL,
		"look there, too, for included makefiles"},
	{0, "by", LT_OPT_STRS, &opt.by, "KIND=NAMES", NULL,
		"these may have a value of their own: NAME.SETTING=VALUE"},
	{0, "idle", LT_OPT_STRS, &opt.idle, "SETTINGS", NULL,
		"refuse these, which have no effect here"},
	{0, "tsv", LT_OPT_FLAG, &opt.tsv, NULL, NULL,
		"list: write a table with a header"},
	{0, "given", LT_OPT_FLAG, &opt.given, NULL, NULL,
		"list: only the settings that are given"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd;

/* All that the command line names. */
struct job {
	struct lt_makevars vars, others;
	struct lt_makecheck check;
	struct lt_makegiven *given;
	size_t cap;
	struct lt_makeowner *owner;
	size_t owner_cap;
	struct lt_makevars *own; /* of each owner */
	const char **idle;
	size_t idle_cap;
	char **folder; /* of the makefiles */
	size_t folders, folder_cap;
	char **text; /* storage of words that were cut out */
	size_t texts, text_cap;
};

struct row {
	struct lt_action a;
	int (*run)(struct job *j, struct lt_err *err);
};

/* ---- the command line ---------------------------------------------------- */

static char *
keep(struct job *j, char *text)
{
	lt_grow(&j->text, &j->text_cap, j->texts + 1, sizeof *j->text);
	return j->text[j->texts++] = text;
}

static void
add_given(struct job *j, const char *name, const char *value)
{
	lt_grow(&j->given, &j->cap, j->check.n + 1, sizeof *j->given);
	j->given[j->check.n++] = (struct lt_makegiven){name, value};
	j->check.given = j->given;
}

/* --by KIND=NAMES */
static void
add_owners(struct job *j, const char *text)
{
	char *kind = keep(j, lt_strdup(text)), *names = strchr(kind, '=');

	if (!names)
		lt_cli_usage(
			&cmd, "--by: expected KIND=NAMES, found '%s'", text);
	*names++ = 0;
	for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
		lt_grow(&j->owner, &j->owner_cap, j->check.owners + 1,
			sizeof *j->owner);
		j->owner[j->check.owners++] =
			(struct lt_makeowner){.kind = kind, .name = name};
	}
	j->check.owner = j->owner;
}

static void
add_idle(struct job *j, const char *text)
{
	char *names = keep(j, lt_strdup(text));

	for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
		lt_grow(&j->idle, &j->idle_cap, j->check.idles + 1,
			sizeof *j->idle);
		j->idle[j->check.idles++] = name;
	}
	j->check.idle = j->idle;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool
is_setting(const char *operand)
{
	const char *equal = strchr(operand, '='), *slash = strchr(operand, '/');

	return equal && equal > operand && (!slash || slash > equal);
}

/* Does the file of this path belong to a name, as prac.mk to prac-mine? */
static bool
is_makefile_of(const char *path, const char *name, size_t length)
{
	const char *file = base_name(path);

	return strncmp(file, name, length) == 0 &&
	       strcmp(file + length, ".mk") == 0;
}

/* The makefile of an owner among the operands, or NULL. */
static const char *
makefile_of(const char *name, char **argv, int n)
{
	for (size_t length = strlen(name); length;) {
		for (int i = 0; i < n; i++)
			if (!is_setting(argv[i]) &&
				is_makefile_of(argv[i], name, length))
				return argv[i];
		while (length && name[--length] != '-')
			;
	}
	return NULL;
}

/* List the settings that each owner has of its own. */
static int
read_owners(struct job *j, char **argv, int n, struct lt_err *err)
{
	j->own = lt_alloc(j->check.owners, sizeof *j->own);
	for (size_t i = 0; i < j->check.owners; i++) {
		struct lt_makeowner *o = &j->owner[i];
		const char *path = makefile_of(o->name, argv, n);
		if (!path)
			continue;
		if (lt_makevars_read(&j->own[i], path, opt.include.v,
			    (size_t)opt.include.n, err) < 0)
			return -1;
		o->file = base_name(path);
		o->vars = &j->own[i];
	}
	return 0;
}

/* Read the makefiles, and note what is given. */
static int
read_operands(struct job *j, char **argv, int n, struct lt_err *err)
{
	for (int i = 0; i < n; i++) {
		if (is_setting(argv[i])) {
			char *name = keep(j, lt_strdup(argv[i]));
			char *equal = strchr(name, '=');
			*equal = 0;
			add_given(j, name, equal + 1);
			continue;
		}
		lt_grow(&j->folder, &j->folder_cap, j->folders + 1,
			sizeof *j->folder);
		j->folder[j->folders++] = keep(j, lt_outpath_folder(argv[i]));
		if (lt_makevars_read(&j->vars, argv[i], opt.include.v,
			    (size_t)opt.include.n, err) < 0)
			return -1;
	}
	if (!j->vars.files)
		lt_cli_usage(&cmd, "expected a makefile");
	return read_owners(j, argv, n, err);
}

/* ---- the other makefiles ------------------------------------------------- */

static int
is_makefile(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot && *e->d_name != '.' && strcmp(dot, ".mk") == 0;
}

static void
read_folder(struct job *j, const char *folder)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, is_makefile, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = lt_asprintf("%s/%s", folder, entry[i]->d_name);
		/* These makefiles only improve a message, so errors in them
		 * are ignored. */
		lt_makevars_read(&j->others, path, NULL, 0, NULL);
		free(path);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
}

/* Find the makefiles beside the operands and in the folders of --include. */
static void
read_others(struct job *j)
{
	for (size_t i = 0; i < j->folders; i++)
		read_folder(j, j->folder[i]);
	for (int i = 0; i < opt.include.n; i++)
		read_folder(j, opt.include.v[i]);
	j->check.others = &j->others;
}

/* Is nothing asked that only other makefiles can answer? */
static bool
all_known(const struct job *j)
{
	for (size_t i = 0; i < j->vars.n; i++)
		if (!j->vars.v[i].type)
			return false;
	for (size_t i = 0; i < j->check.n; i++) {
		const char *name = j->check.given[i].name;
		const char *dot = strrchr(name, '.');
		if (!lt_makevars_find(&j->vars, dot ? dot + 1 : name))
			return false;
	}
	return true;
}

/* ---- check --------------------------------------------------------------- */

extern char **environ;

/* Does ENVIRONMENT list this name? */
static bool
environment_gives(const struct job *j, const char *name)
{
	const char *list = lt_makecheck_value(&j->check, NULL, "ENVIRONMENT");
	size_t n = strlen(name);

	for (const char *at = list; at && (at = strstr(at, name)); at += n)
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

static bool
is_given(const struct job *j, const char *name)
{
	for (size_t i = 0; i < j->check.n; i++)
		if (strcmp(j->check.given[i].name, name) == 0)
			return true;
	return false;
}

/* Take the values that ENVIRONMENT lists.  Print the other variables of the
 * environment that have a name of ours, for make to forget. */
static void
read_environment(struct job *j, struct lt_out *o)
{
	for (char **e = environ; *e; e++) {
		char *name = keep(j, lt_strdup(*e)), *equal = strchr(name, '=');
		if (!equal || equal == name)
			continue;
		*equal = 0;
		const char *dot = strrchr(name, '.');
		bool setting = lt_makevars_find(&j->vars, dot ? dot + 1 : name);
		if (setting && environment_gives(j, name)) {
			if (!is_given(j, name))
				add_given(j, name, equal + 1);
		} else if (setting || lt_makevars_assigned(&j->vars, name)) {
			lt_out_text(o, name);
			lt_out_write(o, "\n", 1);
		}
	}
}

static int
check(struct job *j, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.output, err);

	if (!o)
		return -1;
	read_environment(j, o);
	if (!all_known(j))
		read_others(j);
	if (lt_makecheck_run(&j->check, err) < 0) {
		lt_out_abandon(o);
		return -1;
	}
	return lt_out_commit(o, err);
}

/* ---- list ---------------------------------------------------------------- */

/* One line of the list: a setting, or what an owner has of its own. */
struct line {
	const struct lt_makevar *v;
	const char *name, *value, *type;
};

static void
put_table(struct lt_out *o, const struct line *l)
{
	const char *field[] = {l->v->group, l->name, l->type, l->v->value,
		l->value, l->v->help};

	for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
		lt_out_text(o, field[i]);
		lt_out_write(o,
			i + 1 < sizeof field / sizeof *field ? "\t" : "\n", 1);
	}
}

/* A default that make computes is not shown, unless it is one variable. */
static const char *
shown(const char *value)
{
	const char *end = strchr(value, ')');
	bool one = strncmp(value, "$(", 2) == 0 && end && !end[1] &&
		   !strpbrk(value, " ,");

	return strchr(value, '$') && !one ? "..." : value;
}

static void
put_text(struct lt_out *o, const struct line *l)
{
	char *head = lt_asprintf("%s=%s", l->name, shown(l->value));
	char *type = lt_asprintf("%s%s%s", l->type, l->v->owner ? " by " : "",
		l->v->owner ? l->v->owner : "");

	lt_out_printf(o, "  %-36s  %s%s[%s]", head, l->v->help,
		*l->v->help ? " " : "", type);
	if (strcmp(l->value, l->v->value) != 0)
		lt_out_printf(o, " (default: %s)",
			*l->v->value ? shown(l->v->value) : "empty");
	lt_out_write(o, "\n", 1);
	free(head);
	free(type);
}

static void
put_line(struct lt_out *o, const struct line *l, const char **group)
{
	if (opt.tsv) {
		put_table(o, l);
		return;
	}
	if (!*group || strcmp(*group, l->v->group) != 0)
		lt_out_printf(o, "%s%s%s", *group ? "\n" : "", l->v->group,
			*l->v->group ? "\n" : "");
	*group = l->v->group;
	put_text(o, l);
}

static void
put_setting(struct job *j, struct lt_out *o, const struct lt_makevar *v,
	const char **group)
{
	struct line l = {v, v->name,
		lt_makecheck_value(&j->check, NULL, v->name),
		lt_makecheck_type(&j->check, v)};

	if (!l.type)
		return;
	if (!opt.given || is_given(j, v->name))
		put_line(o, &l, group);
	for (size_t i = 0; i < j->check.n; i++) {
		const char *name = j->check.given[i].name;
		const char *dot = strrchr(name, '.');
		if (!dot || strcmp(dot + 1, v->name) != 0)
			continue;
		l.name = name;
		l.value = j->check.given[i].value;
		put_line(o, &l, group);
	}
}

/* Settings in the order of their headings, and of the makefiles. */
static void
put_settings(struct job *j, struct lt_out *o)
{
	const char *group = NULL;
	const struct lt_makevars *s = &j->vars;

	if (opt.tsv)
		lt_out_printf(
			o, "group\tsetting\ttype\tdefault\tvalue\thelp\n");
	for (size_t i = 0; i < s->n; i++)
		put_setting(j, o, &s->v[i], &group);
}

static int
list(struct job *j, struct lt_err *err)
{
	if (!all_known(j))
		read_others(j);
	if (lt_makecheck_run(&j->check, err) < 0)
		return -1;
	struct lt_out *o = lt_out_open(opt.output, err);
	if (!o)
		return -1;
	put_settings(j, o);
	return lt_out_commit(o, err);
}

/* ---- the program --------------------------------------------------------- */

static const struct row rows[] = {
	{{"check", 1, 1 << 20, "makefiles and settings", "", ""}, check},
	{{"list", 1, 1 << 20, "makefiles and settings", "tsv given", ""}, list},
};

static const struct lt_cmd cmd = {"lt-settings",
	"check|list [OPTION]... MAKEFILE... [NAME=VALUE]...",
	"Check or list the settings of workflows.", options, LT_ACTIONS(rows)};

static void
release(struct job *j)
{
	for (size_t i = 0; i < j->texts; i++)
		free(j->text[i]);
	free(j->text);
	free(j->given);
	for (size_t i = 0; j->own && i < j->check.owners; i++)
		lt_makevars_release(&j->own[i]);
	free(j->own);
	free(j->owner);
	free(j->idle);
	free(j->folder);
	lt_makevars_release(&j->vars);
	lt_makevars_release(&j->others);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	struct job j = {.check = {.criterion = lt_criterion_name}};
	int n = lt_cli_parse(&cmd, argc, argv) - 1;
	const struct row *row = lt_action_find(&cmd, argv, n);

	j.check.vars = &j.vars;
	for (int i = 0; i < opt.by.n; i++)
		add_owners(&j, opt.by.v[i]);
	for (int i = 0; i < opt.idle.n; i++)
		add_idle(&j, opt.idle.v[i]);
	int bad = read_operands(&j, argv + 1, n, &err);
	if (!bad)
		bad = row->run(&j, &err);
	release(&j);
	return bad ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
