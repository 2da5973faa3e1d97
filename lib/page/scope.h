/* What a template can name: the tables of a folder, variables and lists of
 * words; and the place where an error is.  A scope owns everything that values
 * point to, so values are valid until scope_release.
 */
#ifndef LT_PAGE_SCOPE_H
#define LT_PAGE_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/table.h"

struct value {
	const char *text;
	double number;	/* of a text that is a number */
	bool is_number; /* NaN is one */
	/* The cell that the value was read from: table is NULL if there is
	 * none, column is -1 for a whole row. */
	const struct lt_table *table;
	size_t row;
	int column;
};

struct variable {
	char *name;
	struct value v;
};

struct words {
	char *name;
	const struct lt_table *table;
	int key, word; /* columns */
};

struct scope {
	const char *folder;   /* of the tables */
	const char *template; /* its path, for messages */
	char *beside;	      /* the folder of the template */
	uint64_t line;	      /* of the template, for messages */
	struct variable *var;
	size_t vars, var_cap;
	struct words *words;
	size_t n_words, word_cap;
	struct lt_table **table;
	char **table_name;
	size_t tables, table_cap, name_cap;
	char **kept;
	size_t n_kept, kept_cap;
	bool lenient; /* a lookup without a row is no error ... */
	bool missing; /* ... but was there */
	bool narrow;  /* inside a table */
	struct lt_err *err;
};

void scope_init(struct scope *s, const char *folder, const char *template,
	struct lt_err *err);
void scope_release(struct scope *s);
/* Fail with "TEMPLATE:LINE: ..." and LT_EDATA; returns -1. */
int scope_fail(struct scope *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Own text, which was allocated, and return it. */
const char *scope_keep(struct scope *s, char *text);
/* The table NAME.tsv of the folder, or else the one beside the template; NULL
 * after scope_fail. */
const struct lt_table *scope_table(struct scope *s, const char *name);
/* True if the folder has a file of this name that is not empty. */
bool scope_exists(const struct scope *s, const char *name);
/* Variables: the newest of a name counts; scope_unbind forgets all but the
 * first n. */
void scope_bind(struct scope *s, const char *name, struct value v);
void scope_unbind(struct scope *s, size_t n);
const struct value *scope_find(const struct scope *s, const char *name);
/* Read a list of words: the columns key and word of a table that stands beside
 * the template. */
int scope_words(struct scope *s, const char *name, const char *file,
	const char *key, const char *word);
const struct words *scope_find_words(const struct scope *s, const char *name);
/* The word of a key, or NULL after scope_fail.  A key of the list that ends in
 * '*' stands for all keys that begin so, and a '*' in its word for the rest. */
const char *scope_word(struct scope *s, const struct words *w, const char *key);

/* A cell as its file has it. */
const char *cell_text(const struct lt_table *t, size_t row, int column);
struct value value_of_text(const char *text); /* borrows text */
struct value value_of_number(struct scope *s, double v);
struct value value_of_cell(const struct lt_table *t, size_t row, int column);

#endif
