/* Cutting the lists of kept weights into shares whose pixels fit in the
 * first-level cache.  Offsets ascend within an output channel, so a share is a
 * range of offsets, which is a few input channels.  If a caller's offsets do
 * not ascend, shares are uneven and the results are the same.
 */
#ifndef LT_KERN_TMPL_LISTS_H
#define LT_KERN_TMPL_LISTS_H

#define OGROUP 64 /* output channels whose lists are cut at once */
#define MAXSHARES 64

/* The lists of a group of channels, o0 .. o1 - 1, cut into n shares: at[i][s]
 * is where share s of channel o0 + i begins, at[i][n] where its last one ends.
 */
struct shares {
	int o0, o1, n;
	int32_t at[OGROUP][MAXSHARES + 1];
};

/* Begin of piece i of total things in n nearly equal pieces. */
INLINE unsigned
cut(unsigned total, unsigned i, unsigned n)
{
	return (unsigned)((uint64_t)total * i / n);
}

/* Floats of offset whose pixels, read by a tile of n pixels, fill so many bytes
 * of cache.  A tile reads about 2.5 n pixels of a channel, of which a strip has
 * about rows + 1 times row floats. */
static int
share_span(int rows, int cols, size_t row, size_t px, int n, double bytes)
{
	double plane = rows > 1 ? (rows + 1.0) * (double)row
				: (double)cols * (double)px;
	double read = 2.5 * n * LT_LANES;
	double part = read < plane ? read / plane : 1;
	double span = bytes / sizeof(float) / part;
	return span < 1e9 ? (int)span : 1000000000;
}

#define SHARE_MIN 6 /* terms a channel, on average, that are worth a share */

/* Lists of channels o0 .. o1 - 1 into shares of about span floats of offset. */
static void
shares_cut(struct shares *sh, const int32_t *ptr, const int32_t *off, int o0,
	int o1, int span)
{
	int32_t top = 0, most = (ptr[o1] - ptr[o0]) / ((o1 - o0) * SHARE_MIN);
	for (int o = o0; o < o1; o++)
		if (ptr[o + 1] > ptr[o] && off[ptr[o + 1] - 1] > top)
			top = off[ptr[o + 1] - 1];
	sh->o0 = o0;
	sh->o1 = o1;
	most = most < 1 ? 1 : most < MAXSHARES ? most : MAXSHARES;
	sh->n = top / span + 1;
	if (sh->n > most) {
		sh->n = most;
		span = top / most + 1;
	}
	for (int o = o0; o < o1; o++) {
		int32_t k = ptr[o], end = ptr[o + 1];
		for (int s = 0; s < sh->n; s++) {
			sh->at[o - o0][s] = k;
			if (s + 1 == sh->n) {
				k = end;
				break;
			}
			for (int32_t limit = (s + 1) * span;
				k < end && off[k] < limit;)
				k++;
		}
		sh->at[o - o0][sh->n] = end;
	}
}

#endif
