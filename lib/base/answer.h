/* What a program says about its input: facts, and a table.  As text a fact is a
 * line "name<TAB>value" and the table has a header line; as JSON both are one
 * object on one line, with the same names.
 *
 *	struct lt_answer a = {.out = o, .json = json};
 *	lt_answer_count(&a, "samples", 100);
 *	lt_answer_table(&a, "class\tname");
 *	for (...) {
 *		lt_answer_count(&a, "class", i);
 *		lt_answer_text(&a, "name", name);
 *		lt_answer_row(&a);
 *	}
 *	lt_answer_end(&a);	// {"samples": 100, "table": [{"class": 0, ...
 *
 * Before lt_answer_table, the functions write facts; after it, the cells of a
 * row, in the order of the header.
 *
 * JSON has numbers of 17 digits, which are exactly those of the program, while
 * text has nine; null stands for NaN, and "inf" or "-inf" for an infinite
 * number.
 */
#ifndef LT_BASE_ANSWER_H
#define LT_BASE_ANSWER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/out.h"

struct lt_answer {
	struct lt_out *out; /* the caller's */
	bool json;
	json_t *all, *table, *row;
	bool in_table, in_row;
};

void lt_answer_text(struct lt_answer *a, const char *name, const char *value);
void lt_answer_count(struct lt_answer *a, const char *name, uint64_t value);
void lt_answer_number(struct lt_answer *a, const char *name, double value);
/* "3x8x8", or "scalar" if n is 0; [3, 8, 8] in JSON. */
void lt_answer_shape(
	struct lt_answer *a, const char *name, int n, const uint64_t *shape);
/* The shape of an image. */
void lt_answer_image(
	struct lt_answer *a, const char *name, int c, int h, int w);
/* NaN or null. */
void lt_answer_missing(struct lt_answer *a, const char *name);
/* Another value of a fact that may have several: a line of its own, or the next
 * item of an array. */
void lt_answer_item(struct lt_answer *a, const char *name, const char *value);
/* In JSON alone: a value of any kind, which is then the answer's. */
void lt_answer_value(struct lt_answer *a, const char *name, json_t *value);

/* In text: the empty line below the facts. */
void lt_answer_gap(struct lt_answer *a);
/* Begin the table.  columns: the header line. */
void lt_answer_table(struct lt_answer *a, const char *columns);
/* End a row. */
void lt_answer_row(struct lt_answer *a);
/* Write what JSON has gathered; another answer may follow. */
void lt_answer_end(struct lt_answer *a);
/* Drop it. */
void lt_answer_release(struct lt_answer *a);

#endif
