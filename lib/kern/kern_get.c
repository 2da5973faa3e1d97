/* Choosing a kernel table: by name, by LT_KERN, or the best that runs. */
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "kern/kern.h"

static bool
always(void)
{
	return true;
}

#if defined(__x86_64__)
/* Not every compiler's __builtin_cpu_supports knows this one. */
static bool
has_f16c(void)
{
	unsigned a, b, c = 0, d;
	return __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}

static bool
has_v3(void)
{
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("fma") && has_f16c();
}

static bool
has_v4(void)
{
	return has_v3() && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl");
}
#endif

/* Best first. */
static const struct variant {
	const struct lt_kern *kern;
	bool (*runs)(void);
} variants[] = {
#if defined(__x86_64__)
	{&lt_kern_v4, has_v4},
	{&lt_kern_v3, has_v3},
#endif
	{&lt_kern_ref, always},
};

#define NVARIANTS (sizeof variants / sizeof *variants)

static const struct lt_kern *
named(const char *name, const char **why)
{
	*why = "unknown kernel, expected ref, v3 or v4";
	for (size_t i = 0; i < NVARIANTS; i++) {
		if (strcmp(variants[i].kern->name, name))
			continue;
		if (variants[i].runs())
			return variants[i].kern;
		*why = "this processor lacks the instructions of the kernel";
	}
	return NULL;
}

const struct lt_kern *
lt_kern_get(const char *name, const char **why)
{
	if (!name)
		name = getenv("LT_KERN");
	if (name && *name)
		return named(name, why);
	for (size_t i = 0; i < NVARIANTS; i++)
		if (variants[i].runs())
			return variants[i].kern;
	*why = "no kernel runs on this processor";
	return NULL;
}
