/* Settings that were given to a make, against what its makefiles declare.
 *
 *	struct lt_makecheck c = {.vars = &vars, .given = given, .n = n, ...};
 *	if (lt_makecheck_run(&c, err) < 0) ...
 *
 * A setting is given as NAME=VALUE, or as OWNER.NAME=VALUE where OWNER may have
 * a value of its own.  Everything is borrowed.
 */
#ifndef LT_FILE_MAKECHECK_H
#define LT_FILE_MAKECHECK_H

#include "file/makevars.h"

struct lt_makegiven {
	const char *name, *value;
};

/* Who may have settings of its own: one name of a kind, such as "search". */
struct lt_makeowner {
	const char *kind; /* "any": of every setting */
	const char *name;
	/* What its own makefile declares, and the name of that; NULL: not
	 * known. A setting that it lacks would have no effect. */
	const struct lt_makevars *vars;
	const char *file;
};

struct lt_makecheck {
	const struct lt_makevars *vars; /* of the makefiles of this make */
	/* Of the other makefiles: for messages, and for types that they have of
	 * a setting that vars only gives another default.  NULL: none. */
	const struct lt_makevars *others;
	const struct lt_makegiven *given;
	size_t n;
	const struct lt_makeowner *owner;
	size_t owners;
	const char *const *idle; /* settings without effect in this make */
	size_t idles;
	const char *(*criterion)(size_t i); /* see maketype.h */
};

/* Check that every setting of the makefiles has a type, that the values which
 * the makefiles assign fit their types, and then what was given, in its order.
 * Returns 0, or -1 with LT_EDATA and a message on the first fault. */
int lt_makecheck_run(const struct lt_makecheck *c, struct lt_err *err);
/* The value in force of NAME, for an owner or for all (NULL): what was given,
 * else the default; NULL if there is no such setting. */
const char *lt_makecheck_value(
	const struct lt_makecheck *c, const char *owner, const char *name);

/* The type of a setting of c->vars, if need be from c->others, or NULL. */
const char *lt_makecheck_type(
	const struct lt_makecheck *c, const struct lt_makevar *v);

#endif
