/* AArch64: a pixel is four vectors. */
#if defined(__aarch64__)
#ifndef __clang__
/* gcc does not see that one round of a loop fills what the next one reads. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#define VW 4
#define TABLE lt_kern_neon
#define TABLE_NAME "neon"
#include "kern/tmpl_all.h"
#endif
