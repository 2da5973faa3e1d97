/* AVX-512: a pixel is one vector. */
#if defined(__x86_64__)
#define VW 16
#define TABLE lt_kern_v4
#define TABLE_NAME "v4"
#include "kern/tmpl_all.h"
#endif
