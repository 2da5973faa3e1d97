/* The nearest of some names to one that is not among them, for messages.
 *
 *	struct lt_near n = {.to = "rely"};
 *	for (...) lt_near_try(&n, name[i]);
 *	n.best is the nearest, or NULL when none is near enough.
 */
#ifndef LT_BASE_NEAR_H
#define LT_BASE_NEAR_H

struct lt_near {
	const char *to;	  /* borrowed; the name that is sought */
	const char *best; /* one of those tried; of equals the first */
	/* Letters to insert, remove, change or swap; their case is free. */
	int distance;
};

/* Names over 128 bytes are near to none, but to themselves. */
void lt_near_try(struct lt_near *n, const char *name);

/* Letters to insert, remove, change or swap; names over 128 bytes are as far
 * apart as they have letters. */
int lt_near_distance(const char *a, const char *b);

/* " (did you mean 'relu'?)", or nothing. */
#define LT_NEAR_TEXT 160
const char *lt_near_text(char buf[LT_NEAR_TEXT], const struct lt_near *n);

#endif
