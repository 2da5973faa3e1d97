/* Masks in memory: their layers, in the order of names, and counts. */
#include "mask/mask.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* The place of name among the layers, or the place where it belongs. */
static size_t
place(const struct lt_mask *m, const char *name, bool *there)
{
	size_t low = 0, high = m->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(m->layer[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*there = low < m->n && strcmp(m->layer[low].name, name) == 0;
	return low;
}

struct lt_mask_layer *
lt_mask_find(const struct lt_mask *m, const char *name)
{
	bool there;
	size_t i = place(m, name, &there);
	return there ? &m->layer[i] : NULL;
}

struct lt_mask_layer *
lt_mask_add_bare(
	struct lt_mask *m, const char *name, int ndim, const uint64_t *shape)
{
	bool there;
	size_t at = place(m, name, &there);
	LT_BUG_ON(there || ndim < 0 || ndim > LT_ST_MAXDIM);
	/* The array's room is the power of two that holds n. */
	if ((m->n & (m->n - 1)) == 0)
		m->layer = lt_realloc(
			m->layer, m->n ? 2 * m->n : 1, sizeof(*m->layer));
	memmove(m->layer + at + 1, m->layer + at,
		(m->n - at) * sizeof(*m->layer));
	m->n++;
	struct lt_mask_layer *l = &m->layer[at];
	*l = (struct lt_mask_layer){
		.name = lt_strdup(name), .ndim = ndim, .count = 1};
	for (int i = 0; i < ndim; i++) {
		uint64_t count;
		LT_BUG_ON(!lt_mul(&count, l->count, shape[i]));
		l->shape[i] = shape[i];
		l->count = count;
	}
	return l;
}

struct lt_mask_layer *
lt_mask_add(
	struct lt_mask *m, const char *name, int ndim, const uint64_t *shape)
{
	struct lt_mask_layer *l = lt_mask_add_bare(m, name, ndim, shape);
	l->keep = lt_alloc(l->count, 1);
	return l;
}

/* Eight weights at a time. */
static uint64_t
word(const uint8_t *p, size_t n)
{
	uint64_t x = 0;
	memcpy(&x, p, n < 8 ? n : 8);
	return x;
}

static size_t
count_kept(const struct lt_mask_layer *l)
{
	size_t kept = 0;
	for (size_t i = 0; i < l->count; i += 8)
		kept += (size_t)__builtin_popcountll(
			word(l->keep + i, l->count - i));
	return kept;
}

void
lt_mask_count(struct lt_mask *m)
{
	for (size_t i = 0; i < m->n; i++) {
		m->layer[i].kept = count_kept(&m->layer[i]);
		m->layer[i].counted = true;
	}
}

size_t
lt_mask_layer_kept(const struct lt_mask_layer *l)
{
	return l->counted ? l->kept : count_kept(l);
}

size_t
lt_mask_kept(const struct lt_mask *m)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->n; i++)
		kept += lt_mask_layer_kept(&m->layer[i]);
	return kept;
}

size_t
lt_mask_total(const struct lt_mask *m)
{
	size_t total = 0;
	for (size_t i = 0; i < m->n; i++)
		total += m->layer[i].count;
	return total;
}

void
lt_mask_copy(struct lt_mask *dst, const struct lt_mask *src)
{
	*dst = (struct lt_mask){.crc = src->crc};
	for (size_t i = 0; i < src->n; i++) {
		const struct lt_mask_layer *l = &src->layer[i];
		struct lt_mask_layer *to =
			lt_mask_add_bare(dst, l->name, l->ndim, l->shape);
		to->keep = lt_memdup(l->keep, l->count);
		to->counted = l->counted;
		to->kept = l->kept;
	}
	dst->method = src->method ? lt_strdup(src->method) : NULL;
	dst->history = src->history ? lt_strdup(src->history) : NULL;
}

void
lt_mask_release(struct lt_mask *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->layer[i].name);
		free(m->layer[i].keep);
	}
	free(m->layer);
	free(m->method);
	free(m->history);
	*m = (struct lt_mask){0};
}
