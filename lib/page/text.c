#include "page/text.h"

#include <string.h>
#include "base/mem.h"

void
text_put_n(struct text *t, const char *s, size_t n)
{
	lt_grow(&t->s, &t->cap, t->n + n + 1, 1);
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

void
text_put(struct text *t, const char *s)
{
	text_put_n(t, s, strlen(s));
}

char *
text_take(struct text *t)
{
	char *s = t->s ? t->s : lt_strdup("");

	*t = (struct text){0};
	return s;
}
