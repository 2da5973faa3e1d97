/* Tiles in plain C, for every processor. */
#define TILES lt_tiles_ref
#define TILES_NAME "plain C"
#include "kern/tmpl_tile.h"
