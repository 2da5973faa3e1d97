/* Sets of samples: union, intersection and difference of index lists, and
 * random draws from them.
 *
 *	struct lt_index prac = {0};
 *	lt_subset_union(&prac, &cet, &cep);
 *
 * Lists are ascending and unique, on input and output.  out is the caller's; it
 * is empty on entry and is none of the inputs.
 */
#ifndef LT_TICKET_SUBSET_H
#define LT_TICKET_SUBSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "file/column.h"
#include "file/index.h"

void lt_subset_union(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b);
void lt_subset_intersect(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b);
/* a without b. */
void lt_subset_subtract(struct lt_index *out, const struct lt_index *a,
	const struct lt_index *b);

/* True if some member of a is not in b; *which is the first such member. */
bool lt_subset_outside(
	uint32_t *which, const struct lt_index *a, const struct lt_index *b);

/* fraction x n, rounded half to even; fraction in [0, 1]. */
size_t lt_subset_share(size_t n, double fraction);
/* The first k <= from->n samples. */
void lt_subset_first(
	struct lt_index *out, const struct lt_index *from, size_t k);
/* Draw k <= from->n samples at random.  The result depends on the seed and the
 * list alone.  A larger draw contains every smaller one. */
void lt_subset_sample(struct lt_index *out, const struct lt_index *from,
	size_t k, uint64_t seed);
/* Draw k samples with each class in proportion: floor(k n_c / n) of class c,
 * and one more for the classes with the largest remainders, of equal ones the
 * lower class.  label[i] is in [0, classes) for each i in from. */
void lt_subset_stratified(struct lt_index *out, const struct lt_index *from,
	size_t k, const int32_t *label, int classes, uint64_t seed);
/* Draw per_class samples of each class, or all of a smaller class. */
void lt_subset_balanced(struct lt_index *out, const struct lt_index *from,
	size_t per_class, const int32_t *label, int classes, uint64_t seed);
/* Take the k samples of from with the largest values, or with the smallest ones
 * if lowest is set; of equal values the lower index.  No value may be NaN.  If
 * label is not NULL, each class gets as many as lt_subset_stratified gives it.
 */
void lt_subset_top(struct lt_index *out, const struct lt_column *from, size_t k,
	bool lowest, const int32_t *label, int classes);
/* count[c] <- how many samples of ix have class c, for all classes. */
void lt_subset_count(size_t *count, const struct lt_index *ix,
	const int32_t *label, int classes);

#endif
