/* Sets of samples: index lists as sets, and fair draws from them.
 *
 *	struct lt_index prac = {0};
 *	lt_subset_union(&prac, &cet, &cep);
 *
 * Lists are ascending and unique, on input and output.  out is the caller's,
 * empty on entry, and none of the inputs.
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

/* Is some member of a not in b?  *which is the first. */
bool lt_subset_outside(
	uint32_t *which, const struct lt_index *a, const struct lt_index *b);

/* fraction x n, rounded half to even; fraction in [0, 1]. */
size_t lt_subset_share(size_t n, double fraction);
/* The first k <= from->n of them. */
void lt_subset_first(
	struct lt_index *out, const struct lt_index *from, size_t k);
/* k <= from->n of them at random, a function of seed and the list; the k of a
 * larger draw contain those of a smaller one. */
void lt_subset_sample(struct lt_index *out, const struct lt_index *from,
	size_t k, uint64_t seed);
/* The same, each class in proportion: floor(k n_c / n) of class c, what is
 * left going to the largest remainders, of equal ones to the lower class.
 * label[i] in [0, classes) for each i in from. */
void lt_subset_stratified(struct lt_index *out, const struct lt_index *from,
	size_t k, const int32_t *label, int classes, uint64_t seed);
/* The same, per_class of each class, or all that a smaller class has. */
void lt_subset_balanced(struct lt_index *out, const struct lt_index *from,
	size_t per_class, const int32_t *label, int classes, uint64_t seed);
/* The k <= from's samples with the largest values, or the smallest, of equal
 * ones those with the lower index; no value is nan.  label NULL, or as
 * many of each class as lt_subset_stratified takes. */
void lt_subset_top(struct lt_index *out, const struct lt_column *from, size_t k,
	bool lowest, const int32_t *label, int classes);
/* How many of ix in each class; count[classes] is overwritten. */
void lt_subset_count(size_t *count, const struct lt_index *ix,
	const int32_t *label, int classes);

#endif
