/* Runs a test for every table of tiles, of which the global one is under test.
 */
#ifndef LT_TESTS_TILES_H
#define LT_TESTS_TILES_H

#include "kern/tile.h"
#include "tap.h"

static const struct lt_tiles *tiles;

/* The tiles of the processors that run kernel table needs. */
static void
tiles_of(const char *needs, const struct lt_tiles *t, void (*run)(void),
	const char *what)
{
	const char *why;
	char title[100];

	snprintf(title, sizeof title, "tiles of %s: %s", needs, what);
	tiles = t;
	if (lt_kern_get(needs, &why))
		TEST(run, title);
	else
		printf("ok %d - %s # skip %s\n", ++tap_count, title, why);
}

static void
all_tiles(void (*run)(void), const char *what)
{
	tiles_of("ref", &lt_tiles_ref, run, what);
#if defined(__x86_64__)
	tiles_of("v3", &lt_tiles_v3, run, what);
	tiles_of("amx", &lt_tiles_amx, run, what);
#endif
}

#endif
