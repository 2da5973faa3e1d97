/* What ticket searches found: the measures of Sahu et al. 2022, "Not all
 * lotteries are made equal" (paper 003, sections 1 and 2.1).
 *
 * A search has K sparse stages.  Stages are chosen by one accuracy (validation,
 * or test as in the paper); A and every figure below is test accuracy:
 *
 *	best sparse		the sparse stage with the highest value, of
 *				equal ones the later, which is sparser
 *	sparsest matching	the last sparse stage whose value is at least
 *				the dense one's; where there is one, the search
 *				succeeded, it has a winning ticket
 *	SR      = successes / searches x 100
 *	A_gain  = (A_sparse - A_dense) / A_dense x 100
 *	TL_gain = (TL_sparse - TL_dense) / TL_dense x 100, TL = length
 *	LTS     = mean A_gain of best sparse over the successful searches
 *		  x SR / 100: the gain of winning tickets; 0 without success
 *	LTS_all = mean A_gain of best sparse over all searches x SR / 100
 *	gap     = accuracy on the training set - A, in points
 *
 * Where stages differ by chance alone, the dense one is the single best of
 * K + 1 with probability 1 / (K + 1), so that K / (K + 1) of all searches
 * succeed: SR means something only beside that.
 *
 * A search is complete when it has stages 0 to K, val_acc and test_acc of all
 * of them are numbers, and the dense test_acc is above 0.  Others take part in
 * nothing.  Stages above K are ignored.  Nothing here fails or owns memory.
 */
#ifndef LT_TICKET_SCORE_H
#define LT_TICKET_SCORE_H

#include <stdbool.h>
#include "ticket/searches.h"

enum lt_lack {
	LT_LACK_NOTHING,  /* complete */
	LT_LACK_STAGE,	  /* no such stage */
	LT_LACK_ACCURACY, /* val_acc or test_acc of the stage is nan */
	LT_LACK_DENSE,	  /* test_acc of stage 0 is 0 */
};

/* Numbers of a chosen stage; all nan where there is none. */
struct lt_ticket {
	double stage, sparsity, acc, gain, length, length_gain, gap;
};

/* One search; its numbers are nan when it is not complete. */
struct lt_search_score {
	enum lt_lack lack;
	uint32_t lack_stage;
	bool success;
	double dense_val, dense_acc, dense_length, dense_gap;
	double success_gain; /* best.gain, nan without success */
	struct lt_ticket best, match;
};

/* Mean and standard deviation (n - 1; nan for n < 2). */
struct lt_moments {
	double mean, std;
};

struct lt_ticket_moments {
	struct lt_moments stage, sparsity, acc, gain, length, length_gain, gap;
};

/* All complete searches of a network; nan where there is nothing to tell. */
struct lt_score {
	size_t searches, incomplete, successes; /* searches: complete ones */
	uint32_t stages;			/* K */
	/* Percent: the rate, its exact 95 % interval, and K / (K + 1). */
	double sr, sr_low, sr_high, sr_null;
	struct lt_moments dense_acc, dense_length, dense_gap;
	struct lt_ticket_moments best;	/* of all */
	struct lt_ticket_moments match; /* of those that succeeded */
	struct lt_moments success_gain; /* of best, of the same */
	double lts, lts_all;		/* percent */
};

/* One search of so many sparse stages; by_test: stages are chosen by test_acc
 * instead of val_acc. */
void lt_score_search(struct lt_search_score *out, const struct lt_search *s,
	uint32_t stages, bool by_test);
/* The n searches of a network, summed in their order.  A moment is over the
 * searches that have the number. */
void lt_score_network(struct lt_score *out, const struct lt_search_score *v,
	size_t n, uint32_t stages);

#endif
