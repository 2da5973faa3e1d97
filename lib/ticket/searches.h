/* Reading tables of ticket searches: the accuracies of a dense network and of
 * the sparse networks that were made from it, stage by stage (lt-search(7)).
 * Each row is a stage.  Columns are found by name (base/tsv.h); others are
 * ignored:
 *
 *	network, seed	texts, not empty: together they name a search
 *	stage		0 the dense network, 1, 2, ... the sparse ones
 *	sparsity	removed share of the prunable weights, in percent
 *	val_acc		validation accuracy in percent
 *	test_acc	test accuracy in percent
 *	length		trajectory length, >= 0; the column may be missing
 *	train_acc	accuracy in percent on the training set, in evaluation
 *			mode; the column may be missing
 *
 * All but the first three may be NaN: the training diverged, or the length was
 * not measured.
 *
 *	struct lt_searches all;
 *	lt_searches_read(&all, paths, n, err);
 *	lt_searches_release(&all);
 *
 * The caller owns struct lt_searches and releases it.
 */
#ifndef LT_TICKET_SEARCHES_H
#define LT_TICKET_SEARCHES_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct lt_search_stage {
	uint32_t stage;
	double sparsity, val_acc, test_acc; /* percent, or NaN */
	double length;			    /* NaN: not measured */
	double train_acc;		    /* the same */
};

struct lt_search {
	const char *seed;		     /* owned by lt_searches, as is: */
	const struct lt_search_stage *stage; /* [n], ascending */
	size_t n;
	uint64_t number; /* the seed; 0 if some seed of this network is not a
			    number */
};

/* The searches of a network, in the order of their seeds: numerical if all
 * seeds are whole numbers, else by bytes. */
struct lt_search_group {
	const char *network;
	const struct lt_search *search; /* [n] */
	size_t n;
	uint32_t stages; /* the largest stage number among them */
};

struct lt_searches {
	struct lt_search_group *group; /* [n], as networks first appear */
	size_t n;
	struct lt_search *search; /* of all groups */
	struct lt_search_stage *stage;
	char **text; /* [texts]: names of networks and seeds */
	size_t texts;
};

/* Gather n tables; "-" is standard input.  Tables may overlap: a row that
 * repeats a network, seed and stage is ignored if its values are the same;
 * otherwise LT_EDATA names both places.  So the order of rows and tables
 * affects only the order of the groups. */
int lt_searches_read(struct lt_searches *s, const char *const *paths, int n,
	struct lt_err *err);
void lt_searches_release(struct lt_searches *s);

#endif
