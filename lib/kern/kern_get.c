/* Choosing a kernel table: by name, by LT_KERN, or the best that runs. */
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "kern/tile.h"

#define NOT_HERE "the processor is no x86-64"

#if defined(__x86_64__)
/* Not every compiler's __builtin_cpu_supports knows these. */
static bool
has_f16c(void)
{
	unsigned a, b, c = 0, d;
	return __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}

#define AMX_BF16 (1u << 22) /* of EDX of CPUID's leaf 7 */
#define AMX_TILE (1u << 24)
#define OSXSAVE (1u << 27) /* of ECX of its leaf 1 */
#define TILE_STATE 3u	   /* XCR0: bits 17 and 18 */
#define TILE_STATE_BIT 17
#define TILE_DATA 18 /* the number that Linux has for it */

static bool
has_amx(void)
{
	unsigned a, b, c, d = 0;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && d & AMX_TILE &&
	       d & AMX_BF16;
}

/* Does the system keep the tiles of a thread that it stops? */
static bool
keeps_tiles(void)
{
	unsigned a, b, c = 0, d, low, high;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE))
		return false;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low >> TILE_STATE_BIT & TILE_STATE) == TILE_STATE;
}

/* Linux lets a process use tiles once it has asked. */
static bool
may_use_tiles(void)
{
#if defined(__linux__) && defined(SYS_arch_prctl)
	const int ask = 0x1023; /* ARCH_REQ_XCOMP_PERM */
	return syscall(SYS_arch_prctl, ask, TILE_DATA) == 0;
#else
	return false;
#endif
}
#endif

static struct lt_kern amx, tiles;

/* What a table lacks here, as a static sentence, or NULL: it runs. */
static const char *
v3_lacks(void)
{
#if defined(__x86_64__)
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
		!has_f16c())
		return "the processor lacks AVX2, FMA or F16C";
	return NULL;
#else
	return NOT_HERE;
#endif
}

static const char *
v4_lacks(void)
{
#if defined(__x86_64__)
	if (!__builtin_cpu_supports("avx512f") ||
		!__builtin_cpu_supports("avx512dq") ||
		!__builtin_cpu_supports("avx512bw") ||
		!__builtin_cpu_supports("avx512vl"))
		return "the processor lacks AVX-512 (F, DQ, BW, VL)";
#endif
	return v3_lacks();
}

static const char *
amx_lacks(void)
{
#if defined(__x86_64__)
	if (!lt_tiles_amx.name)
		return "the compiler of this program does not know AMX";
	if (!has_amx())
		return "the processor lacks AMX (TILE, BF16)";
	if (!keeps_tiles() || !may_use_tiles())
		return "the operating system does not permit AMX";
#endif
	return v4_lacks();
}

static const char *
neon_lacks(void)
{
#if defined(__aarch64__)
	return NULL;
#else
	return "the processor is no AArch64";
#endif
}

static const char *
nothing(void)
{
	return NULL;
}

/* The tables of another machine are not there, and lack what it has. */
#if defined(__x86_64__)
#define V4 (&lt_kern_v4)
#define V3 (&lt_kern_v3)
#define NEON NULL
#define BASE lt_kern_ref /* what the plainest table with tiles adds them to */
#elif defined(__aarch64__)
#define V4 NULL
#define V3 NULL
#define NEON (&lt_kern_neon)
#define BASE lt_kern_neon
#else
#define V4 NULL
#define V3 NULL
#define NEON NULL
#define BASE lt_kern_ref
#endif

/* Best first. */
static const struct variant {
	const char *name;
	const struct lt_kern *kern;
	const char *(*lacks)(void);
	bool by_name; /* for tests: only if it is asked for */
} variants[] = {
	{"amx", &amx, amx_lacks, false},
	{"v4", V4, v4_lacks, false},
	{"v3", V3, v3_lacks, false},
	{"neon", NEON, neon_lacks, false},
	{"ref", &lt_kern_ref, nothing, false},
	{"tiles", &tiles, nothing, true},
};

#define NVARIANTS (int)(sizeof variants / sizeof *variants)

/* The tables with tiles are others for what needs no tiles. */
static void
fill(void)
{
#if defined(__x86_64__)
	amx = lt_kern_v4;
	amx.tiles = &lt_tiles_amx;
	tiles = !v4_lacks() ? lt_kern_v4 : !v3_lacks() ? lt_kern_v3 : BASE;
	tiles.tiles = !v3_lacks() ? &lt_tiles_v3 : &lt_tiles_ref;
#else
	tiles = BASE;
	tiles.tiles = &lt_tiles_ref;
#endif
	amx.name = "amx";
	tiles.name = "tiles";
}

static const struct lt_kern *
table(const struct variant *v)
{
	static once_flag filled = ONCE_FLAG_INIT;

	call_once(&filled, fill);
	return v->kern;
}

static const struct variant *
best(void)
{
	const struct variant *v = variants;

	while (v->by_name || v->lacks())
		v++;
	return v;
}

static const struct lt_kern *
named(const char *name, const char **why)
{
	for (int i = 0; i < NVARIANTS; i++) {
		if (strcmp(variants[i].name, name))
			continue;
		*why = variants[i].lacks();
		return *why ? NULL : table(&variants[i]);
	}
	*why = "unknown kernel, expected ref, v3, v4, neon, amx or tiles";
	return NULL;
}

const struct lt_kern *
lt_kern_get(const char *name, const char **why)
{
	if (!name)
		name = getenv("LT_KERN");
	if (name && *name)
		return named(name, why);
	return table(best());
}

bool
lt_kern_row(struct lt_kern_row *row, int i)
{
	if (i < 0 || i >= NVARIANTS)
		return false;
	*row = (struct lt_kern_row){.name = variants[i].name,
		.lacks = variants[i].lacks(),
		.by_name = variants[i].by_name};
	return true;
}
