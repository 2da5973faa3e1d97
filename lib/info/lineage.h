/* How a file was made: the commands of its history, and those of the files that
 * they read.  A history names files by their checksums, so these are looked for
 * among given files.
 *
 *	struct lt_lineage l;
 *	if (lt_lineage_read(&l, path, n, err) < 0) ...
 *	lt_lineage_tree(&l, o);			// of path[0]
 *	lt_lineage_release(&l);
 *
 * The caller owns struct lt_lineage and releases it; it borrows the paths.
 */
#ifndef LT_INFO_LINEAGE_H
#define LT_INFO_LINEAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "base/out.h"
#include "file/st.h"

struct lt_origin {
	const char *path; /* NULL: none of the given files has this checksum */
	char crc[16];	  /* eight digits */
	json_t *history;  /* or NULL */
	size_t n;	  /* the first n entries led to it; the last made it */
	struct lt_st st;  /* its header, without data; empty if there is none */
	size_t samples, classes; /* of a data set */
	bool done;
};

struct lt_lineage {
	struct lt_origin
		*file; /* the given files, then others that they name */
	size_t n, cap;
};

/* Read the headers of files; those that are neither safetensors nor index lists
 * are passed over, but path[0] must be safetensors. */
int lt_lineage_read(
	struct lt_lineage *l, char *const *path, int n, struct lt_err *err);
/* Write path[0], the command that made it and, below, what that command read;
 * two blanks for each level.  What was written once is "(above)" later. */
void lt_lineage_tree(struct lt_lineage *l, struct lt_out *o);
/* Call step for each file of the tree whose command is known, those that a
 * command reads before what it made, and path[0] last. */
typedef void lt_lineage_step(void *arg, struct lt_lineage *l, size_t i);
void lt_lineage_steps(struct lt_lineage *l, lt_lineage_step *step, void *arg);
void lt_lineage_release(struct lt_lineage *l);

/* The command that made file i, or NULL. */
json_t *lt_lineage_command(const struct lt_lineage *l, size_t i);
/* The file that a command names by its checksum under key: its number, or -1 if
 * this is no such key or the list of all samples of its data set. */
long lt_lineage_input(
	struct lt_lineage *l, size_t i, const char *key, const char *value);

#endif
