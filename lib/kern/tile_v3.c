/* The same for processors with AVX2 and FMA, which flush denormal numbers
 * themselves. */
#if defined(__x86_64__)
#define VW 8
#define TILES lt_tiles_v3
#define TILES_NAME "plain C, by vectors"
#include "kern/tmpl_tile.h"
#endif
