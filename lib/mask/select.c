/* Exact selection: four counting passes over the scores' bits find the
 * threshold. A fifth pass removes the scores below it and, of those that equal
 * it, the last.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "mask/select.h"

size_t
lt_select_count(double fraction, size_t n)
{
	double x = fraction * (double)n, f = floor(x), d = x - f;
	size_t k = (size_t)f;

	if (d > 0.5 || (d == 0.5 && k % 2))
		k++;
	return k < n ? k : n;
}

/* Map a number to bits whose unsigned order is the order of the numbers; -0
 * equals +0. */
static uint64_t
ordered(double x)
{
	uint64_t u;

	x += 0.0;
	memcpy(&u, &x, sizeof u);
	return u >> 63 ? ~u : u | (uint64_t)1 << 63;
}

/* Count the candidates whose higher bits equal high by their 16 bits at shift.
 */
static void
histogram(size_t *bin, const struct lt_scored_layer *layer, size_t n, int shift,
	uint64_t high)
{
	memset(bin, 0, 65536 * sizeof *bin);
	for (size_t l = 0; l < n; l++)
		for (size_t i = 0; i < layer[l].count; i++) {
			if (!layer[l].keep[i])
				continue;
			uint64_t u = ordered(layer[l].score[i]) >> shift;
			if (u >> 16 == high)
				bin[u & 0xffff]++;
		}
}

/* The bin of the remove-th lowest score; *below is how many scores are in lower
 * bins. */
static uint64_t
find_bin(const size_t *bin, size_t remove, size_t *below)
{
	uint64_t b = 0;

	*below = 0;
	while (*below + bin[b] < remove)
		*below += bin[b++];
	return b;
}

/* Remove all scores below the threshold, and the last of those that equal it.
 */
static void
drop(struct lt_scored_layer *layer, size_t n, uint64_t threshold, size_t ties)
{
	for (size_t l = n; l-- > 0;)
		for (size_t i = layer[l].count; i-- > 0;) {
			if (!layer[l].keep[i])
				continue;
			uint64_t u = ordered(layer[l].score[i]);
			if (u < threshold || (u == threshold && ties)) {
				ties -= u == threshold;
				layer[l].keep[i] = 0;
			}
		}
}

void
lt_select_remove(struct lt_scored_layer *layer, size_t n, size_t remove)
{
	uint64_t threshold = 0;
	size_t *bin, left = remove;

	if (!remove)
		return;
	bin = lt_alloc(65536, sizeof *bin);
	for (int shift = 48; shift >= 0; shift -= 16) {
		size_t below;
		histogram(bin, layer, n, shift, threshold);
		threshold = threshold << 16 | find_bin(bin, left, &below);
		left -= below;
	}
	free(bin);
	drop(layer, n, threshold, left);
}

/* ---- by |w| -------------------------------------------------------------- */

#define LOW 15	   /* bits of a key of the second pass; the first takes 16 */
#define BINS 65537 /* of the first pass, and one for what does not count */
#define PART 65536 /* weights that a thread counts at a time */

/* Count candidates by the high bits of their keys, or by the low bits those
 * whose high bits are high.  A last bin takes all others: a branch would cost
 * more than a count. */
static void
count_part(size_t *bin, const struct lt_sized_layer *layer, size_t from,
	size_t to, bool low, uint32_t high)
{
	uint32_t bins = (uint32_t)1 << (low ? LOW : 31 - LOW);

	for (size_t i = from; i < to; i++) {
		uint32_t u = lt_select_key(layer->w[i]);
		bool in = layer->keep[i] && (!low || u >> LOW == high);
		u = low ? u & (bins - 1) : u >> LOW;
		bin[in ? u : bins]++;
	}
}

/* The same for all layers; each thread counts parts of its own. */
static void
count_keys(size_t *bin, const struct lt_sized_layer *layer, size_t n, bool low,
	uint32_t high)
{
	memset(bin, 0, BINS * sizeof *bin);
#pragma omp parallel
	{
		size_t *own = lt_alloc(BINS, sizeof *own);
		for (size_t l = 0; l < n; l++) {
#pragma omp for schedule(static) nowait
			for (size_t at = 0; at < layer[l].count; at += PART) {
				size_t left = layer[l].count - at;
				count_part(own, &layer[l], at,
					at + (left < PART ? left : PART), low,
					high);
			}
		}
#pragma omp critical
		for (size_t b = 0; b < BINS; b++)
			bin[b] += own[b];
		free(own);
	}
}

/* Remove everything under the threshold. */
static void
drop_under(struct lt_sized_layer *layer, uint32_t threshold)
{
#pragma omp parallel for
	for (size_t i = 0; i < layer->count; i++)
		layer->keep[i] &= lt_select_key(layer->w[i]) >= threshold;
}

void
lt_select_remove_small(struct lt_sized_layer *layer, size_t n, size_t remove)
{
	size_t *bin, left = remove, below;

	if (!remove)
		return;
	bin = lt_alloc(BINS, sizeof *bin);
	count_keys(bin, layer, n, false, 0);
	uint32_t high = (uint32_t)find_bin(bin, left, &below);
	left -= below;
	count_keys(bin, layer, n, true, high);
	uint32_t threshold =
		high << LOW | (uint32_t)find_bin(bin, left, &below);
	left -= below;
	free(bin);
	for (size_t l = 0; l < n; l++)
		drop_under(&layer[l], threshold);
	for (size_t l = n; l-- > 0 && left;)
		for (size_t i = layer[l].count; i-- > 0 && left;)
			if (layer[l].keep[i] &&
				lt_select_key(layer[l].w[i]) == threshold) {
				layer[l].keep[i] = 0;
				left--;
			}
}
