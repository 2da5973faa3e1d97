#include "base/names.h"

#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"

/* The slot that holds text, or the free one where it belongs. */
static uint32_t *
find_slot(const struct lt_names *s, const char *text)
{
	uint64_t hash = lt_rng_hash(text);
	size_t i = (hash ^ hash >> 32) & (s->slots - 1);

	while (s->slot[i] && strcmp(s->text[s->slot[i] - 1], text) != 0)
		i = (i + 1) & (s->slots - 1);
	return &s->slot[i];
}

static void
widen(struct lt_names *s)
{
	free(s->slot);
	s->slots = s->slots ? 2 * s->slots : 64;
	s->slot = lt_alloc(s->slots, sizeof *s->slot);
	for (size_t i = 0; i < s->n; i++)
		*find_slot(s, s->text[i]) = (uint32_t)i + 1;
}

uint32_t
lt_names_number(struct lt_names *s, const char *text)
{
	if (2 * s->n >= s->slots)
		widen(s);
	uint32_t *slot = find_slot(s, text);
	if (!*slot) {
		LT_BUG_ON(s->n == UINT32_MAX - 1);
		lt_grow(&s->text, &s->cap, s->n + 1, sizeof *s->text);
		s->text[s->n++] = lt_strdup(text);
		*slot = (uint32_t)s->n;
	}
	return *slot - 1;
}

int64_t
lt_names_find(const struct lt_names *s, const char *text)
{
	return s->slots ? (int64_t)*find_slot(s, text) - 1 : -1;
}

void
lt_names_release(struct lt_names *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->text[i]);
	free(s->text);
	free(s->slot);
	*s = (struct lt_names){0};
}
