/* Texts numbered from 0 in the order in which they first come, found by
 * hashing: the methods, seeds or keys of a table.
 *
 *	struct lt_names names = {0};
 *	uint32_t i = lt_names_number(&names, "prac");
 *	lt_names_release(&names);
 *
 * The caller owns struct lt_names and releases it.
 */
#ifndef LT_BASE_NAMES_H
#define LT_BASE_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct lt_names {
	char **text; /* [n], owned */
	size_t n, cap;
	uint32_t *slot; /* [slots], a power of two: number + 1, 0 is free */
	size_t slots;
};

/* The number of text, which is added if it is new. */
uint32_t lt_names_number(struct lt_names *s, const char *text);
/* The number of text, or -1 if it is not there. */
int64_t lt_names_find(const struct lt_names *s, const char *text);
void lt_names_release(struct lt_names *s);

#endif
