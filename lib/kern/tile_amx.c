/* Tiles in the matrix unit. */
#if defined(__AMX_BF16__) || defined(__AMXBF16__) /* gcc, clang */
#define TILE_AMX
#define VW 16
#define TILES lt_tiles_amx
#define TILES_NAME "AMX"
#include "kern/tmpl_tile.h"
#elif defined(__x86_64__)
/* The compiler does not know it. */
#include "kern/tile.h"
const struct lt_tiles lt_tiles_amx = {NULL, NULL, NULL, NULL, NULL};
#endif
