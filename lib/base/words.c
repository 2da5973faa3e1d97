#include "base/words.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

void
lt_words_init(struct lt_words *w, const char *text)
{
	char *at = NULL;
	size_t cap = 0;

	*w = (struct lt_words){.text = lt_strdup(text ? text : "")};
	for (char *s = strtok_r(w->text, " \t\n", &at); s;
		s = strtok_r(NULL, " \t\n", &at)) {
		lt_grow(&w->v, &cap, w->n + 1, sizeof *w->v);
		w->v[w->n++] = s;
	}
}

void
lt_words_release(struct lt_words *w)
{
	free(w->v);
	free(w->text);
	*w = (struct lt_words){0};
}

bool
lt_word_among(const char *list, const char *word)
{
	size_t k = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += k)
		if ((at == list || at[-1] == ' ') && (at[k] == ' ' || !at[k]))
			return true;
	return false;
}
