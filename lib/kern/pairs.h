/* How pairs of columns become lanes, for the gradients of weights in the bf16
 * mode (tmpl_wgrad_bf16.h).
 *
 * A chain runs over images, so lanes are other pairs of columns of dy: those of
 * a row, of all shards and of several bands of rows at once.  A strip of x is
 * copied to [channel][row of a band][class][image][column / period][band]
 * [shard], where a column of x is period * (column / period) + class and period
 * columns separate a tap's pixels of two neighbouring pairs.  The same tap's
 * pixels of neighbouring lanes are then neighbours.  dy becomes [channel][row
 * of a band][column of the pair][image][pair][band][shard].
 */
#ifndef LT_KERN_PAIRS_H
#define LT_KERN_PAIRS_H

#include "kern/kern.h"

#define PGROUP 3 /* vectors of weights whose sums are added at once */

struct pairs {
	int width;	 /* pairs of a row */
	int columns;	 /* 2, or 1 where rows have one column */
	int bands, deep; /* bands of rows; rows of a band of dy ... */
	int x_deep;	 /* ... and of x */
	int step;	 /* rows of x from one row of dy to the next */
	int period, classes;
	int line; /* lanes of a row of dy, without those that pad it ... */
	int dy_line, x_line; /* ... with them; of a row of x */
	int segment;	     /* rows of a band whose sums are added at once */
};

struct pairs pairs_of(const struct lt_wgrad_job *j, int lanes);

/* The copy of x for many terms at once (tmpl_wgrad_turned.h), in floats, and
 * the sums that it keeps. */
struct turned_size {
	int rows, columns;	  /* of the staged strip */
	size_t image, row, shard; /* floats from one to the next */
	size_t down, right;	  /* from one row, column of dy to the next */
	int outputs;		  /* whole blocks of LT_OB */
	size_t floats, sums, places;
};

struct turned_size turned_of(const struct lt_wgrad_job *j);

#endif
