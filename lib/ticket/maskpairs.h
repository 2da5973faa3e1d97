/* Distances between masks as tables: which masks to compare, a matrix as a row
 * for each pair, and the checks of trainings that watched the distance. */
#ifndef LT_TICKET_MASKPAIRS_H
#define LT_TICKET_MASKPAIRS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

/* Write the paths of tickets' masks, one a line: those of the rounds in a
 * summary, FOLDER/RR/ticket.mask.safetensors beside it, and of the rounds
 * before, which theirs come from.  Masks that are empty or not there are left
 * out.  If fewer than two remain, nothing is written. */
struct lt_mask_choice {
	bool own;	       /* masks do not come from those before */
	const uint64_t *round; /* NULL, or take this round of every summary */
};

int lt_masks_write(const char *path, const char *const *summary, int n,
	const struct lt_mask_choice *choice, struct lt_err *err);

/* Write a matrix of lt-hamming as rows a, b and distance, and in a first column
 * the round if it is not NULL.  a and b are the part-th last part of the masks'
 * paths, without "epoch-" before and ".mask.safetensors" after it; numbers lose
 * leading zeros.  An empty matrix gives the header alone. */
int lt_mask_pairs_write(const char *path, const char *from, int part,
	const uint64_t *round, struct lt_err *err);

/* Of a table of mean distances between methods, by columns a, b, round, n,
 * distance and distance_std, write those from method "imp" to others, method
 * after method. */
int lt_mask_overlap_write(
	const char *path, const char *from, struct lt_err *err);

/* The distances of successive masks in the trainings of a search, a row for
 * each check.  Round r of the summary names a rule with eps= or relative=: then
 * the training that round was pruned from, of round r - 1, and all before were
 * watched; or, with own, the training of round r itself.  That of round r is in
 * FOLDER/RR, that of round 0 in zero.  Files are stop.tsv and distances.tsv.
 * eps is the limit, NaN where the rule has a relative one. */
struct lt_watched {
	const char *folder; /* of the search */
	const char *zero;   /* NULL: FOLDER/00 */
	bool own;
};

int lt_watched_write(const char *path, const char *summary,
	const struct lt_watched *w, struct lt_err *err);

#endif
