#include "file/makecheck.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/near.h"
#include "file/maketype.h"

/* A setting under its full name, "OWNER.NAME" or "NAME". */
struct setting {
	const struct lt_makecheck *c;
	const char *full, *name;
	char *owner; /* NULL: none */
};

static struct setting
setting_of(const struct lt_makecheck *c, const char *full)
{
	const char *dot = strrchr(full, '.');

	return (struct setting){c, full, dot ? dot + 1 : full,
		dot ? lt_strndup(full, (size_t)(dot - full)) : NULL};
}

/* ---- values in force ----------------------------------------------------- */

static const char *
given_value(const struct lt_makecheck *c, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->given[i].name, name) == 0)
			value = c->given[i].value;
	return value;
}

/* What a makefile assigns to this name: by = or :=, or else by its first ?=. */
static const char *
assigned_value(const struct lt_makevars *s, const char *name)
{
	const char *weak = NULL;

	for (size_t i = 0; i < s->sets; i++)
		if (strcmp(s->set[i].name, name) == 0) {
			if (!s->set[i].weak)
				return s->set[i].value;
			if (!weak)
				weak = s->set[i].value;
		}
	return weak;
}

const char *
lt_makecheck_value(
	const struct lt_makecheck *c, const char *owner, const char *name)
{
	const struct lt_makevar *v = lt_makevars_find(c->vars, name);
	const char *value = NULL;

	if (owner) {
		char *full = lt_asprintf("%s.%s", owner, name);
		value = given_value(c, full);
		if (!value)
			value = assigned_value(c->vars, full);
		free(full);
	}
	if (!value)
		value = given_value(c, name);
	/* A default that refers to others is no assigned value. */
	if (!value && v && !strchr(v->value, '$'))
		value = assigned_value(c->vars, name);
	return value || !v ? value : v->value;
}

const char *
lt_makecheck_type(const struct lt_makecheck *c, const struct lt_makevar *v)
{
	if (!v->type && c->others)
		v = lt_makevars_find(c->others, v->name);
	return v ? v->type : NULL;
}

/* ---- callbacks of types -------------------------------------------------- */

/* Where a value stands. */
enum where {
	GIVEN,
	NESTED, /* in a value: it belongs to another make, so owners are unknown
		 */
	ASSIGNED, /* in a makefile: a default may not fit to what was given */
};

static int check_value(const struct setting *s, const char *value,
	enum where where, struct lt_err *err);

static const char *
ask_value(const void *arg, const char *name)
{
	const struct setting *s = arg;
	const char *value = lt_makecheck_value(s->c, s->owner, name);

	return value && !strchr(value, '$') ? value : NULL;
}

static bool
ask_known(const void *arg, const char *name)
{
	const struct setting *s = arg;

	const struct lt_makevar *v = lt_makevars_find(s->c->vars, name);

	return v && lt_makecheck_type(s->c, v);
}

static int
ask_setting(const void *arg, const char *name, const char *value,
	struct lt_err *err)
{
	const struct setting *of = arg;
	struct setting s = setting_of(of->c, name);
	int bad = check_value(&s, value, NESTED, err);

	free(s.owner);
	return bad;
}

/* ---- names --------------------------------------------------------------- */

/* The setting that is meant by a name which no makefile has: one that differs
 * in a letter; one that begins like it (SCHED); one that differs in more
 * letters; one that it begins with (LRATE is rather LR than RATE); and last one
 * whose first letter differs, for mistakes rarely begin there. */
static const char *
nearest(const struct lt_makevars *s, const char *name)
{
	struct lt_near same = {.to = name}, any = {.to = name};
	const char *longer = NULL, *shorter = NULL;
	size_t length = strlen(name);

	for (size_t i = 0; i < s->n; i++) {
		const char *known = s->v[i].name;
		size_t n = strlen(known);
		if (s->v[i].bare)
			continue;
		lt_near_try(&any, known);
		if (lt_near_distance((char[2]){*name}, (char[2]){*known}))
			continue;
		lt_near_try(&same, known);
		if (length > 2 && strncasecmp(known, name, length) == 0 &&
			(!longer || n < strlen(longer)))
			longer = known;
		if (n > 1 && strncasecmp(known, name, n) == 0 &&
			(!shorter || n > strlen(shorter)))
			shorter = known;
	}
	if (same.best && (same.distance < 2 || !longer))
		return same.best;
	return longer ? longer : shorter ? shorter : any.best;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int
refuse_name(const struct setting *s, struct lt_err *err)
{
	const struct lt_makecheck *c = s->c;
	const struct lt_makevar *elsewhere =
		c->others ? lt_makevars_find(c->others, s->name) : NULL;
	const char *best = nearest(c->vars, s->name);

	if (elsewhere)
		return lt_fail(err, LT_EDATA,
			"%s: this is a setting of %s, which is not among the "
			"makefiles",
			s->full, base_name(elsewhere->home));
	if (!best && c->others)
		best = nearest(c->others, s->name);
	if (!best)
		return lt_fail(err, LT_EDATA,
			"%s: no such setting; \"lt settings\" and \"make -f "
			"MAKEFILE help\" list them",
			s->full);
	return lt_fail(err, LT_EDATA,
		"%s: no such setting; did you mean %s%s%s?", s->full,
		s->owner ? s->owner : "", s->owner ? "." : "", best);
}

static int
refuse_untyped(const struct lt_makevar *v, struct lt_err *err)
{
	return lt_fail(err, LT_EDATA,
		"%s: %d: %s: this setting is declared without a type; expected "
		"%s ?= DEFAULT#, a tab and [TYPE]",
		v->file, v->line, v->name, v->name);
}

/* ---- checks -------------------------------------------------------------- */

static bool
is_idle(const struct setting *s)
{
	for (size_t i = 0; i < s->c->idles; i++)
		if (strcmp(s->c->idle[i], s->name) == 0)
			return true;
	return false;
}

static bool
may_own(const struct lt_makevar *v, const struct lt_makeowner *o)
{
	return strcmp(o->kind, "any") == 0 ||
	       (v->owner && strcmp(o->kind, v->owner) == 0);
}

/* The owner of a setting, or NULL; *names: " A B", all that might be, the
 * caller's. */
static const struct lt_makeowner *
find_owner(const struct setting *s, const struct lt_makevar *v, char **names)
{
	const struct lt_makeowner *found = NULL;

	*names = lt_strdup("");
	for (size_t i = 0; i < s->c->owners; i++) {
		const struct lt_makeowner *o = &s->c->owner[i];
		if (!may_own(v, o))
			continue;
		if (strcmp(o->name, s->owner) == 0)
			found = o;
		char *more = lt_asprintf("%s %s", *names, o->name);
		free(*names);
		*names = more;
	}
	return found;
}

/* Has the makefile of any owner the setting?  If none has, the makefile that
 * starts theirs reads it. */
static bool
owners_have(const struct setting *s)
{
	for (size_t i = 0; i < s->c->owners; i++)
		if (s->c->owner[i].vars &&
			lt_makevars_find(s->c->owner[i].vars, s->name))
			return true;
	return false;
}

/* May this owner have a value of its own, and has it the setting? */
static int
check_owner(
	const struct setting *s, const struct lt_makevar *v, struct lt_err *err)
{
	char *names;
	const struct lt_makeowner *o = find_owner(s, v, &names);
	int bad = 0;

	if (!o && *names)
		bad = lt_fail(err, LT_EDATA,
			"%s: expected one of these before the point:%s",
			s->full, names);
	else if (!o)
		bad = lt_fail(err, LT_EDATA, "%s: %s is one setting for all",
			s->full, s->name);
	else if (o->vars && !lt_makevars_find(o->vars, s->name) &&
		 owners_have(s))
		bad = lt_fail(err, LT_EDATA,
			"%s: this is a setting of %s, which %s does not read",
			s->full, base_name(v->home), o->file);
	free(names);
	return bad;
}

static int
check_value(const struct setting *s, const char *value, enum where where,
	struct lt_err *err)
{
	const struct lt_makevar *v = lt_makevars_find(s->c->vars, s->name);
	const struct lt_maketype_ask ask = {s->c->criterion,
		where == ASSIGNED ? NULL : ask_value, ask_known, ask_setting,
		s};

	const char *type = v ? lt_makecheck_type(s->c, v) : NULL;

	if (!v)
		return refuse_name(s, err);
	if (!type)
		return where == ASSIGNED ? 0 : refuse_untyped(v, err);
	if (strchr(value, '\n'))
		return lt_fail(err, LT_EDATA,
			"%s: expected a value of one line", s->full);
	if (lt_maketype_check(
		    lt_makecheck_type(s->c, v), s->full, value, &ask, err) < 0)
		return -1;
	if (where == GIVEN && s->owner && check_owner(s, v, err) < 0)
		return -1;
	if (where == GIVEN && is_idle(s))
		return lt_fail(err, LT_EDATA,
			"%s: this setting does nothing here", s->full);
	return 0;
}

static int
check_types(const struct lt_makecheck *c, struct lt_err *err)
{
	for (size_t i = 0; i < c->vars->n; i++) {
		const struct lt_makevar *v = &c->vars->v[i];
		if (!v->bare && !lt_makecheck_type(c, v))
			return refuse_untyped(v, err);
	}
	return 0;
}

/* What a makefile assigns to a setting.  Another name in capitals is no
 * setting, and what is given replaces the value. */
static int
check_assigned(const struct lt_makecheck *c, const struct lt_makeset *set,
	struct lt_err *err)
{
	struct setting s = setting_of(c, set->name);
	const struct lt_makevar *v = lt_makevars_find(c->vars, s.name);
	int bad = 0;

	if (v && *set->value && !given_value(c, set->name))
		bad = check_value(&s, set->value, ASSIGNED, err);
	if (bad) {
		char *where = lt_asprintf("%s: %d", set->file, set->line);
		lt_fail_prefix(err, where);
		free(where);
	}
	free(s.owner);
	return bad;
}

int
lt_makecheck_run(const struct lt_makecheck *c, struct lt_err *err)
{
	int bad = check_types(c, err);

	for (size_t i = 0; !bad && i < c->n; i++) {
		struct setting s = setting_of(c, c->given[i].name);
		bad = check_value(&s, c->given[i].value, GIVEN, err);
		free(s.owner);
	}
	for (size_t i = 0; !bad && i < c->vars->sets; i++)
		bad = check_assigned(c, &c->vars->set[i], err);
	return bad;
}
