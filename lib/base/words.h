/* Lists in one text, such as "1 2 4": words between blanks.  The caller owns
 * struct lt_words and releases it.
 */
#ifndef LT_BASE_WORDS_H
#define LT_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct lt_words {
	char *text; /* the words lie in it */
	char **v;
	size_t n;
};

/* text may be NULL, for no words. */
void lt_words_init(struct lt_words *w, const char *text);
void lt_words_release(struct lt_words *w);

/* True if word is one of the words of list, which single blanks separate. */
bool lt_word_among(const char *list, const char *word);

#endif
