/* Do manual pages hold what the library does? */
#ifndef LT_TESTS_PAGE_H
#define LT_TESTS_PAGE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A table of the pages holds what the program does: each row is a line of it.
 */
static inline bool
page_says(const char *page, const char *line)
{
	size_t n = strlen(line);

	for (const char *at = page; (at = strstr(at, line)); at += n)
		if ((at == page || at[-1] == '\n') && at[n] == '\n')
			return true;
	printf("# the page lacks: %s\n", line);
	return false;
}

#endif
