/* Text that grows.  text_take gives it to the caller, and "" for none. */
#ifndef LT_PAGE_TEXT_H
#define LT_PAGE_TEXT_H

#include <stddef.h>

struct text {
	char *s;
	size_t n, cap;
};

void text_put(struct text *t, const char *s);
void text_put_n(struct text *t, const char *s, size_t n);
char *text_take(struct text *t);

#endif
