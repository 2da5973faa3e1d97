/* Forgetting events (Toneva et al. 2019; paper 000, section 3.2): a sample is
 * forgotten when it is classified correctly at one presentation and wrongly at
 * the next.  A sample that is never classified correctly counts as forgotten
 * infinitely often.
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

/* One run: the events of its n files, which are consecutive segments; the
 * passes of each must come after those of the one before (LT_EDATA).  Memory
 * follows the number of samples, whatever their indices. */
int lt_forget_read(struct lt_forget *f, const char *const *paths, int n,
	struct lt_err *err);
/* Add up n independent runs: counts are added, a sample is learned when some
 * run learned it (at the earliest pass), and samples of any run are there. */
void lt_forget_total(
	struct lt_forget *sum, const struct lt_forget *runs, int n);
/* Append the samples forgotten more than threshold times to ix. */
void lt_forget_select(
	struct lt_index *ix, const struct lt_forget *f, uint64_t threshold);
/* Is the sample forgotten more than threshold times? */
int lt_forget_above(const struct lt_forget_sample *s, uint64_t threshold);
/* The sample with this index, or NULL. */
const struct lt_forget_sample *lt_forget_find(
	const struct lt_forget *f, uint32_t index);
void lt_forget_release(struct lt_forget *f);

#endif
