/* Settings that makefiles declare.
 *
 *	struct lt_makevars s = {0};
 *	if (lt_makevars_read(&s, "pipelines/prac.mk", &folders, err) < 0) ...
 *	const struct lt_makevar *v = lt_makevars_find(&s, "EPOCHS");
 *	lt_makevars_release(&s);
 *
 * A declaration is one line:
 *
 *	NAME ?= DEFAULT#	[TYPE by OWNER] HELP
 *
 * NAME is in capitals.  Of several declarations of a name the first holds, as
 * in make: it gives the default and the help.  One of them gives the type; see
 * maketype.h.  OWNER, with " by ", is who may have a value of its own, as in
 * "by search".  A line "## GROUP" is a heading of the settings after it.
 *
 * "include FILE" is followed where it stands, but not within ifeq or ifneq, for
 * it may not hold.  Otherwise conditionals are not evaluated: all their lines
 * are read.  All strings belong to the set.
 */
#ifndef LT_FILE_MAKEVARS_H
#define LT_FILE_MAKEVARS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct lt_makevar {
	char *name;
	char *value; /* the default as the makefile has it, unexpanded */
	char *type;  /* without the owner; NULL: no declaration has one */
	char *owner; /* who may have a value of its own, or NULL */
	char *help;  /* "" if there is none */
	bool bare; /* no declaration has a comment: a default of the makefile's
		      own, and no setting */
	char *group; /* the heading, or "" */
	char *file;  /* the makefile of the declaration that holds */
	int line;
	char *home; /* the makefile of the declaration that has the type */
};

/* A value that a makefile assigns to a declared name, or to OWNER.NAME, by =,
 * := or ?=, without a reference to another variable. */
struct lt_makeset {
	char *name, *value, *file;
	int line;
	bool weak; /* by ?= */
};

struct lt_makevars {
	struct lt_makevar *v; /* in the order of the first declarations */
	size_t n, cap;
	struct lt_makeset *set; /* of all names in capitals, in order */
	size_t sets, sets_cap;
	char **word; /* other variables that the makefiles assign */
	size_t words, words_cap;
	char **file; /* every makefile that was read, in this order */
	size_t files, files_cap;
};

/* Read a makefile and those that it includes, unless they were read before.
 * FILE of an include is looked for from the working folder, from the folder of
 * the makefile, then in the folders of folder[0..n).  If it has a reference to
 * a variable, only what follows the last reference counts.  An include that is
 * no regular file is left to make.  Returns 0, or -1 with LT_EIO or LT_EDATA.
 */
int lt_makevars_read(struct lt_makevars *s, const char *path,
	const char *const *folder, size_t n, struct lt_err *err);
/* The setting of this name, or NULL; borrowed. */
const struct lt_makevar *lt_makevars_find(
	const struct lt_makevars *s, const char *name);
/* True if a makefile assigns this variable, which is no setting. */
bool lt_makevars_assigned(const struct lt_makevars *s, const char *name);
void lt_makevars_release(struct lt_makevars *s);

#endif
