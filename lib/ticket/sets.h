/* The sets of samples that a search found, and the classes in them. */
#ifndef LT_TICKET_SETS_H
#define LT_TICKET_SETS_H

#include "base/err.h"

/* Write a row for each set, an index list FOLDER/RR/NAME: round (RR), cet, cep,
 * both, set_size, and set_share, which is 100 x set_size / samples of the list
 * d0.  cet and cep count the lists FOLDER/RR/cet.idx and cep.idx if the set is
 * their union, and both what these share.  If the set is cet.idx alone, cep and
 * both are 0; a set that is neither has NaN.  An empty set stands for a
 * training that diverged and has NaN. */
int lt_sets_write(const char *path, const char *d0, const char *const *set,
	int n, struct lt_err *err);

/* Read the counts of classes that "lt-subset count D0 SET" wrote, and write a
 * row for each class of the first list: class, name, d0 and set_size (samples
 * of the class), share_of_class = 100 x set_size / d0, share_of_set = 100 x
 * set_size / samples of the set.  An empty set has NaN. */
int lt_class_shares_write(
	const char *path, const char *from, struct lt_err *err);

#endif
