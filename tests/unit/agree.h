/* Cases of kernels, drawn as draw.h says, for the scalar reference and for each
 * other variant, whose bits must be the same; then as many with NaN and
 * infinities among the numbers, whose NaN must be in the same places:
 *
 *	static const struct kind kinds[] = {{"add", add, 100}};
 *	compare_variants(kinds, 1, argc > 1 ? argv[1] : NULL);
 */
#ifndef LT_TESTS_AGREE_H
#define LT_TESTS_AGREE_H

#include <stdio.h>
#include <stdlib.h>
#include "draw.h"
#include "tap.h"

struct kind {
	const char *name;
	void (*run)(struct draw *d);
	int cases;
};

/* Channels of pixels with a gap between them; n cells of tensors. */
static inline struct lt_drain
some_drain(struct draw *d, size_t *n)
{
	struct lt_drain p = {.c = size(d, 20),
		.npx = (size_t)size(d, 67),
		.format = some_format(d)};
	p.ch = (p.npx + (size_t)pick(d, 0, 2)) * LT_LANES;
	p.src_ch = (p.npx + (size_t)pick(d, 0, 2)) * LT_LANES;
	*n = p.ch * (size_t)p.c;
	return p;
}

static bool
case_agrees(const char *what, void (*one)(struct draw *),
	void (*other)(struct draw *), const struct lt_kern *k1,
	const struct lt_kern *k2, uint64_t seed)
{
	struct draw a, b;
	draw_run(&a, one, k1, seed);
	draw_run(&b, other, k2, seed);
	bool ok = same(&a, &b);
	if (!ok)
		printf("# %s: %s differs from %s, seed %llu%s\n", what,
			k2->name, k1->name, (unsigned long long)seed,
			draw_wild ? ", wild" : "");
	draw_release(&a);
	draw_release(&b);
	return ok;
}

static uint64_t only_seed;
static const struct lt_kern *variant;
static const struct kind *kind;

/* A third with LT_QUICK: a sanitizer is slow, and looks at memory. */
static int
cases(void)
{
	if (only_seed)
		return 1;
	return getenv("LT_QUICK") ? (kind->cases + 2) / 3 : kind->cases;
}

static void
agrees_with_reference(void)
{
	for (int wild = 0; wild < 2; wild++) {
		draw_wild = wild;
		for (int i = 1; i <= cases(); i++)
			CHECK(case_agrees(kind->name, kind->run, kind->run,
				&lt_kern_ref, variant,
				only_seed ? only_seed : (uint64_t)i));
	}
	draw_wild = false;
}

/* seed: NULL, or the one case to be run, as text. */
static void
compare_variants(const struct kind *kinds, size_t n, const char *seed)
{
	static const char *const names[] = {"v3", "v4", "neon"};
	char title[80];
	const char *why;

	only_seed = seed ? strtoull(seed, NULL, 10) : 0;
	for (size_t i = 0; i < 3 * n; i++) {
		kind = &kinds[i % n];
		variant = lt_kern_get(names[i / n], &why);
		snprintf(title, sizeof title,
			"%s of %s has the reference's bits", kind->name,
			names[i / n]);
		if (variant)
			TEST(agrees_with_reference, title);
		else
			printf("ok %d - %s # skip %s\n", ++tap_count, title,
				why);
	}
}

#endif
