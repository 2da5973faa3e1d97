/* What ticket searches found: the measures of Sahu et al. 2022, "Not all
 * lotteries are made equal", sections 1 and 2.1.
 *
 * A search has K sparse stages.  One accuracy chooses stages: validation, or
 * test as in the paper.  A, and every figure below, is test accuracy:
 *
 *	best sparse		the sparse stage with the highest choosing
 *				accuracy; of equal ones the later, sparser one
 *	sparsest matching	the last sparse stage whose choosing accuracy
 *				is at least the dense one's.  If there is one,
 *				the search succeeded: it has a winning ticket
 *	SR      = successes / searches x 100
 *	A_gain  = (A_sparse - A_dense) / A_dense x 100
 *	TL_gain = (TL_sparse - TL_dense) / TL_dense x 100, TL = length
 *	LTS     = mean A_gain of best sparse over the successful searches
 *		  x SR / 100: the gain of winning tickets; 0 without success
 *	LTS_all = mean A_gain of best sparse over all searches x SR / 100
 *	gap     = accuracy on the training set - A, in points
 *
 * If stages differ by chance alone, the dense one is the single best of K + 1
 * with probability 1 / (K + 1), and K / (K + 1) of all searches succeed.  SR
 * must be judged against this figure.
 *
 * A search is complete if it has stages 0 to K, val_acc and test_acc of all of
 * them are numbers, and the dense test_acc is above 0.  Incomplete searches are
 * left out of all figures.  Stages above K are ignored.  Nothing here fails or
 * owns memory.
 */
#ifndef LT_TICKET_SCORE_H
#define LT_TICKET_SCORE_H

#include <stdbool.h>
#include "ticket/searches.h"

enum lt_lack {
	LT_LACK_NOTHING,  /* complete */
	LT_LACK_STAGE,	  /* no such stage */
	LT_LACK_ACCURACY, /* val_acc or test_acc of the stage is NaN */
	LT_LACK_DENSE,	  /* test_acc of stage 0 is 0 */
};

/* Numbers of a chosen stage; all NaN if there is none. */
struct lt_ticket {
	double stage, sparsity, acc, gain, length, length_gain, gap;
};

/* One search; its numbers are NaN if it is not complete. */
struct lt_search_score {
	enum lt_lack lack;
	uint32_t lack_stage;
	bool success;
	double dense_val, dense_acc, dense_length, dense_gap;
	double success_gain; /* best.gain, NaN without success */
	struct lt_ticket best, match;
};

/* Mean and standard deviation (n - 1; NaN for n < 2). */
struct lt_moments {
	double mean, std;
};

struct lt_ticket_moments {
	struct lt_moments stage, sparsity, acc, gain, length, length_gain, gap;
};

/* All complete searches of a network; a figure without a value is NaN. */
struct lt_score {
	size_t searches, incomplete, successes; /* searches: complete ones */
	uint32_t stages;			/* K */
	/* In percent: SR, its exact 95 % interval, and K / (K + 1). */
	double sr, sr_low, sr_high, sr_null;
	struct lt_moments dense_acc, dense_length, dense_gap;
	struct lt_ticket_moments best;	/* over all searches */
	struct lt_ticket_moments match; /* over the successful searches */
	struct lt_moments success_gain; /* gain of best over the same */
	double lts, lts_all;		/* percent */
};

/* The gain of a sparse stage's accuracy or length, in percent of the dense one;
 * NAN unless that is above 0. */
double lt_score_gain(double sparse, double dense);
/* Measure one search; stages is K.  by_test: test_acc chooses stages instead of
 * val_acc. */
void lt_score_search(struct lt_search_score *out, const struct lt_search *s,
	uint32_t stages, bool by_test);
/* Sum up the n searches of a network, in their order.  Each mean and standard
 * deviation is over the searches that have the number. */
void lt_score_network(struct lt_score *out, const struct lt_search_score *v,
	size_t n, uint32_t stages);

#endif
