/* The known name that is most like an unknown one, for messages.
 *
 *	struct lt_near n = {.to = "rely"};
 *	for (...) lt_near_try(&n, name[i]);
 *	n.best is the nearest name, or NULL if none is near enough.
 */
#ifndef LT_BASE_NEAR_H
#define LT_BASE_NEAR_H

struct lt_near {
	const char *to;	  /* borrowed; the unknown name */
	const char *best; /* the nearest name so far; of equals the first */
	int distance;	  /* of best, see lt_near_distance */
};

/* Compare one more name; it is borrowed if it becomes the best.  A name over
 * 128 bytes is never near. */
void lt_near_try(struct lt_near *n, const char *name);

/* How many letters must be inserted, removed, changed or swapped with their
 * neighbour to make b from a; a change of case costs nothing.  For names over
 * 128 bytes that differ, the result is the length of the longer one. */
int lt_near_distance(const char *a, const char *b);

/* " (did you mean 'relu'?)", or "" if no name is near enough; returns buf. */
#define LT_NEAR_TEXT 160
const char *lt_near_text(char buf[LT_NEAR_TEXT], const struct lt_near *n);

#endif
