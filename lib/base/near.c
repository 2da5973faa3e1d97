/* The restricted Damerau-Levenshtein distance: only neighbours are swapped. */
#include "base/near.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 128

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* Whether letters differ in more than their case. */
static int
differ(char a, char b)
{
	return tolower((unsigned char)a) != tolower((unsigned char)b);
}

static int
distance(const char *a, size_t n, const char *b, size_t m)
{
	int buf[3][LONGEST + 1];
	int *before = buf[0], *above = buf[1], *row = buf[2];

	for (size_t j = 0; j <= m; j++)
		above[j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		row[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				above[j - 1] + differ(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		int *spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[m];
}

int
lt_near_distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	if (n > LONGEST || m > LONGEST)
		return strcmp(a, b) ? (int)(n > m ? n : m) : 0;
	return distance(a, n, b, m);
}

/* A name is near enough if its distance is at most a third of the letters. */
void
lt_near_try(struct lt_near *n, const char *name)
{
	size_t a = strlen(n->to), b = strlen(name);
	size_t longer = a > b ? a : b;

	if (longer > LONGEST)
		return;
	int d = distance(n->to, a, name, b);
	if (3 * (size_t)d > longer + 1 || (n->best && d >= n->distance))
		return;
	n->best = name;
	n->distance = d;
}

const char *
lt_near_text(char buf[LT_NEAR_TEXT], const struct lt_near *n)
{
	*buf = 0;
	if (n->best)
		snprintf(buf, LT_NEAR_TEXT, " (did you mean '%s'?)", n->best);
	return buf;
}
