/* AVX2 and FMA: a pixel is two vectors. */
#if defined(__x86_64__)
#define VW 8
#define TABLE lt_kern_v3
#define TABLE_NAME "v3"
#include "kern/tmpl_all.h"
#endif
