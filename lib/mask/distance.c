/* Distances between masks. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "mask/distance.h"

static int
covers(const struct lt_mask *a, const struct lt_mask *b, const char *path_a,
	const char *path_b, struct lt_err *err)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct lt_mask_layer *l = &a->layer[i];
		const struct lt_mask_layer *m = lt_mask_find(b, l->name);
		if (!m)
			return lt_fail(err, LT_EDATA,
				"%s covers '%s', %s does not", path_a, l->name,
				path_b);
		if (m->ndim != l->ndim ||
			memcmp(m->shape, l->shape,
				(size_t)l->ndim * sizeof *l->shape) != 0)
			return lt_fail(err, LT_EDATA,
				"'%s' has another shape in %s than in %s",
				l->name, path_b, path_a);
	}
	return 0;
}

int
lt_mask_same_cover(const struct lt_mask *a, const struct lt_mask *b,
	const char *path_a, const char *path_b, struct lt_err *err)
{
	if (covers(a, b, path_a, path_b, err) < 0)
		return -1;
	return covers(b, a, path_b, path_a, err);
}

int
lt_mask_compare(struct lt_mask_diff *d, const struct lt_mask *a,
	const struct lt_mask *b, const char *path_a, const char *path_b,
	struct lt_err *err)
{
	if (lt_mask_same_cover(a, b, path_a, path_b, err) < 0)
		return -1;
	*d = (struct lt_mask_diff){0};
	for (size_t i = 0; i < a->n; i++) {
		const struct lt_mask_layer *l = &a->layer[i];
		const uint8_t *k = lt_mask_find(b, l->name)->keep;
		for (size_t j = 0; j < l->count; j++) {
			d->differing += l->keep[j] != k[j];
			d->kept_a += l->keep[j];
			d->kept_b += k[j];
		}
		d->total += l->count;
	}
	return 0;
}

void
lt_mask_pack(struct lt_mask_bits *b, const struct lt_mask *m)
{
	size_t at = 0;

	*b = (struct lt_mask_bits){.total = lt_mask_total(m)};
	b->word = lt_alloc(b->total / 64 + 1, sizeof *b->word);
	for (size_t i = 0; i < m->n; i++)
		for (size_t j = 0; j < m->layer[i].count; j++, at++) {
			uint64_t bit = m->layer[i].keep[j];
			b->word[at / 64] |= bit << at % 64;
			b->kept += bit;
		}
}

void
lt_bits_compare(struct lt_mask_diff *d, const struct lt_mask_bits *a,
	const struct lt_mask_bits *b)
{
	LT_BUG_ON(a->total != b->total);
	*d = (struct lt_mask_diff){
		.total = a->total, .kept_a = a->kept, .kept_b = b->kept};
	for (size_t i = 0; i <= a->total / 64; i++)
		d->differing +=
			(size_t)__builtin_popcountll(a->word[i] ^ b->word[i]);
}

/* The 64 bits from bit at on; beyond the last word they are 0. */
static uint64_t
bits_at(const struct lt_mask_bits *b, size_t at)
{
	size_t i = at / 64, shift = at % 64, last = b->total / 64;
	uint64_t low = b->word[i] >> shift;

	return shift && i < last ? low | b->word[i + 1] << (64 - shift) : low;
}

void
lt_bits_compare_part(struct lt_mask_diff *d, const struct lt_mask_bits *a,
	const struct lt_mask_bits *b, size_t from, size_t count)
{
	LT_BUG_ON(a->total != b->total || from + count > a->total);
	*d = (struct lt_mask_diff){.total = count};
	for (size_t i = 0; i < count; i += 64) {
		uint64_t here =
			count - i < 64 ? (1ull << (count - i)) - 1 : ~0ull;
		uint64_t x = bits_at(a, from + i) & here;
		uint64_t y = bits_at(b, from + i) & here;
		d->kept_a += (size_t)__builtin_popcountll(x);
		d->kept_b += (size_t)__builtin_popcountll(y);
		d->differing += (size_t)__builtin_popcountll(x ^ y);
	}
}

void
lt_bits_release(struct lt_mask_bits *b)
{
	free(b->word);
	*b = (struct lt_mask_bits){0};
}

double
lt_diff_all(const struct lt_mask_diff *d)
{
	return d->total ? (double)d->differing / (double)d->total : 0;
}

double
lt_diff_kept(const struct lt_mask_diff *d)
{
	size_t kept = d->kept_a + d->kept_b;

	return kept ? (double)d->differing / (double)kept : 0;
}

size_t
lt_diff_both(const struct lt_mask_diff *d)
{
	return (d->kept_a + d->kept_b - d->differing) / 2;
}

size_t
lt_diff_either(const struct lt_mask_diff *d)
{
	return (d->kept_a + d->kept_b + d->differing) / 2;
}

double
lt_diff_overlap(const struct lt_mask_diff *d)
{
	size_t either = lt_diff_either(d);

	return either ? (double)lt_diff_both(d) / (double)either : 1;
}

double
lt_diff_jaccard(const struct lt_mask_diff *d)
{
	size_t either = lt_diff_either(d);

	return either ? (double)d->differing / (double)either : 0;
}
