/* Forgetting events (Toneva et al. 2019, "An empirical study of example
 * forgetting during deep neural network learning"; lt-prac(7), step 2): a
 * sample is forgotten if it is classified correctly at one presentation and
 * wrongly at the next.  A sample that is never classified correctly counts as
 * forgotten infinitely often.
 *
 *	struct lt_forget run = {0};
 *	lt_forget_read(&run, paths, 1, err);
 *	lt_forget_select(&cet, &run, 0);
 *	lt_forget_release(&run);
 *
 * The caller owns struct lt_forget and releases it.
 */
#ifndef LT_TICKET_FORGET_H
#define LT_TICKET_FORGET_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "file/index.h"

struct lt_forget_sample {
	uint64_t count;	  /* forgetting events */
	uint32_t index;	  /* of the sample */
	uint32_t learned; /* pass of the first correct answer; 0: never */
};

struct lt_forget {
	struct lt_forget_sample *v; /* ascending by index */
	size_t n;
};

/* Count the events of one run, whose n files are consecutive segments: all
 * passes of a file must come after those of the file before, else LT_EDATA.
 * Memory grows with the number of samples, not with their indices. */
int lt_forget_read(struct lt_forget *f, const char *const *paths, int n,
	struct lt_err *err);
/* Add up n independent runs.  sum has the samples of all runs; counts are
 * added, and learned is the earliest pass in which a run learned the sample. */
void lt_forget_total(
	struct lt_forget *sum, const struct lt_forget *runs, int n);
/* Append to ix the samples that were forgotten more than threshold times. */
void lt_forget_select(
	struct lt_index *ix, const struct lt_forget *f, uint64_t threshold);
/* True if the sample was forgotten more than threshold times. */
int lt_forget_above(const struct lt_forget_sample *s, uint64_t threshold);
/* The sample with this index, or NULL. */
const struct lt_forget_sample *lt_forget_find(
	const struct lt_forget *f, uint32_t index);
void lt_forget_release(struct lt_forget *f);

#endif
